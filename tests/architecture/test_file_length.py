"""Prevents the file nobody reads to its end: what grows past 400 lines is cut by verb."""

from tests.architecture.source import ROOT, tracked

LONGEST = 400
GENERATED = {"web/src/api/schema.d.ts"}


def test_no_source_file_is_longer_than_400_lines() -> None:
    lengths = {_name: _lines for _name, _lines in _measured() if _name not in GENERATED}
    assert len(lengths) > 100
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST} == {}


def _measured() -> list[tuple[str, int]]:
    found = []
    for path in tracked():
        name = str(path.relative_to(ROOT))
        python = name.startswith("src/") and path.suffix == ".py"
        pages = name.startswith("web/src/") and path.suffix in (".vue", ".ts")
        if python or pages:
            found.append((name, len(path.read_text("utf-8").splitlines())))
    return found
