"""A move that cannot be made now: what has to happen first, from the life cycle itself."""

from __future__ import annotations

from collections.abc import Collection

from tongban.core.labels import Label
from tongban.engines.cases.declare import Lifecycle, Move

# The moves that lead back: nobody is told to go round by them where a way ahead is open.
_BACK = ("return", "reject")
_ENDED = Label("这一件已经结束", "the case has ended")
_PAST = Label("这一步已经过了", "this step is behind")


def first_needed(lifecycle: Lifecycle, state: str, move: Move, sources: Collection[str] = ()) -> Label:
    """After which move ``move`` can be made from ``state``; that it never will be, where nothing leads there.

    ``sources`` narrows the states from which this reader could make it.
    """
    wanted = set(sources or move.sources)
    if state in lifecycle.ended:
        return _ENDED
    if (before := _before(lifecycle, state, wanted)) is None:
        return _PAST
    return Label(f"{before.zh}以后可以", f"possible after “{before.en}”")


def _before(lifecycle: Lifecycle, state: str, wanted: set[str]) -> Label | None:
    """The last move on the shortest way ahead to one of the states, else the one move back that leads there."""
    far = _distances(lifecycle)
    reached = [state]
    for at in reached:
        for step in lifecycle.leaving(at):
            # Passing a case down leads from "in progress" to "to be taken on" again: that is no way ahead.
            if step.target is None or not _ahead(lifecycle, step) or far.get(step.target, 0) <= far.get(at, 0):
                continue
            if step.target in wanted:
                return step.label
            reached.append(step.target)
    back = (m for m in lifecycle.leaving(state) if m.code in _BACK and wanted & {m.target, m.or_target})
    return next((m.label for m in back), None)


def _distances(lifecycle: Lifecycle) -> dict[str, int]:
    """How many moves each state is away from the beginning."""
    far, order = {lifecycle.initial: 0}, [lifecycle.initial]
    for at in order:
        for step in lifecycle.leaving(at):
            if step.target is not None and step.target not in far and _ahead(lifecycle, step):
                far[step.target] = far[at] + 1
                order.append(step.target)
    return far


def _ahead(lifecycle: Lifecycle, step: Move) -> bool:
    return step.code not in _BACK and "importer" not in step.by and step.target not in lifecycle.ended
