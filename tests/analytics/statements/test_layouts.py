"""One golden file for every layout the centre receives; expected values are written by hand."""

# ruff: noqa: E501  (tables of cells read better unbroken; a Chinese character counts two)

from pathlib import Path

import pytest

from tests.analytics.statements.making import (
    CARD,
    PEER,
    PLAIN,
    REPLY,
    csv_bytes,
    read_bytes,
    read_one,
    read_reply,
    row,
    shanghai,
    write_book,
)

PHONE = "13900000011"


def test_a_row_of_the_reply_set_becomes_a_transaction(tmp_path: Path) -> None:
    full = row(
        交易证件号码="350100199001010011", 对手身份证号="350100199002020022", 交易网点名称="演示支行", 交易发生地="演示市",
        IP地址="10.1.2.3", MAC地址="00-1a-2b-3c-4d-5e", 日志号="L9", 备注="演示备注", 商户名称="演示商户", 商户代码="M1",
    )  # fmt: skip
    read = read_reply(tmp_path, full)
    (got,) = read.transactions
    expected = {
        "account": CARD, "account_flag": 0, "account_alias": "90000000011", "owner_name": "演示甲",
        "owner_id": "350100199001010011", "cp_account": PEER, "cp_name": "演示乙", "cp_id": "350100199002020022",
        "cp_bank": "演示银行", "direction": -1, "amount_fen": 123450, "currency": "CNY", "balance_fen": 876543,
        "time": shanghai(2025, 3, 1, 12, 34, 56), "time_precision": 2, "channel": "网银转账", "class": "transfer",
        "purpose": "转账", "remark": "演示备注", "success": True, "cash": False, "ip": "10.1.2.3",
        "mac": "00:1A:2B:3C:4D:5E", "place": "演示市", "branch": "演示支行", "merchant_name": "演示商户",
        "merchant_code": "M1", "serial": "S0001", "log_serial": "L9", "layout": "control_transactions", "row": 2,
        "sheet": "", "occurrence": 1,
    }  # fmt: skip
    assert {name: got[name] for name in expected} == expected
    assert (read.layout, read.encoding, read.taken, read.rejected, read.blank) == (
        "control_transactions",
        "gb18030",
        1,
        0,
        0,
    )


@pytest.mark.parametrize(
    "owner",
    [("交易方户名", "交易方证件号码"), ("账户开户名称", "开户人证件号码"), ("交易户名", "交易证件号")],
)
def test_owner_columns_have_several_names(tmp_path: Path, owner: tuple[str, str]) -> None:
    headings = [{"交易户名": owner[0], "交易证件号码": owner[1]}.get(name, name) for name in REPLY]
    headings += ["交易网点代码", "终端号", "商户号"]
    cells = {**PLAIN, owner[0]: "演示甲", owner[1]: "350100199001010011", "终端号": "T7", "商户号": "M8"}
    read = read_reply(tmp_path, cells, headings=headings)
    (got,) = read.transactions
    assert (got["owner_name"], got["owner_id"], got["terminal"]) == ("演示甲", "350100199001010011", "T7")
    assert read.layout == "control_transactions"


ACCOUNTS = [
    "账户开户名称",
    "开户人证件号码",
    "交易卡号",
    "交易账号",
    "账号开户时间",
    "账户余额",
    "可用余额",
    "币种",
    "开户网点代码",
    "开户网点",
    "账户状态",
    "炒汇标志名称",
    "开户人证件类型",
    "销户日期",
    "账户类型",
    "开户联系方式",
    "通信地址",
    "联系电话",
    "代理人",
    "代理人电话",
    "备注",
    "开户省份",
    "开户城市",
    "账号开户银行",
    "客户代码",
    "法人代表",
    "客户工商执照号码",
    "法人代表证件号码",
    "住宅地址",
    "邮政编码",
    "代办人证件号码",
    "邮箱地址",
    "关联资金账户",
    "地税纳税号",
    "单位电话",
    "代办人证件类型",
    "住宅电话",
    "法人代表证件类型",
    "国税纳税号",
    "单位地址",
    "工作单位",
    "销户网点",
    "最后交易时间",
    "账户销户银行",
    "任务流水号",
]


def test_account_information(tmp_path: Path) -> None:
    assert len(ACCOUNTS) == 45
    cells = {
        "账户开户名称": "演示甲", "开户人证件号码": "350100199001010011", "交易卡号": CARD + "_1", "交易账号": "90000000011",
        "账号开户时间": "20200102", "账户余额": "1,000.01", "可用余额": "-0.50", "币种": "CNY", "账户状态": "正常",
        "开户联系方式": PHONE, "代理人": "演示丙", "账号开户银行": "演示银行", "最后交易时间": "2025-03-01 10:00:00",
        "任务流水号": "R1",
    }  # fmt: skip
    read = read_bytes(tmp_path, csv_bytes(ACCOUNTS, [cells]))
    (got,) = read.tables["accounts"]
    expected = {
        "account": CARD, "account_alias": "90000000011", "owner_name": "演示甲", "opened": shanghai(2020, 1, 2),
        "balance_fen": 100001, "available_fen": -50, "status": "正常", "phone": PHONE, "agent_name": "演示丙",
        "institution": "演示银行", "last_transaction": shanghai(2025, 3, 1, 10), "closed": None, "task_serial": "R1",
    }  # fmt: skip
    assert {name: got[name] for name in expected} == expected
    assert read.layout == "control_accounts"


COMPANIONS = {
    "control_people": (
        "客户名称,证照类型,证照号码,单位地址,联系电话,联系手机,单位电话,住宅电话,工作单位,邮箱地址,代办人姓名,代办人证件类型,"
        "代办人证件号码,国税纳税号,地税纳税号,法人代表,法人代表证件类型,法人代表证件号码,出生日期,户籍地址,客户工商执照号码",
        "演示甲,身份证,350100199001010011,演示路1号,,13900000011,,,,,,,,,,,,,19900101,演示路2号,",
        "people",
        {"name": "演示甲", "id_number": "350100199001010011", "mobile": PHONE, "born": shanghai(1990, 1, 1), "address": "演示路2号"},
    ),
    "control_subaccounts": (
        "银行名称,开户账号,子账户账号,余额,可用余额,子账户类别,子账户序号,币种,钞汇标识,账户状态,账户人姓名,账户序号,备注",
        f"演示银行,{CARD},90000000012,10.00,9.99,定期,2,CNY,钞,正常,演示甲,1,",
        "subaccounts",
        {"account": CARD, "subaccount": "90000000012", "balance_fen": 1000, "available_fen": 999, "kind": "定期"},
    ),
    "control_measures": (
        "银行名称,账号,冻结措施类型,冻结措施类型名称,冻结金额,冻结机关,冻结开始日期,冻结截止日期,措施序号,备注,任务流水号,查控主体类别",
        f"演示银行,{CARD},01,全额冻结,0.00,演示县公安局,20250101,20250701,1,,R1,01",
        "measures",
        {"account": CARD, "kind": "全额冻结", "amount_fen": 0, "authority": "演示县公安局", "ends": shanghai(2025, 7, 1)},
    ),
    "control_tasks": (
        "任务流水号,银行名称,主体类别,证账号码,账卡号,发送时间,反馈时间,反馈结果,反馈非明细结果,反馈明细结果,入库时间,入库状态,请求单号,查询结果",
        f"R1,演示银行,个人,350100199001010011,{CARD},20250301080000,20250301090000,成功,,,20250301091500,已入库,Q1,成功",
        "tasks",
        {"task_serial": "R1", "answer": "成功", "stored": shanghai(2025, 3, 1, 9, 15), "account": CARD},
    ),
    "tenpay_accounts": (
        "账户状态,账号,注册姓名,注册时间,注册身份证号,绑定手机,绑定状态,开户行信息,银行账号",
        f"正常,demo_user_1,演示甲,2019-05-06 07:08:09,350100199001010011,{PHONE},已绑定,演示银行,{CARD}",
        "registrations",
        {"account": "demo_user_1", "name": "演示甲", "registered": shanghai(2019, 5, 6, 7, 8, 9), "cards": CARD},
    ),
    "alipay_registrations": (
        "用户ID,登录邮箱,登录手机,账户名称,证件类型,证件号,可用余额,绑定手机,注册时间,注册时IP,绑定银行卡,关联账户,备注,对应的协查数据",
        f"2088000000000011,demo@example.com,{PHONE},演示甲,身份证,350100199001010011,1.23,{PHONE},2018-01-02 03:04:05,10.0.0.1,{CARD},,,",
        "registrations",
        {"account": "2088000000000011", "email": "demo@example.com", "balance_fen": 123, "ip": "10.0.0.1"},
    ),
    "alipay_logins": (
        "登陆账号,客户端IP,操作发生时间,对应的协查数据",
        "demo@example.com,10.0.0.2,2025-03-01 08:00:01,",
        "logins",
        {"account": "demo@example.com", "ip": "10.0.0.2", "time": shanghai(2025, 3, 1, 8, 0, 1)},
    ),
    "calls": (
        "本机号码,对方号码,呼叫类型,起始时间,通话时长(秒),LAC,CI,基站经度,基站纬度,小区地址",
        f"{PHONE},13900000029,主叫,2025-03-01 09:00:00,65,1234,5678,119.30,26.08,演示路口",
        "calls",
        {"number": PHONE, "peer": "13900000029", "direction": -1, "seconds": 65, "station": "1234", "cell": "5678", "place": "演示路口"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("layout", COMPANIONS)
def test_companion_tables(tmp_path: Path, layout: str) -> None:
    headings, line, table, expected = COMPANIONS[layout]
    read = read_bytes(tmp_path, csv_bytes(headings.split(","), [line.split(",")]))
    assert read.layout == layout
    (got,) = read.tables[table]
    assert {name: got[name] for name in expected} == expected


def transaction(tmp_path: Path, headings: str, line: str, layout: str) -> dict[str, object]:
    read = read_bytes(tmp_path, csv_bytes(headings.split(","), [line.split(",")]))
    assert (read.layout, read.reasons, read.taken) == (layout, [], 1)
    return read.transactions[0]


def test_case_platform_bank_export(tmp_path: Path) -> None:
    got = transaction(
        tmp_path,
        "序号,查询账号,对方账号姓名,对方账号卡号,金额,余额,借贷标志,交易类型,交易结果,交易时间,交易开户行,交易网点名称,交易流水号,凭证号,"
        "终端号,交易发生地,商户名称,IP地址,MAC地址",
        f"1,{CARD},演示乙,{PEER},100.00,900.00,借,转账,成功,20250301123456,演示银行,演示支行,S1,,T1,演示市,,10.0.0.1,001A2B3C4D5E",
        "case_bank",
    )
    assert (got["account"], got["cp_account"], got["direction"], got["amount_fen"]) == (CARD, PEER, -1, 10000)
    assert (got["time"], got["cp_bank"], got["mac"]) == (
        shanghai(2025, 3, 1, 12, 34, 56),
        "演示银行",
        "00:1A:2B:3C:4D:5E",
    )


PAYMENT_A = (
    "*序号,*交易流水号,付款支付帐号,付款银行卡银行名称,付款银行卡号,*交易金额,交易余额,收款支付帐号,收款银行卡银行名称,收款银行卡号,"
    "*交易类型,*交易时间,支付类型,*交易主体的出入账标识,币种,消费POS机编号,收款方的商户号,交易设备类型,交易支付设备IP,MAC地址,"
    "交易地点经度,交易地点纬度,交易设备号,银行外部取道交易流水号,备注"
)
PAYMENT_B = (
    "序号,支付订单号,交易类型,支付类型,交易主体的出入账标识,交易时间,币种,交易金额,交易流水号,交易余额,收款方银行卡所属银行名称,"
    "收款方银行卡所属银行卡号,收款方的支付帐号,收款方的商户名称,付款方银行卡所属银行名称,付款方银行卡所属银行卡号,付款方的支付帐号,"
    "交易支付设备ip,mac地址,备注"
)


@pytest.mark.parametrize(("mark", "direction"), [("出账", -1), ("入账", 1)])
def test_payer_and_payee_change_places_on_incoming_rows(tmp_path: Path, mark: str, direction: int) -> None:
    got_a = transaction(
        tmp_path, PAYMENT_A,
        f"1,S1,payer@demo.cn,甲演示银行,{CARD},50.00,,payee_9,乙演示银行,{PEER},转账,20250301123456,快捷,{mark},CNY,,,,10.0.0.1,,,,D1,,",
        "payment_a",
    )  # fmt: skip
    got_b = transaction(
        tmp_path, PAYMENT_B,
        f"1,O1,转账,快捷,{mark},20250301123456,CNY,50.00,S1,,乙演示银行,{PEER},payee_9,演示商户,甲演示银行,{CARD},payer@demo.cn,10.0.0.1,,",
        "payment_b",
    )  # fmt: skip
    ours, theirs = ("payer@demo.cn", CARD), ("payee_9", PEER)
    if direction > 0:
        ours, theirs = theirs, ours
    for got in (got_a, got_b):
        assert (got["direction"], got["amount_fen"]) == (direction, 5000)
        assert (got["account"], got["linked_card"]) == ours
        assert (got["cp_account"], got["cp_linked_card"]) == theirs
        assert got["cp_bank"] == ("乙演示银行" if direction < 0 else "甲演示银行")


TENPAY = (
    "用户ID,交易单号,大单号,用户侧账号名称,借贷类型,交易业务类型,交易用途类型,交易时间,交易金额(分),账户余额(分),用户银行卡号,用户侧银行名称,"
    "用户侧网银联单号,网联/银联,第三方账户名称,对手方ID,对手侧账户名称,对手方银行卡号,对手侧银行名称,对手侧网银联单号,网联/银联,"
    "第三方账户名称,对手方接收时间,对手方接收金额(分),备注1,备注2"
)


def test_tenpay_amounts_are_fen(tmp_path: Path) -> None:
    got = transaction(
        tmp_path, TENPAY,
        f"demo_user_1,T1,B1,演示甲,出,转账,微信转账,2025-03-01 12:34:56,12345,100,{CARD},演示银行,,网联,,demo_user_2,演示乙,,,,,,,,早餐,",
        "tenpay_transactions",
    )  # fmt: skip
    assert (got["account"], got["amount_fen"], got["balance_fen"], got["direction"]) == (
        "demo_user_1",
        12345,
        100,
        -1,
    )
    assert (got["cp_account"], got["cp_name"], got["linked_card"], got["institution"]) == (
        "demo_user_2",
        "演示乙",
        CARD,
        "财付通",
    )


ALIPAY = (
    "交易号,商户订单号,交易创建时间,付款时间,最近修改时间,交易来源地,类型,用户信息,交易对方信息,消费名称,金额(元),收/支,交易状态,支付方式,"
    "清算流水号,备注,对应的协查数据"
)


@pytest.mark.parametrize(
    ("party", "account", "name", "bank"),
    [
        ("2088000000000022(演示乙)", "2088000000000022", "演示乙", None),
        (f"(演示银行){PEER}", PEER, None, "演示银行"),
        (f"演示乙(演示银行)({PEER})", PEER, "演示乙", "演示银行"),
        (f"演示乙（演示银行）（{PEER}）", PEER, "演示乙", "演示银行"),
        ("演示(中国)有限公司", None, "演示(中国)有限公司", None),
    ],
)
def test_alipay_parties_in_one_cell(
    tmp_path: Path, party: str, account: str | None, name: str | None, bank: str | None
) -> None:
    got = transaction(
        tmp_path, ALIPAY,
        f"A1,,2025-03-01 12:34:56,,,淘宝,即时到账,demo@example.com(演示甲),{party},演示商品,12.30,支出,交易成功,余额,,,",
        "alipay_transactions",
    )  # fmt: skip
    assert (got["account"], got["owner_name"], got["amount_fen"], got["direction"]) == (
        "demo@example.com",
        "演示甲",
        1230,
        -1,
    )
    assert (got["cp_account"], got["cp_name"], got["cp_bank"]) == (account, name, bank)


@pytest.mark.parametrize(
    ("came", "went", "direction"), [("8.00", "", 1), ("", "-8.00", -1), ("0.00", "8.00", -1)]
)
def test_alipay_balance_movements_have_two_columns(
    tmp_path: Path, came: str, went: str, direction: int
) -> None:
    got = transaction(
        tmp_path, "用户ID,交易号,时间,收入金额(+)（元）,支出金额(-)（元）,账户余额（元）,类型",
        f"2088000000000011,A1,2025-03-01 12:34:56,{came},{went},100.00,转账",
        "alipay_balances",
    )  # fmt: skip
    assert (got["direction"], got["amount_fen"], got["balance_fen"]) == (direction, 800, 10000)


@pytest.mark.parametrize(
    ("clock", "second"), [("12:34:56", 56), ("123456", 56), ("12:34", 0), ("0.52425925926", 56)]
)
def test_merchants_bank_current_account(tmp_path: Path, clock: str, second: int) -> None:
    got = transaction(
        tmp_path, "交易日期,交易时间,客户名称,交易卡号,交易方向(D:借|C:贷),交易金额,联机余额,对方帐号,对方客户名称,交易摘要,账号",
        f"20250301,{clock},演示甲,{CARD},C,10.00,20.00,{PEER},演示乙,工资,90000000011",
        "cmb_current",
    )  # fmt: skip
    assert (got["time"], got["direction"], got["institution"]) == (
        shanghai(2025, 3, 1, 12, 34, second),
        1,
        "招商银行",
    )
    assert (got["account"], got["account_alias"]) == (CARD, "90000000011")


def test_credit_card_takes_its_number_from_above_the_headings(tmp_path: Path) -> None:
    content = (
        f"演示银行信用卡账单\n卡号:{CARD}  户名:演示甲\n"
        "交易日期,入账日期,交易描述,交易金额,交易货币,入账金额,入账货币,MCC代码\n"
        "20250301,20250302,演示超市消费,25.00,CNY,25.00,CNY,5411\n20250303,20250303,还款,-25.00,CNY,-25.00,CNY,\n"
    )
    read = read_bytes(tmp_path, content.encode("gb18030"))
    assert read.layout == "credit_card"
    assert [
        (t["account"], t["owner_name"], t["direction"], t["amount_fen"], t["row"]) for t in read.transactions
    ] == [
        (CARD, "演示甲", -1, 2500, 4),
        (CARD, "演示甲", 1, 2500, 5),
    ]
    assert read.notes["account", "account_from_context"] == 1


def test_wechat_bill_of_a_user(tmp_path: Path) -> None:
    content = (
        "微信支付账单明细,,,,,,,,,,\n微信号:[demo_user_1],,,,,,,,,,\n"
        "交易时间,交易类型,交易对方,商品,收/支,金额(元),支付方式,当前状态,交易单号,商户单号,备注\n"
        '2025-03-01 12:34:56,扫二维码付款,演示小店,"演示商品",支出,¥12.00,零钱,支付成功,W1\t,M1\t,"/"\n'
    )
    read = read_bytes(tmp_path, content.encode())
    assert (read.layout, read.encoding, read.reasons) == ("wechat_bill", "utf-8", [])
    (got,) = read.transactions
    assert (got["account"], got["cp_name"], got["amount_fen"], got["serial"]) == (
        "demo_user_1",
        "演示小店",
        1200,
        "W1",
    )


def test_a_reply_file_names_its_bank(tmp_path: Path) -> None:
    read = read_bytes(tmp_path, csv_bytes(REPLY, [PLAIN]), "演示农商银行交易明细信息.csv")
    assert read.transactions[0]["institution"] == "演示农商银行"


NAMED_COMPANIONS = {
    "账户信息": ("交易卡号,账户开户名称,账号开户银行,账户状态,账号开户时间,账户余额,开户人证件号码,币种", f"{CARD},演示甲,{{}},正常,20200102,,,"),
    "人员信息": ("客户名称,证照号码,证照类型", "演示甲,350100199001010011,"),
    "关联子账户信息": (COMPANIONS["control_subaccounts"][0], f"{{}},{CARD},90000000012,,,,,,,,,,"),
    "强制措施信息": (COMPANIONS["control_measures"][0], f"{{}},{CARD},01,,,,,,,,,"),
    "任务信息(成功)": (COMPANIONS["control_tasks"][0], "R1,{},,,,,20250301090000,,,,,,,"),
}  # fmt: skip
"""By the end of the file's name: headings, and a row with a place for the bank where the layout has a column for it."""


@pytest.mark.parametrize("title", NAMED_COMPANIONS)
def test_companion_files_take_the_bank_from_their_name_where_a_row_names_none(
    tmp_path: Path, title: str
) -> None:
    headings, line = NAMED_COMPANIONS[title]
    rows = [line.format(bank).split(",") for bank in ("", "演示村镇银行")]
    read = read_bytes(tmp_path, csv_bytes(headings.split(","), rows), f"演示农商银行{title}.csv")
    own = "演示村镇银行" if "{}" in line else "演示农商银行"
    (rows_read,) = (rows for table, rows in read.tables.items() if table != "rejects")
    assert [row["institution"] for row in rows_read] == ["演示农商银行", own]


def test_a_sheet_of_accounts_takes_the_bank_from_its_own_name_before_the_files(tmp_path: Path) -> None:
    headings, line = NAMED_COMPANIONS["账户信息"]
    sheet = [headings.split(","), line.format("").split(",")]
    book = write_book(tmp_path / "演示农商银行账户信息.xlsx", {"演示村镇银行账户信息": sheet, "其他": sheet})
    read = read_one(book)
    assert [row["institution"] for row in read.tables["accounts"]] == ["演示村镇银行", "演示农商银行"]


def test_the_name_alone_decides_nothing(tmp_path: Path) -> None:
    read = read_bytes(tmp_path, csv_bytes(["甲", "乙"], [["1", "2"]]), "演示银行交易明细信息.csv")
    assert (read.refused, read.reasons, read.taken) == ("unknown_layout", ["unknown_layout"], 0)
