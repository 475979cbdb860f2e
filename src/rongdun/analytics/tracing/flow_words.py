"""Words of what a trace says: rules, ends, where a figure comes from. Chinese first, as officers write them."""

from collections.abc import Mapping

from rongdun.kernel.errors import Text

RULES: Mapping[str, Text] = {
    "fifo": Text("先进先出", "First in, first out"),
    "lifo": Text("后进先出", "Last in, first out"),
    "pro_rata": Text("按比例", "Pro rata"),
    "window": Text("时间窗", "Time window"),
    "poison": Text("全额污染", "Poison (upper bound)"),
}
"""Rules by their name in a result."""

MEANING: Mapping[str, Text] = {
    "fifo": Text(
        "先到账的钱先转出（参照 Clayton's Case, Devaynes v Noble, 1816）。",
        "What came first leaves first (Clayton's Case, Devaynes v Noble, 1816).",
    ),
    "lifo": Text("后到账的钱先转出。", "What came last leaves first."),
    "pro_rata": Text(
        "每笔转出按账户内各来源的余额比例分摊，含账户自有资金。",
        "Each transfer out takes from every owner in proportion to what lies there, clean money included.",
    ),
    "window": Text(
        "涉案款到账后在时间窗内的转出视为涉案款，先到先出，至到账额为止；不计自有资金。",
        "What leaves within the window after victims' money arrived is theirs, up to what arrived.",
    ),
    "poison": Text(
        "凡经过的账户，其后转出全部计入，是上限，各项之和大于被骗金额。",
        "Everything that leaves a touched account counts: an upper bound that does not add up to what was taken.",
    ),
}
"""What a rule does, in one sentence."""

ENDS: Mapping[str, Text] = {
    "followed": Text("继续流转", "Went on"),
    "retained": Text("余额在账", "Still in the account"),
    "cash": Text("取现", "Cash"),
    "fee": Text("手续费", "Fee"),
    "consumption": Text("消费", "Consumption"),
    "cross_border": Text("跨境转出", "Left the country"),
    "crypto": Text("虚拟币", "Crypto"),
    "payment": Text("进入支付机构", "Payment institution"),
    "frontier": Text("无流水，待调取", "No statement yet"),
    "hub": Text("公共账户，按规则停止", "Shared account, stopped by policy"),
    "depth": Text("超出层级", "Deeper than asked"),
    "window": Text("超出时间范围", "Later than asked"),
}
"""Why money is not followed further, by its name in a result."""

BOOKS: Mapping[str, Text] = {
    "both": Text("双方流水", "Both statements"),
    "payer": Text("付款方流水", "Payer's statement"),
    "payee": Text("收款方流水", "Payee's statement"),
    "none": Text("报案所述，无流水印证", "As reported; no statement shows it"),
    "hand": Text("手工登记", "Added by hand"),
}
"""Whose statement shows a transfer."""

OPENINGS: Mapping[str, Text] = {
    "known": Text("流水余额栏", "Balance column"),
    "assumed": Text("推定最小余额", "Least that fits"),
}
"""Where the opening balance of an account comes from."""
