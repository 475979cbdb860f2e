"""Documents printed from the program: tables of transitions, the table of shipped rules, the API.

``rongdun docs`` writes them below ``docs``; a test holds them to what the program says.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, cast

import typer
from rich.console import Console

from rongdun.domains.cases import CASE
from rongdun.domains.duty.rules import DEADLINE
from rongdun.domains.exchange.rules import DAY, INBOX, MESSAGE
from rongdun.domains.intake import REPORT
from rongdun.domains.policy import CHANGE
from rongdun.domains.restitution import RELIEF, RETURN
from rongdun.domains.stop_payment import FREEZE, QUERY, STOP
from rongdun.domains.tracing import IMPORT, TRACE
from rongdun.kernel.lifecycle import Lifecycle
from rongdun.kernel.lifecycle_docs import to_markdown
from rongdun.kernel.policy import PolicyRule, ValueUnit
from rongdun.runtime.policies.seedfile import shipped_rows
from rongdun.runtime.policies.words import FAMILIES, family_of, shown
from rongdun.simulation.whatif import WHATIF

LIFECYCLES: Mapping[str, Sequence[Lifecycle]] = {
    "cases": (CASE,),
    "duty": (DEADLINE,),
    "exchange": (MESSAGE, INBOX, DAY),
    "intake": (REPORT,),
    "policy": (CHANGE,),
    "restitution": (RELIEF, RETURN),
    "stop_payment": (STOP, QUERY, FREEZE),
    "tracing": (IMPORT, TRACE),
    "whatif": (WHATIF,),
}
"""Tables of transitions by the domain they belong to; each domain is one page of ``docs/workflows``."""

_HEAD = ("规则 Rule", "内容 Value", "自 From", "至 To", "依据 Legal basis", "可信 Tag", "说明 Note")
_NOTE = (
    "本页由 `data/policy` 生成,请勿手改;各中心在界面上变更后以其规则表为准。 "
    "Generated from `data/policy`; do not edit it by hand. What a centre changes on screen stands in its own table."
)
_LEGEND = (
    "可信度 Tag: **S** 有公开依据 published source · **Sw** 依据较弱 weak source · **M** 凭记忆 from memory · "
    "**D** 本中心默认值 this centre's default; the labels after it name the sources. "
    "至 To: 不再适用的第一天 the first day the row no longer applies."
)


def pages() -> dict[str, str]:
    """Return every printed document: its path below ``docs`` and its text."""
    names = {rule.key: rule.name for rule in shipped_rows()}
    workflows = {
        f"workflows/{domain}.md": "\n".join(to_markdown(table, names=names) for table in tables)
        for domain, tables in LIFECYCLES.items()
    }
    return {**workflows, "policy.md": policy_page(shipped_rows()), "api/openapi.json": openapi_text()}


@cache
def openapi_text() -> str:
    """Return the description of the API as JSON, the same for the same program."""
    from rongdun.entrypoints.bootstrap import Centre
    from rongdun.entrypoints.http import create_app

    # Describing the routes asks nothing of a centre.
    app = create_app(cast(Centre, None))
    return json.dumps(app.openapi(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def policy_page(rules: Sequence[PolicyRule]) -> str:
    """Return the table of ``rules`` as Markdown, family by family in the order of work."""
    parts = ["# 规则表 Policy table", f"> {_NOTE}", _LEGEND]
    for family, name in FAMILIES.items():
        found = sorted(
            (rule for rule in rules if family_of(rule.key) == family),
            key=lambda rule: (rule.key, rule.effective_from),
        )
        if found:
            parts += [f"## {name.zh} {name.en}", _table(found)]
    return "\n\n".join(parts) + "\n"


def stale(docs: Path) -> list[str]:
    """Return the printed documents below ``docs`` that are missing or say something else."""
    return [name for name, text in pages().items() if _read(docs / name) != text]


def write(docs: Path) -> list[str]:
    """Print the documents below ``docs``; return those that changed."""
    changed = stale(docs)
    for name in changed:
        (docs / name).parent.mkdir(parents=True, exist_ok=True)
        (docs / name).write_text(pages()[name], encoding="utf-8")
    return changed


def print_documents(directory: Path, *, check: bool) -> None:
    """Write the documents below ``directory``, or with ``check`` only tell which differ and exit with 1."""
    console = Console()
    changed = stale(directory) if check else write(directory)
    for name in changed:
        console.print(f"{'✗' if check else '✓'} {directory / name}", highlight=False)
    if not changed:
        console.print("文档与程序一致 / the documents are up to date", highlight=False)
    if check and changed:
        raise typer.Exit(1)


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _table(rules: Sequence[PolicyRule]) -> str:
    rows = [_HEAD, ("---",) * len(_HEAD), *(_row(rule) for rule in rules)]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows)


def _row(rule: PolicyRule) -> tuple[str, ...]:
    return (
        f"{rule.name.zh}<br>{rule.name.en}<br>`{rule.key}`",
        _value(rule),
        rule.effective_from.isoformat(),
        rule.effective_to.isoformat() if rule.effective_to else "",
        rule.legal_basis,
        f"{rule.tag.value} {rule.source}".strip(),
        rule.note,
    )


def _value(rule: PolicyRule) -> str:
    if rule.unit is ValueUnit.CODES:
        entries: Any = rule.value
        return "<br>".join(f"`{entry['code']}` {entry['zh']} {entry['en']}" for entry in entries)
    words = shown(rule.value, rule.unit)
    return words.zh if words.zh == words.en else f"{words.zh} {words.en}"
