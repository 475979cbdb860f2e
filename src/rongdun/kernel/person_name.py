"""Names of persons: written one way, cut into surname and given name, masked. Pure."""

import re
from typing import NamedTuple

from rongdun.kernel.digits import half_width

_COMPOUND = (
    "欧阳太史端木上官司马东方独孤南宫万俟闻人夏侯诸葛尉迟公羊赫连澹台皇甫宗政濮阳公冶太叔申屠公孙慕容仲孙钟离长孙宇文司徒鲜于司空闾丘子车亓官司寇巫马公西颛孙壤驷公良"
    "漆雕乐正宰父谷梁拓跋夹谷轩辕令狐段干百里呼延东郭南门羊舌微生梁丘左丘东门西门第五"
)

COMPOUND_SURNAMES = frozenset(_COMPOUND[place : place + 2] for place in range(0, len(_COMPOUND), 2))
"""The surnames of two characters of 百家姓 and its common additions."""

_DOTS = re.compile(r"\s*[·•・‧∙.・]\s*")
_PART = re.compile(r"[^·\s]+")
_HAN = re.compile(r"[㐀-鿿豈-﫿\U00020000-\U000323af]+")
_FIRM = re.compile(
    r"(.{3,}?)((?:有限责任|股份有限|有限)?公司|商行|合作社|事务所|经营部|工作室|中心|银行|商店|超市|酒店|学校|医院)"
)
_LONG_FIRM = 6
"""A name so long before its kind shows its place (two characters); a shorter one may be its owner's: only one."""


class PersonName(NamedTuple):
    """A name cut in two; ``surname`` is empty where the name has none in front (Latin, 买买提·…)."""

    surname: str
    given: str


def normalise_name(text: str) -> str:
    """Return a name without the spaces that pad Chinese names (``张 三``), middle dots written ``·``."""
    plain = half_width(text)
    if not any(_HAN.fullmatch(character) for character in plain):
        return " ".join(plain.split())
    return _DOTS.sub("·", "".join(plain.split()))


def split_name(text: str) -> PersonName:
    """Return surname and given name; a compound surname needs at least one character after it."""
    name = normalise_name(text)
    if "·" in name or not _HAN.fullmatch(name):
        return PersonName("", name)
    length = 2 if len(name) > 2 and name[:2] in COMPOUND_SURNAMES else 1
    return PersonName(name[:length], name[length:])


def mask_name(text: str) -> str:
    """Return ``张*``, ``张**``, ``欧阳**``: the surname and a star for every other character.

    A firm's name keeps its beginning and its kind (``福州****有限公司``, ``张***商行``). Of a name with middle
    dots or in Latin letters each part keeps its first character. A single character is hidden, for there is nothing
    else to hide.
    """
    firm = _FIRM.fullmatch(normalise_name(text))
    if firm:
        own, kind = firm.groups()
        shown = 2 if len(own) >= _LONG_FIRM else 1
        return own[:shown] + "*" * (len(own) - shown) + kind
    surname, given = split_name(text)
    if surname and given:
        return surname + "*" * len(given)
    return _PART.sub(lambda part: _masked_part(part[0]), surname + given)


def _masked_part(part: str) -> str:
    return part[0] + "*" * (len(part) - 1) if len(part) > 1 else "*"
