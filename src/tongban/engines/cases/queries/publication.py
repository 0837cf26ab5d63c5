"""The public text of a case as those at work on it see it: the original beside it, and what waits for approval."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from tongban.core.access.models import Account
from tongban.core.access.viewer import Viewer
from tongban.engines.cases.actions.naming import known_names
from tongban.engines.cases.actions.publishing import last_sent, told_text
from tongban.engines.cases.logic.comparing import Piece, pieces
from tongban.engines.cases.logic.redacting import Kind, left_over, redacted
from tongban.engines.cases.models import Case, OpenPicture, Publication, StoryItem
from tongban.engines.cases.outcome import Outcome
from tongban.engines.cases.queries.files import Content, copy_of
from tongban.engines.cases.queries.standing import Standing, standing

State = Publication.State


@dataclass(frozen=True, slots=True)
class Texts:
    """Title, question and answer."""

    title: str
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Compared:
    """Each text of a version woven into the original, and the words in it that still look personal."""

    title: list[Piece]
    question: list[Piece]
    answer: list[Piece]
    left: list[tuple[Kind, str]]
    pictures: list[int]  # keys of the chosen copies that are still as they were chosen
    writer: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """What there is to publish of a case. ``proposal`` is the original without what was found to be personal."""

    case: Case
    original: Texts
    proposal: Texts
    waiting: Publication | None
    public: Publication | None
    versions: list[Publication]
    copies: list[int]
    proposed: list[int]  # of the copies: those chosen last time, and those confirmed since
    answered: bool
    behind: bool  # an answer was sent that the public version does not tell
    compared: Compared | None
    came_to: Outcome | None  # what everybody is told of it beside the answer's public text

    @property
    def last(self) -> Publication | None:
        """The version to go on from."""
        return self.waiting or self.public or (self.versions[0] if self.versions else None)


def sheet(viewer: Viewer, key: int, at: datetime) -> Sheet | None:
    """For whoever works on the case, the desk and the units; None for anybody else."""
    found = _working(viewer, key)
    if found is None:
        return None
    case = found.case
    versions = list(Publication.objects.filter(case=case).order_by("-pk"))
    by_state = {v.state: v for v in reversed(versions)}
    waiting, public = by_state.get(State.PREPARED), by_state.get(State.PUBLISHED)
    answer = last_sent(case)
    original = Texts(case.title, case.body, told_text(answer) if answer is not None else "")
    names = known_names(case)
    return Sheet(
        case, original, Texts(*(redacted(text, names) for text in (original.title, original.question, original.answer))),
        waiting, public, versions, sorted(_copies(case)),
        _proposed(case, waiting or public or next(iter(versions), None)), answer is not None,
        public is not None and answer is not None and public.answers_id != answer.pk,
        _compared(case, original, waiting or public),
        answer.came_to if answer is not None and answer.outcome else None,
    )  # fmt: skip


def publication_states(case: int) -> list[str]:
    """The states of a case's versions, for a page of a case that its reader has opened already; one query."""
    return list(Publication.objects.filter(case=case).values_list("state", flat=True))


def public_number(case: int) -> int | None:
    """The number under which everybody may read the case now, for its asker's page; one query."""
    found = Publication.objects.filter(case=case, state=State.PUBLISHED).first()
    return found.number if found is not None else None


def chosen_copy(viewer: Viewer, case: int, copy: int) -> Content | None:
    """A confirmed copy, for those who work on its case."""
    if _working(viewer, case) is None:
        return None
    row = OpenPicture.objects.filter(pk=copy, case=case, withdrawn_at=None).first()
    return copy_of(row) if row is not None else None


def _working(viewer: Viewer, key: int) -> Standing | None:
    found = standing(viewer, key)
    return found if found is not None and found.level >= StoryItem.Audience.UNIT else None


def _copies(case: Case) -> dict[int, str]:
    return dict(OpenPicture.objects.filter(case=case, withdrawn_at=None).values_list("pk", "stored"))


def _proposed(case: Case, last: Publication | None) -> list[int]:
    """The copies to begin with: what was left out once is not put in again by itself."""
    rows = OpenPicture.objects.filter(case=case, withdrawn_at=None).order_by("pk").values_list("pk", "confirmed_at")
    if last is None:
        return [key for key, _ in rows]
    chosen = {key for key, _ in json.loads(last.pictures)}
    return [key for key, confirmed_at in rows if key in chosen or confirmed_at > last.prepared_at]


def _compared(case: Case, original: Texts, version: Publication | None) -> Compared | None:
    if version is None:
        return None
    copies = _copies(case)
    writer = Account.objects.select_related("person").filter(pk=version.prepared_by or 0).first()
    return Compared(
        pieces(original.title, version.title),
        pieces(original.question, version.question),
        pieces(original.answer, version.answer) if version.answer else [],
        left_over(
            (version.title, version.question, version.answer), known_names(case, firm_agreed=version.firm_agreed)
        ),
        [key for key, stored in json.loads(version.pictures) if copies.get(key) == stored],
        (writer.person.name if writer.person else writer.username) if writer is not None else "",
    )
