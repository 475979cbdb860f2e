"""People from the console: the first administrator, and an administrator who cannot get in."""

from typing import Annotated

import typer

from rongdun.entrypoints.commands.context import opened
from rongdun.entrypoints.console import say

users = typer.Typer(no_args_is_help=True, help="用户 / users")

_Login = Annotated[str, typer.Argument(help="账号 / login")]


@users.command("first-admin")
def first_admin(
    login: _Login = "admin",
    name: Annotated[str, typer.Option(help="姓名 / name")] = "系统管理员",
) -> None:
    """没有可用的管理员时建立一位。Create an administrator when there is none who can sign in."""
    from rongdun.domains.people import create_first_administrator

    with opened() as work, work.centre.transact() as uow:
        password = create_first_administrator(uow, login=login, name=name)
    _hand_over(login, password)


@users.command("reset-password")
def reset_password(login: _Login) -> None:
    """发放临时密码并结束其全部登录(记入审计)。Hand out a temporary password; it goes on record."""
    from rongdun.domains.people.rescue import reset_password_of

    with opened() as work, work.centre.transact() as uow:
        password = reset_password_of(uow, login)
    _hand_over(login, password)


@users.command()
def unlock(login: _Login) -> None:
    """解除因多次输错造成的锁定(记入审计)。Let somebody who failed too often try again; it goes on record."""
    from rongdun.domains.people.rescue import unlock_login

    with opened() as work, work.centre.transact() as uow:
        unlock_login(uow, login)
    say(f"✓ {login} 可以再次登录", f"  {login} may try again")


def _hand_over(login: str, password: str) -> None:
    say(
        f"✓ 账号 {login} 的临时密码（只显示这一次）:",
        f"  The temporary password of {login}, shown this once:",
    )
    typer.echo(password)


def register(app: typer.Typer) -> None:
    """Add these commands to ``app``."""
    app.add_typer(users, name="users")
