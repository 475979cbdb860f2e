"""Words of returns that lists, screens and papers share."""

from collections.abc import Mapping

from rongdun.kernel.errors import Text

MODES: Mapping[str, Text] = {
    "A": Text("A 单笔直接返还", "A direct, single record"),
    "B": Text("B 按时间戳直接返还", "B direct, by time stamp"),
    "C": Text("C 按比例返还", "C pro rata"),
}
