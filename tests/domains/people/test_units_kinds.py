"""Kinds of units stand where the organisation of the police and its partners puts them."""

from rongdun.domains.people.rules import KINDS, may_stand_below
from rongdun.simulation.demo_city import demo_city


def test_the_demonstration_city_keeps_the_table() -> None:
    kinds = {unit.path: unit.kind for unit in demo_city().units}
    below = [(unit.kind, kinds[unit.parent]) for unit in demo_city().units if unit.parent]
    assert all(may_stand_below(kind, above) for kind, above in below)
    # Nothing in the table is there without the city using it.
    used = {(kind, above) for kind in KINDS for above in KINDS[kind].below}
    assert used == set(below)


def test_every_kind_has_both_names() -> None:
    assert all(kind.name.zh and kind.name.en.isascii() for kind in KINDS.values())
