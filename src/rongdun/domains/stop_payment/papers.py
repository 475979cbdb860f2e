"""Official letters of orders: 协助止付、查询、冻结、解除通知书, with a place for the electronic seal.

What a freeze notice must state is article 239: account name and number, amount, period, scope, whether fruits are
covered; a query notice states what is asked for and over which period.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from rongdun.domains.stop_payment import store
from rongdun.domains.stop_payment.model import Details, Order, OrderStep, details_of
from rongdun.domains.stop_payment.reasons import reason_of, step_reason
from rongdun.kernel.errors import NotFound, Text
from rongdun.kernel.money import format_yuan
from rongdun.runtime.i18n import Language, say
from rongdun.runtime.letters import Frame, frame_of, say_date, say_time
from rongdun.runtime.letters.forms import Block, Fields, Heading, Paragraph, Seal, Signatures
from rongdun.runtime.uow import Uow

TITLES = {
    "stop": Text("协助紧急止付通知书", "Notice to stop payment"),
    "extend_stop": Text("协助止付延期通知书", "Notice to extend a stop"),
    "lift_stop": Text("协助解除止付通知书", "Notice to lift a stop"),
    "freeze": Text("协助冻结财产通知书", "Notice to freeze property"),
    "renew_freeze": Text("协助续冻财产通知书", "Notice to renew a freeze"),
    "lift_freeze": Text("协助解除冻结财产通知书", "Notice to lift a freeze"),
    "query_transactions": Text("协助查询财产通知书（交易明细）", "Notice to query property (transactions)"),
    "query_holder": Text("协助查询财产通知书（开户资料）", "Notice to query property (holder)"),
    "query_accounts": Text("协助查询财产通知书（名下账户）", "Notice to query property (all accounts)"),
    "query_dynamic": Text("协助动态查询通知书", "Notice to watch an account"),
    "end_dynamic": Text("协助解除动态查询通知书", "Notice to end a watch"),
}
"""Titles of the letters by the instruction they carry."""

ASKED = {
    "stop": Text("对下列账户紧急止付", "stop payments from the following account"),
    "extend_stop": Text("延长对下列账户的止付", "extend the stop of the following account"),
    "lift_stop": Text("解除对下列账户的止付", "lift the stop of the following account"),
    "freeze": Text("冻结下列账户", "freeze the following account"),
    "renew_freeze": Text("续冻下列账户", "renew the freeze of the following account"),
    "lift_freeze": Text("解除对下列账户的冻结", "lift the freeze of the following account"),
    "query_transactions": Text("查询下列账户的交易明细", "provide the transactions of the following account"),
    "query_holder": Text("查询下列账户的开户资料", "provide what is known of the following account's holder"),
    "query_accounts": Text(
        "查询下列账户户主名下的全部账户", "name every account of the following account's holder"
    ),
    "query_dynamic": Text("对下列账户动态查询", "watch the following account"),
    "end_dynamic": Text("解除对下列账户的动态查询", "end the watch of the following account"),
}
"""What the institution is asked to do, by the instruction."""

BASES = {
    "stop": Text(
        "根据《关于建立电信网络新型违法犯罪涉案账户紧急止付和快速冻结机制的通知》（银发〔2016〕86号）",
        "Under notice Yinfa [2016] 86 on emergency stop-payment and quick freezing",
    ),
    "query": Text(
        "根据《中华人民共和国刑事诉讼法》第一百四十四条、《公安机关办理刑事案件程序规定》第二百三十八条",
        "Under article 144 of the Criminal Procedure Law and article 238 of the police's rules of procedure",
    ),
    "freeze": Text(
        "根据《中华人民共和国刑事诉讼法》第一百四十四条、《公安机关办理刑事案件程序规定》第二百三十九条",
        "Under article 144 of the Criminal Procedure Law and article 239 of the police's rules of procedure",
    ),
    "lift_freeze": Text(
        "根据《中华人民共和国刑事诉讼法》第一百四十四条、《公安机关办理刑事案件程序规定》第二百四十一条",
        "Under article 144 of the Criminal Procedure Law and article 241 of the police's rules of procedure",
    ),
}


@dataclass(frozen=True, slots=True)
class Paper:
    """A letter: its frame, its blocks, and the name of its file."""

    frame: Frame
    blocks: list[Block]
    name: str


_VALID = Text("自止付时起48小时", "48 hours from the stop")


def letter_of(uow: Uow, order: Order, instruction: str, *, language: Language) -> Paper:
    """Return the letter of an instruction (its application id; empty: of the order itself), in clear, on record."""
    step = _step(uow, order, instruction)
    kind = step.kind if step else order.question or order.kind
    told = details_of(uow.vault, order)
    printed = frame_of(uow, title=TITLES[kind], number=order.number, language=language)
    # Whoever prints it: the letter is that of the organ whose seal it bears.
    frame = replace(printed, unit=order.unit_name)
    uow.record("order.print", order.reference, unit_path=order.unit_path, after={"letter": kind})
    blocks: list[Block] = [
        Paragraph(
            say(Text(f"{order.institution_name}：", f"{order.institution_name}:"), language), flush=True
        ),
        Paragraph(say(_asking(order, kind), language)),
        Fields(_fields(order, told, step, language)),
        *_reason(uow, told, step, language),
        Signatures(
            [say(Text("经办人：", "Officer:"), language), say(Text("审核人：", "Reviewed by:"), language)]
        ),
        Seal(order.unit_name),
        Heading(say(Text("回执", "Receipt"), language)),
        Paragraph(say(_RECEIPT, language), flush=True),
        Signatures([say(Text("银行经办人：", "Bank officer:"), language)]),
    ]
    return Paper(frame, blocks, f"{say(TITLES[kind], language)}-{order.number}")


_RECEIPT = Text(
    "上述事项的办理结果：□ 已办理 □ 部分办理 □ 未办理，原因：______________。办理时间：____年__月__日__时__分。",
    "Result: □ done  □ done in part  □ not done, because ______________. Done at: ______________.",
)


def _step(uow: Uow, order: Order, instruction: str) -> OrderStep | None:
    if not instruction:
        return None
    for one in store.steps_of(uow.session, uow.actor.scope, order.id):
        if one.application_id == instruction:
            return one
    raise NotFound


def _asking(order: Order, kind: str) -> Text:
    basis, asked, case = BASES.get(kind, BASES[order.kind]), ASKED[kind], order.subject_label or "—"
    return Text(
        f"{basis.zh}，因侦办电信网络诈骗案件（{case}）需要，请你单位协助{asked.zh}，并将办理结果立即反馈我局。",
        f"{basis.en}, in case {case}, please {asked.en} and answer at once.",
    )


def _fields(order: Order, told: Details, step: OrderStep | None, language: Language) -> list[tuple[str, str]]:
    rows = [
        (Text("户名", "Account name"), told.name),
        (Text("账号", "Account number"), told.number),
        (Text("开户机构", "Institution"), order.institution_name),
        (Text("业务申请编号", "Application id"), step.application_id if step else "—"),
    ]
    if order.kind == "stop":
        rows += [
            (Text("汇款金额（元）", "Amount (yuan)"), _yuan(order.amount_fen)),
            (Text("交易时间", "Time of transfer"), _time(order.transfer_at)),
        ]
    if order.kind == "stop" and (step is None or step.kind != "lift_stop"):
        rows += [
            (Text("付款户名", "Payer"), told.payer.name),
            (Text("付款账号", "Payer's account"), told.payer.number),
            (Text("止付期限", "Period"), _period(step, language) or say(_VALID, language)),
            (Text("账户状态", "Account"), say(Text("只收不付", "Receives, does not pay"), language)),
        ]
    if step is not None and step.kind == "lift_freeze":
        rows.append((Text("解除金额（元）", "Amount lifted (yuan)"), _lifted(step, language)))
    elif order.kind == "freeze":
        rows += _frozen(order, told, step, language)
    if order.kind == "query":
        rows.append((Text("查询期间", "Period asked for"), _period(step, language) or "—"))
    return [(say(label, language), value) for label, value in rows]


def _frozen(
    order: Order, told: Details, step: OrderStep | None, language: Language
) -> list[tuple[Text, str]]:
    whole = say(Text("全额冻结", "The whole account"), language)
    cap = step.amount_fen if step and step.amount_fen is not None else order.amount_fen
    limited = say(Text("限额冻结", "Up to the amount stated"), language)
    fruits = Text("是", "Covered") if told.fruits else Text("否", "Not covered")
    return [
        (Text("冻结金额（元）", "Amount (yuan)"), _yuan(cap) if order.scope == "limited" else whole),
        (Text("冻结期限", "Period"), _months(order, step, language)),
        (Text("冻结范围", "Scope"), whole if order.scope == "full" else limited),
        (Text("是否及于孳息", "Fruits"), say(fruits, language)),
    ]


def _lifted(step: OrderStep, language: Language) -> str:
    """Return what a lifting lets go: all of it, or an amount, the rest staying frozen."""
    if step.amount_fen is None:
        return say(Text("全部解除", "All of it"), language)
    amount = _yuan(step.amount_fen)
    return say(Text(f"{amount}（其余继续冻结）", f"{amount} (the rest stays frozen)"), language)


def _reason(uow: Uow, told: Details, step: OrderStep | None, language: Language) -> list[Block]:
    own = step_reason(uow, step) if step else Text("", "")
    why = own if own.zh else reason_of(told)
    if not why.zh:
        return []
    return [Paragraph(say(Text(f"事由：{why.zh}", f"Reason: {why.en}"), language), flush=True)]


def _months(order: Order, step: OrderStep | None, language: Language) -> str:
    months = (step.months if step else None) or order.months or 0
    length = say(Text(f"{months}个月", f"{months} months"), language)
    if step is None or step.ends_at is None:
        return length
    until = say_date(step.ends_at, language)
    return say(Text(f"{length}，至{until}止", f"{length}, until {until}"), language)


def _period(step: OrderStep | None, language: Language) -> str:
    if step is None or step.starts_at is None or step.ends_at is None:
        return ""
    return say(
        Text(
            f"{say_time(step.starts_at)}至{say_time(step.ends_at)}",
            f"{say_time(step.starts_at)} to {say_time(step.ends_at)}",
        ),
        language,
    )


def _yuan(fen: int | None) -> str:
    return format_yuan(fen) if fen is not None else "—"


def _time(moment: datetime | None) -> str:
    return say_time(moment) if moment else "—"
