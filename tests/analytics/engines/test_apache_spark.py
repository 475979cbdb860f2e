"""Apache Spark itself finds what the index finds. Minutes and a JVM: runs where a Spark or a cluster is named.

``SPARK_HOME`` (Spark ≥ 4.0; ``pip install pyspark`` has one in ``site-packages/pyspark``) starts one for the test,
``RONGDUN_SPARK`` names a cluster that sees this machine's files.
"""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from rongdun.analytics.engines.port import Engine
from rongdun.analytics.engines.spark import SparkEngine
from tests.analytics.engines.same import told
from tests.analytics.engines.test_same import made_up

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::ResourceWarning")]

SERVER = "org.apache.spark.sql.connect.service.SparkConnectServer"
PATIENCE = 120


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    pytest.importorskip("pyspark")
    named, home = os.environ.get("RONGDUN_SPARK"), os.environ.get("SPARK_HOME")
    if named:
        with SparkEngine(named) as engine:
            yield engine
        return
    if not home or not shutil.which("java"):
        pytest.skip("no RONGDUN_SPARK, and no SPARK_HOME with a java to start one")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.driver.host": "127.0.0.1",
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": str(port),
    }
    options = [word for name, value in settings.items() for word in ("--conf", f"{name}={value}")]
    command = [f"{home}/bin/spark-submit", "--master", "local[2]", "--driver-memory", "1500m", *options]
    log = (tmp_path_factory.mktemp("spark") / "log").open("wb")
    server = subprocess.Popen(
        [*command, "--class", SERVER, "spark-internal"], stdout=log, stderr=log, start_new_session=True
    )
    try:
        _wait(port, server)
        with SparkEngine(f"sc://127.0.0.1:{port}") as engine:
            yield engine
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)
        log.close()


def _wait(port: int, server: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.5)
    pytest.fail("Apache Spark did not start")


@pytest.mark.parametrize("number", range(2))
def test_apache_spark_finds_what_the_index_finds(spark: Engine, tmp_path: Path, number: int) -> None:
    city = made_up(number)
    assert told(city.by_engine(spark, tmp_path / "spark")) == told(city.by_index(tmp_path / "index"))
