"""The language of an answer follows the header as RFC 9110 §12.5.4 reads it."""

import pytest

from rongdun.kernel.errors import Text
from rongdun.runtime.i18n import Language, choose_language, say


@pytest.mark.parametrize(
    ("accept", "default", "expected"),
    [
        ("", "zh", "zh"),
        ("", "en", "en"),
        ("en", "zh", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "en", "zh"),
        ("en-GB;q=0.3, zh-Hans-CN;q=0.7", "en", "zh"),
        ("fr, en;q=0.5, zh;q=0.4", "zh", "en"),
        ("fr;q=0.9, de", "zh", "zh"),
        ("en;q=0, zh;q=0.1", "en", "zh"),
        ("en;q=0", "zh", "zh"),
        ("*", "zh", "zh"),
        ("en;q=nonsense, zh;q=0.2", "en", "zh"),
        ("EN-us", "zh", "en"),
        (",;,=", "zh", "zh"),
    ],
)
def test_the_best_liked_of_our_languages_wins(accept: str, default: Language, expected: Language) -> None:
    assert choose_language(accept, default) == expected


def test_text_is_said_in_the_language() -> None:
    assert (say(Text("榕盾", "Rongdun"), "zh"), say(Text("榕盾", "Rongdun"), "en")) == ("榕盾", "Rongdun")
