"""The table of orders: its columns, what may be searched, how it is ordered when nobody says."""

from rongdun.domains.stop_payment.model import Order
from rongdun.domains.stop_payment.rules import KINDS, STATES
from rongdun.kernel.errors import Text
from rongdun.runtime.tables import Column, TableSpec

ATTENTION = {
    "": Text("", ""),
    "contradiction": Text("反馈互相矛盾", "Contradictory answers"),
    "late": Text("反馈迟到", "Answer came late"),
    "undelivered": Text("报文未送达银行", "Not delivered to the bank"),
    "foreign": Text("非受理银行反馈", "Answered by another bank"),
    "silent": Text("逾期未反馈", "No answer in time"),
    "not_extended": Text("延期未成", "Not extended"),
    "not_lifted": Text("解除未成", "Not lifted"),
    "not_renewed": Text("续冻未成", "Not renewed"),
    "balance_contradicts": Text("流水与余额不符", "Statement contradicts balance"),
}
"""Why somebody should look at an order."""

TABLE = TableSpec(
    columns={
        "number": Column(Order.number, Text("编号", "Number")),
        "kind": Column(Order.kind, Text("类别", "Kind"), choices=KINDS),
        "state": Column(Order.state, Text("状态", "State"), choices=STATES),
        "institution_name": Column(Order.institution_name, Text("受理机构", "Institution")),
        "institution": Column(Order.institution, Text("机构编号", "Institution code")),
        "account": Column(None, Text("账号", "Account"), kind="text"),
        "name": Column(None, Text("户名", "Name"), kind="text"),
        "amount_fen": Column(Order.amount_fen, Text("金额", "Amount"), kind="money"),
        "held_fen": Column(Order.held_fen, Text("已控资金", "Held"), kind="money"),
        "balance_fen": Column(Order.balance_fen, Text("反馈余额", "Balance told"), kind="money"),
        "transfer_at": Column(Order.transfer_at, Text("交易时间", "Transferred")),
        "subject_label": Column(Order.subject_label, Text("案件/警情", "Case or report"), exported=False),
        "case_id": Column(Order.case_id, Text("案件", "Case"), exported=False),
        "report_id": Column(Order.report_id, Text("警情", "Report"), exported=False),
        "batch_id": Column(Order.batch_id, Text("批次", "Batch"), exported=False),
        "account_ref": Column(Order.account, Text("账户", "Account"), exported=False),
        "urgent": Column(Order.urgent, Text("紧急", "Urgent")),
        "attention": Column(Order.attention, Text("须处理", "Needs attention"), choices=ATTENTION),
        "unit_name": Column(Order.unit_name, Text("单位", "Unit")),
        "unit_path": Column(Order.unit_path, Text("单位路径", "Unit path"), kind="path", exported=False),
        "maker_name": Column(Order.maker_name, Text("经办人", "By")),
        "reviewer_name": Column(Order.reviewer_name, Text("审核人", "Reviewed by")),
        "made_at": Column(Order.made_at, Text("起草时间", "Drafted")),
        "sent_at": Column(Order.sent_at, Text("发出时间", "Sent")),
        "answered_at": Column(Order.answered_at, Text("反馈时间", "Answered")),
        "ends_at": Column(Order.ends_at, Text("到期时间", "Ends")),
        "over_at": Column(Order.over_at, Text("办结时间", "Over")),
    },
    key=Order.id,
    search=[Order.number, Order.institution_name, Order.maker_name, Order.subject_label],
    default_sort="-made_at",
    finder="rongdun_orders_found",
)
