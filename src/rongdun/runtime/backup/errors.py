"""What can keep a backup from being made, or from being brought back."""

from rongdun.kernel.errors import Conflict, DomainError, Invalid, Text, Unavailable


class OwnerNeeded(Invalid):
    """A configured database was given without the owner's connection string."""

    code = "backup_owner_needed"
    message = Text(
        "备份和恢复须以表的属主连接数据库", "Backup and restore reach the database as the owner of its tables"
    )
    action = Text("请设置 RONGDUN_OWNER_DSN", "Set RONGDUN_OWNER_DSN")


class TargetTaken(Conflict):
    """Something already lies where the backup should go."""

    code = "backup_target_taken"
    message = Text("备份目标已存在", "Something already lies where the backup should go")
    action = Text(
        "请另选一个目录名，已有备份不会被覆盖", "Choose another name; no backup is ever overwritten"
    )


class NothingToBackUp(Conflict):
    """The database holds no tables of the centre."""

    code = "backup_nothing"
    message = Text("数据库里还没有榕盾的数据", "The database holds nothing of Rongdun yet")
    action = Text(
        "请核对 RONGDUN_DATA_DIR 或 RONGDUN_DSN 是否指向正确的系统",
        "Check that RONGDUN_DATA_DIR or RONGDUN_DSN names the right installation",
    )


class BackupDiskFull(Unavailable):
    """There is no room to write the backup, or to bring it back."""

    status = 507
    code = "backup_disk_full"
    message = Text(
        "磁盘空间不足，备份或恢复没有完成", "The disk is full; the backup or restore was not completed"
    )
    action = Text(
        "请换到空间足够的磁盘重来；未完成的备份已经删除",
        "Use a disk with room; the unfinished backup was removed",
    )


class PlaceUnusable(DomainError):
    """A directory of the backup or of the installation cannot be read or written."""

    code = "backup_place_unusable"
    message = Text("目录或文件无法读写", "A directory or file cannot be read or written")
    action = Text("请核对路径、属主和权限", "Check the path, its owner and its mode")


class ProgramMissing(DomainError):
    """No ``pg_dump`` or ``pg_restore`` of a fitting version is here."""

    code = "backup_program_missing"
    message = Text(
        "本机没有版本合适的 PostgreSQL 备份程序", "No PostgreSQL backup program of a fitting version is here"
    )
    action = Text(
        "请安装与数据库同一大版本的 PostgreSQL 客户端程序（pg_dump、pg_restore）",
        "Install the client programs (pg_dump, pg_restore) of the database's own major version",
    )


class ProgramFailed(DomainError):
    """``pg_dump`` or ``pg_restore`` refused; ``extra["log"]`` holds what it said."""

    code = "backup_program_failed"
    message = Text("数据库导出或导入失败", "Dumping or restoring the database failed")
    action = Text(
        "原有数据没有改变；请把提示交给管理员后重试",
        "What was there is unchanged; give the message to the administrator and try again",
    )


class NotABackup(Invalid):
    """The directory holds no backup of Rongdun, or one that was never finished."""

    code = "backup_not_one"
    message = Text("这里不是完整的榕盾备份", "This is not a complete backup of Rongdun")
    action = Text(
        "请选择含有 manifest.json 的备份目录", "Choose the backup's directory, which holds manifest.json"
    )


class BackupDamaged(DomainError):
    """Parts of the backup are not what its manifest says; ``extra["parts"]`` names them."""

    code = "backup_damaged"
    message = Text("备份已损坏", "The backup is damaged")
    action = Text(
        "现有数据没有改变；请换一份备份，并检查存放它的介质",
        "Nothing was changed; use another backup, and check the medium this one lay on",
    )


class BackupTooNew(Conflict):
    """A newer release, or a newer PostgreSQL, made the backup."""

    code = "backup_too_new"
    message = Text("该备份由更新的版本制作", "A newer version made this backup")
    action = Text("请安装相同或更新的版本后恢复", "Install the same version or a newer one, then restore")


class RestoreNotEmpty(Conflict):
    """The installation already holds something, and nobody said it may be replaced."""

    code = "restore_not_empty"
    message = Text(
        "这个系统里已有数据，没有恢复", "This installation already holds data; nothing was restored"
    )
    action = Text(
        "请恢复到新的数据目录；确要覆盖，请先备份现有数据，再加 --replace",
        "Restore into a new data directory; to replace what is here, back it up first, then add --replace",
    )


class RestoreInUse(Conflict):
    """Somebody works on the database that is to be replaced."""

    code = "restore_in_use"
    message = Text("数据库正在使用中，不能恢复", "The database is in use; nothing was restored")
    action = Text(
        "请停止榕盾（所有 up、http、worker 进程）后再恢复",
        "Stop Rongdun (every up, http and worker), then restore",
    )


class RestoreKeyMissing(DomainError):
    """The master key that the backup's data was sealed under is not in the key directory."""

    code = "restore_key_missing"
    message = Text(
        "密钥目录里没有该备份所需的主密钥", "The master key this backup needs is not in the key directory"
    )
    action = Text(
        "请把保管的主密钥副本（指纹一致）放到密钥目录 master.key，权限 0600，再恢复；备份不含密钥",
        "Put your copy of the master key with that fingerprint into the key directory as master.key, mode"
        " 0600, then restore; a backup never holds keys",
    )
