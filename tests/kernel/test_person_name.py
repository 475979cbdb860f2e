"""A masked name shows the surname and nothing more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rongdun.kernel.person_name import PersonName, mask_name, normalise_name, split_name


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张三", "张*"),
        ("张三丰", "张**"),
        ("张 三", "张*"),
        ("欧阳修", "欧阳*"),
        ("诸葛孔明", "诸葛**"),
        ("欧阳", "欧*"),
        ("张", "*"),
        ("", ""),
        ("阿卜杜拉·买买提", "阿***·买**"),
        ("阿卜杜拉•买买提", "阿***·买**"),
        ("演示·陈一", "演*·陈*"),
        ("John Smith", "J*** S****"),
        ("J Smith", "* S****"),
        ("演示金山建材有限公司", "演示****有限公司"),
        ("演示好又多商行", "演****商行"),
        ("张伟明个体商行", "张****商行"),
        ("演示榕城股份有限公司", "演***股份有限公司"),
        ("演示公司", "演***"),
    ],
)
def test_masks(name: str, masked: str) -> None:
    assert mask_name(name) == masked


def test_names_are_cut_after_the_surname() -> None:
    assert split_name("司马相如") == PersonName("司马", "相如")
    assert split_name("马相如") == PersonName("马", "相如")
    assert split_name("买买提·艾力") == PersonName("", "买买提·艾力")


def test_one_name_is_written_one_way() -> None:
    assert normalise_name(" 张 三 ") == "张三"
    assert normalise_name("古丽 ・ 娜孜") == "古丽·娜孜"
    assert normalise_name("John   Smith") == "John Smith"


@given(st.text("张王李赵欧阳司马诸葛一二三·abc ", max_size=12))
def test_a_mask_is_as_long_as_the_name_and_hides_part_of_it(name: str) -> None:
    plain, masked = normalise_name(name), mask_name(name)
    assert len(masked) == len(plain)
    if plain.replace("·", "").strip():
        assert "*" in masked
