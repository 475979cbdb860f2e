"""After warming up nobody waits for a compiler: an import of other files and traces in them compile nothing more."""

import json
import subprocess
import sys
from pathlib import Path

from rongdun.entrypoints.warm import warm
from tests.analytics.statements.making import PEER, REPLY, csv_bytes, row, write_book

IMPORTING = """
import json, sys
from pathlib import Path
from numba.core import event
from rongdun.analytics.ledger.ledger import Ledger
from rongdun.analytics.tracing.backward import look_back
from rongdun.analytics.tracing.model import Rule, Seed
from rongdun.analytics.tracing.signs.ledger_scores import score_ledger
from rongdun.analytics.tracing.trace import trace

compiled = []

class Listener(event.Listener):
    def on_start(self, event):
        compiled.append(event.data["dispatcher"].py_func.__qualname__)

    def on_end(self, event):
        pass

event.register("numba:compile", Listener())
folder, ledger = Path(sys.argv[1]), Ledger(Path(sys.argv[2]))
taken = [sum(file.taken for file in ledger.import_paths([folder]).files)]
ledger.compact()
ledger.account_sums()
ledger.balance_breaks()
seeds = [Seed("演示甲", "", sys.argv[3], 100, 1_740_801_600_000_000)]
for rule in Rule:
    trace(Path(sys.argv[2]), seeds, rule)
look_back(Path(sys.argv[2]), seeds)
score_ledger(ledger.view())
print(json.dumps({"compiled": compiled, "taken": taken}))
"""


def test_after_warming_up_imports_and_traces_compile_nothing(tmp_path: Path) -> None:
    warm()
    folder = tmp_path / "回函"
    folder.mkdir()
    rows = [row(交易流水号=f"S{n}", 交易金额=f"{n + 1}.00") for n in range(50)]
    rows += [row(交易卡号=PEER, 交易对手账卡号=rows[0]["交易卡号"], 收付标志="进", 交易流水号="S1")]
    for encoding in ("gb18030", "utf-8", "utf-16"):
        (folder / f"{encoding}.csv").write_bytes(csv_bytes(REPLY, rows, encoding=encoding, delimiter="\t"))
    write_book(
        folder / "表.xlsx", {"明细": [REPLY, *([one.get(name, "") for name in REPLY] for one in rows)]}
    )
    command = [sys.executable, "-c", IMPORTING, str(folder), str(tmp_path / "台账"), PEER]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    told = json.loads(done.stdout)
    assert told == {"compiled": [], "taken": [51]}
