"""Shipped files that are wrong are refused, with the file and the row named."""

import pytest

from rongdun.runtime.policies.seedfile import BadPolicyFile, parse_rows

ROW = """
[[rule]]
key = "stop.validity"
name = { zh = "止付有效期", en = "Validity of a stop" }
value = 48
unit = "hour"
effective_from = 2016-06-01
legal_basis = "银发〔2016〕86号"
tag = "S"
"""


def test_a_row_takes_what_it_lacks_from_the_defaults_of_its_file() -> None:
    content = '[defaults]\nnote = "甲"\nsource = "S6"\n' + ROW + 'note = "乙"\n'
    (rule,) = parse_rows("stop.toml", content)
    assert (rule.note, rule.source) == ("乙", "S6")


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        (ROW.replace('tag = "S"', ""), "missing or unknown tag"),
        (ROW + 'tags = "S"\n', "missing or unknown tags"),
        (ROW.replace('tag = "S"', 'tag = "X"'), "'X' is not a valid Tag"),
        (ROW.replace('unit = "hour"', 'unit = "hours"'), "'hours' is not a valid ValueUnit"),
        (ROW.replace("value = 48", 'value = "48"'), "value: The value does not fit its unit"),
        (ROW.replace("value = 48", "value = 0"), "value: The value does not fit its unit"),
        (ROW.replace('"stop.validity"', '"Stop"'), "key: "),
        (ROW + "effective_to = 2016-06-01\n", "effective_to: "),
        (ROW.replace(', en = "Validity of a stop"', ""), "'en'"),
    ],
)
def test_a_wrong_row_is_refused_by_name(wrong: str, named: str) -> None:
    with pytest.raises(BadPolicyFile, match=r"stop\.toml: rule 1") as refused:
        parse_rows("stop.toml", wrong)
    assert named in str(refused.value)
