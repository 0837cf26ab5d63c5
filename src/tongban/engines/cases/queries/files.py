"""The files of a case: which there are for a reader, and what is handed out when he opens one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from tongban.core import vault
from tongban.core.access.viewer import Viewer
from tongban.core.files import sealed, store
from tongban.core.files.kinds import KINDS, Kind
from tongban.core.files.scanning import scanner
from tongban.core.files.waiting import Waiting
from tongban.core.notices import breaker
from tongban.engines.cases.actions.authority import rights, type_of
from tongban.engines.cases.actions.filing import LANE, key_of, open_key
from tongban.engines.cases.heads import head_key, merged_with
from tongban.engines.cases.logic.files import may_open
from tongban.engines.cases.models import Attachment, Case, Checked, OpenPicture, StoryItem
from tongban.engines.cases.queries.standing import Standing, standing

Audience = StoryItem.Audience
_OPEN = (Checked.UNASKED, Checked.CLEAN)


@dataclass(frozen=True, slots=True)
class File:
    """A file as a page lists it. ``number`` counts the pictures a reader sees, from 1; 0 for another file."""

    key: int
    name: str
    kind: Kind
    size: int
    width: int
    height: int
    came_with: str
    inquiry: int | None
    answer: int | None
    audience: int
    checked: str
    number: int
    confirmed: bool  # everybody may see its copy once the case is published; told to officers

    @property
    def opens(self) -> bool:
        """Whether it can be opened now."""
        return self.checked in _OPEN

    @property
    def picture(self) -> bool:
        """Whether it is shown rather than kept."""
        return self.kind.picture


@dataclass(frozen=True, slots=True)
class Content:
    """A file that its reader may have: what it is sent as, and its content, of which any stretch may be asked for."""

    file: str  # its name for whoever keeps it
    kind: Kind
    size: int
    _path: str
    _key: bytes

    def pieces(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """The bytes from ``start`` up to ``stop``."""
        return sealed.unseal(store.path_of(self._path), self._key, start, stop)


def files_of(case: Case, level: int, *, at_work: bool) -> list[File]:
    """The files of a case for a reader of audience ``level``, in the order in which they came; one query.

    Whoever asked what goes on as another case is answered there: he is shown what went out with those answers too.
    """
    found: list[File] = []
    wanted = Q(case=case)
    if case.merged_into_id is not None and level == Audience.PARTY:
        wanted |= Q(case=head_key(case), answer__sent_at__isnull=False)
    rows = Attachment.objects.filter(wanted).select_related("answer", "open_copy").order_by("pk")
    pictures = 0
    for row in rows if level >= Audience.PARTY else ():
        if not _may(row, level, at_work=at_work):
            continue
        kind = KINDS[row.kind]
        pictures += kind.picture
        copy = getattr(row, "open_copy", None)
        found.append(
            File(
                row.pk, row.name, kind, row.size, row.width, row.height, row.came_with, row.inquiry_id, row.answer_id,
                row.audience, row.checked, pictures if kind.picture else 0,
                level >= Audience.UNIT and copy is not None and copy.withdrawn_at is None,
            )
        )  # fmt: skip
    return found


def file_content(
    viewer: Viewer, key: int, at: datetime, *, proved: Collection[int] = (), small: bool = False
) -> Content | None:
    """A file, or its small picture, for whoever may open it; None for anybody else, or if there is none.

    ``proved``: the cases for which the reader has shown the requester's number; he sees what the requester sees.
    """
    row = Attachment.objects.select_related("answer", "case__requester").filter(pk=key, checked__in=_OPEN).first()
    if row is None or (small and not row.small) or not _reader_may(viewer, row, proved):
        return None
    token = row.small if small else row.stored
    try:
        path = store.path_of(token)
        return Content(row.name, KINDS[row.kind], sealed.content_size(path), token, key_of(row))
    except (vault.Forgotten, FileNotFoundError):
        return None  # forgotten with its subject, or missing: then the audit names it


@dataclass(frozen=True, slots=True)
class Shelf:
    """The files among which one stands, for its reader; ``way`` is from where he looks: desk, mine or tracked."""

    case: int
    title: str
    files: list[File]
    way: str
    prepares: bool  # may make a copy of a picture for everybody
    takes_back: bool = False  # may take back the copies that were made, and make no more
    firm: int | None = None


def shelf(viewer: Viewer, key: int, at: datetime, *, proved: Collection[int] = ()) -> Shelf | None:
    """Where a file stands; None for whoever may not open it."""
    row = Attachment.objects.select_related("answer", "case").filter(pk=key).first()
    if row is None or not _reader_may(viewer, row, proved):
        return None
    found = _opening(viewer, row)
    case = row.case if found is not None or row.case_id in proved else _answered_there(viewer, row, proved) or row.case
    if found is None and case.pk not in proved:
        return Shelf(case.pk, case.title, files_of(case, Audience.PARTY, at_work=False), "mine", False)
    if found is None:
        return Shelf(case.pk, case.title, files_of(case, Audience.PARTY, at_work=False), "tracked", False)
    working = found.level >= Audience.UNIT
    prepares = working and may_prepare(found.viewer, case)
    takes_back = working and not prepares and may_prepare(found.viewer, case, "close_picture")
    files = files_of(case, found.level, at_work=found.at_work)
    return Shelf(case.pk, case.title, files, _way(viewer, case, working=working), prepares, takes_back, case.firm_id)


def _way(viewer: Viewer, case: Case, *, working: bool) -> str:
    """On whose page the reader finds the case: an office may let him follow what is not his own, as its firm's officer."""
    if working:
        return "desk"
    return "mine" if standing(viewer.out_of_office(), case.pk) is not None else "firm"


def files_before(case: Case) -> list[tuple[int, str]]:
    """Key and name of the files of the last version of the answer, if that was sent back."""
    last = case.answers.filter(receipt=False).order_by("-pk").first()
    if last is None or last.approved is not False:
        return []
    return list(Attachment.objects.filter(answer=last).order_by("pk").values_list("pk", "name"))


def may_prepare(viewer: Viewer, case: Case, code: str = "open_picture") -> bool:
    """Whether the viewer may settle, as the case now stands, which pictures of it everybody may see; or which no more."""
    moves = (m for m in type_of(case).lifecycle.moves if m.code == code and case.state in m.sources)
    return any(rights(viewer, case, move) for move in moves)


def unused(files: Sequence[Waiting]) -> list[Waiting]:
    """Those that nothing was sent with yet: each serves one request."""
    tokens = [one.token for one in files]
    used = set(Attachment.objects.filter(stored__in=tokens).values_list("stored", flat=True)) if tokens else set()
    return [one for one in files if one.token not in used]


@dataclass(frozen=True, slots=True)
class Looking:
    """How files are looked through for viruses, as counts: for administrators, who see no case."""

    scanner: bool
    waiting: int
    infected: int
    unasked: int  # taken before there was a scanner
    rests_until: datetime | None  # it failed so often that nobody asks it until then


def looking(viewer: Viewer, at: datetime) -> Looking:
    """Whether the county has a scanner, whether it answers, how many files wait for it, and in how many something was found."""
    counted = Attachment.objects.aggregate(
        waiting=Count("pk", filter=Q(checked=Checked.WAITING)),
        infected=Count("pk", filter=Q(checked=Checked.INFECTED)),
        unasked=Count("pk", filter=Q(checked=Checked.UNASKED)),
    )
    named = scanner() is not None
    return Looking(named, rests_until=breaker.rests_until(LANE, at) if named else None, **counted)


def open_copy(viewer: Viewer, key: int, at: datetime) -> Content | None:
    """The confirmed copy of the picture ``key``, for those at work on its case: the desk and the units."""
    row = OpenPicture.objects.filter(attachment=key, withdrawn_at=None).first()
    found = standing(viewer, row.case_id) if row is not None else None
    if row is None or found is None or found.level < Audience.UNIT or not found.at_work:
        return None
    return copy_of(row)


def open_copies(case: int) -> list[tuple[int, Content]]:
    """The confirmed copies of a case, by their rows: for whoever shows a case to everybody, once it is published."""
    rows = OpenPicture.objects.filter(case=case, withdrawn_at=None).order_by("attachment")
    return [(row.pk, content) for row in rows if (content := copy_of(row)) is not None]


def copy_of(row: OpenPicture) -> Content | None:
    """The content of a confirmed copy; None if it is missing."""
    path = store.path_of(row.stored)
    if not path.is_file():
        return None
    return Content(f"{row.pk}.jpg", KINDS["jpeg"], sealed.content_size(path), row.stored, open_key(row))


def _reader_may(viewer: Viewer, row: Attachment, proved: Collection[int]) -> bool:
    if row.case_id in proved and row.case.state != "undone" and _may(row, Audience.PARTY, at_work=False):
        return True
    return _opening(viewer, row) is not None or _answered_there(viewer, row, proved) is not None


def _answered_there(viewer: Viewer, row: Attachment, proved: Collection[int]) -> Case | None:
    """The reader's own case that goes on as the file's, if the file went out with an answer: that one is his too."""
    if row.answer is None or row.answer.sent_at is None or row.audience > Audience.PARTY:
        return None
    asker = viewer.out_of_office()
    for case in merged_with(row.case_id):
        if case.pk in proved:
            return case
        found = standing(asker, case.pk)
        if found is not None and found.level == Audience.PARTY:
            return case
    return None


def _opening(viewer: Viewer, row: Attachment) -> Standing | None:
    """As what the reader may open it: at work, else as the asker or party that he may be too."""
    for counted in (viewer, viewer.out_of_office()) if viewer.grants else (viewer,):
        found = standing(counted, row.case_id)
        if found is not None and _may(row, found.level, at_work=found.at_work):
            return found
    return None


def _may(row: Attachment, level: int, *, at_work: bool) -> bool:
    return may_open(
        audience=row.audience, of_answer=row.answer_id is not None,
        sent=row.answer is not None and row.answer.sent_at is not None, level=level, at_work=at_work,
    )  # fmt: skip


__all__ = [
    "Content", "File", "Shelf", "copy_of", "file_content", "files_before", "files_of", "looking", "may_prepare", "open_copies", "open_copy", "shelf", "unused",
]  # fmt: skip
