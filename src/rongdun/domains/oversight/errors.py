"""Refusals of the oversight desk."""

from rongdun.kernel.errors import Conflict, Text, TooManyRequests


class SpanTooLong(Conflict):
    """The span holds more entries than one request may check; ``extra`` says how many."""

    code = "span_too_long"
    message = Text("这段时间的审计记录太多", "That span holds too many audit entries")
    action = Text(
        "请缩短时间范围，或在服务器上运行 rongdun audit verify",
        "Shorten the span, or run rongdun audit verify on the server",
    )


class RevealLimitReached(TooManyRequests):
    """The user has revealed as much as one hour allows; the refused attempt is kept on record."""

    code = "reveal_limit_reached"
    keeps_changes = True
    message = Text("本小时查看明文的次数已用完", "You have used up this hour's reveals")
    action = Text(
        "请稍后再试；确有需要，请值班长处理", "Try again later; if it is urgent, ask the duty leader"
    )
