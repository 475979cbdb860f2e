"""The demonstration's banks and payment institutions, put into the database with keys of their own.

Their private keys lie beside the centre's: the simulator signs with them. No real institution's key is ever here.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from rongdun.adapters.banks.signing import Ed25519Signer, load_pair
from rongdun.domains.exchange import add_institution
from rongdun.kernel.errors import Text
from rongdun.runtime.settings import Settings
from rongdun.runtime.uow import Uow
from rongdun.simulation.ports import SIMULATOR_PORT


@dataclass(frozen=True, slots=True)
class DemoInstitution:
    """An institution of the demonstration; ``unit`` is the path of its unit, or of the one above."""

    code: str
    kind: str
    unit: str
    name: Text


@cache
def demo_institutions() -> tuple[DemoInstitution, ...]:
    """Return the demonstration's institutions by code."""
    text = files("rongdun").joinpath("data/demo/institutions.toml").read_text(encoding="utf-8")
    rows = tomllib.loads(text)["institution"]
    return tuple(DemoInstitution(row["code"], row["kind"], row["unit"], Text(**row["name"])) for row in rows)


def demo_keys(settings: Settings) -> Path:
    """Return the directory of the simulated institutions' private keys."""
    return settings.keys / "demo-institutions"


def demo_signer(settings: Settings, code: str) -> Ed25519Signer:
    """Return a simulated institution's key, made on first use."""
    return load_pair(demo_keys(settings), code, code)


def seed_demo_institutions(uow: Uow) -> int:
    """Add the demonstration's institutions, reached at the simulator; return how many are new."""
    return sum(
        add_institution(
            uow,
            {
                "code": each.code,
                "name": each.name.zh,
                "name_en": each.name.en,
                "kind": each.kind,
                "unit_path": each.unit,
                "transport": "https",
                "url": f"http://127.0.0.1:{SIMULATOR_PORT}/{each.code}/messages",
                "public_key": demo_signer(uow.settings, each.code).public_text,
            },
        )
        for each in demo_institutions()
    )
