"""What is pasted into the form: numbers by their kind, and the transfers it tells of."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rongdun.analytics.reading import read_narrative
from rongdun.kernel.clock import SHANGHAI

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=SHANGHAI)

STORY = (
    "受害人称今天下午两点半接到自称客服的电话19912345678,要求取消百万保障。"
    "14点35分通过手机银行转账49800元到演示工商银行6222 0212 3456 7890 128,户名演示甲。"
    "14点50分又向演示建设银行 6217001234567890123 转了三万五,收款人演示乙。"
    "对方让其下载“云会议”APP,网址 http://demo-kefu.top/a ,微信号demo_kefu01。受害人身份证350100190001010012。"
)


def test_numbers_are_told_apart_by_their_shape() -> None:
    read = read_narrative(STORY, now=NOW)
    by_kind: dict[str, list[str]] = {}
    for one in read.found:
        by_kind.setdefault(one.kind, []).append(one.value)

    assert by_kind["account"] == ["6222021234567890128", "6217001234567890123"]
    assert by_kind["phone"] == ["19912345678"]
    assert by_kind["id_number"] == ["350100190001010012"]
    assert by_kind["link"] == ["http://demo-kefu.top/a"]
    assert by_kind["chat"] == ["demo_kefu01"]
    assert by_kind["app"] == ["云会议"]


def test_each_account_becomes_a_transfer_with_what_stands_beside_it() -> None:
    first, second = read_narrative(STORY, now=NOW, institutions=["演示工商银行", "演示建设银行"]).transfers

    assert (first.institution, first.name, first.amount_fen) == ("演示工商银行", "演示甲", 4_980_000)
    assert first.moment is not None
    assert first.moment.at == datetime(2026, 3, 2, 14, 35, tzinfo=SHANGHAI)
    assert (second.institution, second.name, second.amount_fen) == ("演示建设银行", "演示乙", 3_500_000)
    assert second.moment is not None
    assert second.moment.at == datetime(2026, 3, 2, 14, 50, tzinfo=SHANGHAI)


def test_the_victims_own_card_is_no_payee() -> None:
    text = "昨晚8点10分我用本人卡6222021234567890110转给对方6222021234567890128共2万元"
    (told,) = read_narrative(text, now=NOW).transfers
    assert (told.account, told.amount_fen) == ("6222021234567890128", 2_000_000)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("向6222021234567890128转了3万,户名演示金山489工程有限公司,下午两点", "演示金山489工程有限公司"),
        ("向6222021234567890128转了3万,户名:演示(福州)贸易有限责任公司。", "演示(福州)贸易有限责任公司"),
        ("向6222021234567890128转了3万,收款人演示甲88便利店", "演示甲88便利店"),
        ("收款户名演示甲转账3万到6222021234567890128,他说是开厂的公司", "演示甲"),
        ("户名演示甲6222021234567890128,对方自称演示公司", "演示甲"),
    ],
)
def test_a_company_keeps_its_whole_name_and_a_person_gets_no_more(text: str, name: str) -> None:
    assert [one.value for one in read_narrative(text, now=NOW).found if one.kind == "name"] == [name]


@given(st.text(alphabet=st.sampled_from("0123456789转到元万点银行户名张三,。:http.com 微信*-x"), max_size=80))
def test_no_text_brings_the_reader_down(text: str) -> None:
    for one in read_narrative(text, now=NOW).found:
        assert one.start < one.end
