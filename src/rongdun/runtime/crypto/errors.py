"""What can go wrong with keys and sealed values, in words an administrator can act on."""

from pathlib import Path

from rongdun.kernel.errors import DomainError, Text


class SealedValueUnreadable(DomainError):
    """A sealed value was altered, belongs to another place, or its key is not here."""

    status = 500
    code = "sealed_value_unreadable"
    message = Text(
        "加密内容无法解开：内容被改动、被挪到别处，或所用密钥不在",
        "A sealed value cannot be opened: altered, moved from elsewhere, or its key is not here",
    )
    action = Text(
        "请不要覆盖该记录，立即联系系统管理员，用备份和审计核对",
        "Do not overwrite the record; call the system administrator to compare it with backup and audit",
    )


class MasterKeyMissing(DomainError):
    """The database holds wrapped keys, but the master key file is not where it should be."""

    status = 500
    code = "master_key_missing"
    message = Text("找不到主密钥文件", "The master key file is not there")
    action = Text(
        "请把保管的主密钥副本放回密钥目录（RONGDUN_KEYS_DIR），权限 0600;切勿新建",
        "Put your copy of the master key back into the key directory (RONGDUN_KEYS_DIR), mode 0600;"
        " never create a new one",
    )


class KeyFileUnsafe(DomainError):
    """Somebody else on this machine could read the key file."""

    status = 500
    code = "key_file_unsafe"
    message = Text("密钥文件可被本机其他用户读取", "The key file can be read by other users of this machine")
    action = Text(
        "请执行 chmod 600 <密钥文件>,并考虑密钥是否已经外泄（rongdun keys rewrap）",
        "Run chmod 600 <key file>, and consider whether the key has leaked (rongdun keys rewrap)",
    )


class MasterKeyWrong(DomainError):
    """The master key on disk is not the one that wrapped the database's keys."""

    status = 500
    code = "master_key_wrong"
    message = Text("主密钥与数据库不匹配", "This master key is not the one this database was sealed under")
    action = Text(
        "请换上指纹一致的主密钥文件后重新启动",
        "Put the master key file with the matching fingerprint in place and start again",
    )


class KeyFileMalformed(DomainError):
    """The key file is not in the form it was written in."""

    status = 500
    code = "key_file_malformed"
    message = Text("密钥文件内容不完整或已损坏", "The key file is incomplete or damaged")
    action = Text("请用保管的副本恢复该文件", "Restore the file from the copy you keep elsewhere")


def naming(message: Text, path: Path) -> Text:
    """Return ``message`` followed by the file it is about."""
    return Text(f"{message.zh}:{path}", f"{message.en}: {path}")
