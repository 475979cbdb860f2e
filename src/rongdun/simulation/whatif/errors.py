"""Refusals of what-if runs."""

from rongdun.kernel.errors import Conflict, Invalid, NotFound, Text


class SameSides(Invalid):
    """Both settings are the same: their difference is nought by construction."""

    code = "same_whatif_sides"
    message = Text("甲、乙两种做法完全一样，没有可比的", "A and B are the same; there is nothing to compare")
    action = Text("请改动其中一种", "Change one of them")


class AnotherRuns(Conflict):
    """One run at a time in the whole centre: worlds keep a processor busy."""

    code = "another_whatif_run"
    message = Text("中心里已有一次推演正在进行", "Another run is under way in the centre")
    action = Text("请等它结束，或取消后再开始", "Wait until it has ended, or cancel it first")


class NoStory(NotFound):
    """The world was not played yet, or was played by an older program, or too much happened in it."""

    code = "no_whatif_story"
    message = Text("这个世界没有可回放的经过", "There is nothing to watch of this world")
    action = Text(
        "请等它推演完，或换一个世界；旧版本做的推演请重新推演",
        "Wait until it has been played, or take another world; start a run of an older version again",
    )
