"""Lifecycles printed as tables for ``docs/workflows``, Chinese and English side by side. Pure."""

from collections.abc import Iterable, Mapping, Sequence

from rongdun.kernel.errors import Text
from rongdun.kernel.lifecycle import Guard, Lifecycle, Transition

NOTE = Text(
    "本页由程序中的流转表生成，请勿手改。",
    "This page is generated from the table in the program; do not edit it by hand.",
)
_NO_NAMES: Mapping[str, Text] = {}


def to_markdown(lifecycle: Lifecycle, *, names: Mapping[str, Text] = _NO_NAMES) -> str:
    """Return the lifecycle as Markdown: states, a diagram, transitions, and the rules with their legal basis.

    ``names`` gives words for roles, permissions and deadline keys; a key without a name is shown as code.
    """
    parts = [
        f"# {_both(lifecycle.name)}",
        f"> {NOTE.zh} {NOTE.en}",
        "## 状态 States",
        _table(("状态 State", "键 Key", "终态 Final"), _state_rows(lifecycle)),
        _diagram(lifecycle),
        "## 流转 Transitions",
        _table(_COLUMNS, [_transition_row(lifecycle, each, names) for each in lifecycle.transitions]),
    ]
    guards = {guard.key: guard for each in lifecycle.transitions for guard in each.guards}
    if guards:
        parts += ["## 规则 Rules", _table(_RULE_COLUMNS, map(_guard_row, guards.values()))]
    return "\n\n".join(parts) + "\n"


_COLUMNS = (
    "操作 Action",
    "自 From",
    "至 To",
    "谁 Who",
    "规则 Rules",
    "开始计时 Opens",
    "结束计时 Closes",
    "要求 Needs",
)
_RULE_COLUMNS = ("规则 Rule", "内容 Text", "依据 Legal basis", "不满足时 If refused")


def _both(text: Text) -> str:
    return f"{text.zh} {text.en}"


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _state_rows(lifecycle: Lifecycle) -> list[tuple[str, str, str]]:
    return [
        (_both(state.name), f"`{state.key}`", "是 yes" if state.terminal else "")
        for state in lifecycle.states
    ]


def _diagram(lifecycle: Lifecycle) -> str:
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f"  {state.key} : {state.name.zh}" for state in lifecycle.states]
    lines.append(f"  [*] --> {lifecycle.initial}")
    lines += [
        f"  {key} --> {each.to_state} : {each.name.zh}"
        for each in lifecycle.transitions
        for key in each.from_states
    ]
    lines += [f"  {state.key} --> [*]" for state in lifecycle.states if state.terminal]
    return "\n".join([*lines, "```"])


def _transition_row(lifecycle: Lifecycle, each: Transition, names: Mapping[str, Text]) -> tuple[str, ...]:
    return (
        f"{_both(each.name)} `{each.action}`",
        "<br>".join(_both(lifecycle.state(key).name) for key in each.from_states),
        _both(lifecycle.state(each.to_state).name),
        _named(sorted(each.who), names),
        "<br>".join(f"`{guard.key}`" for guard in each.guards),
        _named(each.opens, names),
        _named(each.closes, names),
        _needs(each),
    )


def _named(keys: Iterable[str], names: Mapping[str, Text]) -> str:
    return "<br>".join(f"{_both(names[key])} `{key}`" if key in names else f"`{key}`" for key in keys)


def _needs(each: Transition) -> str:
    needs = []
    if each.needs_reason:
        needs.append("理由 a reason")
    if each.maker_checker:
        needs.append("另一人审核 a second person")
    return "<br>".join(needs)


def _guard_row(guard: Guard) -> tuple[str, str, str, str]:
    return f"`{guard.key}`", _both(guard.text), guard.legal_basis, _both(guard.remedy)
