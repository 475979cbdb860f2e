"""What can go wrong with a ledger, in words an officer can act on."""

from rongdun.kernel.errors import Conflict, DomainError, Invalid, NotFound, Text


class NoLedger(NotFound):
    """The directory holds no ledger."""

    code = "no_ledger"
    message = Text("这个目录里没有台账", "There is no ledger in this directory")
    action = Text("请先用 rongdun ledger import 导入", "Import something first: rongdun ledger import")


class NoSuchVersion(NotFound):
    """The ledger never had that version."""

    code = "no_such_version"
    message = Text("台账没有这个版本", "The ledger has no such version")
    action = Text("请用 rongdun ledger status 查看版本", "See the versions: rongdun ledger status")


class VersionDropped(NotFound):
    """The version's files were cleared away."""

    code = "version_dropped"
    message = Text("该版本已超过保留期并已清理，不能再查看", "That version was cleared away after its term")
    action = Text(
        "请查看较新的版本；保留天数见 rongdun ledger vacuum --keep-days",
        "Look at a later version; the term is that of rongdun ledger vacuum --keep-days",
    )


class KeptTooShortly(Invalid):
    """Clearing away what somebody may be reading."""

    code = "kept_too_shortly"
    message = Text("旧版本至少保留 1 天", "Old versions are kept for a day at least")
    action = Text("请把保留天数设为 1 或以上", "Keep them for 1 day or more")


class NotAnImport(Conflict):
    """Only an import that still counts can be undone."""

    code = "not_an_import"
    message = Text("该版本不是导入，或已经撤销", "That version is not an import, or is undone already")
    action = Text(
        "请用 rongdun ledger status 查看可撤销的导入", "See what can be undone: rongdun ledger status"
    )


class TotalsDiffer(DomainError):
    """Rows got lost or came up twice on their way: the import is not committed."""

    code = "totals_differ"
    message = Text("行数核对不平，导入未生效", "The row counts do not reconcile; nothing was imported")
    action = Text("请保留文件并报告此问题", "Keep the files and report this")


class MixedBooks(Invalid):
    """A table handed in for pairing lacks a column or holds the wrong kind of values."""

    code = "mixed_books"
    message = Text("配对表的列不对", "The table to pair lacks a column")
    action = Text(
        "请核对 --id --amount --time --text 的列名", "Check the names after --id --amount --time --text"
    )


class DifferentLedger(Conflict):
    """The ledger was written by a later program."""

    code = "different_ledger"
    message = Text("台账由更新的程序写成", "A later version of the program wrote this ledger")
    action = Text("请升级程序", "Upgrade the program")
