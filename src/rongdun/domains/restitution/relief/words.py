"""Words of relief that lists, forms and papers share."""

from collections.abc import Mapping
from typing import Literal

from rongdun.kernel.errors import Text

Applicant = Literal["holder", "bank", "desk"]
Finding = Literal["unrelated", "partly", "related"]

APPLICANTS: Mapping[str, Text] = {
    "holder": Text("账户持有人", "Account holder"),
    "bank": Text("银行、支付机构", "Bank or payment firm"),
    "desk": Text("本中心", "This centre"),
}
MEASURES: Mapping[str, Text] = {"stop": Text("紧急止付", "Stop-payment"), "freeze": Text("冻结", "Freeze")}
FINDINGS: Mapping[str, Text] = {
    "unrelated": Text("与案件无关", "Unrelated to the case"),
    "partly": Text("部分与案件无关", "Unrelated in part"),
    "related": Text("与案件有关", "Belongs to the case"),
}
DOCUMENTS = (
    Text(
        "本人有效身份证件（单位提供营业执照及授权委托书）",
        "Valid identity document (a firm: its licence and an authorisation)",
    ),
    Text("账户近六个月流水", "Statement of the account for the last six months"),
    Text(
        "与争议款项有关的合同、订单、发货或劳务凭证",
        "Contracts, orders, delivery or service records of the disputed payments",
    ),
    Text("与付款人的聊天、通话记录", "Messages and calls with the payer"),
)
"""What an account holder is asked for; the law asks only that the documents are named (article 32)."""
