"""What can be wrong with a message that comes in, in words for both sides."""

from collections.abc import Iterable
from typing import ClassVar

from rongdun.domains.exchange.messages import KIND_WORDS, Kind
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


class NotCarried(Invalid):
    """A wire profile has no words for what an institution is to be told."""

    code = "not_carried"
    message = Text(
        "该机构的报文规范不能表达这项指令", "The institution's wire profile has no message for this"
    )
    action = Text(
        "请为该机构登记“其余按表单”送达，或改用能表达它的报文规范",
        "Let the rest go to this institution by form, or use a profile that has a message for it",
    )

    @classmethod
    def by(cls, profile: str, kinds: Iterable[Kind]) -> "NotCarried":
        """Return the error that names the profile and what it has no message for; nothing named: status requests."""
        words = [KIND_WORDS[kind] for kind in kinds] or [Text("状态查询", "status request")]
        zh, en = "、".join(word.zh for word in words), ", ".join(word.en for word in words)
        return cls(
            Text(f"报文规范 {profile} 不能表达：{zh}", f"The wire profile {profile} has no message for: {en}")
        )
