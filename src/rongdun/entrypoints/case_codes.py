"""Codes of institutions for drafts: those of the demonstration; others are left to be filled in."""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Final

TO_FILL: Final = "待填写"
"""Stands where an officer has to write something before an order is sent."""

NO_CODE: Final = "000000000000"
"""Stands for an institution whose twelve digits are not known."""

_CODE: Final = re.compile(r"[0-9]{12}", re.ASCII)


def code_of(institution: str) -> str:
    """Return the twelve digits of an institution by its name (a branch may follow it), ``NO_CODE`` where unknown."""
    if _CODE.fullmatch(institution):
        return institution
    fitting = [(len(name), code) for name, code in _known().items() if name in institution]
    return max(fitting)[1] if fitting else NO_CODE


@cache
def _known() -> dict[str, str]:
    text = files("rongdun").joinpath("data/demo/institutions.toml").read_text("utf-8")
    return {row["name"]["zh"]: row["code"] for row in tomllib.loads(text)["institution"]}
