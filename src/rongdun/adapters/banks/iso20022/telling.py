"""What institutions answer in ISO 20022: how a recall ended (camt.029), and the money sent back (pacs.004).

The amount held stands as the amount of the resolution; a balance cannot be said. A return names the recall it follows
in a coded line, ``/CXLI/``, for the schema has no element for it [D].
"""

from collections.abc import Mapping
from datetime import datetime

from rongdun.adapters.banks.iso20022.codes import (
    AFTER_RECALL,
    CONFIRMATIONS,
    REASONS,
    REJECTED,
    STATUSES,
    WORDS,
)
from rongdun.adapters.banks.iso20022.parts import (
    AGENT_CODE,
    UNKNOWN,
    Content,
    agent,
    amount,
    application_of,
    clean,
    day,
    fen_of,
    lines,
    moment,
    moment_of,
    organisation,
    serial,
    short,
    told_in,
)
from rongdun.adapters.banks.iso20022.schemas import Message, written
from rongdun.domains.exchange import Kind, Malformed, Outcome, Reply
from rongdun.kernel.errors import Text

_RESOLUTION = "RsltnOfInvstgtn"
_TRANSACTION = f"{_RESOLUTION}/CxlDtls/TxInfAndSts"
_RETURN = "PmtRtr"
_CENTRE = organisation("", "反诈中心")
_OUTCOMES: Mapping[str, Outcome] = {code: outcome for outcome, code in CONFIRMATIONS.items()}
_REFUSALS: Mapping[str, Outcome] = {code: outcome for outcome, code in REASONS.items()}


def resolution(told: Reply) -> bytes:
    """Return an answer to a stop, as an institution sends it."""
    ends = CONFIRMATIONS.get(told.outcome, REJECTED)
    name = serial(told.message_id)
    content = {
        "Assgnmt": {
            "Id": name,
            "Assgnr": {"Agt": agent(told.institution)},
            "Assgne": {"Pty": _CENTRE},
            "CreDtTm": moment(told.answered_at),
        },
        "RslvdCase": {"Id": short(told.application_id), "Cretr": {"Pty": _CENTRE}},
        "Sts": {"Conf": ends},
        "CxlDtls": [{"TxInfAndSts": [_status(told, name, ends)]}],
    }
    return written("camt.029", {_RESOLUTION: content})


def _status(told: Reply, name: str, ends: str) -> Content:
    held = None if told.held_fen is None else {"IntrBkSttlmAmt": amount(told.held_fen)}
    return {
        "CxlStsId": name,
        "TxCxlSts": STATUSES[ends],
        "CxlStsRsnInf": [_why(told, ends)],
        "RsltnRltdInf": held,
    }


def _why(told: Reply, ends: str) -> Content:
    code = REASONS.get(told.outcome) or (told.code if 0 < len(told.code) <= 4 else "")
    reason = {"Cd": code} if code else {"Prtry": told.outcome.upper()}
    hold = f"{moment(told.start)}/{moment(told.end)}" if told.start and told.end else ""
    return {
        "Orgtr": {"CtctDtls": {"Nm": clean(told.clerk)[:140]}},
        "Rsn": reason if ends == REJECTED else None,
        "AddtlInf": lines([("TEXT", told.text), ("HOLD", hold)]),
    }


def read_resolution(found: Message) -> Reply:
    """Return what an institution answered; raises :class:`Malformed`."""
    ends = found.need(f"{_RESOLUTION}/Sts/Conf")
    code = found.text(f"{_TRANSACTION}/CxlStsRsnInf/Rsn/Cd")
    told = told_in(found.texts(f"{_TRANSACTION}/CxlStsRsnInf/AddtlInf"))
    start, _, end = told.get("HOLD", "").partition("/")
    return Reply(
        application_id=application_of(found.need(f"{_RESOLUTION}/RslvdCase/Id")),
        kind=Kind.STOP,
        institution=found.need(f"{_RESOLUTION}/Assgnmt/Assgnr/Agt/{AGENT_CODE}"),
        message_id=found.need(f"{_RESOLUTION}/Assgnmt/Id"),
        outcome=_outcome(ends, code, found.text(f"{_TRANSACTION}/CxlStsRsnInf/Rsn/Prtry")),
        answered_at=moment_of(found.need(f"{_RESOLUTION}/Assgnmt/CreDtTm"), "CreDtTm"),
        code=code,
        text=(told.get("TEXT") or told.get("") or WORDS.get(code, ""))[:1000],
        held_fen=fen_of(found.text(f"{_TRANSACTION}/RsltnRltdInf/IntrBkSttlmAmt"), "IntrBkSttlmAmt"),
        start=_moment(start),
        end=_moment(end),
        clerk=found.text(f"{_TRANSACTION}/CxlStsRsnInf/Orgtr/CtctDtls/Nm"),
    )


def _outcome(ends: str, code: str, words: str) -> Outcome:
    if ends in _OUTCOMES:
        return _OUTCOMES[ends]
    if ends != REJECTED:
        raise Malformed.at("Conf", Text("代码未知", "holds an unknown code"))
    known = {each.upper(): each for each in Outcome if each not in CONFIRMATIONS}
    return _REFUSALS.get(code) or known.get(words, Outcome.REFUSED)


def _moment(text: str) -> datetime | None:
    return moment_of(text, "AddtlInf") if text else None


def payment_return(told: Reply) -> bytes:
    """Return the message by which an institution sends money back after a recall; ``returned_fen`` is how much."""
    name = serial(told.message_id)
    head = {
        "MsgId": name,
        "CreDtTm": moment(told.answered_at),
        "NbOfTxs": "1",
        "SttlmInf": {"SttlmMtd": "CLRG"},
        "InstgAgt": agent(told.institution),
    }
    transaction = {
        "RtrId": name,
        "OrgnlEndToEndId": UNKNOWN,
        "RtrdIntrBkSttlmAmt": amount(told.returned_fen),
        "IntrBkSttlmDt": day(told.answered_at),
        "RtrRsnInf": [
            {
                "Rsn": {"Cd": AFTER_RECALL},
                "AddtlInf": lines([("CXLI", short(told.application_id)), ("TEXT", told.text)]),
            }
        ],
    }
    return written("pacs.004", {_RETURN: {"GrpHdr": head, "TxInf": [transaction]}})


def read_return(found: Message) -> Reply:
    """Return what an institution says by sending money back: how much of the stopped money is at the payer's bank."""
    transaction = f"{_RETURN}/TxInf"
    told = told_in(found.texts(f"{transaction}/RtrRsnInf/AddtlInf"))
    if not told.get("CXLI"):
        raise Malformed.at(
            "AddtlInf", Text("没有写明所依据的撤回请求", "does not name the recall it follows")
        )
    return Reply(
        application_id=application_of(told["CXLI"]),
        kind=Kind.STOP,
        institution=found.need(f"{_RETURN}/GrpHdr/InstgAgt/{AGENT_CODE}"),
        message_id=found.need(f"{_RETURN}/GrpHdr/MsgId"),
        outcome=Outcome.DONE,
        answered_at=moment_of(found.need(f"{_RETURN}/GrpHdr/CreDtTm"), "CreDtTm"),
        code=found.text(f"{transaction}/RtrRsnInf/Rsn/Cd"),
        text=told.get("TEXT", "")[:1000],
        returned_fen=fen_of(found.need(f"{transaction}/RtrdIntrBkSttlmAmt"), "RtrdIntrBkSttlmAmt"),
    )
