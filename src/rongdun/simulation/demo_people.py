"""The demonstration city's units and people, put into the database."""

from rongdun.domains.people import store
from rongdun.domains.people.model import Unit
from rongdun.domains.people.numbers import SIGNING
from rongdun.domains.people.passwords import hash_password
from rongdun.domains.people.standing import Standing
from rongdun.domains.people.units import add_unit
from rongdun.domains.people.users import add_user
from rongdun.runtime.authz import permissions_of
from rongdun.runtime.uow import Uow
from rongdun.simulation.demo_city import DemoUnit, DemoUser, demo_city


def seed_demo_people(uow: Uow) -> tuple[int, int]:
    """Create the demonstration's units and users; return how many of each. Those already there stay."""
    units = {unit.path: unit for unit in store.all_units(uow.session, uow.actor.scope)}
    new_units = [demo for demo in demo_city().units if demo.path not in units]
    for demo in new_units:
        units[demo.path] = _unit(uow, demo, units.get(demo.parent))
    known = store.logins(uow.session, uow.actor.scope)
    new_users = [demo for demo in demo_city().users if demo.login not in known]
    # One hash serves them all: argon2 is slow on purpose, and their password is no secret.
    password_hash = hash_password(demo_city().password) if new_users else ""
    for user in new_users:
        _user(uow, user, units[user.unit], password_hash)
    return len(new_units), len(new_users)


def _unit(uow: Uow, demo: DemoUnit, parent: Unit | None) -> Unit:
    fields = {
        "kind": demo.kind,
        "code": demo.code,
        "district": demo.district,
        "name": demo.name.zh,
        "name_en": demo.name.en,
    }
    return add_unit(uow, parent, fields)


def _user(uow: Uow, demo: DemoUser, unit: Unit, password_hash: str) -> None:
    fields = {
        "login": demo.login,
        "name": demo.name.zh,
        "name_en": demo.name.en,
        "phone": demo.phone,
        "id_number": demo.id_number,
    }
    if not SIGNING.isdisjoint(permissions_of(demo.roles)):
        fields |= {"police_number": f"99{demo.phone[-4:]}", "work_phone": f"0591-9999{demo.phone[-4:]}"}
    standing = Standing(unit, demo.scope, list(demo.roles))
    add_user(uow, standing, fields, password_hash=password_hash, must_change=False)
