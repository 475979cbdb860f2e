"""Prevents shipping what may not be shipped: everything installed beside Rongdun suits the Apache License 2.0."""

import re
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from tests.architecture.test_locks import DEV, RUN, _pins

SUITS = re.compile(
    r"(?i)\b(mit|bsd|apache|psf|python software foundation|isc|mpl|mozilla|unlicense|zlib|0bsd|cc0|postgresql"
    r"|public domain|hpnd|unicode|blueoak)"
)
FORBIDS = re.compile(
    r"(?i)\b(a?gpl|(affero|gnu) general public|proprietary|commercial|sspl|busl|cc-by-nc|non-commercial)"
)
LINKED = {
    "psycopg": "LGPL-3.0: a library of its own, imported and replaceable",
    "psycopg-binary": "LGPL-3.0: a library of its own, imported and replaceable",
    "psycopg-pool": "LGPL-3.0: a library of its own, imported and replaceable",
}
"""Under the Lesser GPL, which a program may use without taking its terms on."""


def test_every_package_that_is_shipped_beside_the_product_suits_its_licence() -> None:
    assert _unfit(_pins(RUN)) == {}


def test_tools_have_a_licence_too() -> None:
    unknown = {name: words for name, words in _unfit(_pins(DEV)).items() if not words}
    assert unknown == {}


def test_a_licence_that_does_not_suit_is_seen() -> None:
    for words in ("GPL-3.0-only", "GNU Affero General Public License v3", "", "UNKNOWN", "Proprietary"):
        assert not _suits("x", words), words
    for words in ("MIT", "BSD-3-Clause", "Apache-2.0 OR MIT", "MPL-2.0", "GPL-2.0-only OR MIT"):
        assert _suits("x", words), words


def _unfit(names: dict[str, tuple[str, int]]) -> dict[str, str]:
    installed = {name: found for name in names if (found := _installed(name))}
    assert len(installed) > len(names) // 2
    words = {name: _licence(found) for name, found in installed.items()}
    return {name: said for name, said in words.items() if not _suits(name, said)}


def _suits(name: str, words: str) -> bool:
    if name in LINKED:
        return "LGPL" in words or "Lesser" in words
    either = re.split(r"(?i)\s+or\s+", words)
    return any(SUITS.search(part) and not FORBIDS.search(part) for part in either)


def _installed(name: str) -> Distribution | None:
    """A pin for another platform is not installed here, and not looked at."""
    try:
        return distribution(name)
    except PackageNotFoundError:
        return None


def _licence(found: Distribution) -> str:
    def told(field: str) -> list[str]:
        return found.metadata.get_all(field) or []

    classifiers = [each for each in told("Classifier") if each.startswith("License ::")]
    written = [*told("License-Expression"), *classifiers, *(each[:200] for each in told("License"))]
    return "; ".join(each for each in written if each).strip()
