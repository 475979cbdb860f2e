"""Refusals of imports, of mappings and of the ledger's pages."""

from rongdun.kernel.errors import Conflict, Invalid, NotFound, Text


class NoFiles(Invalid):
    """An import without a file that was uploaded."""

    code = "no_files"
    message = Text("没有可导入的文件", "There is no file to import")
    action = Text("请先上传文件再导入", "Upload files first, then import them")


class NotUploaded(Invalid):
    """A file of the import was never uploaded, or by another unit."""

    code = "not_uploaded"
    message = Text("有文件尚未上传到本单位", "A file was not uploaded for your unit")
    action = Text("请重新上传该文件", "Upload that file again")


class NotReadable(Conflict):
    """A file that needs no mapping or password, or whose import is not at rest."""

    code = "not_waiting_for_help"
    message = Text("这个文件现在不需要补充", "This file needs nothing at the moment")
    action = Text("请刷新后查看文件状态", "Refresh and look at the file again")


class MappingIncomplete(Invalid):
    """A mapping lacks a column without which a row is no transaction."""

    code = "mapping_incomplete"
    message = Text("列的对应还不完整", "The mapping is not complete")
    action = Text("请按提示补充", "Add what is marked")


class MappingFits(Invalid):
    """A mapping gives no row of the file it was made for."""

    code = "mapping_gives_nothing"
    message = Text("按这个对应读不出任何一行", "With this mapping no row can be read")
    action = Text("请核对表头行和各列的含义", "Check the row of headings and what the columns mean")


class NoSuchAccount(NotFound):
    """No import in the asker's scope tells of the account."""

    code = "no_such_account"
    message = Text("台账中没有这个账户，或不在您的数据范围内", "The ledger has no such account in your scope")
    action = Text("请核对账号，或先导入该账户的流水", "Check the number, or import its statements first")


class TooManyRows(Invalid):
    """An export would hold more rows than a sheet may."""

    code = "too_many_rows"
    message = Text("行数过多，不能一次导出", "Too many rows for one export")
    action = Text("请加筛选条件后分次导出", "Filter the table and export it in parts")
