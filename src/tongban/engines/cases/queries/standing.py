"""How a reader stands to one case: whether he sees it at all, as what, and how far."""

from __future__ import annotations

from dataclasses import dataclass

from tongban.core.access.viewer import AGENT, HANDLER, REVIEWER, Viewer
from tongban.engines.cases.actions.authority import duties, is_asker
from tongban.engines.cases.models import Case, StoryItem
from tongban.engines.cases.queries.sight import as_asker, as_liaison, at_work

Audience = StoryItem.Audience


@dataclass(frozen=True, slots=True)
class Standing:
    """A case that its reader may see; ``level`` is the widest audience to which he belongs in it.

    ``viewer`` is the reader as far as he counts here: whoever sees a case only as its asker sees it as an asker does,
    whatever office he holds elsewhere.
    """

    case: Case
    viewer: Viewer
    level: int
    asker: bool

    @property
    def at_work(self) -> bool:
        """Whether he has a part in the work, or had one; who only oversees has none."""
        return self.level == Audience.DESK or works_on(self.viewer, self.case)


def standing(viewer: Viewer, key: int) -> Standing | None:
    """How the viewer stands to a case; None if there is none or he may not see it."""
    working = bool(at_work(viewer).of([key]))
    asking = working or bool(as_asker(viewer).of([key]))
    # A liaison officer who merely follows it, too, sees it as its party.
    calling = not working and viewer.staff and bool(as_liaison(viewer).of([key]))
    if not asking and not calling:
        return None
    case = seen_case(key)
    if case is None:
        return None
    counted = viewer if working else viewer.out_of_office()
    level = max(_level(viewer, case, working), Audience.PARTY if calling else Audience.PUBLIC)
    return Standing(case, counted, level, is_asker(viewer, case))


def seen_case(key: int) -> Case | None:
    """The case with what a page needs of it; None also for one whose import was undone."""
    wanted = Case.objects.select_related("requester", "firm", "handler__person", "batch")
    return wanted.filter(pk=key).exclude(state="undone").first()


def _level(viewer: Viewer, case: Case, working: bool) -> int:
    """The widest audience to which the viewer belongs in this case."""
    if working:
        return Audience.DESK if case.desk_id in viewer.units(AGENT, programme=case.programme) else Audience.UNIT
    if is_asker(viewer, case) or viewer.person in (case.beneficiary_id, *_cosigners(case)):
        return Audience.PARTY
    return Audience.PUBLIC


def _cosigners(case: Case) -> list[int]:
    return list(case.participants.filter(role="cosigner").values_list("person_id", flat=True))


def works_on(viewer: Viewer, case: Case) -> bool:
    """Whether the viewer holds an office in a unit that has the case (an overseer does not)."""
    mine = viewer.units(HANDLER, REVIEWER, programme=case.programme)
    return any(d.unit_id in mine for d in duties(case) if d.returned_at is None)
