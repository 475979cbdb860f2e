"""A compiled loop on disk is as fresh as the least of the files it takes code from."""

from pathlib import Path

from rongdun.analytics.loops import stamp_of


def test_a_change_of_any_file_of_a_package_makes_its_loops_stale(tmp_path: Path) -> None:
    loop, helper = tmp_path / "loop.py", tmp_path / "helper.py"
    loop.write_text("loop")
    helper.write_text("helper")
    before = stamp_of([loop, helper])
    assert stamp_of([helper, loop]) == before
    helper.write_text("another helper")
    assert stamp_of([loop, helper]) != before
