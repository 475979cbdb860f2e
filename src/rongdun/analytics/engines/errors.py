"""What can go wrong with an engine, in words an officer can act on."""

from rongdun.kernel.errors import DomainError, Invalid, Text, Unavailable


class EngineNotInstalled(Invalid):
    """A library the engine needs is an extra that was not installed."""

    code = "engine_not_installed"
    message = Text("本机没有安装 Spark 引擎", "The Spark engine is not installed here")
    action = Text(
        "请安装：pip install 'rongdun[spark]'(pysail、pyspark-client);或用 --engine duckdb",
        "Install it: pip install 'rongdun[spark]' (pysail, pyspark-client); or use --engine duckdb",
    )


class EngineUnreachable(Unavailable):
    """Nothing answers at the address of the Spark cluster."""

    code = "engine_unreachable"
    message = Text("连接不上 Spark 集群", "The Spark cluster cannot be reached")
    action = Text(
        "请核对 RONGDUN_SPARK（如 sc://主机：15002）和网络；或用 --engine duckdb",
        "Check RONGDUN_SPARK (such as sc://host:15002) and the network; or use --engine duckdb",
    )


class EngineLacks(DomainError):
    """The engine does not know something a query needs; ``extra`` has engine, query and what is lacking."""

    code = "engine_lacks"
    message = Text("引擎缺少查询所需的功能", "The engine lacks what a query needs")
    action = Text("请升级该引擎，或用 --engine index", "Upgrade that engine, or use --engine index")

    @classmethod
    def of(cls, engine: str, query: str, lacking: Text) -> "EngineLacks":
        """Return the error that names what is lacking."""
        return cls(
            Text(
                f"引擎 {engine} 不支持{lacking.zh}（查询 {query}）",
                f"{engine} lacks {lacking.en} (query {query})",
            ),
            extra={"engine": engine, "query": query},
        )


class EngineFailed(DomainError):
    """The engine refused or broke off a query, though it knows all that the query needs."""

    code = "engine_failed"
    message = Text("引擎执行查询失败", "The engine failed at a query")
    action = Text("请查看引擎的说明，或用 --engine index", "See what the engine says, or use --engine index")

    @classmethod
    def at(cls, engine: str, query: str, words: str) -> "EngineFailed":
        """Return the error with the engine's own words."""
        return cls(
            Text(f"引擎 {engine} 执行查询 {query} 失败", f"{engine} failed at the query {query}"),
            extra={"engine": engine, "query": query, "log": words},
        )


class TablesOutOfReach(DomainError):
    """The cluster does not see the ledger's files."""

    code = "tables_out_of_reach"
    message = Text("引擎读不到台账文件", "The engine cannot read the ledger's files")
    action = Text(
        "台账目录须在集群各节点以同一路径可读（共享存储），见 docs/operations/scale-out.md",
        "Every node of the cluster must see the ledger directory under the same path; see docs/operations/scale-out.md",
    )
