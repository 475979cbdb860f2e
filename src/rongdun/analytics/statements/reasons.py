"""Why a row or a file is refused, or kept with a doubt: codes for programs, words for an officer. Pure."""

from typing import Final

from rongdun.kernel.errors import Text

REASONS: Final[dict[str, Text]] = {
    # rows
    "too_few_columns": Text("列数少于表头，可能被截断", "Fewer cells than headings; perhaps cut off"),
    "too_many_columns": Text("列数多于表头", "More cells than headings"),
    "undecodable": Text("含有无法按文件编码识别的字节", "Holds bytes that the file's encoding does not have"),
    "before_heading": Text("位于表头之前的数据行", "A row of data above the headings"),
    "no_result": Text("银行反馈无结果，不是交易", "The bank's answer without result, no transaction"),
    "account_missing": Text("没有账号", "No account number"),
    "bad_account": Text(
        "账号不是 5 至 34 位数字或字母", "Not an account number of 5 to 34 digits or letters"
    ),
    "lost_digits": Text(
        "账号被表格转成数值，末尾数字已丢失",
        "A spreadsheet made the number a value; its last digits are lost",
    ),
    "time_missing": Text("没有时间", "No time"),
    "bad_time": Text("时间无法识别", "The time cannot be read"),
    "amount_missing": Text("没有金额", "No amount"),
    "bad_amount": Text("金额无法识别", "The amount cannot be read"),
    "finer_than_fen": Text("金额精确到分以下", "The amount is finer than a fen"),
    "amount_too_large": Text("金额过大", "The amount is too large"),
    "unit_in_cell": Text(
        "金额单元格自带单位，与表头不一致", "The cell states a unit of its own beside the heading's"
    ),
    "two_amounts": Text("收入与支出同时有金额", "Money both in and out in one row"),
    "direction_missing": Text("无法确定收付方向", "Nothing says whether money came or went"),
    "unknown_direction": Text("收付标志不认识", "Unknown word for the direction"),
    "sign_against_direction": Text("金额正负号与收付标志矛盾", "The amount's sign contradicts the direction"),
    "unknown_success": Text("交易结果的写法不认识", "Unknown word for whether it succeeded"),
    "unknown_currency": Text("币种不认识", "Unknown currency"),
    "value_missing": Text("必填列为空", "A required cell is empty"),
    # notes on rows that are kept
    "unreadable_counterparty": Text(
        "对方账号无法识别，原文保留", "The counterparty's number cannot be read; its text is kept"
    ),
    "bad_balance": Text("余额无法识别，按空处理", "The balance cannot be read; left empty"),
    "bad_mac": Text("MAC 地址无法识别，按空处理", "The MAC address cannot be read; left empty"),
    "unknown_cash": Text("现金标志不认识，按非现金处理", "Unknown cash mark; taken as no cash"),
    "success_assumed": Text("未写交易结果，按成功处理", "No result stated; taken as successful"),
    "bad_value": Text("单元格无法识别，按空处理", "The cell cannot be read; left empty"),
    "unknown_column": Text("表头不认识，该列未采用", "Unknown heading; the column is not used"),
    "account_from_context": Text("账号取自表头上方", "Account number taken from above the headings"),
    "account_from_name": Text("账号取自文件名", "Account number taken from the file's name"),
    # whole files and sheets
    "unknown_layout": Text("没有认识的表头，请对应列", "No known headings; say which column is which"),
    "empty": Text("文件为空", "The file is empty"),
    "unknown_container": Text("不是能读取的文件类型", "Not a kind of file that can be read"),
    "broken": Text("文件损坏，无法打开", "The file is damaged and cannot be opened"),
    "cut_off": Text("文件不完整，后面的内容读不到", "The file is cut off; the rest cannot be read"),
    "password_needed": Text("压缩包有密码", "The archive needs a password"),
    "wrong_password": Text("压缩包密码不对", "The archive's password is wrong"),
    "unsafe_path": Text("压缩包内的路径不安全", "Unsafe path inside the archive"),
    "too_large": Text("解压后过大，疑似压缩炸弹", "Too large when unpacked; perhaps a zip bomb"),
    "too_many_files": Text("压缩包内文件过多", "Too many files in the archive"),
    "nested_too_deep": Text("压缩包嵌套过深", "Archives nested too deep"),
    "unsupported_method": Text("压缩方法不支持", "Unsupported compression method"),
}
"""Every code a reject or a note may carry."""

_SEND_AGAIN: Final = Text(
    "请联系发来单位重新导出并发送", "Ask whoever sent it to export it again and send it anew"
)

REMEDIES: Final[dict[str, Text]] = {
    "unknown_layout": Text(
        "请在导入页对该文件或工作表点“对应列”，说明各列含义后会自动补读",
        "On the import page press “Map columns” on it and say what each column means; it is then read",
    ),
    "empty": Text(
        "没有内容可读；如应有数据，请联系发来单位重发",
        "There is nothing to read; if there should be, ask for it again",
    ),
    "unknown_container": Text(
        "请另存为 CSV、XLS 或 XLSX 后导入；压缩包请改用 ZIP",
        "Save it as CSV, XLS or XLSX and import that; archives as ZIP",
    ),
    "broken": _SEND_AGAIN,
    "cut_off": _SEND_AGAIN,
    "password_needed": Text(
        "请在导入页填写口令；工作簿本身有口令的，去掉口令另存后再导入",
        "Give the password on the import page; a workbook with a password of its own: save it without",
    ),
    "wrong_password": Text(
        "请向发来单位核对口令，在导入页重新填写",
        "Check the password with whoever sent it and give it again on the import page",
    ),
    "unsafe_path": Text(
        "请不要自行打开，在隔离环境中核实来源后解压，再导入其中的文件",
        "Do not open it; verify where it came from, unpack it apart and import the files",
    ),
    "too_large": Text(
        "请核实来源；确属正常的，解压后分批导入",
        "Verify where it came from; if sound, unpack it and import in parts",
    ),
    "too_many_files": Text("请解压后分批导入", "Unpack it and import in parts"),
    "nested_too_deep": Text("请先解开里层压缩包再导入", "Unpack the inner archives first"),
    "unsupported_method": Text("请用普通 ZIP 方式重新压缩后导入", "Pack it again as an ordinary ZIP"),
}
"""What an officer can do about a file or sheet that was refused whole, by reason."""

REFUSED_HEADINGS: Final = ("未读入的文件", "工作表", "原因", "怎么办")
"""Headings of the sheet that lists files refused whole in a workbook of rejects; such a sheet is no statement."""
