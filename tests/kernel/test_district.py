"""The thirteen county-level divisions of Fuzhou, as they are today."""

import pytest

from rongdun.kernel.district import UnknownDistrict, counties, current, district, find_district

# 中华人民共和国行政区划代码, Fuzhou: five districts and the county-level divisions, written down from the list.
FUZHOU = {
    "350102": "鼓楼区",
    "350103": "台江区",
    "350104": "仓山区",
    "350105": "马尾区",
    "350111": "晋安区",
    "350112": "长乐区",
    "350121": "闽侯县",
    "350122": "连江县",
    "350123": "罗源县",
    "350124": "闽清县",
    "350125": "永泰县",
    "350128": "平潭县",
    "350181": "福清市",
}


def test_fuzhou_has_thirteen_county_level_divisions() -> None:
    assert {each.code: each.name.zh for each in counties()} == FUZHOU


def test_changle_is_a_district_and_its_old_code_leads_to_it() -> None:
    assert find_district("长乐").code == "350112"
    assert district("350182").name.zh == "长乐市(已撤销)"
    assert current("350182").name.zh == "长乐区"
    assert current("350102").code == "350102"


@pytest.mark.parametrize(
    ("name", "code"), [("福清市", "350181"), ("福清", "350181"), ("福州", "350100"), (" 平潭县 ", "350128")]
)
def test_a_division_is_found_by_its_name(name: str, code: str) -> None:
    assert find_district(name).code == code


@pytest.mark.parametrize(
    "ask", [lambda: district("350199"), lambda: find_district("思明区"), lambda: find_district("")]
)
def test_what_lies_elsewhere_is_unknown(ask: object) -> None:
    assert callable(ask)
    with pytest.raises(UnknownDistrict):
        ask()


def test_every_division_has_a_parent_and_names_in_both_languages() -> None:
    for each in counties():
        assert district(each.parent).name.zh == "福州市"
        assert each.name.en.isascii()
