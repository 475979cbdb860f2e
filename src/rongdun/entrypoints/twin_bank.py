"""``rongdun twin bank``: a process of its own that plays every bank and payment institution of a simulated city."""

import json
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rongdun.entrypoints.console import say
from rongdun.entrypoints.ledger_cli import calls
from rongdun.kernel.errors import Invalid, Text
from rongdun.simulation.ports import SIMULATOR_PORT

if TYPE_CHECKING:
    from rongdun.adapters.banks.book import Book
    from rongdun.adapters.banks.simulator import Manner
    from rongdun.adapters.banks.simulator.banks import Pace
    from rongdun.adapters.banks.simulator.server import Simulator
    from rongdun.kernel.clock import Clock
    from rongdun.runtime.settings import Settings


class NoWorld(Invalid):
    """The directory holds no simulated city."""

    code = "no_world"
    message = Text("这个目录里没有模拟城市", "There is no simulated city in this directory")
    action = Text("请先运行 rongdun simulate --out 目录", "Run rongdun simulate --out DIR first")


def bank(
    world: Annotated[
        Path, typer.Option(exists=True, file_okay=False, help="rongdun simulate 的输出目录 / its output")
    ],
    speed: Annotated[
        float, typer.Option(min=0.1, max=100_000, help="模拟时间倍速 / minutes of the world in one of ours")
    ] = 60.0,
    port: Annotated[int, typer.Option(min=1, max=65_535)] = SIMULATOR_PORT,
    at: Annotated[
        datetime | None, typer.Option(help="从世界的这一时刻开始 / the world's moment to begin at")
    ] = None,
    centre: Annotated[str, typer.Option(help="中心地址 / the centre's address")] = "",
    params: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="只写要改的参数(TOML) / what differs (TOML)"),
    ] = None,
    iso20022: Annotated[
        list[str] | None,
        typer.Option(help="以 ISO 20022 报文应答的机构代码，可重复 / who speaks ISO 20022; may be repeated"),
    ] = None,
) -> None:
    """扮演孪生城市的全部银行和支付机构,按倍速答复。Play every bank of a simulated city, and answer the centre."""
    import uvicorn

    from rongdun.adapters.banks.simulator import load_manner
    from rongdun.adapters.banks.simulator.banks import Pace
    from rongdun.kernel.clock import SHANGHAI, SystemClock
    from rongdun.runtime.settings import Settings

    settings, clock = Settings.from_env(), SystemClock()
    with calls():
        book, start = book_of(world)
        begins = at.replace(tzinfo=SHANGHAI) if at else start
        simulator = simulator_of(
            book,
            settings,
            Pace(clock.now(), begins, speed),
            url=centre or settings.public_url,
            clock=clock,
            manner=load_manner(params),
            iso20022=iso20022 or [],
        )
    count = len(simulator.banks.names)
    say(
        f"✓ {count} 家机构在 http://127.0.0.1:{port} 应答；世界从 {begins:%Y-%m-%d %H:%M} 起,×{speed:g}",
        f"  {count} institutions answer; the world begins at {begins:%Y-%m-%d %H:%M}",
    )
    uvicorn.run(simulator, host="127.0.0.1", port=port, log_level="warning", access_log=False)


def book_of(world: Path) -> "tuple[Book, datetime]":
    """Return the books of the simulated city in a directory, before its first day, and its first moment.

    Raises :class:`NoWorld`.
    """
    from rongdun.kernel.clock import SHANGHAI
    from rongdun.simulation.twin.live_book import live_book
    from rongdun.simulation.twin.params import load_params
    from rongdun.simulation.twin.world import Order

    file = world / "world" / "world.json"
    if not file.is_file():
        raise NoWorld()
    told: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    params = load_params(changes=told["params"])
    values = {each.name: told["order"][each.name] for each in fields(Order)}
    values["background"] = Path(values["background"]) if values["background"] else None
    day = params.world.start
    return live_book(Order(**values), params), datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)


def simulator_of(
    book: "Book",
    settings: "Settings",
    pace: "Pace",
    *,
    url: str,
    clock: "Clock",
    manner: "Manner",
    iso20022: Sequence[str] = (),
) -> "Simulator":
    """Return the ASGI application that plays the demonstration's institutions over ``book``.

    ``url`` is the centre's address. Its public key and the institutions' private ones are taken from the installation
    (or made there). Those in ``iso20022`` speak in that wire profile, all others in the national one.
    """
    from rongdun.adapters.banks.dialects import dialect_named
    from rongdun.adapters.banks.signing import Ed25519Verifier, load_pair
    from rongdun.adapters.banks.simulator import Banks
    from rongdun.adapters.banks.simulator.sender import Sender
    from rongdun.adapters.banks.simulator.server import Simulator
    from rongdun.entrypoints.exchange import centre_pair
    from rongdun.simulation.demo_institutions import demo_institutions, demo_keys, demo_signer

    corrected = settings.data_dir / "profiles"
    dialects = {"": dialect_named("national", corrected)} | {
        code: dialect_named("iso20022") for code in iso20022
    }
    names = {each.code: each.name.zh for each in demo_institutions()}
    banks = Banks(book, names, manner, pace)
    signers = {code: demo_signer(settings, code) for code in names}
    forger = load_pair(demo_keys(settings), "forger", "forger")
    sender = Sender(dialects, signers, forger, url.rstrip("/"), clock)
    verifier = Ed25519Verifier(centre_pair(settings).private.public_key())
    return Simulator(banks, verifier, sender, clock)
