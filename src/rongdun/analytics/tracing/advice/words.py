"""Why an action is advised and what would change it: one line each, Chinese first, with figures."""

from typing import Final

from rongdun.analytics.tracing.advice.model import MINUTE, Action, KnownAccount, Situation, Speed, Suggestion
from rongdun.analytics.tracing.model import Kind
from rongdun.kernel.money import format_yuan

Line = tuple[str, str]

_KINDS: Final = {
    Kind.CRYPTO: ("虚拟币商", "a crypto trader"),
    Kind.PAYMENT: ("支付机构（不能止付）", "a payment institution, which cannot be stopped"),
    Kind.ABROAD: ("境外账户（不能止付）", "an account abroad, which cannot be stopped"),
    Kind.MERCHANT: ("商户", "a shop"),
}


def stop(there: float, came: float, age: float, speed: Speed, account: KnownAccount) -> Line:
    """Return why to stop: what came, how long ago, what is probably there when the stop lands."""
    ago, wait = _minutes(age / MINUTE), f"{speed.median_minutes:.0f}"
    share = there / came if came else 0.0
    named = (
        ("", "") if account.name else ("；户名未知，可能被退回", "; holder's name unknown, may be refused")
    )
    return (
        f"第{account.tier}级，{_yuan(came)} 元可能在账，最近 {ago[0]}前到账；该行约 {wait} 分钟生效，"
        f"届时预计还在 {_yuan(there)} 元（{share:.0%}）{named[0]}",
        f"tier {account.tier}: {_yuan(came)} yuan may lie there, the last came {ago[1]} ago; "
        f"the bank takes about {wait} min, {_yuan(there)} yuan ({share:.0%}) expected then{named[1]}",
    )


def stop_changes(account: KnownAccount, there: float) -> Line:
    """Return what would change a stop."""
    told = _yuan(there * 0.2)
    if account.stops_used:
        return (
            f"这是第 {account.stops_used + 1} 次止付，之后须冻结；余额低于 {told} 元则不必",
            f"this is stop no. {account.stops_used + 1}, then a freeze is needed; not with a balance below {told} yuan",
        )
    return (
        f"若查得余额低于 {told} 元，或流水显示已转出，则改查下一级",
        f"a balance below {told} yuan, or a statement that shows it left, would turn to the next tier",
    )


def put_off(holds: float, innocent: float, own: float, account: KnownAccount) -> Line:
    """Return why a stop is put off: the whole account would be held, and with it an innocent holder's own money."""
    told = ("查得", "by its balance") if account.balance_fen is not None else ("估计", "as is usual")
    return (
        f"暂不止付：户主 {innocent:.0%} 可能是无辜者，止付押住整户，其自有资金{told[0]}约 {_yuan(own)} 元，"
        f"而止付预计只押住被骗款 {_yuan(holds)} 元",
        f"not stopped for now: the holder is innocent with {innocent:.0%}; a stop holds the whole account, about "
        f"{_yuan(own)} yuan of his own {told[1]}, for {_yuan(holds)} yuan of victims' money expected",
    )


def put_off_changes(enough: float) -> Line:
    """Return what would turn a stop that is put off into one that is advised: less than ``enough`` of his own there."""
    most = _yuan(enough)
    return (
        f"若查得其自有资金不足 {most} 元，或查明户主涉案，则止付",
        f"with less than {most} yuan of his own, or if the holder turns out to be involved, it is stopped",
    )


def both(one: Line, other: Line) -> Line:
    """Return two reasons in one line."""
    return f"{one[0]}；{other[0]}", f"{one[1]}; {other[1]}"


def ask(expected: float, left: float, speed: Speed, account: KnownAccount) -> Line:
    """Return why to ask for a statement: what has left unseen and what can still be saved further on."""
    wait = f"{speed.median_minutes:.0f}"
    return (
        f"第{account.tier}级，该行约 {wait} 分钟回流水，届时约 {_yuan(left)} 元已转出、去向不明；"
        f"据此预计还能止住 {_yuan(expected)} 元",
        f"tier {account.tier}: about {_yuan(left)} yuan will have left by then, where to is unknown; "
        f"the bank answers in about {wait} min, {_yuan(expected)} yuan can then still be stopped",
    )


def ask_changes(left: float) -> Line:
    """Return what would change a question."""
    told = _yuan(left)
    return (
        f"若止付回复显示 {told} 元仍在账，或对方账户的流水先到，则不必再查",
        f"not needed if the stop's answer shows {told} yuan still there, or a counterparty's statement comes first",
    )


def alert(account: KnownAccount, expected: float) -> Line:
    """Return why to alert a way out."""
    zh, en = _KINDS.get(account.kind, ("出口", "a way out"))
    return (
        f"资金已到{zh}；立即告知对方风控，预计可拦 {_yuan(expected)} 元",
        f"the money reached {en}; telling its risk desk at once may save {_yuan(expected)} yuan",
    )


def alert_changes(half_life: float) -> Line:
    """Return what would change an alert."""
    return (
        f"每过 {half_life:.0f} 分钟，可拦金额减半",
        f"what it may save halves every {half_life:.0f} minutes",
    )


def wait(situation: Situation) -> Suggestion:
    """Return the suggestion to wait, saying for what."""
    pending = len(situation.pending)
    why = (
        (
            f"{pending} 份文书等回复，此刻没有值得动手的",
            f"{pending} orders await their answers; nothing is worth a minute now",
        )
        if pending
        else ("没有已知账户预计还有钱可止", "no known account is expected to hold money that can be stopped")
    )
    change = ("新的回复、流水或报案到达时重新计算", "a reply, a statement or a report changes this")
    return _waiting(why, change)


def _waiting(why: Line, change: Line) -> Suggestion:
    return Suggestion(
        action=Action.WAIT,
        institution="",
        number="",
        amount_fen=0,
        expected_fen=0,
        fen_per_minute=0.0,
        why=why,
        change=change,
    )


def queries_spent(situation: Situation, beyond: int) -> Suggestion:
    """Return the suggestion that says that queries are used up, and on how many accounts more one would pay."""
    left, most = situation.means.queries_left or 0, situation.means.queries_most
    why = (
        f"今日调单上限 {most} 份，还可发 {max(left, 0)} 份；另有 {beyond} 户值得调流水，不再建议",
        f"queries left today: {max(left, 0)} of {most}; accounts worth one but not advised: {beyond}",
    )
    change = (
        "次日余数恢复；确有必要的由民警自行发出，或调整规则表的上限",
        "the next day begins anew; an officer may still send one, or have the limit in the rule table changed",
    )
    return _waiting(why, change)


def _yuan(fen: float) -> str:
    return format_yuan(round(fen))


def _minutes(minutes: float) -> Line:
    if minutes < 90:
        return f"{minutes:.0f} 分钟", f"{minutes:.0f} min"
    return f"{minutes / 60:.1f} 小时", f"{minutes / 60:.1f} h"
