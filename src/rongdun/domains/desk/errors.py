"""Refusals of the desks' shared services."""

from rongdun.kernel.errors import Conflict, NotFound, Text
from rongdun.runtime.problems import TooLarge


class NoDraft(NotFound):
    """There is no draft of that form."""

    code = "no_draft"
    message = Text("没有这个表单的草稿", "There is no draft of this form")
    action = Text("直接填写即可", "Simply fill the form in")


class DraftTooLarge(TooLarge):
    """The draft is larger than a form can be."""

    code = "draft_too_large"
    message = Text("草稿过大，未能保存到服务器", "The draft is too large to be kept on the server")
    action = Text(
        "附件请先上传为文件；本机草稿不受影响",
        "Upload attachments as files; the draft on this computer stays",
    )


class TooManyDrafts(Conflict):
    """The person keeps more drafts than the desk holds."""

    code = "too_many_drafts"
    message = Text("未提交的草稿过多", "You keep too many drafts")
    action = Text("请先提交或放弃一些草稿", "Submit or discard some first")


class TooManyViews(Conflict):
    """The person keeps more views of one table than can be told apart."""

    code = "too_many_views"
    message = Text("这张表保存的视图过多", "There are too many saved views of this table")
    action = Text("请先删除不用的视图", "Delete views you no longer use")
