"""What a start looks at before it starts anything: room, a directory to write in, a free port."""

import os
import socket
from pathlib import Path

import pytest

from rongdun.entrypoints import preflight
from rongdun.runtime.settings import Settings


def test_a_full_disk_is_told_before_anything_starts(tmp_path: Path) -> None:
    with pytest.raises(preflight.TooLittleSpace) as told:
        preflight.check_data_dir(tmp_path / "var", needed_mib=10**9)
    assert str(tmp_path / "var") in told.value.message.zh
    assert "1000000000 MiB" in told.value.message.en
    assert "--data-dir" in told.value.action.en


def test_a_directory_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(preflight.DataDirectoryUnusable) as told:
        preflight.check_data_dir(tmp_path / "file" / "var")
    assert str(tmp_path / "file" / "var") in told.value.message.en


def test_the_check_leaves_nothing_behind(tmp_path: Path) -> None:
    assert preflight.check_data_dir(tmp_path / "var", needed_mib=1) > 0
    assert list((tmp_path / "var").iterdir()) == []


def test_a_taken_port_names_the_process_that_has_it() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(preflight.PortTaken) as told:
            preflight.listen_on("127.0.0.1", port)
    assert f"({os.getpid()})" in told.value.message.en
    assert f"--port {port + 1}" in told.value.action.zh


def test_a_port_left_by_a_stopped_centre_can_be_had_at_once() -> None:
    with preflight.listen_on("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            first.accept()[0].close()
    with preflight.listen_on("127.0.0.1", port) as second:
        assert second.getsockname()[1] == port


@pytest.mark.parametrize("host", ["no.such.host.invalid", "203.0.113.7"])
def test_an_address_that_is_not_ours_is_told(host: str) -> None:
    with pytest.raises(preflight.AddressUnusable) as told:
        preflight.listen_on(host, 8000)
    assert host in told.value.message.zh


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),
        ("::", "http://127.0.0.1:8000"),
        ("::1", "http://[::1]:8000"),
        ("fz.example", "http://fz.example:8000"),
    ],
)
def test_the_address_shown_can_be_opened_on_this_machine(host: str, url: str) -> None:
    assert preflight.url_of(Settings(host=host)) == url
