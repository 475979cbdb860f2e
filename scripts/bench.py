"""Runs every ``benchmarks/bench_*.py``, one after another; ``--full`` asks each for its large size."""

from __future__ import annotations

import subprocess
import sys

from say import say
from steps import ROOT


def main(arguments: list[str]) -> int:
    """Run each benchmark whatever became of the one before; return 1 when one could not be run."""
    failed = []
    for script in sorted((ROOT / "benchmarks").glob("bench_*.py")):
        say(f"性能测试 {script.stem}", script.stem)
        if subprocess.run([sys.executable, str(script), *arguments], cwd=ROOT, check=False).returncode:
            failed.append(script.stem)
    if failed:
        say(f"未能运行:{'、'.join(failed)}", f"could not be run: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
