"""Every action, killed before and after each of its statements and its commit, leaves all or nothing."""

from __future__ import annotations

import inspect
from contextlib import nullcontext
from types import ModuleType

import pytest

from tests.engines.cases.conftest import County
from tests.engines.cases.conftest import county as county  # noqa: PLC0414 - a fixture
from tests.faults.killpoints import boundaries, dies_at, growth, half_done, state
from tests.faults.scenarios import SCENARIOS
from tests.ledgered import adopt, empty_indexes
from tongban.core.access import actions as access
from tongban.core.access import second_factor
from tongban.core.calendar import actions as calendar
from tongban.core.ledger.audit import Audit
from tongban.core.ledger.journal import Journal
from tongban.core.notices import preferences, webhooks
from tongban.core.registry import actions as registry
from tongban.core.registry import askers, many, reference, succession
from tongban.engines.cases import actions as cases
from tongban.engines.cases.actions import administration, recomputing, targets
from tongban.engines.cases.importing import batches, mappings, ordering, undoing
from tongban.engines.visits import actions as visits

# Nothing but a series of other actions, each of them whole or not at all; or bound to a file beside the database.
_SERIES = {
    "engines.cases.actions.administration.hand_over_officer",
    "engines.visits.actions.assigning.assign_many",
    "engines.visits.actions.assigning.hand_over_firms",
    "engines.cases.importing.undoing.undo",
    "engines.cases.importing.ordering.order_import",
    "engines.cases.importing.batches.new_batch",
    # Counts the try first, whatever comes of it.
    "core.notices.preferences.guess",
}


pytestmark = pytest.mark.django_db(transaction=True)
# One county serves several scenarios: making and emptying one takes longer than many a scenario.
_TOGETHER = 8
GROUPS = {
    names[0].removeprefix("engines.").removeprefix("core."): names
    for names in (sorted(SCENARIOS)[n : n + _TOGETHER] for n in range(0, len(SCENARIOS), _TOGETHER))
}


@pytest.fixture(autouse=True)
def recorded(county: County) -> None:
    empty_indexes()
    adopt()
    for kind in ("registry", "calendar", "limits"):
        reference.changed(kind)


def killed_at(county: County, name: str, step: int) -> int:
    """Kill the action at every ``step``-th of its boundaries and at each of the last; gives how often."""
    SCENARIOS[name](county)()  # once to warm up: what is read only the first time is not counted
    first = SCENARIOS[name](county)
    before = state()
    total = boundaries(first)
    whole = growth(before, state())
    action = SCENARIOS[name](county)
    before = state()
    # The last are those around the commit: which boundary it is may differ by one or two from run to run.
    points = [*range(1, total - 6, step), *range(max(total - 6, 1), total + 7)]
    for times, point in enumerate(points, 1):
        died = dies_at(point, action)
        after = state()
        assert half_done(before, after, whole) == [], f"{name} killed at boundary {point} of {total}"
        if after != before:
            # It was done, whole, though its process never heard of it: nothing is left to be killed.
            assert died, f"{name} went on to its end"
            return times
    raise AssertionError(f"{name} was never done")


@pytest.mark.parametrize("group", GROUPS)
def test_killed_before_any_statement_an_action_leaves_nothing_and_after_its_commit_all(
    county: County, group: str
) -> None:
    for name in GROUPS[group]:
        # After a statement is the same to the database as before the next: every other boundary will do here.
        assert killed_at(county, name, step=2) > 5


@pytest.mark.long
@pytest.mark.parametrize("group", GROUPS)
def test_killed_at_any_boundary_an_action_leaves_all_or_nothing(county: County, group: str) -> None:
    for name in GROUPS[group]:
        assert killed_at(county, name, step=1) > 7


@pytest.mark.parametrize("name", ["engines.cases.actions.opening.open_case", "engines.cases.actions.desk.assign"])
def test_without_its_transaction_it_leaves_halves(county: County, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: what looks here can see a half-done action."""
    action = SCENARIOS[name](county)
    before = state()
    action()
    whole = growth(before, state())
    monkeypatch.setattr(Journal, "_transaction", lambda self: nullcontext())
    halves, point, died = 0, 1, True
    while died:
        action = SCENARIOS[name](county)
        before = state()
        died = dies_at(point, action)
        # What earlier points left behind would fill every audit: here the rows alone tell.
        halves += growth(before, state()) not in ({}, whole)
        point += 3
    assert halves > 3


def actions_of(module: ModuleType, prefix: str) -> set[str]:
    found = inspect.getmembers(module, inspect.isfunction)
    return {
        f"{function.__module__.removeprefix('tongban.')}.{function.__name__}"
        for name, function in found
        if not name.startswith("_")
        and function.__module__.startswith(prefix)
        and {"by", "at"} <= set(inspect.signature(function).parameters)
    }


def test_every_action_of_the_house_is_killed() -> None:
    modules: list[tuple[ModuleType, str]] = [
        (cases, "tongban.engines.cases.actions"),
        (visits, "tongban.engines.visits.actions"),
        *((m, m.__name__) for m in (
            administration, targets, recomputing, batches, mappings, ordering, undoing, registry, askers, many, succession, calendar,
            access, second_factor, preferences, webhooks,
        )),
    ]  # fmt: skip
    wanted = set().union(*(actions_of(module, prefix) for module, prefix in modules))
    assert wanted - _SERIES - set(SCENARIOS) == set()
    assert len(wanted) > 50


def test_the_scenarios_together_leave_a_sound_county(county: County) -> None:
    for name in sorted(SCENARIOS):
        SCENARIOS[name](county)()
    assert [fault.sentence("en") for fault in Audit().faults()] == []
