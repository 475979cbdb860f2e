"""What an account holder is handed: the decision with its reason, the way to object, and what papers are needed.

反电信网络诈骗法 article 32: reason, channel of relief, documents; articles 196 and 247 of the rules of procedure.
"""

from rongdun.domains.restitution.relief.model import ReliefRequest, details_of
from rongdun.domains.restitution.relief.rules import RELIEF
from rongdun.domains.restitution.relief.words import DOCUMENTS, FINDINGS, MEASURES
from rongdun.kernel.errors import Text
from rongdun.kernel.money import format_yuan
from rongdun.runtime.i18n import Language, say
from rongdun.runtime.letters import say_time
from rongdun.runtime.letters.forms import Block, Fields, Heading, Paragraph, Seal
from rongdun.runtime.uow import Uow

LIFTED = Text("解除通知书", "Notice of release")
REFUSED = Text("不予解除通知书", "Notice of refusal")
PENDING = Text("限制措施告知书", "Notice of a measure")

_CHANNEL = Text(
    "如对本通知有异议，可自收到之日起向本单位提出申诉；也可以依法申请行政复议、提起诉讼，或者向人民检察院申诉。",
    "Whoever objects to this notice may appeal to this unit from the day of receipt, ask for reconsideration, sue "
    "as the law provides, or complain to the people's procuratorate.",
)


def title_of(found: ReliefRequest) -> Text:
    """Return the title of the notice that fits the request's state."""
    if found.state in ("LIFT_FULL", "LIFT_PARTIAL"):
        return LIFTED
    return REFUSED if found.state == "REJECTED" else PENDING


def notice(uow: Uow, found: ReliefRequest, *, language: Language) -> list[Block]:
    """Return the notice to whoever objected, in clear: it is handed to them."""
    details = details_of(uow.vault, found)
    who = details.applicant_name or details.holder

    def w(zh: str, en: str) -> str:
        return say(Text(zh, en), language)

    return [
        Paragraph(w(f"{who}：", f"{who}:"), flush=True),
        Paragraph(say(_opening(found), language)),
        Fields(
            [
                (w("措施", "Measure"), f"{say(MEASURES[found.measure], language)} {found.order_number}"),
                (w("机构", "Institution"), found.institution_name),
                (w("户名", "Holder"), details.holder),
                (w("账号", "Account"), details.account),
                (w("控制金额（元）", "Held (yuan)"), format_yuan(found.held_fen)),
                (w("控制时间", "Held since"), say_time(found.held_since)),
                *(_decided(found, language) if found.decided_at else []),
            ]
        ),
        Heading(w("一、处置原因", "1. Reason")),
        Paragraph(_reason(found, language)),
        Heading(w("二、救济渠道", "2. Channel of relief")),
        Paragraph(say(_CHANNEL, language)),
        Heading(w("三、需要提交的资料", "3. Documents needed")),
        *(
            Paragraph(w(f"（{place}）{each.zh}", f"({place}) {each.en}"))
            for place, each in enumerate(DOCUMENTS, start=1)
        ),
        Seal(found.unit_name),
    ]


def _decided(found: ReliefRequest, language: Language) -> list[tuple[str, str]]:
    return [
        (say(Text("解除金额（元）", "Released (yuan)"), language), format_yuan(found.released_fen)),
        (say(Text("继续控制（元）", "Still held (yuan)"), language), format_yuan(_kept(found))),
    ]


def _kept(found: ReliefRequest) -> int:
    return found.held_fen if found.kept_fen is None else found.kept_fen


def _opening(found: ReliefRequest) -> Text:
    state = RELIEF.state(found.state).name
    if found.decided_at is None:
        return Text(
            f"您对下列账户措施提出的异议（{found.number}）已收到，现依法告知如下：",
            f"Your objection ({found.number}) to the following measure has been received. By law you are told:",
        )
    return Text(
        f"您提出的异议（{found.number}）经审查，决定：{state.zh}。",
        f"Your objection ({found.number}) has been decided: {state.en}.",
    )


def _reason(found: ReliefRequest, language: Language) -> str:
    if found.decision_reason:
        finding = say(FINDINGS[found.finding], language)
        return (
            f"{finding}。{found.decision_reason}"
            if language == "zh"
            else f"{finding}. {found.decision_reason}"
        )
    return say(
        Text(
            "该账户涉嫌收取、转移电信网络诈骗资金，依据《反电信网络诈骗法》第二十条采取上述措施。",
            "The account is suspected of receiving or passing on proceeds of telecom fraud; the measure rests on "
            "article 20 of the Anti-Telecom and Network Fraud Law.",
        ),
        language,
    )
