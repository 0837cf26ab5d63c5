"""Files of a case: filed with a step, looked through for viruses, and made ready to be shown to everybody."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from tongban.core import vault
from tongban.core.files import sealed, store
from tongban.core.files.blurring import MOST, Region, blur
from tongban.core.files.scanning import Verdict, scanner
from tongban.core.files.waiting import Waiting
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.journal import Journal
from tongban.core.ledger.rows import new_row
from tongban.core.refusals import Refused
from tongban.engines.cases.actions.writing import Act, Audience, acting, load
from tongban.engines.cases.models import Answer, Attachment, Case, Checked, Inquiry, OpenPicture, StoryItem

#: Files of one case: what a county can look through, and what one page can show.
MOST_OF_CASE = 60
SCAN = "cases.scan"
#: Whoever waits for the scanner waits beside everything else, and together with the others when it rests.
LANE = "scanner"
#: The files of which a scanner may still be asked: one from before there was any stays open until it is judged.
NOT_YET = (Checked.WAITING, Checked.UNASKED)


def file_with(
    journal: Journal, case: Case, files: Sequence[Waiting], *, came_with: str, audience: int, by: Actor, at: datetime,
    unit: int | None = None, answer: Answer | None = None, inquiry: Inquiry | None = None,
) -> list[Attachment]:  # fmt: skip
    """Record ``files``, which lie in the store already, as files of the case; part of somebody else's action."""
    if not files:
        return []
    count = Attachment.objects.filter(case=case).count() if case.version > 1 else 0
    if count + len(files) > MOST_OF_CASE:
        raise Refused("file.most", field="files", count=count, most=MOST_OF_CASE)
    asked = Checked.WAITING if scanner() is not None else Checked.UNASKED
    rows = [
        new_row(
            Attachment, case=case, came_with=came_with, audience=audience, inquiry=inquiry, answer=answer, unit_id=unit,
            by_account=by.account, taken_at=at, checked=asked, **_columns(one, case),
        )
        for one in files
    ]  # fmt: skip
    _add(journal, case, rows)
    if asked == Checked.WAITING:
        for row in rows:
            journal.send(SCAN, key=f"{SCAN}:{row.pk}", file=row.pk)
    return rows


def attach(*, case: int, files: Sequence[Waiting], by: Actor, at: datetime) -> None:
    """An officer adds files for the desk and the units alone."""
    if not files:
        raise Refused("file.none", field="files")
    with acting(case, "attach", by=by, at=at) as act:
        file_with(
            act.journal, act.case, files, came_with="attach", audience=Audience.UNIT, unit=act.right.unit, by=by, at=at
        )
        act.tell("attach", audience=Audience.UNIT)


def record_verdict(*, file: int, verdict: Verdict, by: Actor, at: datetime) -> None:
    """What the scanner says of a file. One in which something was found is shut for good, and who sent it is told."""
    row = Attachment.objects.filter(pk=file, checked__in=NOT_YET).first()
    if row is None:
        return  # said already
    with Journal("cases.scan", by=by, at=at) as journal:
        case = load(row.case_id)
        # Read anew behind the case, whose version is the lock: another verdict may have come meanwhile.
        row = Attachment.objects.filter(pk=file, checked__in=NOT_YET).first()
        if row is None:
            return
        journal.programme, journal.area, journal.unit = case.programme, case.area_id, case.lead_id
        state = Checked.CLEAN if verdict.clean else Checked.INFECTED
        journal.change(row, of=case, checked=state, checked_at=at, found=verdict.found)
        if not verdict.clean:
            # What was to go out with an answer is the writers' to mend; what an asker sent, his.
            told = Audience.UNIT if row.answer_id else row.audience
            line = StoryItem(case=case, kind="infected", audience=told, happened_at=at, precision="second")
            journal.add(line, of=case)
            journal.send("cases.infected", key=f"cases.infected:{row.pk}", case=case.pk)


def open_picture(*, file: int, regions: Iterable[Region], seen: bool, by: Actor, at: datetime) -> OpenPicture:
    """Make the copy of a picture that everybody may see once its case is published: ``regions`` are blurred for good.

    ``seen``: the officer has looked at the result. A second copy takes the first one's place.
    """
    regions = list(regions)
    if not seen:
        raise Refused("file.sure", field="sure")
    if len(regions) > MOST:
        raise Refused("region.many", field="regions", most=MOST)
    row = _picture(file)
    # Made before the action begins, for it takes long, and on SQLite nobody else writes while an action is under way.
    copy = _blurred(row, regions)
    try:
        with acting(row.case_id, "open_picture", by=by, at=at) as act:
            row = _picture(file)  # a virus may have been found in it meanwhile
            known = _confirm(act, row, {**copy, "confirmed_by": by.account, "confirmed_at": at, "withdrawn_at": None})
            act.tell("open_picture", audience=Audience.UNIT)
    except Refused:
        store.remove(str(copy["stored"]))
        raise
    return known


def _blurred(row: Attachment, regions: Sequence[Region]) -> dict[str, object]:
    """The columns of a copy that lies in the store. Whatever dies now leaves a file that no row names, which is collected."""
    content, width, height = blur(content_of(row), regions)
    key = sealed.new_key()
    stored = store.put([content], key)
    return {
        "regions": json.dumps([r.numbers() for r in regions]), "width": width, "height": height, "size": stored.size,
        "stored": stored.token, "sha256": stored.sha256, "key": vault.encrypt(key.hex(), "open picture"),
    }  # fmt: skip


def _confirm(act: Act, row: Attachment, columns: dict[str, object]) -> OpenPicture:
    known = OpenPicture.objects.filter(attachment=row).first()
    if known is None:
        known = OpenPicture(case=act.case, attachment=row, **columns)
        act.journal.add(known, of=act.case)
    else:
        act.journal.change(known, of=act.case, **columns)
    return known


def close_picture(*, file: int, by: Actor, at: datetime) -> None:
    """Take a picture's confirmed copy back: nobody gets it any more."""
    row = _picture(file)
    with acting(row.case_id, "close_picture", by=by, at=at) as act:
        known = OpenPicture.objects.filter(attachment=row, withdrawn_at=None).first()
        if known is None:
            raise Refused("file.unknown")
        act.journal.change(known, of=act.case, withdrawn_at=at)
        act.tell("close_picture", audience=Audience.UNIT)


def content_of(row: Attachment) -> bytes:
    """A stored file's whole content. Raises :class:`vault.Forgotten`, :class:`sealed.Damaged`, FileNotFoundError."""
    return b"".join(sealed.unseal(store.path_of(row.stored), key_of(row)))


def key_of(row: Attachment) -> bytes:
    """What opens a file and its small picture; :class:`vault.Forgotten` once the case's subject is."""
    return bytes.fromhex(vault.open_for(row.case.subject_key(), row.key))


def open_key(row: OpenPicture) -> bytes:
    """What opens a confirmed copy."""
    return bytes.fromhex(vault.decrypt(bytes(row.key), "open picture"))


def _columns(one: Waiting, case: Case) -> dict[str, object]:
    taken = one.taken
    return {
        "kind": taken.kind.code, "name": taken.name, "size": taken.whole.size, "width": taken.width,
        "height": taken.height, "stored": taken.whole.token, "sha256": taken.whole.sha256,
        "small": taken.small.token if taken.small else "", "small_sha256": taken.small.sha256 if taken.small else "",
        "key": vault.close_for(case.subject_key(), taken.key.hex()),
    }  # fmt: skip


def _add(journal: Journal, case: Case, rows: list[Attachment]) -> None:
    names = {row.stored: row.name for row in rows}
    try:
        with transaction.atomic():
            journal.add_many(rows, of=case)
    except IntegrityError:
        used = Attachment.objects.filter(stored__in=names).values_list("stored", flat=True).first()
        if used is None:
            raise
        raise Refused("file.used", field="files", name=names[used]) from None
    missing = next((row for row in rows if not store.path_of(row.stored).is_file()), None)
    if missing is not None:
        raise Refused("file.broken", field="files", name=missing.name)


def _picture(file: int) -> Attachment:
    found = Attachment.objects.select_related("case__requester").filter(pk=file).first()
    if found is None:
        raise Refused("file.unknown")
    if not found.small or found.checked not in (Checked.CLEAN, Checked.UNASKED):
        raise Refused("file.picture")
    return found
