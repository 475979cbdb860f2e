"""Before anything starts: is there room, can we write, is the port free — and if not, what to do about it."""

import errno
import os
import shutil
import socket
import tempfile
from contextlib import suppress
from pathlib import Path

from rongdun.kernel.errors import Conflict, DomainError, Text, Unavailable
from rongdun.runtime.settings import Settings

NEEDED_MIB = 512
"""An empty database takes about 60 MiB and its write-ahead log up to 400; less leaves no room for work."""

BACKLOG = 2048


class TooLittleSpace(Unavailable):
    """The data directory's disk has no room to start."""

    status = 507
    code = "no_room_to_start"


class DataDirectoryUnusable(DomainError):
    """The data directory cannot be made or written."""

    code = "data_dir_unusable"
    action = Text(
        "请修正该目录的属主和权限，或用 --data-dir 换一个目录",
        "Correct the owner and mode of that directory, or choose another with --data-dir",
    )


class PortTaken(Conflict):
    """Another process listens on the port."""

    code = "port_taken"


class AddressUnusable(DomainError):
    """The host or port cannot be listened on."""

    code = "address_unusable"
    action = Text(
        "请用 --host 和 --port 指定本机地址和 1024 以上的端口",
        "Give one of this machine's addresses with --host, and a port above 1023 with --port",
    )


def check_data_dir(data_dir: Path, *, needed_mib: int = NEEDED_MIB) -> int:
    """Make ``data_dir`` if need be and try writing in it; return the free space in MiB.

    Raises :class:`DataDirectoryUnusable` or :class:`TooLittleSpace`.
    """
    try:
        data_dir.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
        free = shutil.disk_usage(data_dir).free // 2**20
        if free < needed_mib:
            raise _too_little(data_dir, free, needed_mib)
        with tempfile.TemporaryFile(dir=data_dir) as probe:
            probe.write(b"\0" * 4096)
            probe.flush()
            os.fsync(probe.fileno())
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise _too_little(data_dir, 0, needed_mib) from error
        raise DataDirectoryUnusable(
            Text(
                f"数据目录无法使用：{data_dir}({error.strerror})",
                f"The data directory cannot be used: {data_dir} ({error.strerror})",
            )
        ) from error
    return free


def listen_on(host: str, port: int) -> socket.socket:
    """Return a socket that listens on ``host`` and ``port``, ready to be handed to the web process.

    Raises :class:`PortTaken` naming who has the port, or :class:`AddressUnusable`.
    """
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind)
    except (OSError, OverflowError) as error:
        raise _unusable(host, port, error) from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise _taken(port) from error
        raise _unusable(host, port, error) from error
    return listener


def who_listens(port: int) -> str:
    """Return the process that listens on ``port``, e.g. ``python3 (1234)``; ``""`` when it cannot be known."""
    inodes = {row.inode for row in _listening() if row.port == port}
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            links = (os.readlink(link) for link in (entry / "fd").iterdir())
            if any(link.removeprefix("socket:[").removesuffix("]") in inodes for link in links):
                return f"{(entry / 'comm').read_text().strip()} ({entry.name})"
    return ""


def check_web(directory: Path) -> bool:
    """Tell whether the web pages have been built into ``directory``."""
    return (directory / "index.html").is_file()


def url_of(settings: Settings) -> str:
    """Return the address a browser on this machine opens."""
    host = "127.0.0.1" if settings.host in ("", "0.0.0.0", "::") else settings.host  # noqa: S104 - compared only
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{settings.port}"


class _Listener:
    """A row of ``/proc/net/tcp``: a listening port and its socket's number."""

    def __init__(self, line: str) -> None:
        cells = line.split()
        self.port = int(cells[1].rpartition(":")[2], 16)
        self.listening = cells[3] == "0A"
        self.inode = cells[9]


def _listening() -> list[_Listener]:
    found = []
    for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")):
        with suppress(OSError):
            found += [_Listener(line) for line in table.read_text().splitlines()[1:]]
    return [row for row in found if row.listening]


def _too_little(path: Path, free: int, needed: int) -> TooLittleSpace:
    return TooLittleSpace(
        Text(
            f"磁盘空间不足：{path} 只剩 {free} MiB，启动至少需要 {needed} MiB",
            f"Too little disk space: {free} MiB left at {path}, {needed} MiB are needed to start",
        ),
        action=Text(
            "请清理磁盘，或用 --data-dir 换到空间充足的目录",
            "Free some space, or choose a roomier directory with --data-dir",
        ),
    )


def _taken(port: int) -> PortTaken:
    who = who_listens(port)
    by_zh, by_en = (f",占用者:{who}", f" by {who}") if who else ("", "")
    return PortTaken(
        Text(f"端口 {port} 已被占用{by_zh}", f"Port {port} is taken{by_en}"),
        action=Text(
            f"请停止占用的程序，或换一个端口：rongdun up --port {port + 1}",
            f"Stop that program, or choose another port: rongdun up --port {port + 1}",
        ),
    )


def _unusable(host: str, port: int, error: Exception) -> AddressUnusable:
    return AddressUnusable(
        Text(f"无法在 {host}:{port} 上监听（{error}）", f"Cannot listen on {host}:{port} ({error})")
    )
