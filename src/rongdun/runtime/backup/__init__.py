"""Backup and restore of a whole installation: database, files and audit roots, never the keys."""

from rongdun.runtime.backup.make import backup
from rongdun.runtime.backup.manifest import Manifest
from rongdun.runtime.backup.restore import Restored, check, restore

__all__ = ["Manifest", "Restored", "backup", "check", "restore"]
