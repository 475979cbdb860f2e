"""What kind of account it is, from its label, the bank's own word for it, or its owner's name."""

from typing import Any, Final

import polars as pl

from rongdun.analytics.tracing.model import Kind

_BY_WORD: Final = (
    (Kind.CRYPTO, "虚拟货币|虚拟币|数字货币交易|币商|泰达币|USDT"),
    (Kind.ABROAD, "境外|离岸|海外账户"),
    (
        Kind.PAYMENT,
        "财付通|支付宝|支付科技|网络技术有限公司客户备付金|备付金|银联商务|快钱支付|拉卡拉|网银在线",
    ),
    (Kind.SALARY, "代发工资|工资专户|代发专户|农民工工资"),
    (
        Kind.UTILITY,
        "电力|供电|自来水|水务|燃气|热力|住房公积金|税务局|国库|社会保险|医疗保障|移动通信|中国联通|中国电信",
    ),
    (Kind.PLATFORM, "平台|美团|拼多多|京东|淘宝|抖音|滴滴|携程|待清算|清算资金|商户结算"),
)
"""First match counts; each is a word in the label, the bank's kind or the owner's name."""

_MERCHANT: Final = "特约商户|商户"
_SHOP: Final = "个体工商户|个体|商行|超市|便利店|餐饮店|经营部|小吃店"
_CORPORATE: Final = "公司|集团|有限合伙|合作社|企业|工厂|事务所|学校|医院|对公|单位"
_PERSONAL: Final = "个人|储蓄|借记|一类户|二类户|三类户|Ⅰ类|Ⅱ类|Ⅲ类"
_PERSON_NAME: Final = r"^[\p{Han}·*]{2,6}$"


def kind_of(name: pl.Expr, told: pl.Expr, observed: pl.Expr) -> pl.Expr:
    """Return the kind from an owner's name and the bank's or unit's word for the account (both may be null).

    A shop is a merchant only where we have no statement of it: money that goes into an observed account is followed.
    """
    text = pl.concat_str(told.fill_null(""), name.fill_null(""), separator=" ")
    chain: Any = pl.when(text.str.contains(_BY_WORD[0][1])).then(int(_BY_WORD[0][0]))
    for kind, words in _BY_WORD[1:]:
        chain = chain.when(text.str.contains(words)).then(int(kind))
    found: pl.Expr = (
        chain.when(told.fill_null("").str.contains(_MERCHANT))
        .then(int(Kind.MERCHANT))
        .when(~observed & text.str.contains(_SHOP))
        .then(int(Kind.MERCHANT))
        .when(text.str.contains(_CORPORATE) | text.str.contains(_SHOP))
        .then(int(Kind.CORPORATE))
        .when(told.fill_null("").str.contains(_PERSONAL))
        .then(int(Kind.PERSONAL))
        .when(name.fill_null("").str.contains(_PERSON_NAME))
        .then(int(Kind.PERSONAL))
        .otherwise(int(Kind.UNKNOWN))
        .cast(pl.UInt8)
    )
    return found
