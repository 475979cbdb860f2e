"""The institutions messages go to, from the console: which wire profile each is spoken to in."""

from typing import Annotated

import typer

from rongdun.entrypoints.commands.context import opened
from rongdun.entrypoints.console import say

institutions = typer.Typer(no_args_is_help=True, help="银行和支付机构 / banks and payment institutions")


@institutions.command("list")
def list_institutions() -> None:
    """列出机构、送达方式和报文规范。List institutions, how each is reached, and its wire profile."""
    from rongdun.domains import exchange

    with opened() as work, work.centre.transact() as uow:
        for row in exchange.institutions(uow):
            rest = f"；其余按 {row.otherwise}" if row.otherwise else ""
            kinds = ",".join(row.carries) or "*"
            said = f"{row.code}  {row.transport}  {row.profile}: {kinds}"
            say(f"{said}{rest}  {row.name}", f"  {row.name_en}")


@institutions.command("profile")
def choose_profile(
    code: Annotated[str, typer.Argument(help="十二位机构代码 / twelve digits")],
    name: Annotated[str, typer.Argument(help="national、iso20022 或自备的规范名 / or one of your own")],
    by_form: Annotated[
        bool, typer.Option("--by-form", help="不能表达的指令按表单送达 / what it cannot say goes by form")
    ] = False,
) -> None:
    """选定机构的报文规范;有不能表达的指令而未允许按表单的,不予更改。Choose the wire profile of an institution."""
    from rongdun.adapters.banks import speak_to

    with opened() as work, work.centre.transact() as uow:
        row = speak_to(uow, code, name, by_form=by_form)
        kinds, rest = "、".join(row.carries) or "全部", row.otherwise
    say(
        f"✓ {code} 改用 {name}：报文送达 {kinds}" + ("，其余按表单" if rest else ""),
        f"  {code} is spoken to in {name}" + ("; the rest goes by form" if rest else ""),
    )


@institutions.command("key")
def enter_key(
    code: Annotated[str, typer.Argument(help="十二位机构代码 / twelve digits")],
    public_key: Annotated[str, typer.Argument(help="机构公钥，Base64 / its public key, base64")],
) -> None:
    """登记机构公钥:Ed25519 为 32 字节,SM2 为 64 字节;中心用同一算法签名。Enter the key an institution signs with."""
    from rongdun.adapters.banks import know_by
    from rongdun.adapters.banks.signing import signer_for

    with opened() as work:
        ours = signer_for(work.settings.keys, public_key)
        with work.centre.transact() as uow:
            algorithm = know_by(uow, code, public_key)
    say(f"✓ {code} 按 {algorithm} 核验和签名", f"  Signatures with {code} are {algorithm}")
    say(f"→ 请把本中心公钥告知该机构：{ours.public_text}", "  Tell it the centre's own public key")


def register(app: typer.Typer) -> None:
    """Add these commands to ``app``."""
    app.add_typer(institutions, name="institutions")
