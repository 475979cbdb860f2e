"""Errors are nouns of the centre: each carries its HTTP status and words an officer can act on."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, NamedTuple


class Text(NamedTuple):
    """One sentence in both languages of the product."""

    zh: str
    en: str

    def format(self, **values: object) -> "Text":
        """Return the sentence with ``{name}`` placeholders filled in both languages."""
        return Text(self.zh.format(**values), self.en.format(**values))


class FieldError(NamedTuple):
    """What is wrong with one field of a form; ``path`` is dotted, e.g. ``transfers.0.amount``."""

    path: str
    message: Text


class RuleRef(NamedTuple):
    """The rule a refusal rests on: its key, its text and its legal basis."""

    key: str
    text: Text
    legal_basis: str


class DomainError(Exception):
    """Base of every error a user may see.

    Subclasses set ``status`` (HTTP), ``code`` (stable, for programs), ``message`` (what happened)
    and ``action`` (what to do next). ``fields`` points at form fields, ``rule`` names the rule that
    refused, ``extra`` carries data a screen needs (for instance the other version of a record).
    """

    status: ClassVar[int] = 500
    code: ClassVar[str] = "error"
    keeps_changes: ClassVar[bool] = False
    message: Text = Text("出现错误", "Something went wrong")
    action: Text = Text("请重试，仍不行请联系管理员", "Try again; if it persists, tell the administrator")

    def __init__(
        self,
        message: Text | None = None,
        *,
        action: Text | None = None,
        fields: Sequence[FieldError] = (),
        rule: RuleRef | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        self.message = message or type(self).message
        self.action = action or type(self).action
        self.fields = tuple(fields)
        self.rule = rule
        self.extra = dict(extra or {})
        super().__init__(f"{self.message.zh} / {self.message.en}")


class NotFound(DomainError):
    """The thing asked for does not exist, or lies outside the asker's scope."""

    status = 404
    code = "not_found"
    message = Text("没有找到，或不在您的数据范围内", "Not found, or outside your data scope")
    action = Text(
        "请核对编号，或向上级单位申请查看",
        "Check the number, or ask the superior unit for access",
    )


class Unauthenticated(DomainError):
    """Nobody is signed in, or the session has ended."""

    status = 401
    code = "unauthenticated"
    message = Text("尚未登录或登录已失效", "You are not signed in, or your session has ended")
    action = Text("请重新登录，已填写的内容会保留", "Sign in again; what you entered is kept")


class Forbidden(DomainError):
    """The actor lacks the permission."""

    status = 403
    code = "forbidden"
    message = Text("您没有这项操作的权限", "You do not have permission for this")
    action = Text(
        "如工作需要，请联系本单位管理员",
        "If your work needs it, ask your unit's administrator",
    )


class Conflict(DomainError):
    """The change contradicts what is already recorded."""

    status = 409
    code = "conflict"
    message = Text("与已有记录冲突", "This conflicts with an existing record")
    action = Text("请核对已有记录后再提交", "Check the existing record, then submit again")


class StaleVersion(Conflict):
    """Two people edited one record; the second is told, with the difference.

    ``extra`` holds ``current`` and ``yours`` (field → value) and ``changed`` (field names).
    """

    code = "stale_version"
    message = Text("这条记录刚被他人修改过", "Somebody else has just changed this record")
    action = Text("请比较差异，选择保留哪一方", "Compare the differences and choose which to keep")

    @classmethod
    def unless_seen(cls, version: int, *, state: str, now: int) -> None:
        """Raise when ``version``, which somebody has seen, is not the record's ``now``."""
        if version != now:
            current = {"state": state, "version": now}
            raise cls.between(current=current, yours={"version": version}, version=now)

    @classmethod
    def between(cls, *, current: Mapping[str, Any], yours: Mapping[str, Any], version: int) -> "StaleVersion":
        """Build the error from the stored record and the one that was sent."""
        changed = [name for name in yours if name in current and current[name] != yours[name]]
        extra = {
            "current": dict(current),
            "yours": dict(yours),
            "changed": changed,
            "version": version,
        }
        return cls(extra=extra)


class Invalid(DomainError):
    """The input is wrong; ``fields`` says where."""

    status = 422
    code = "invalid"
    message = Text("填写的内容有误", "Some of what you entered is not valid")
    action = Text("请按提示改正，其余内容已保留", "Correct what is marked; the rest is kept")


class RefusedByRule(DomainError):
    """A rule of law or of the centre refuses; ``rule`` says which."""

    status = 409
    code = "refused_by_rule"
    message = Text("规则不允许这样做", "A rule does not allow this")
    action = Text("请按规则补齐条件", "Meet the rule's conditions first")


class Unavailable(DomainError):
    """Something the centre needs is not answering."""

    status = 503
    code = "unavailable"
    message = Text("服务暂不可用，正在恢复", "The service is not available for the moment")
    action = Text(
        "请稍候重试，已填写的内容会保留",
        "Wait a moment and try again; what you entered is kept",
    )


class TooManyRequests(DomainError):
    """The caller asks more often than the limit allows."""

    status = 429
    code = "too_many_requests"
    message = Text("操作过于频繁", "Too many requests")
    action = Text("请稍候再试", "Wait a little, then try again")
