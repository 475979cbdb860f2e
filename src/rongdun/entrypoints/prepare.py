"""Making a database ready to work: schema, keys, shipped rows, the demonstration or the first administrator.

A start that finds everything as this release left it does nothing and imports next to nothing.
"""

from typing import NamedTuple

from rongdun.entrypoints.console import Progress
from rongdun.kernel.errors import DomainError, Text
from rongdun.runtime import installation
from rongdun.runtime.localpg import Dsns
from rongdun.runtime.settings import Settings
from rongdun.runtime.uow import Uow

ADMIN_LOGIN = "admin"
ADMIN_NAME = "系统管理员"


class FirstAdministrator(NamedTuple):
    """Whom a new installation begins with; the password is known nowhere else."""

    login: str
    password: str


class OwnerDsnMissing(DomainError):
    """The schema must change, and only the tables' owner may do that."""

    code = "owner_dsn_missing"
    message = Text(
        "数据库结构需要更新，但没有设置 RONGDUN_OWNER_DSN",
        "The schema has to change, and RONGDUN_OWNER_DSN is not set",
    )
    action = Text(
        "请设置 RONGDUN_OWNER_DSN（表的属主）后运行 rongdun migrate",
        "Set RONGDUN_OWNER_DSN (the tables' owner), then run rongdun migrate",
    )


def prepare(settings: Settings, dsns: Dsns, progress: Progress) -> FirstAdministrator | None:
    """Bring the database to this release; return the first administrator when a real installation begins.

    ``settings.demo`` says whether the demonstration is wanted. Raises what
    :func:`rongdun.runtime.installation.require_kind` raises before anything is changed.
    """
    found = installation.look(dsns.owner or dsns.app)
    installation.require_kind(found, demo=settings.demo)
    bring_schema(dsns, found, progress)
    if found.kind in (installation.DEMO, installation.REAL):
        if found.shipped == installation.shipped_fingerprint():
            return None
        progress.step(Text("正在补充新版本附带的规则", "Bringing in what this release ships"))
    return _bring_rows(settings, dsns, progress)


def bring_schema(dsns: Dsns, found: installation.Found, progress: Progress) -> bool:
    """Migrate the database if it is behind this release; tell whether it was."""
    if not installation.needs_migration(found):
        return False
    if not dsns.owner:
        raise OwnerDsnMissing()
    progress.step(Text("正在建立或更新数据库结构", "Making or updating the schema"))
    from rongdun.runtime import logs
    from rongdun.runtime.schema import migrate

    logs.configure("error")  # what this does is said on the terminal
    migrate(dsns.owner)
    return True


def _bring_rows(settings: Settings, dsns: Dsns, progress: Progress) -> FirstAdministrator | None:
    from rongdun.entrypoints.bootstrap import build
    from rongdun.runtime.crypto import master_key_file

    new_keys = not master_key_file(settings.keys).exists()
    centre = build(settings, app_dsn=dsns.app)
    if new_keys:
        progress.warn(
            Text(
                f"已生成主密钥 {master_key_file(settings.keys)}:请立即复制到离线介质，与备份分开保管",
                "the master key was made: copy it to offline media now, and keep it apart from backups",
            )
        )
    try:
        with centre.transact() as uow:
            new = installation.mark(uow, demo=settings.demo)
            _seed(uow, progress)
            return _first_administrator(uow) if new and not settings.demo else None
    finally:
        centre.close()


def _seed(uow: Uow, progress: Progress) -> None:
    from rongdun.runtime.policies import seed_policies

    progress.step(Text("正在写入规则表", "Writing the policy table"))
    seed_policies(uow.session, now=uow.now)
    if uow.settings.demo:
        from rongdun.simulation.demo_deadlines import seed_demo_deadlines
        from rongdun.simulation.demo_institutions import seed_demo_institutions
        from rongdun.simulation.demo_people import seed_demo_people

        progress.step(
            Text("正在建立演示城市（全部为虚构）", "Making the demonstration city, all of it invented")
        )
        seed_demo_people(uow)
        seed_demo_institutions(uow)
        seed_demo_deadlines(uow)


def _first_administrator(uow: Uow) -> FirstAdministrator:
    from rongdun.domains.people import create_first_administrator

    return FirstAdministrator(
        ADMIN_LOGIN, create_first_administrator(uow, login=ADMIN_LOGIN, name=ADMIN_NAME)
    )
