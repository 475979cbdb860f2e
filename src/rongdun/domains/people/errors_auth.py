"""Refusals of signing in. What an attacker could learn from is the same for every login."""

from datetime import datetime

from rongdun.kernel.errors import Conflict, DomainError, Forbidden, Invalid, Text, TooManyRequests


class CsrfFailed(Forbidden):
    """The request did not bring the token that only the centre's own pages know."""

    code = "csrf_failed"
    message = Text("页面的安全令牌已失效", "The page's security token is no longer valid")
    action = Text("请刷新页面后重试", "Reload the page, then try again")


class CrossSite(Forbidden):
    """Another web site tried to sign somebody in."""

    code = "cross_site"
    message = Text("请求来自其他网站，已拒绝", "The request came from another web site and was refused")
    action = Text("请直接打开本系统的登录页", "Open this system's own sign-in page")


class BadCredentials(DomainError):
    """Login or password is wrong; which one is not said."""

    status = 401
    code = "bad_credentials"
    keeps_changes = True
    message = Text("账号或密码不正确", "Wrong account or password")
    action = Text(
        "请核对后重试；忘记密码请联系本单位管理员",
        "Check both; if you forgot the password, ask your administrator",
    )


class BadCode(DomainError):
    """The second factor is wrong, out of date, or was used before."""

    status = 401
    code = "bad_code"
    keeps_changes = True
    message = Text("验证码不正确或已使用", "The code is wrong or was used before")
    action = Text("请等下一个验证码，或使用恢复码", "Wait for the next code, or use a recovery code")


class Locked(DomainError):
    """Too many wrong answers in a row; ``extra.locked_until`` says until when."""

    status = 423
    code = "locked"
    keeps_changes = True
    message = Text("连续输错次数过多，账号已锁定", "Too many wrong answers in a row; the account is locked")
    action = Text(
        "请在解锁时间后再试，或请管理员解锁", "Try again when the lock ends, or ask your administrator"
    )

    @classmethod
    def until(cls, moment: datetime) -> "Locked":
        """Build the error for a lock that ends at ``moment``."""
        return cls(extra={"locked_until": moment.isoformat()})


class AddressBlocked(TooManyRequests):
    """Too many failed sign-ins from one address; ``extra.retry_after_s`` says how long to wait."""

    code = "address_blocked"
    message = Text("本机登录失败次数过多", "Too many failed sign-ins from this computer's address")
    action = Text("请稍候再试", "Wait a few minutes, then try again")


class AccountDisabled(Forbidden):
    """The account may not sign in any more; said only to whoever proved to be its owner."""

    code = "account_disabled"
    keeps_changes = True
    message = Text("该账号已停用", "This account is disabled")
    action = Text("请联系本单位管理员", "Ask your unit's administrator")


class WrongPassword(Invalid):
    """The present password, asked for again inside a session, is wrong; ``fields`` says which field."""

    code = "wrong_password"
    keeps_changes = True
    message = Text("当前密码不正确", "The current password is wrong")


class WeakPassword(Invalid):
    """The new password can be guessed; ``fields`` says why."""

    code = "weak_password"
    message = Text("新密码不符合要求", "The new password cannot be used")


class CodeDoesNotFit(Invalid):
    """The code that should confirm an authenticator does not fit it."""

    code = "code_does_not_fit"
    message = Text("验证码与验证器不符", "The code does not fit the authenticator")
    action = Text(
        "请核对手机时间是否准确，再输入新的验证码", "Check the phone's clock, then enter a new code"
    )


class FactorState(Conflict):
    """A factor is already there, or is not there."""

    code = "factor_state"


class PasskeyRefused(DomainError):
    """The passkey is not known here, or what it signed does not hold."""

    status = 401
    code = "passkey_refused"
    keeps_changes = True
    message = Text("通行密钥未通过验证", "The passkey was not accepted")
    action = Text("请重试，或改用密码登录", "Try again, or sign in with your password")


class PasskeyNotAdded(Invalid):
    """What the authenticator answered does not hold, or too late."""

    code = "passkey_not_added"
    keeps_changes = True
    message = Text("通行密钥未能添加", "The passkey was not added")
    action = Text("请重新添加", "Begin again")


class PasskeysUnavailable(Conflict):
    """The centre is reached by number or without TLS, where browsers offer no passkeys."""

    code = "passkeys_unavailable"
    message = Text(
        "当前访问地址不支持通行密钥", "Passkeys do not work at the address this system is reached by"
    )
    action = Text(
        "请通过域名以 HTTPS 访问（RONGDUN_PUBLIC_URL）", "Reach it by name over HTTPS (RONGDUN_PUBLIC_URL)"
    )
