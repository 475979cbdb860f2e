"""What can be wrong with a file, or with the place where files are kept."""

from rongdun.kernel.errors import DomainError, Invalid, NotFound, Text, Unavailable


class EmptyFile(Invalid):
    """Nothing was uploaded."""

    code = "empty_file"
    message = Text("文件是空的", "The file is empty")
    action = Text("请核对后重新选择文件", "Check the file and choose it again")


class UnacceptedFile(DomainError):
    """The content is of a kind the centre does not take, whatever its name says."""

    status = 415
    code = "unaccepted_file"
    message = Text("不接受这种文件", "Files of this kind are not accepted")
    action = Text(
        "可上传 PDF、图片、录音、视频、Word、Excel、OFD、文本、CSV、ZIP",
        "Upload a PDF, picture, recording, video, Word, Excel, OFD, text, CSV or ZIP file",
    )


class DiskFull(Unavailable):
    """There is no room left to keep a file."""

    status = 507
    code = "disk_full"
    message = Text("存储空间已满，文件未保存", "The disk is full; the file was not kept")
    action = Text(
        "请联系管理员清理或扩容后重新上传，已填写的内容会保留",
        "Ask the administrator to make room, then upload again; what you entered is kept",
    )


class FileLost(NotFound):
    """The record of a file is there, its content is not."""

    code = "file_lost"
    message = Text("文件内容不在存储中", "The content of this file is missing from the store")
    action = Text(
        "请联系管理员运行 rongdun files verify", "Ask the administrator to run rongdun files verify"
    )
