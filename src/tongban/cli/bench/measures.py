"""What can be measured in one county: each method is one command of the measuring process."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

from django.db import connection

from tongban.cli.bench import climbs, moving, replayed
from tongban.cli.bench import county as place
from tongban.cli.bench.county import NOW, County, Past
from tongban.cli.bench.texts import COMMON, RARE, TWO
from tongban.cli.bench.undoing import Crew, prepared, undo_differences
from tongban.core.access.models import Account
from tongban.core.access.viewer import Viewer, viewer_of
from tongban.core.database import analyse
from tongban.core.ledger.actor import COMMAND, Actor
from tongban.core.registry import reference
from tongban.engines.cases import actions, queries
from tongban.engines.cases.bulk import Chunk, History, Result, write_histories
from tongban.engines.cases.models import Case
from tongban.engines.cases.outcome import DONE
from tongban.engines.cases.queries.offered import Offered, offered

_SEARCHES = (COMMON, RARE, TWO)
_SLOWEST = 30
_ASKER = Actor(system="asker")


class Measures:
    """One county, and what is measured in it."""

    def __init__(self, tell: Callable[[int, int], None]) -> None:
        self.tell = tell
        self.county: County
        self.past: Past
        self.round = 0

    # -- making it ------------------------------------------------------------------------------------------------

    def build(self, cases: int) -> dict[str, Any]:
        """The county with three years of ``cases`` cases."""
        begun = time.perf_counter()
        place.found()
        self.county = place.build(cases)
        self.past = Past(self.county)
        rate = self._written(self.past.years(cases), cases)
        analyse()
        return {**rate, "seconds": time.perf_counter() - begun}

    # -- the ladder -----------------------------------------------------------------------------------------------

    def killed(self, kills: int, cases: int) -> dict[str, Any]:
        """Rungs that did not act exactly once although workers were killed."""
        place.found()
        return {"wrong": climbs.wrong_after_kills(kills, cases, self.tell)}

    def late(self, cases: int, ahead: int, idle: bool) -> dict[str, Any]:
        """Seconds from a moment at which many fall due, or from the worker's later start, to the last rung."""
        place.found()
        return {"seconds": climbs.seconds_late(cases, ahead, idle=idle)}

    # -- a changed calendar -----------------------------------------------------------------------------------------

    def opened(self, cases: int) -> dict[str, Any]:
        """The county with so many cases under way."""
        place.found()
        moving.opened(cases, self.tell)
        return {}

    def recomputed(self) -> dict[str, Any]:
        """Seconds until all of them have their new deadlines."""
        return moving.recomputed(self.tell)

    # -- the outbox ---------------------------------------------------------------------------------------------------

    def replayed(self, cases: int, replays: int) -> dict[str, Any]:
        """Effects beyond the one, inside and outside, of rows that were done again and again."""
        place.found()
        return replayed.doubled(place.Past(place.build(cases)), cases, replays, self.tell)

    # -- merge and split --------------------------------------------------------------------------------------------

    def undo(self, sequences: int) -> dict[str, Any]:
        """What differed after so many random sequences of merging, splitting and undoing."""
        place.found()
        there = place.build(0)
        office = next(o for o in there.offices if o.body.kind == "bureau")
        asker = there.people[:3]
        crew = Crew(
            "community", there.village().body.area, office.body.id, there.desks["community"][0], office.handlers[0],
            office.reviewers[0], [(person, _ASKER) for person in asker],
        )  # fmt: skip
        cases = prepared(crew, NOW)
        return {"differences": undo_differences(crew, cases, at=NOW, sequences=sequences, tell=self.tell)}

    # -- the bulk writer ----------------------------------------------------------------------------------------------

    def bulk(self, cases: int) -> dict[str, Any]:
        """Cases a second: opened alone, opened with the final answer recorded, and with a whole story."""
        found = {}
        for what in ("openings", "recorded", "stories"):
            number = cases if what != "stories" else cases // 4
            runs = [self._written(iter(list(getattr(self.past, what)(number))), number) for _ in range(3)]
            found[what] = median(r["rate"] for r in runs)
            found[f"{what}_longest_lock"] = max(r["longest"] for r in runs)
        return found

    def _written(self, histories: Iterator[History], number: int) -> dict[str, Any]:
        chunks: list[Chunk] = []
        begun, done, bad = time.perf_counter(), 0, Counter[str]()
        for outcome in write_histories(histories, quiet=True, on_chunk=chunks.append):
            done += 1
            if outcome.result is not Result.OPENED:
                bad[f"{outcome.result} at {outcome.step}: {outcome.refusal}"] += 1
            if done % 1000 == 0 or done == number:
                self.tell(done, number)
                if bad:  # at once: a large county takes a long time
                    raise RuntimeError(f"the bench's histories do not fit the house: {bad.most_common(3)}")
        taken = time.perf_counter() - begun
        return {"rate": done / taken, "longest": max(c.locked for c in chunks) * 1000}

    # -- opening one ---------------------------------------------------------------------------------------------------

    def create(self, calls: int) -> dict[str, Any]:
        """Queries and processor time of opening one case, as a page does it: with an idempotency key."""
        self._open()  # copies of reference data are loaded once for each process
        with counted() as statements:
            self._open()
        spent = []
        for _ in range(calls):
            begun = time.process_time()
            self._open()
            spent.append(time.process_time() - begun)
        return {"queries": len(statements), "cpu": median(spent) * 1000}

    def _open(self) -> int:
        self.round += 1
        opening = self.past.opening()
        with reference.hold():
            return actions.open_case(opening, by=_ASKER, at=NOW, idempotency=f"bench-{self.round}").pk

    # -- lists ------------------------------------------------------------------------------------------------------------

    def lists(self, calls: int) -> dict[str, Any]:
        """Every list of the narrowest and the widest viewers: the 95th hundredth of the time, and its queries.

        A tenth of the calls shows which lists could be the slowest; those are then called as often as asked.
        """
        known: dict[str, Offered] = {}
        for who, viewer in self._viewers().items():
            with reference.hold():
                known |= {f"{who}: {one.name}": one for one in offered(viewer, NOW, _SEARCHES)}
        found, whole = {}, len(known) + _SLOWEST
        for i, (name, one) in enumerate(known.items()):
            found[name] = _p95(one, max(2, calls // 10))
            self.tell(i + 1, whole)
        slowest = sorted(found, key=lambda name: -found[name]["p95"])[:_SLOWEST]
        for i, name in enumerate(slowest):
            found[name] = _p95(known[name], calls)
            self.tell(len(known) + i + 1, whole)
        return found

    def _viewers(self) -> dict[str, Viewer]:
        """Narrow: a village's officer, somebody who asked. Wide: a desk's agent, the county's overseer."""
        return {
            "village": viewer(self.county.village().handlers[0]),
            "asker": Viewer(account=None, person=self.county.people[0].pk),
            "agent": viewer(self.county.desks["community"][0]),
            "overseer": viewer(self.county.supervisor),
        }

    # -- the mix ------------------------------------------------------------------------------------------------------------

    def mix(self, rounds: int) -> dict[str, Any]:
        """Rounds a second: each opens a case, makes six moves with it and looks at ten lists."""
        begun = time.perf_counter()
        for _ in range(rounds):
            self._round()
        return {"rate": rounds / (time.perf_counter() - begun)}

    def _round(self) -> None:
        county, at = self.county, NOW + timedelta(seconds=self.round)
        case = self._open()
        row = programme_of(case)
        agent = county.desks[row][self.round % 4]
        office = county.offices[self.round % len(county.offices)]
        handler, reviewer = office.handlers[0], office.reviewers[0]
        steps: list[tuple[Callable[..., None], Actor, dict[str, Any]]] = [
            (actions.accept, agent, {}),
            (actions.assign, agent, {"unit": office.body.id}),
            (actions.sign_in, handler, {}),
            (actions.answer, handler, {"text": self.past.texts.answer(), "outcome": DONE}),
            (actions.approve, reviewer, {}),
            (actions.send, agent, {}),
        ]
        looks = self._looks(agent, handler, at)
        for action, by, given in steps:
            action(case=case, by=by, at=at, **given)
            for _ in range(2 if len(looks) > 6 else 1):
                if looks:
                    with reference.hold():
                        looks.pop()()
        for look in looks:
            with reference.hold():
                look()

    def _looks(self, agent: Actor, handler: Actor, at: Any) -> list[Callable[[], object]]:
        """Ten lists, as those who have just acted would look at them."""
        desk, unit = viewer(agent), viewer(handler)
        village = viewer(self.county.village().handlers[0])
        own = Viewer(person=self.county.people[self.round % len(self.county.people)].pk)
        return [
            lambda: queries.queue_page(desk, at),
            lambda: queries.queue_page(unit, at),
            lambda: queries.queue_page(village, at),
            lambda: queries.queue_page(desk, at, view="accept"),
            lambda: queries.newest_page(desk),
            lambda: queries.newest_page(unit, state="handling"),
            lambda: queries.newest_page(village),
            lambda: queries.own_cases(own),
            lambda: queries.search_page(desk, COMMON),
            lambda: queries.search_page(unit, TWO),
        ]

    # -- the import ----------------------------------------------------------------------------------------------------

    def take_over(self, file: str) -> dict[str, Any]:
        """Import real messages with their replies: rows a second from opening the file to the last commit."""
        from tongban.engines.cases.importing import batches
        from tongban.engines.cases.importing.running import Plan, Running

        plan = Plan(Path(file), "community", "bench")
        new = batches.new_batch(
            programme=plan.programme, source=plan.source, file_name=plan.path.name,
            file_hash=batches.file_hash(plan.path), by=COMMAND, at=NOW,
        )  # fmt: skip
        chunks: list[Chunk] = []
        work = Running(plan, batches.begin(new, by=COMMAND, at=NOW), COMMAND, lambda: NOW, on_chunk=chunks.append)
        begun = time.perf_counter()
        work.run()
        taken = time.perf_counter() - begun
        return {
            "rate": work.totals.rows / taken,
            "lock": max(c.locked for c in chunks) * 1000,
            "rows": work.totals.rows,
            "line": work.totals.line(),
        }


def viewer(actor: Actor) -> Viewer:
    """What an officer may see now."""
    account = Account.objects.select_related("person").get(pk=actor.account or 0)
    return viewer_of(account, NOW)


def programme_of(case: int) -> str:
    """The programme whose desk a case waits at."""
    return str(Case.objects.values_list("programme", flat=True).get(pk=case))


def _p95(one: Offered, calls: int) -> dict[str, Any]:
    """One list, called as its page calls it: the first page, and now and then the one after it."""
    with reference.hold(), counted() as statements:
        page = one.ask(after="")
    after = getattr(page, "after", "")
    spent = []
    for i in range(calls):
        begun = time.perf_counter()
        with reference.hold():
            one.ask(after=after if i % 4 == 3 else "")
        spent.append(time.perf_counter() - begun)
    return {
        "p95": sorted(spent)[int(calls * 0.95)] * 1000,
        "queries": len(statements),
        "rows": len(getattr(page, "rows", ())),
        "calls": calls,
    }


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that are executed inside; those that only begin or end a transaction are left out."""
    found: list[str] = []

    def wrapper(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        if str(sql).split(" ", 1)[0].upper() not in ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK"):
            found.append(str(sql))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(wrapper):
        yield found
