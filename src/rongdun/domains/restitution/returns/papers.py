"""The papers of a return, as blocks that are printed as PDF and as Word. Fields are those of the annexes of the rules.

They are handed to victims, approvers and banks, so names and numbers stand in clear; only the public notice masks them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rongdun.domains.restitution.returns.model import (
    Claimant,
    Frozen,
    Payee,
    ReturnClaim,
    ReturnOrder,
    claimant,
    frozen_account,
    payee_of,
)
from rongdun.domains.restitution.returns.words import MODES
from rongdun.kernel.errors import Text
from rongdun.kernel.money import format_yuan
from rongdun.runtime.i18n import Language, say
from rongdun.runtime.letters import say_date
from rongdun.runtime.letters.forms import Block, Fields, Grid, Heading, Paragraph, Seal, Signatures
from rongdun.runtime.uow import Uow

LAW = Text(
    "《中华人民共和国反电信网络诈骗法》第二十条、第三十四条，《公安机关办理刑事案件程序规定》第二百三十四条，"
    "《电信网络新型违法犯罪案件冻结资金返还若干规定》",
    "articles 20 and 34 of the Anti-Telecom and Network Fraud Law, article 234 of the rules of criminal procedure of "
    "public security organs, and the rules of 2016 on returning frozen money in telecom fraud cases",
)


@dataclass(frozen=True, slots=True)
class Row:
    """A claim that is paid, in clear."""

    claim: ReturnClaim
    person: Claimant
    payee: Payee


@dataclass(frozen=True, slots=True)
class Matter:
    """A return in clear, and how to say things in the paper's language."""

    found: ReturnOrder
    frozen: Frozen
    rows: Sequence[Row]
    language: Language

    def word(self, zh: str, en: str) -> str:
        """Return the words in the paper's language."""
        return zh if self.language == "zh" else en


def matter_of(uow: Uow, found: ReturnOrder, claims: Sequence[ReturnClaim], language: Language) -> Matter:
    """Return a return in clear with the claims that take part."""
    rows = [
        Row(one, claimant(uow.vault, one), payee_of(uow.vault, one)) for one in claims if not one.set_aside
    ]
    return Matter(found, frozen_account(uow.vault, found), rows, language)


def application(m: Matter, row: Row) -> list[Block]:
    """Return the application of one victim (annex 1), filled in as far as it is known."""
    w, one = m.word, row.person
    original = f"{one.institution} {one.account}".strip()
    return [
        Heading(w("一、申请人", "1. Applicant")),
        Fields(
            [
                (w("姓名（单位名称）", "Name"), one.name),
                (w("性别", "Sex"), ""),
                (w("证件号码", "Identity number"), one.id_number),
                (w("联系方式", "Contact"), one.phone),
                (w("住址", "Address"), one.address),
                (w("转出账户", "Account it left"), original),
                (w("收款开户行", "Bank to be paid at"), row.payee.institution),
                (w("收款账号", "Account to be paid to"), row.payee.account),
            ]
        ),
        Heading(w("二、案件和涉案账户", "2. Case and account")),
        Fields(
            [
                (w("立案单位", "Filing unit"), m.found.unit_name),
                (w("案件编号", "Case number"), m.found.case_number),
                (w("涉案账户", "Account"), f"{m.found.institution_name} {m.frozen.account}"),
                (w("户名", "Holder"), m.frozen.holder),
                (w("被骗金额（元）", "Defrauded (yuan)"), format_yuan(row.claim.loss_fen)),
                (w("冻结金额（元）", "Frozen (yuan)"), format_yuan(m.found.frozen_fen)),
            ]
        ),
        Paragraph(
            w(
                "本人申请将上述冻结资金依法返还，并承诺所填内容真实；返还不收取任何费用。",
                "I apply for the return of the frozen money named above and declare that what is stated is true. "
                "No fee is charged for a return.",
            )
        ),
        Signatures([w("申请人：", "Applicant:"), w("日期：", "Date:")]),
        Heading(w("三、立案单位意见", "3. Opinion of the filing unit")),
        Signatures([w("承办民警：", "Officer:"), w("承办民警：", "Officer:")]),
        Seal(m.found.unit_name),
    ]


def report(m: Matter) -> list[Block]:
    """Return the report that asks the city for the return, with the arithmetic and both denominators."""
    w, kept = m.word, m.found.reckoning or {}
    why = kept.get("why", {}).get(m.language, "")
    mode = say(MODES[m.found.mode], m.language) if m.found.mode else ""
    return [
        Heading(w("一、基本情况", "1. The case")),
        _account_fields(m),
        Heading(w("二、溯源情况和返还方式", "2. Tracing and mode")),
        Paragraph(w(f"返还方式：{mode}。{why}。", f"Mode: {mode}. {why}.")),
        Paragraph(_traced(m, kept.get("trace", ""))),
        Heading(w("三、返还方案", "3. Who gets what")),
        _arithmetic(m),
        *([Paragraph(_denominators(m))] if kept.get("verified_fen") else []),
        *_notice_words(m),
        Heading(w("四、呈请事项", "4. What is asked for")),
        Paragraph(
            w(
                f"依据{LAW.zh}，呈请批准从上述冻结账户返还被害人资金共计{format_yuan(m.found.share_fen)}元"
                f"{_rest(m).zh}。当否，请批示。",
                f"By {LAW.en}, approval is asked to return {format_yuan(m.found.share_fen)} yuan out of the frozen "
                f"account{_rest(m).en}.",
            )
        ),
        Signatures([w("承办民警：", "Officer:"), w("承办民警：", "Officer:")]),
        Signatures([w("审核意见：", "Checked:"), w("批准意见：", "Approved:")]),
        Seal(m.found.unit_name),
    ]


def public_notice(m: Matter) -> list[Block]:
    """Return the public notice of mode C: masked, with the way to object."""
    w = m.word
    rows = [
        (one.claim.name, format_yuan(one.claim.loss_fen), format_yuan(one.claim.share_fen or 0))
        for one in m.rows
    ]
    until = m.found.notice_until
    term = w(
        f"公告期至{say_date(until, 'zh')}止。" if until else "公告期为三十日。",
        f"The notice runs until {say_date(until, 'en')}." if until else "The notice runs for thirty days.",
    )
    return [
        Paragraph(
            w(
                f"本单位办理的案件（{m.found.case_number}）中，{m.found.institution_name}账户{m.found.account}"
                f"现有冻结资金{format_yuan(m.found.frozen_fen)}元。因多笔汇入资金无法逐笔对应被害人，"
                "拟按被害人损失比例返还，现予公告。",
                f"In the case {m.found.case_number} {format_yuan(m.found.frozen_fen)} yuan are frozen in the account "
                f"{m.found.account} at {m.found.institution_name}. What came in cannot be matched to victims one by "
                "one; it is to be returned in proportion to their losses.",
            )
        ),
        Grid(
            [
                w("被害人", "Victim"),
                w("核实损失（元）", "Verified loss"),
                w("拟返还（元）", "To be returned"),
            ],
            rows,
            right=(1, 2),
        ),
        Paragraph(term),
        Paragraph(
            w(
                "未列入的被害人或对本方案有异议的，请于公告期内持身份证件、被骗及转账凭证向本单位书面提出。",
                "Victims who are not listed, and whoever objects, write to this unit within the term, with identity "
                "document and proof of the transfers.",
            )
        ),
        Seal(m.found.unit_name),
    ]


def decision(m: Matter) -> list[Block]:
    """Return the decision of the city."""
    w = m.word
    return [
        Paragraph(
            w(
                f"依据{LAW.zh}，经审查，决定将下列冻结资金返还被害人：",
                f"By {LAW.en}, it has been decided to return the following frozen money to the victims:",
            )
        ),
        _account_fields(m),
        _payments(m),
        Paragraph(
            w(
                f"返还共计{format_yuan(m.found.share_fen)}元{_rest(m).zh}。返还不收取任何费用。",
                f"In all {format_yuan(m.found.share_fen)} yuan are returned{_rest(m).en}. No fee is charged.",
            )
        ),
        Paragraph(w(f"批准人：{m.found.approver_name}", f"Approved by: {m.found.approver_name}"), flush=True),
        Seal(),
    ]


def assist_notice(m: Matter) -> list[Block]:
    """Return the notice that asks the bank to pay: on the spot, at the latest within three working days."""
    w = m.word
    return [
        Paragraph(w(f"{m.found.institution_name}：", f"{m.found.institution_name}:"), flush=True),
        Paragraph(
            w(
                f"依据{LAW.zh}和{m.found.decision_number}返还决定书，请协助将下列冻结资金返还被害人。"
                "请当场办理；现场不能办理完毕的，应在三个工作日内办结并出具回执。不得收取费用。",
                f"By {LAW.en} and decision {m.found.decision_number}, please return the following frozen money: on "
                "the spot, at the latest within three working days, with a receipt and without a fee.",
            )
        ),
        _account_fields(m),
        _payments(m),
        Fields(
            [
                (w("办案民警", "Officer"), _officer(m, 0)),
                (w("办案民警", "Officer"), _officer(m, 1)),
            ]
        ),
        Signatures([w("银行经办：", "Bank clerk:"), w("收到时间：", "Received:")]),
        Seal(),
    ]


def receipt(m: Matter) -> list[Block]:
    """Return the bank's receipt, to be filled in and sealed by the bank."""
    w = m.word
    return [
        Paragraph(w(f"{m.found.unit_name}：", f"{m.found.unit_name}:"), flush=True),
        Paragraph(
            w(
                f"你单位{m.found.decision_number}返还决定及协助返还通知书收悉，办理结果如下：",
                f"Your decision {m.found.decision_number} and notice have been received. The result:",
            )
        ),
        _payments(m),
        Fields(
            [
                (w("回执编号", "Receipt number"), m.found.receipt_number),
                (w("经办人", "Clerk"), m.found.receipt_clerk),
                (
                    w("支付合计（元）", "Paid (yuan)"),
                    format_yuan(m.found.paid_fen) if m.found.paid_at else "",
                ),
                (w("支付日期", "Paid on"), say_date(m.found.paid_at, m.language) if m.found.paid_at else ""),
            ]
        ),
        Seal(m.found.institution_name),
    ]


PAPERS: dict[str, Callable[[Matter], list[Block]]] = {
    "report": report,
    "notice": public_notice,
    "decision": decision,
    "assist_notice": assist_notice,
    "receipt": receipt,
}
"""Papers of the whole return; the application is of one claim."""


def _rest(m: Matter) -> Text:
    """Return what stays frozen, as the end of a sentence; nothing where nothing does."""
    if not m.found.leftover_fen:
        return Text("", "")
    rest = format_yuan(m.found.leftover_fen)
    return Text(f"，余款{rest}元继续冻结", f"; {rest} yuan stay frozen")


def _account_fields(m: Matter) -> Fields:
    w = m.word
    return Fields(
        [
            (w("案件编号", "Case number"), m.found.case_number),
            (w("冻结单号", "Freeze"), m.found.order_number),
            (w("开户机构", "Institution"), m.found.institution_name),
            (w("户名", "Holder"), m.frozen.holder),
            (w("冻结账号", "Frozen account"), m.frozen.account),
            (w("冻结金额（元）", "Frozen (yuan)"), format_yuan(m.found.frozen_fen)),
        ]
    )


def _payments(m: Matter) -> Grid:
    w = m.word
    rows = [
        (one.person.name, one.payee.institution, one.payee.account, format_yuan(one.claim.share_fen or 0))
        for one in m.rows
        if one.claim.share_fen
    ]
    head = [
        w("被害人", "Victim"),
        w("收款机构", "Institution"),
        w("收款账号", "Account"),
        w("返还金额（元）", "Returned"),
    ]
    return Grid(head, rows, right=(3,))


def _arithmetic(m: Matter) -> Grid:
    w = m.word
    shares = {share["claim"]: share for share in (m.found.reckoning or {}).get("shares", [])}
    pool = (m.found.reckoning or {}).get("pool_fen", 0)
    rows = []
    for one in m.rows:
        share = shares.get(str(one.claim.id))
        if share is None:
            continue
        outstanding = share["loss_fen"] - share["returned_fen"]
        rows.append(
            (
                one.person.name,
                format_yuan(share["loss_fen"]),
                format_yuan(outstanding),
                _sum(share, pool),
                format_yuan(share["fen"]),
            )
        )
    head = [
        w("被害人", "Victim"),
        w("被骗金额", "Loss"),
        w("未返还", "Outstanding"),
        w("计算", "Arithmetic"),
        w("返还金额", "Returned"),
    ]
    return Grid(head, rows, right=(1, 2, 4))


def _sum(share: dict[str, int], pool: int) -> str:
    if not share["weight_fen"] or share["divisor_fen"] <= pool:
        return "—"
    return f"{format_yuan(pool)} × {format_yuan(share['weight_fen'])} ÷ {format_yuan(share['divisor_fen'])}"


def _denominators(m: Matter) -> str:
    kept = m.found.reckoning or {}
    verified, frozen = format_yuan(kept["verified_fen"]), format_yuan(kept["frozen_fen"])
    return m.word(
        f"计算以参加比例返还的被害人未返还损失合计{verified}元为分母；在案冻结总额为{frozen}元，一并列明备查。"
        "不足一分的尾差按余数由大到小逐分分配，任何人返还不超过其损失。",
        f"The denominator is the sum of outstanding losses of those who share, {verified} yuan; the frozen sum, "
        f"{frozen} yuan, is named beside it. Fen over go to the largest remainders; nobody gets more than was lost.",
    )


def _traced(m: Matter, trace: str) -> str:
    if not trace:
        return m.word("未附资金追踪结果。", "No trace is attached.")
    return m.word(
        f"资金流向见资金追踪{trace}的资金流向表。",
        f"The flow of funds is in the fund-flow table of trace {trace}.",
    )


def _notice_words(m: Matter) -> list[Block]:
    start, end = m.found.notice_from, m.found.notice_until
    if start is None or end is None:
        return []
    return [
        Paragraph(
            m.word(
                f"已于{say_date(start, 'zh')}在{m.found.notice_place}公告，公告期至{say_date(end, 'zh')}。",
                f"Published on {say_date(start, 'en')} at {m.found.notice_place}, until {say_date(end, 'en')}.",
            )
        )
    ]


def _officer(m: Matter, place: int) -> str:
    return m.found.officer_names[place] if len(m.found.officer_names) > place else ""
