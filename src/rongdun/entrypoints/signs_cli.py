"""``rongdun ledger score-accounts``: which accounts of a ledger look like mule accounts, and why."""

from pathlib import Path
from typing import Annotated, Any

import typer

from rongdun.entrypoints.console import say
from rongdun.entrypoints.ledger_cli import Directory, Json, calls, opened, print_json

_SHOWN_REASONS = 4


def score_accounts(
    directory: Directory,
    top: Annotated[int, typer.Option("--top", min=1, help="显示前几个账户 / how many accounts")] = 20,
    weights: Annotated[
        Path | None,
        typer.Option("--weights", help="本单位的特征权重 / a unit's own signs.toml", dir_okay=False),
    ] = None,
    as_json: Json = False,
) -> None:
    """给台账内各账户打分,列出涉案账户特征和理由。Score the ledger's accounts by the signs of a mule account."""
    from rongdun.analytics.tracing.signs.ledger_scores import account_report, score_ledger
    from rongdun.analytics.tracing.signs.weights import load_signs

    with calls():
        signs = load_signs(weights)
        view = opened(directory).view()
        scores = score_ledger(view, signs)
    reports = [account_report(scores, account, signs) for account in scores["account"].head(top)]
    if as_json:
        head = {"version": view.manifest.version, "scored": scores.height, "weights": signs.source}
        print_json(head | {"accounts": reports})
        return
    say(f"已评分 {scores.height:,} 个有流水的账户", f"{scores.height:,} accounts with a statement scored")
    for report in reports:
        _tell(report)


def register(ledger: typer.Typer) -> None:
    """Add the command to the group ``ledger``."""
    ledger.command("score-accounts")(score_accounts)


def _tell(report: dict[str, Any]) -> None:
    who = " ".join(filter(None, (report["institution"], report["number"], report["name"])))
    share = f"{report['judged']:.0%}"
    say(
        f"\n{report['score']:5.1f} 分  {who}  交易 {report['transfers']:,} 笔，可判断权重 {share}",
        f"       {report['transfers']:,} transfers; {share} of the weights could be judged",
    )
    for line in report["signs"][:_SHOWN_REASONS]:
        if line["points"]:
            say(f"  {line['points']:+5.1f}  {line['reason_zh']}", f"         {line['reason_en']}")
