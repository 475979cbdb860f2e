"""The first administrator of a real installation."""

from rongdun.domains.people import store
from rongdun.domains.people.model import Unit
from rongdun.domains.people.passwords import hash_password, temporary_password
from rongdun.domains.people.rules import ADMINISTRATOR, is_login
from rongdun.domains.people.standing import Standing
from rongdun.domains.people.units import add_unit
from rongdun.domains.people.users import add_user
from rongdun.kernel.errors import Conflict, FieldError, Invalid, Text
from rongdun.runtime.uow import Uow

_ROOT = {
    "kind": "province",
    "code": "root",
    "name": "省级单位(请改名)",
    "name_en": "Province (please rename)",
}
_LOGIN_WRONG = Text("账号格式不对", "That is not a login")


class AdministratorThere(Conflict):
    """The installation has an enabled administrator already."""

    code = "administrator_there"
    message = Text("已有启用的系统管理员", "There is an enabled administrator already")
    action = Text("请由其新建用户", "Let them create users")


def create_first_administrator(uow: Uow, *, login: str, name: str) -> str:
    """Create an administrator of the root unit, and that unit when there is none; return the password.

    Called by the system itself, for an installation nobody can manage: a new one, or one whose
    administrators are all disabled. The password is temporary. Raises :class:`AdministratorThere`,
    :class:`LoginTaken` or :class:`Invalid`.
    """
    if not is_login(login):
        raise Invalid(fields=[FieldError("login", _LOGIN_WRONG)])
    if store.administrators(uow.session, uow.actor):
        raise AdministratorThere
    unit = _root(uow)
    password = temporary_password()
    standing = Standing(unit, unit.path, [ADMINISTRATOR])
    add_user(
        uow, standing, {"login": login, "name": name}, password_hash=hash_password(password), must_change=True
    )
    return password


def _root(uow: Uow) -> Unit:
    return store.any_unit(uow.session, uow.actor.scope) or add_unit(uow, None, _ROOT)
