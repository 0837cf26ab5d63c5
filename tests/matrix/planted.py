"""Thirty-odd mistakes that somebody could make, each put into the running system by the name of one function.

None of these knows how that function does its work: it wraps it, or answers in its place.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from django.db import transaction

from tests.matrix.cells import Matrix
from tests.matrix.county import County
from tests.matrix.findings import unknown
from tests.matrix.looks import Look, details, files, lists, opened, published, queues, reveals, searches, towns
from tongban.core import vault
from tongban.core.access import holders
from tongban.core.access import viewer as access
from tongban.core.access.models import Liaison
from tongban.core.registry.models import Firm, Mandate
from tongban.core.registry.queries import directory
from tongban.engines.cases import queries
from tongban.engines.cases.actions import asking, writing
from tongban.engines.cases.models import Assignment, Case, CaseScope, Participant, Publication
from tongban.engines.cases.queries import detail, standing
from tongban.engines.cases.queries import files as of_files
from tongban.engines.cases.queries import published as public
from tongban.engines.cases.queries.rows import rows_of
from tongban.engines.cases.queries.sight import Sight
from tongban.web.staff import export

Patch = Callable[[pytest.MonkeyPatch, County], None]


@dataclass(frozen=True)
class Mistake:
    """One mistake, what sentence describes it, and the part of the matrix that must notice."""

    name: str
    plant: Patch
    look: Look
    sight: bool = False  # who may see a case is stored: work it out again under the mistake


def found(mistake: Mistake, matrix: Matrix, patch: pytest.MonkeyPatch) -> int:
    """How many cells are wrong under the mistake that are not wrong without it."""
    point = transaction.savepoint()
    try:
        mistake.plant(patch, matrix.county)
        if mistake.sight:
            for placed in matrix.county.cases:
                writing.refresh_sight(writing.load(placed.key))
        return len(unknown(mistake.look(matrix)))
    except AssertionError:
        return 1  # a list twice as long as its count, a wrong code that opens something
    finally:
        patch.undo()
        transaction.savepoint_rollback(point)


# --- what is planted --------------------------------------------------------------------------------------------------


def more_sight(extra: Callable[[Case], list[int]]) -> Patch:
    """Holders who get a row although they should have none."""

    def plant(patch: pytest.MonkeyPatch, _: County) -> None:
        right = writing.sight

        def wrong(case: Case) -> dict[int, int]:
            return {**dict.fromkeys(extra(case), 0), **right(case)}

        patch.setattr(writing, "sight", wrong)

    return plant


def unbarred(extra: Callable[[Case], list[int]]) -> Patch:
    """More rows, and nobody kept from a complaint when it is read: sight is barred in two places."""

    def plant(patch: pytest.MonkeyPatch, county: County) -> None:
        more_sight(extra)(patch, county)
        patch.setattr(access.Viewer, "barred_by", lambda viewer: frozenset())

    return plant


def less_sight(keep: Callable[[Case, int], bool]) -> Patch:
    """Holders who lose their row."""

    def plant(patch: pytest.MonkeyPatch, _: County) -> None:
        right = writing.sight
        patch.setattr(writing, "sight", lambda case: {h: q for h, q in right(case).items() if keep(case, h)})

    return plant


def instead(module: Any, name: str, wrong: Callable[..., Any]) -> Patch:
    """Another function, which is given the right one first."""

    def plant(patch: pytest.MonkeyPatch, _: County) -> None:
        right = getattr(module, name)
        patch.setattr(module, name, lambda *args, **more: wrong(right, *args, **more))

    return plant


def _every_charge(_: Callable[..., Sight], viewer: access.Viewer) -> Sight:
    """Charges that have ended too, and those of an officer out of office."""
    firms = Liaison.objects.filter(account=viewer.account).values_list("firm_id", flat=True)
    return Sight(tuple((holders.firm(firm), "") for firm in firms))


def _returned(case: Case) -> list[int]:
    units = Assignment.objects.filter(case=case, returned_at__isnull=False).values_list("unit_id", flat=True)
    return [holders.unit(unit) for unit in units]


def _below_about(case: Case) -> list[int]:
    return [holders.unit(u) for u in directory().below(case.about_id)] if case.about_id else []


def _town(case: Case) -> int | None:
    return directory().places[case.area_id].town


def _other_desk(case: Case) -> list[int]:
    return [holders.unit(b.id) for b in directory().bodies.values() if b.kind == "desk"]


def _all_mandates(right: Callable[..., Any], account: Any, at: Any) -> Any:
    viewer = right(account, at)
    firms = Mandate.objects.filter(person=account.person_id).values_list("firm_id", flat=True)
    return replace(viewer, firms=viewer.firms | set(firms))


def _unconfirmed(right: Callable[..., Any], account: Any, at: Any) -> Any:
    viewer = right(account, at)
    asked = Mandate.objects.filter(person=account.person_id, confirmed_at=None, ended_at=None)
    return replace(viewer, firms=viewer.firms | set(asked.values_list("firm_id", flat=True)))


def _alone(right: Callable[..., Any], role: Any, at: Any) -> bool:
    """A substitute's role by its own dates, whatever became of the one he stands in for."""
    kept, role.substitute_for = role.substitute_for, None
    try:
        return bool(right(role, at))
    finally:
        role.substitute_for = kept


def _any_phone(right: Any, viewer: Any, typed: str, **more: Any) -> Any:
    """A number finds whatever the viewer sees, be it confidential or not."""
    if not (typed.isdigit() and len(typed) == 11):
        return right(viewer, typed, **more)
    cases = Case.objects.filter(requester__phone_index=vault.blind_index("phone", typed)).values_list("pk", flat=True)
    seen = {row.id for row in queries.newest_page(viewer, limit=500).rows}
    return queries.Page(rows_of([key for key in cases if key in seen]))


def _search_all(right: Any, viewer: Any, typed: str, **more: Any) -> Any:
    return right(_overseer(viewer), typed, **more)


def _overseer(viewer: Any) -> Any:
    """The same person as a supervisor of the whole county."""
    county = directory().county
    body = next(b for b in directory().bodies.values() if b.area == county.id and b.kind == "bureau")
    grant = access.Grant(role=0, code="supervisor", organisation=body.id, programme="", on_behalf=None)
    return replace(viewer, grants=(grant,))


def _whole_county(right: Any, viewer: Any, **more: Any) -> Any:
    """A town's list drawn from all that lies there, not from what the viewer sees of it."""
    if more.get("town") is None:
        return right(viewer, **more)
    return right(_overseer(viewer), **more)


def _everything_counted(right: Any, viewer: Any, *more: Any) -> dict[str, int]:
    return {view: CaseScope.objects.filter(queue__gt=0).count() for view in right(viewer, *more)}


def _any_code(right: Any, typed: str) -> int | None:
    """The number alone opens the case; the ten signs after it are not looked at."""
    tidy = "".join(c for c in typed if c.isalnum())[:-10]
    return int(tidy[6:]) if tidy.isdigit() and len(tidy) > 6 else None


def _followers_too(right: Any, case: Case) -> list[int]:
    return list(Participant.objects.filter(case=case).values_list("person_id", flat=True))


def _drafts(right: Any, case: Case, level: int) -> Any:
    return right(case, 3)


def _with_names(right: Any, case: Case, level: int, names: Any) -> Any:
    return [line for line in right(case, 3, detail._names(case)) if line.audience <= level]


def _with_firm(right: Any, viewer: Any, case: Case, level: int, offered: Any, *, asker: bool) -> Any:
    made = right(viewer, case, level, offered, asker=asker)
    return replace(made, firm=Firm.objects.get(pk=case.firm_id)) if case.firm_id else made


def _with_about(right: Any, viewer: Any, case: Case, level: int, offered: Any, *, asker: bool) -> Any:
    made = right(viewer, case, level, offered, asker=asker)
    return replace(made, about=directory().bodies[case.about_id].name) if case.about_id else made


def _with_author(right: Any, viewer: Any, case: Case, level: int, offered: Any, *, asker: bool) -> Any:
    made = right(viewer, case, level, offered, asker=asker)
    return replace(made, author=detail._author(case))


def _known_to_all(right: Any, case: Case, *_: Any) -> None:
    return None


def _own_too(right: Any, viewer: Any, **more: Any) -> Any:
    """The lists of an officer hold his own requests as well."""
    page = right(viewer, **more)
    mine = [r for r in queries.own_cases(viewer, limit=500).rows if r.id not in {p.id for p in page.rows}]
    return replace(page, rows=[*page.rows, *mine]) if not more.get("after") else page


def _mixed(patch: pytest.MonkeyPatch, _: County) -> None:
    """What is one's own and what is one's office's are taken together."""
    own, working = access.Viewer.own_holders, access.Viewer.working_holders
    patch.setattr(access.Viewer, "own_holders", lambda viewer: own(viewer) | working(viewer))


def _out_of_time(patch: pytest.MonkeyPatch, _: County) -> None:
    patch.setattr(access, "_stands", lambda role, at: True)
    patch.setattr(access, "_in_force", lambda row, day: True)


def _clerk_sees_confidential(case: Case) -> list[int]:
    return [holders.firm(case.firm_id)] if case.firm_id else []


def _waiting_too(_: Callable[[], Any]) -> Any:
    """What was prepared is shown like what was approved."""
    return Publication.objects.exclude(state=Publication.State.WITHDRAWN)


def _to_nobody(right: Callable[[], Any]) -> Any:
    return right().none()


def _level(change: Callable[[int], int]) -> Patch:
    return instead(standing, "_level", lambda right, *args, **more: change(right(*args, **more)))


def _any_proof(right: Callable[..., bool], viewer: Any, row: Any, proved: Any) -> bool:
    return right(viewer, row, [row.case_id] if proved else proved)


MISTAKES = (
    Mistake("a unit that gave a case back keeps it", more_sight(_returned), lists("traffic handler"), sight=True),
    Mistake("the unit complained about gets a row",
            unbarred(lambda c: [holders.unit(c.about_id)] if c.about_id else []), lists("traffic reviewer"), sight=True),
    Mistake("units below the one complained about get a row", unbarred(_below_about),
            lists("泖口村 reviewer", "works station reviewer"), sight=True),
    Mistake("a town oversees complaints about its own office",
            unbarred(lambda c: [holders.area(t)] if (t := _town(c)) else []), lists("新埭镇 supervisor"), sight=True),
    Mistake("each desk sees the other's cases", more_sight(_other_desk), lists("enterprise agent"), sight=True),
    Mistake("a firm's clerks see its confidential cases", more_sight(_clerk_sees_confidential), lists("clerk"),
            sight=True),
    Mistake("assisting units are forgotten",
            less_sight(lambda c, h: h not in {holders.unit(a.unit_id) for a in c.assignments.all() if not a.lead}),
            lists("labour handler"), sight=True),
    Mistake("followers are forgotten",
            less_sight(lambda c, h: h not in {holders.person(p.person_id) for p in c.participants.all()}),
            lists("follower"), sight=True),
    Mistake("a phone search finds confidential cases for units", instead(queries, "search_page", _any_phone),
            searches("traffic handler")),
    Mistake("a search forgets who searches", instead(queries, "search_page", _search_all),
            searches("新仓镇 handler", "stranger")),
    Mistake("every viewer of a case is told its author", instead(detail, "_detail", _with_author),
            details("county supervisor", "follower")),
    Mistake("units are told the author of a confidential case", instead(detail, "_detail", _with_author),
            details("traffic handler")),
    Mistake("a confidential firm is named", instead(detail, "_detail", _with_firm), details("labour reviewer")),
    Mistake("everybody reads who is complained about", instead(detail, "_detail", _with_about),
            details("labour handler", "county supervisor")),
    Mistake("an audience off by one, upwards", _level(lambda n: min(n + 1, 4)), details("follower", "clerk")),
    Mistake("an audience off by one, downwards", _level(lambda n: max(n - 1, 1)), details("co-signer")),
    Mistake("liaison officers see what is barred to their office",
            lambda patch, _: patch.setattr(access.Viewer, "barred_by", lambda viewer: frozenset()),
            details("traffic liaison officer")),
    Mistake("a charge counts after its end", instead(standing, "as_liaison", _every_charge),
            details("former liaison officer", "liaison officer out of office")),
    Mistake("followers read as parties", instead(standing, "_cosigners", _followers_too), details("follower")),
    Mistake("askers read answers before they are sent", instead(detail, "_answers", _drafts), details("co-signer")),
    Mistake("askers read the names of officers", instead(detail, "story_of", _with_names), details("clerk")),
    Mistake("mandates count before anybody confirmed them", instead(access, "viewer_of", _unconfirmed),
            lists("unconfirmed clerk")),
    Mistake("mandates count after their end", instead(access, "viewer_of", _all_mandates),
            lists("former clerk", "clerk until yesterday")),
    Mistake("roles count out of their time", _out_of_time,
            lists("traffic handler until yesterday", "supervisor from tomorrow")),
    Mistake("a substitute outlives his principal", instead(access, "_stands", _alone),
            lists("substitute of one who left")),
    Mistake("the whole number is given to whoever asks", instead(asking, "_refuse_strangers", _known_to_all),
            reveals("county supervisor", "traffic handler")),
    Mistake("a role's programme is not looked at when its holder acts",
            lambda patch, _: patch.setattr(access.Grant, "covers", lambda self, programme: True),
            reveals("traffic handler for firms")),
    Mistake("a town's list is drawn from the whole county", instead(queries, "newest_page", _whole_county),
            towns("新仓镇 handler")),
    Mistake("desk lists hold what is one's own", instead(queries, "newest_page", _own_too),
            lists("officer and follower")),
    Mistake("one's own list holds what one's office sees", _mixed, lists("officer and follower")),
    Mistake("counts are taken over everything", instead(queries, "queue_counts", _everything_counted),
            queues("traffic handler")),
    Mistake("a number opens a case without its secret", instead(detail, "case_of_tracking_code", _any_code),
            lambda m: m.tracking(m.county.cases[:3])),
    Mistake("askers open what goes out with an answer before it is sent",
            instead(of_files, "may_open", lambda right, **of: right(**{**of, "sent": True})), opened("co-signer")),
    Mistake("who only oversees opens what askers brought",
            instead(of_files, "may_open", lambda right, **of: right(**{**of, "at_work": True})),
            opened("county supervisor")),
    Mistake("a proof for one case opens the files of another", instead(of_files, "_reader_may", _any_proof),
            lambda m: m.tracking(m.county.cases[:3])),
    Mistake("a file's number opens it", instead(of_files, "_reader_may", lambda right, *asked: True),
            opened("stranger")),
    Mistake("a public text is read before anybody has approved it", instead(public, "_public", _waiting_too),
            published("", "community agent")),
    Mistake("what is published is shown to nobody", instead(public, "_public", _to_nobody), published("")),
    Mistake("chosen rows are exported without asking whose they are",
            instead(export, "visible", lambda right, viewer, keys: keys), files("新仓镇 handler")),
)  # fmt: skip
