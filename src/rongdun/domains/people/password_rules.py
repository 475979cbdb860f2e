"""Which new passwords are refused: what is short, what is common, and what names its owner. Pure.

Length decides; there are no rules about kinds of characters, which only make passwords alike (NIST SP 800-63B
section 3.1.1.2). What stands here is what is tried first.
"""

from itertools import pairwise

from rongdun.kernel.errors import Text

COMMON = frozenset(
    """
    password passw0rd p@ssw0rd p@ssword admin administrator root letmein welcome iloveyou monkey dragon qwerty
    qwertyuiop asdfghjkl zxcvbnm qazwsx qazwsxedc 1qaz2wsx 3edc4rfv abc abcd abcdef abcdefg abc123 a1b2c3d4 q1w2e3r4
    woaini woaini1314 5201314 1314520 mima fuzhou fujian fanzha gongan jingcha changeme secret master sunshine
    princess football baseball trustno1 superman batman hello test guest user default temp temppassword
    """.split()  # noqa: SIM905 - a list of words reads best as words
)
"""Words that stand on every list of leaked passwords, and those of the trade."""

_ROWS = ("01234567890", "09876543210", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_PRODUCT = ("rongdun", "榕盾")
_FEWEST_DIFFERENT = 5
_SHORTEST_NAME = 2


def fault(password: str, *, shortest: int, login: str, name: str) -> Text | None:
    """Return why ``password`` may not become the password of ``login`` (called ``name``), or None."""
    lowered = password.casefold()
    if len(password) < shortest:
        return Text(f"密码至少 {shortest} 个字符", f"A password has at least {shortest} characters")
    if _is_common(lowered):
        return Text(
            "这是常见密码，容易被猜到", "This is a common password; it would be among the first guessed"
        )
    if any(word in lowered for word in _own_words(login, name)):
        return Text(
            "密码不能包含账号、姓名或系统名称",
            "A password must not contain the login, the name or the system's name",
        )
    return None


def _is_common(lowered: str) -> bool:
    letters = "".join(letter for letter in lowered if letter.isalnum() or letter in "@$")
    if len(set(letters)) < _FEWEST_DIFFERENT or any(_runs_along(letters, row) for row in _ROWS):
        return True
    return any(word in letters for word in COMMON) and _is_made_of_common_words(letters)


def _is_made_of_common_words(letters: str) -> bool:
    """Tell whether common words and digits, one after another, are all there is."""
    reached = {0}
    for at in range(len(letters)):
        if at in reached:
            reached.update(at + len(word) for word in COMMON if letters.startswith(word, at))
            reached.update([at + 1] if letters[at] in "0123456789@$" else [])
    return len(letters) in reached


def _runs_along(letters: str, row: str) -> bool:
    """Tell whether ``letters`` only walk along a row of keys or an order everybody knows, again and again."""
    steps = row + row
    return all(pair in steps for pair in map("".join, pairwise(letters)))


def _own_words(login: str, name: str) -> tuple[str, ...]:
    own = (login.casefold(), *(part.casefold() for part in name.replace("·", " ").split()))
    return (*_PRODUCT, *(word for word in own if len(word) >= _SHORTEST_NAME))
