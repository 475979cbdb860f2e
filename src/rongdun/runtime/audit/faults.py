"""What verification can find, and the words for it."""

from dataclasses import dataclass, field
from typing import NamedTuple

from rongdun.kernel.errors import Text

WORDS = {
    "altered": Text("内容被改动", "its content was altered"),
    "reordered": Text("次序被调换，原位是第 {place} 条", "it was moved; its place was {place}"),
    "missing": Text("第 {first} 至 {last} 条不见了", "entries {first} to {last} are missing"),
    "unlinked": Text(
        "与前一条衔接不上，其中一条被整条替换",
        "it does not follow from the entry before it; one of the two was replaced",
    ),
    "truncated": Text(
        "链尾被截断：应有 {expected} 条，实有 {found} 条",
        "the chain was cut off: {expected} entries expected, {found} found",
    ),
    "beyond_head": Text(
        "链头记到第 {expected} 条，却有 {found} 条，多出的绕过了写入检查",
        "the head stands at {expected} but there are {found} entries: some bypassed the insert check",
    ),
    "head_altered": Text("链头的哈希被改动", "the chain head's hash was altered"),
    "head_missing": Text("链头记录不见了", "the chain has no head"),
    "rewritten": Text(
        "与 {day} 的签名根不符，链在签名后被重写",
        "it contradicts the root signed for {day}: the chain was rewritten afterwards",
    ),
    "root_forged": Text("{day} 的根签名无效", "the signature of the root of {day} is not valid"),
    "root_missing": Text("{day} 的根不在数据库中", "the root of {day} is not in the database"),
    "root_file_missing": Text("{day} 的根文件不见了", "the file of the root of {day} is missing"),
    "root_file_differs": Text(
        "{day} 的根文件与数据库不一致", "the file of the root of {day} differs from the database"
    ),
    "root_unlinked": Text(
        "{day} 的根与前一日的根衔接不上", "the root of {day} does not follow from the root before it"
    ),
}


class Fault(NamedTuple):
    """One thing that is wrong: of an entry (``chain``, ``seq``, ``entry_id``) or of a root (``day``)."""

    kind: str
    message: Text
    chain: int | None = None
    seq: int | None = None
    entry_id: str | None = None
    day: str | None = None


@dataclass(slots=True)
class Report:
    """Outcome of a verification: how much was read, and the first fault of each chain and root."""

    entries: int = 0
    chains: int = 0
    roots: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def intact(self) -> bool:
        """Tell whether nothing is wrong."""
        return not self.faults


def entry_fault(kind: str, *, chain: int, seq: int, entry_id: str | None = None, **values: object) -> Fault:
    """Return a fault of the entry at ``seq`` of ``chain``; ``values`` fill its words."""
    return Fault(kind, WORDS[kind].format(**values), chain, seq, entry_id)


def root_fault(kind: str, day: str) -> Fault:
    """Return a fault of the root of ``day``."""
    return Fault(kind, WORDS[kind].format(day=day), day=day)
