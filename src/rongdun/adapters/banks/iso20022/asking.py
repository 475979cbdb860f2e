"""What the centre says in ISO 20022: the recall of a payment (camt.056), and the question what became of it (pacs.028).

A recall names the payment by what the four items name it by: the payee's account and name, the amount, and the moment,
which stands as the moment the original message was made. What the schema has no element for stands in coded lines:
``/REAS/`` reason, ``/CASE/`` number of the case, ``/RMRK/`` remark, ``/HOLD/`` from when until when [D].
"""

from datetime import datetime
from typing import Any

from rongdun.adapters.banks.iso20022.codes import FRAUD
from rongdun.adapters.banks.iso20022.parts import (
    ACCOUNT_NUMBER,
    AGENT_CODE,
    AGENT_NAME,
    UNKNOWN,
    Content,
    account,
    agent,
    amount,
    application_of,
    day,
    fen_of,
    holder,
    lines,
    moment,
    moment_of,
    organisation,
    short,
    told_in,
)
from rongdun.adapters.banks.iso20022.schemas import Message, identifier_of, written
from rongdun.domains.exchange import Instruction, Kind, Malformed, Officer, Party, StatusRequest
from rongdun.kernel.errors import Text

_MISSING = Text("缺失", "is missing")
_TRANSACTION = "FIToFIPmtCxlReq/Undrlyg/TxInf"
_ASSIGNMENT = "FIToFIPmtCxlReq/Assgnmt"


def recall(told: Instruction) -> bytes:
    """Return a stop as the recall of the payment that brought the money.

    Raises :class:`Malformed` naming what is missing, and for documents: a recall carries none.
    """
    if told.amount_fen is None or told.transfer_time is None:
        raise Malformed.at("OrgnlIntrBkSttlmAmt" if told.amount_fen is None else "OrgnlCreDtTm", _MISSING)
    if told.documents:
        raise Malformed.at("FIToFIPmtCxlReq", Text("不能附带文书", "carries no documents"))
    unit, name = organisation(told.unit_code, told.unit_name, told.operator), short(told.application_id)
    assignment = {
        "Id": name,
        "Assgnr": {"Pty": unit},
        "Assgne": {"Agt": agent(told.account.institution, told.account.institution_name)},
        "CreDtTm": moment(told.made_at),
    }
    content = {
        "Assgnmt": assignment,
        "Case": {"Id": name, "Cretr": {"Pty": organisation(told.unit_code, told.unit_name)}},
        "CtrlData": {"NbOfTxs": "1"},
        "Undrlyg": [{"TxInf": [_payment(told, name, told.transfer_time)]}],
    }
    return written("camt.056", {"FIToFIPmtCxlReq": content})


def _payment(told: Instruction, name: str, at: datetime) -> Content:
    original = {"OrgnlMsgId": UNKNOWN, "OrgnlMsgNmId": "pacs.008", "OrgnlCreDtTm": moment(at)}
    return {
        "CxlId": name,
        "OrgnlGrpInf": original,
        "OrgnlEndToEndId": UNKNOWN,
        "OrgnlIntrBkSttlmAmt": amount(told.amount_fen),
        "OrgnlIntrBkSttlmDt": day(at),
        "CxlRsnInf": [_reason(told)],
        "OrgnlTxRef": {
            **({} if told.payer is None else _side("Dbtr", told.payer)),
            **_side("Cdtr", told.account),
        },
    }


def _reason(told: Instruction) -> Content:
    hold = f"{moment(told.start)}/{moment(told.end)}" if told.start and told.end else ""
    return {
        "Orgtr": organisation("", told.unit_name, told.investigator),
        "Rsn": {"Cd": FRAUD},
        "AddtlInf": lines(
            [("REAS", told.reason), ("CASE", told.case_number), ("RMRK", told.remark), ("HOLD", hold)]
        ),
    }


def _side(which: str, party: Party) -> dict[str, Any]:
    return {
        which: holder(party),
        f"{which}Acct": account(party.number),
        f"{which}Agt": agent(party.institution, party.institution_name),
    }


def read_recall(found: Message) -> Instruction:
    """Return the stop that a recall asks for, as an institution reads it; raises :class:`Malformed`."""
    if found.need(f"{_TRANSACTION}/CxlRsnInf/Rsn/Cd") != FRAUD:
        raise Malformed.at("Rsn", Text("不是诈骗", "is not fraud"))
    told = told_in(found.texts(f"{_TRANSACTION}/CxlRsnInf/AddtlInf"))
    start, end = _held(told.get("HOLD", ""))
    payer = _party(found, "Dbtr")
    return Instruction(
        application_id=application_of(found.need(f"{_TRANSACTION}/CxlId")),
        kind=Kind.STOP,
        account=_party(found, "Cdtr"),
        unit_code=found.text(f"{_ASSIGNMENT}/Assgnr/Pty/Id/OrgId/Othr/Id"),
        unit_name=found.need(f"{_ASSIGNMENT}/Assgnr/Pty/Nm"),
        operator=_officer(found, f"{_ASSIGNMENT}/Assgnr/Pty/CtctDtls"),
        investigator=_officer(found, f"{_TRANSACTION}/CxlRsnInf/Orgtr/CtctDtls"),
        made_at=moment_of(found.need(f"{_ASSIGNMENT}/CreDtTm"), "CreDtTm"),
        reason=told.get("REAS", ""),
        case_number=told.get("CASE", ""),
        payer=payer if payer.number else None,
        amount_fen=fen_of(found.need(f"{_TRANSACTION}/OrgnlIntrBkSttlmAmt"), "OrgnlIntrBkSttlmAmt"),
        transfer_time=moment_of(found.need(f"{_TRANSACTION}/OrgnlGrpInf/OrgnlCreDtTm"), "OrgnlCreDtTm"),
        start=start,
        end=end,
        remark=told.get("RMRK", ""),
    )


def _held(text: str) -> tuple[datetime | None, datetime | None]:
    start, _, end = text.partition("/")
    return (moment_of(start, "AddtlInf"), moment_of(end, "AddtlInf")) if text else (None, None)


def _party(found: Message, which: str) -> Party:
    place = f"{_TRANSACTION}/OrgnlTxRef/{which}"
    company = found.text(f"{place}/Pty/Id/OrgId/Othr/Id")
    identity = "OrgId" if company else "PrvtId"
    return Party(
        institution=found.text(f"{place}Agt/{AGENT_CODE}"),
        institution_name=found.text(f"{place}Agt/{AGENT_NAME}"),
        number=found.text(f"{place}Acct/{ACCOUNT_NUMBER}"),
        name=found.text(f"{place}/Pty/Nm"),
        kind="corporate" if company else "personal",
        id_type=found.text(f"{place}/Pty/Id/{identity}/Othr/SchmeNm/Prtry"),
        id_number=found.text(f"{place}/Pty/Id/{identity}/Othr/Id"),
    )


def _officer(found: Message, place: str) -> Officer:
    return Officer(
        name=found.text(f"{place}/Nm"),
        id_type=found.text(f"{place}/Othr/ChanlTp") or "08",
        id_number=found.text(f"{place}/Othr/Id"),
        phone=found.text(f"{place}/PhneNb").removeprefix("+86-"),
    )


def status_request(told: StatusRequest) -> bytes:
    """Return the question what became of a recall."""
    transaction = {
        "StsReqId": told.message_id,
        "OrgnlGrpInf": {
            "OrgnlMsgId": short(told.application_id),
            "OrgnlMsgNmId": identifier_of("camt.056"),
        },
        "InstdAgt": agent(told.institution),
    }
    head = {"MsgId": told.message_id, "CreDtTm": moment(told.made_at)}
    return written("pacs.028", {"FIToFIPmtStsReq": {"GrpHdr": head, "TxInf": [transaction]}})


def read_status_request(found: Message) -> StatusRequest:
    """Return what a question asks about, as an institution reads it; raises :class:`Malformed`."""
    place = "FIToFIPmtStsReq/TxInf"
    if found.need(f"{place}/OrgnlGrpInf/OrgnlMsgNmId") != identifier_of("camt.056"):
        raise Malformed.at("OrgnlMsgNmId", Text("不是撤回请求", "is no recall"))
    return StatusRequest(
        application_id=application_of(found.need(f"{place}/OrgnlGrpInf/OrgnlMsgId")),
        institution=found.need(f"{place}/InstdAgt/{AGENT_CODE}"),
        message_id=found.need("FIToFIPmtStsReq/GrpHdr/MsgId"),
        made_at=moment_of(found.need("FIToFIPmtStsReq/GrpHdr/CreDtTm"), "CreDtTm"),
    )
