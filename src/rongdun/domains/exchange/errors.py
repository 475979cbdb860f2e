"""What can be wrong with a message that comes in, in words for both sides."""

from typing import ClassVar

from rongdun.kernel.errors import DomainError, Invalid, Text, Unauthenticated


class Turned(Unauthenticated):
    """The message was turned away at the door; that it was is kept, its content is not."""

    code = "message_not_authentic"
    keeps_changes = True
    message = Text("报文未通过身份核验", "The message is not authentic")
    action = Text("请核对机构代码、密钥和时钟后重发", "Check code, key and clock, then send it again")


class MessageTooLarge(DomainError):
    """The message is larger than the centre reads."""

    status: ClassVar[int] = 413
    code = "message_too_large"
    message = Text("报文过大", "The message is too large")
    action = Text("请分页反馈", "Send the answer in parts")


class Malformed(Invalid):
    """The message cannot be read as its profile says."""

    code = "malformed_message"
    message = Text("报文格式错误", "The message is malformed")
    action = Text("请按接口规范改正后重发", "Correct it by the interface's specification and send it again")

    @classmethod
    def at(cls, place: str, what: Text) -> "Malformed":
        """Return the error that names the element and what is wrong with it, without quoting its content."""
        return cls(Text(f"报文格式错误：{place} {what.zh}", f"The message is malformed: {place} {what.en}"))
