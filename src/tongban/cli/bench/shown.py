"""What the bench shows on the terminal: how far it is, and the rows beside their goals."""

from __future__ import annotations

from collections.abc import Callable

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from tongban.cli.bench.goals import Row, goals
from tongban.cli.words import ERR, OUT, words


def progress() -> Progress:
    """A bar for each thing under way, on standard error."""
    parts = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*parts, console=ERR, transient=not ERR.is_terminal)


def bar(shown: Progress, what: str) -> Callable[[int, int], None]:
    """One more bar: how much of ``what`` is done, and of how much."""
    task = shown.add_task(what, total=None)
    return lambda done, whole: shown.update(task, completed=done, total=whole)


def table(group: str, rows: list[Row]) -> None:
    """The rows beside what was promised."""
    found = Table(title=f"tongban bench {group}")
    found.add_column(words("项目", "row"))
    found.add_column(words("结果", "value"), justify="right")
    found.add_column(words("目标", "goal"), justify="right")
    found.add_column("")
    for row, goal in zip(rows, goals()[group], strict=True):
        value = row["value"]
        promise = f"{'≤' if goal.better == 'lower' else '≥'} {goal.goal:g}"
        if value is None:
            found.add_row(row["name"], "—", promise, row["why"])
        else:
            told = words("达到", "reached") if goal.reached(value) else words("未达到", "missed")
            found.add_row(row["name"], f"{value:g} {row['unit']}", promise, told)
    OUT.print(found)
