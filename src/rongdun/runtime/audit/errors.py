"""What can go wrong with the audit's own keys and roots."""

from rongdun.kernel.errors import DomainError, Text


class SigningKeyMissing(DomainError):
    """The public half of the audit key is there, the private one is not."""

    status = 500
    code = "audit_key_missing"
    message = Text("审计签名私钥不见了", "The audit's private signing key is gone")
    action = Text(
        "请用保管的副本恢复；确已丢失时，把公钥改名为 audit-signing-<日期>.pub 后重新生成",
        "Restore it from your copy; if it is lost for good, rename the public key to"
        " audit-signing-<date>.pub and a new pair will be made",
    )


class SigningKeyUnusable(DomainError):
    """A key file is not an Ed25519 key in PEM form."""

    status = 500
    code = "audit_key_unusable"
    message = Text("审计签名密钥文件已损坏", "The audit's signing key file is damaged")
    action = Text("请用保管的副本恢复该文件", "Restore the file from the copy you keep")


class RootConflict(DomainError):
    """A root signed earlier contradicts what the database now holds."""

    status = 500
    code = "audit_root_conflict"
    message = Text("已签名的审计根与数据库不一致", "A signed audit root contradicts what the database holds")
    action = Text(
        "请立即运行 rongdun audit verify 并保护现场；若刚从备份恢复，请把备份之后日期的根文件移到别处保存",
        "Run rongdun audit verify now and secure the evidence; after restoring a backup, move the root"
        " files of later days elsewhere and keep them",
    )
