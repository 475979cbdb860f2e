"""Settings: read once from ``RONGDUN_*`` variables, then passed around as a value."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, get_type_hints

from rongdun.kernel.errors import Invalid, Text

_CHOICES = {
    "hash_algorithm": ("sm3", "sha256"),
    "cipher": ("sm4-gcm", "aes-gcm"),
    "locale": ("zh", "en"),
    "engine": ("index", "duckdb", "spark"),
}


def default_data_dir() -> Path:
    """Return ``./var`` inside a checkout, else ``$XDG_DATA_HOME/rongdun``."""
    checkout = Path(__file__).resolve().parents[3]
    if (checkout / "pyproject.toml").is_file() and (checkout / "Makefile").is_file():
        return checkout / "var"
    home = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(home) / "rongdun"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything a deployment may set; each field is the variable ``RONGDUN_<FIELD>``."""

    data_dir: Path = field(default_factory=default_data_dir)
    keys_dir: Path | None = None
    dsn: str = ""
    owner_dsn: str = ""
    read_dsn: str = ""
    host: str = "127.0.0.1"
    port: int = 8000
    demo: bool = False
    drill: bool = True
    drill_url: str = ""
    hash_algorithm: str = "sm3"
    cipher: str = "sm4-gcm"
    secure_cookies: bool = False
    public_url: str = "http://127.0.0.1:8000"
    trusted_proxies: str = ""
    locale: str = "zh"
    log_level: str = "info"
    audit_chains: int = 8
    db_pool: int = 20
    upload_limit_mib: int = 512
    ledger_keep_days: int = 30
    engine: str = "index"
    spark: str = ""
    exchange_cert: str = ""
    exchange_ca: str = ""
    session_idle_minutes: int = 30
    session_hours: int = 13
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = field(default="", repr=False)
    oidc_label: str = "统一身份认证"
    oidc_claim: str = "preferred_username"

    @property
    def keys(self) -> Path:
        """Directory of the key files: outside the database, and outside backups."""
        return self.keys_dir or self.data_dir / "keys"

    @property
    def files(self) -> Path:
        """Directory of the content-addressed files."""
        return self.data_dir / "files"

    @property
    def audit_roots(self) -> Path:
        """Directory where each day's signed audit root is laid down."""
        return self.data_dir / "audit-roots"

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Read the settings from ``environ`` (default: the process's).

        Raises :class:`Invalid` naming the variable when a value cannot be used.
        """
        source = os.environ if environ is None else environ
        hints = get_type_hints(cls)
        values: dict[str, Any] = {}
        for item in fields(cls):
            raw = source.get(f"RONGDUN_{item.name.upper()}")
            if raw is not None:
                values[item.name] = _convert(item.name, raw, hints[item.name])
        return cls(**values)


def _convert(name: str, raw: str, kind: Any) -> Any:
    try:
        value = _parse(raw, kind)
    except ValueError:
        raise _bad_setting(name, raw) from None
    if name in _CHOICES and value not in _CHOICES[name]:
        raise _bad_setting(name, raw, choices=_CHOICES[name])
    return value


def _parse(raw: str, kind: Any) -> Any:
    if kind is bool:
        return _parse_bool(raw)
    if kind is int:
        return int(raw)
    if kind in (Path, Path | None):
        return Path(raw).expanduser().resolve()
    return raw


def _parse_bool(raw: str) -> bool:
    lowered = raw.strip().lower()
    if lowered in ("1", "true", "yes", "on"):
        return True
    if lowered in ("0", "false", "no", "off", ""):
        return False
    raise ValueError(raw)


def _bad_setting(name: str, raw: str, choices: tuple[str, ...] = ()) -> Invalid:
    variable = f"RONGDUN_{name.upper()}"
    allowed_zh = f",可用:{'、'.join(choices)}" if choices else ""
    allowed_en = f"; use one of: {', '.join(choices)}" if choices else ""
    return Invalid(
        Text(
            f"环境变量 {variable} 的值“{raw}”不能用{allowed_zh}",
            f"{variable}={raw!r} is not usable{allowed_en}",
        ),
        action=Text(f"请改正 {variable} 后重新启动", f"Correct {variable}, then start again"),
    )
