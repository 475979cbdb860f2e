"""Code lists of ISO 20022 as this centre uses them.

Codes and their meanings are the external code sets of ISO 20022 [M]; which of ours each stands for is a proposal [D]
that a deployment agrees on with the institution.
"""

from collections.abc import Mapping

from rongdun.domains.exchange import Kind, Outcome

CARRIES = frozenset({Kind.STOP})
"""What can be said: a stop, as the recall of the payment that brought the money. There is no message for the rest."""

FRAUD = "FRAD"
"""Reason of a recall: the payment was made by fraud."""

AFTER_RECALL = "FOCR"
"""Reason of a return: it follows a recall."""

CLEARING = "CNAPS"
"""The clearing system whose twelve digits name an institution."""

CONFIRMATIONS: Mapping[Outcome, str] = {
    Outcome.DONE: "CNCL",  # cancelled as requested: the money is out of the holder's reach
    Outcome.PARTIAL: "PECR",  # partially executed
    Outcome.TIMEOUT: "PDCR",  # pending: the institution cannot say yet
}
"""How a recall ends; anything else is ``RJCR``, rejected, with a reason."""

REJECTED = "RJCR"

STATUSES: Mapping[str, str] = {"CNCL": "ACCR", "PECR": "ACCR", "PDCR": "PDCR", REJECTED: "RJCR"}
"""The status of the single recall that goes with each."""

REASONS: Mapping[Outcome, str] = {
    Outcome.MISMATCH: "NOOR",  # no such payment was received: one of the four items differs
    Outcome.CLOSED: "AC04",
}
"""Reasons of a rejection that have a code; other outcomes are named in words of our own (``Prtry``)."""

WORDS: Mapping[str, str] = {
    "AC04": "账户已销户",
    "AGNT": "代理行拒绝",
    "AM04": "账户余额不足",
    "ARDT": "资金此前已退回",
    "CUST": "收款人不同意",
    "LEGL": "依法不能办理",
    "NOAS": "收款人未答复",
    "NOOR": "未收到该笔付款",
}
"""What the codes of a rejection say, for an officer."""

ACKNOWLEDGED: Mapping[str, str] = {
    "100000": "ACTC",
    "200001": "FF01",
    "200003": "DUPL",
    "200004": "NAUT",
    "200006": "NARR",
    "200010": "NOOR",
}
"""What answers a transport (``admi.007``): our return codes in four letters."""

VERDICTS: Mapping[str, str] = {
    "ACTC": "taken",
    "DUPL": "taken",
    "FF01": "refused",
    "NAUT": "refused",
    "NARR": "refused",
    "NOOR": "refused",
}
"""What each means for delivery; any other code: try again."""
