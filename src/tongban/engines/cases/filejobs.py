"""Files behind the scenes: looked through for viruses, collected when nothing names them, and checked by the audit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import time, timedelta
from itertools import islice

from django.db.models import Q

from tongban.core import vault
from tongban.core.files import sealed, store, waiting
from tongban.core.files.scanning import ScannerDown, Verdict, scanner
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.audit import derived
from tongban.core.ledger.faults import Fault, fault
from tongban.core.ledger.journal import Journal
from tongban.core.ledger.logic import canonical
from tongban.core.ledger.models import Outbox
from tongban.core.ledger.worker import Effect, Task, daily, handles
from tongban.core.notices import breaker
from tongban.engines.cases.actions.filing import LANE, NOT_YET, SCAN, key_of, record_verdict
from tongban.engines.cases.models import Attachment, Case, Checked, OpenPicture

COLLECT, AGAIN, OLD = "cases.files.collect", "cases.files.scan", "cases.files.scan_old"
#: Of the files from before there was a scanner so many are asked for at once, and then as long a pause is made.
SOME, PAUSE = 200, timedelta(minutes=5)
SCANNER = Actor(system="scanner")
_KIND = Case._meta.label_lower
_AT_ONCE = 500


@handles(SCAN, outside=True, lane=LANE)
def scan(task: Task) -> Effect | None:
    """Show a file to the scanner. One that does not answer leaves the file as it is; the outbox tries again, and rests
    with all files when it has not answered some times in a row."""
    row = Attachment.objects.select_related("case__requester").filter(pk=task.payload["file"]).first()
    if row is None or row.checked not in NOT_YET:
        return None
    looking = scanner()
    if looking is None and row.checked == Checked.UNASKED:
        return None  # it is nobody's to wait for
    if looking is None:
        raise ScannerDown("no scanner is named any more")
    machine = breaker.route(LANE)
    breaker.ready(machine, task.at)
    try:
        verdict = looking.scan(sealed.unseal(store.path_of(row.stored), key_of(row)))
    except vault.Forgotten:
        return None  # nobody can ever open it again
    except ScannerDown:
        breaker.failed(machine, task.at)
        raise
    breaker.worked(machine)
    return lambda: _said(row.pk, verdict, task)


def _said(file: int, verdict: Verdict, task: Task) -> None:
    record_verdict(file=file, verdict=verdict, by=SCANNER, at=task.at)


@handles(AGAIN)
def scan_again(task: Task) -> None:
    """Once a day: whatever still waits is shown to the scanner anew, though the outbox may have given it up."""
    waits = Attachment.objects.filter(checked=Checked.WAITING).order_by("pk").values_list("pk", flat=True)
    if scanner() is None:
        return
    with Journal(AGAIN, by=SCANNER, at=task.at) as journal:
        for some in _some(waits.iterator(_AT_ONCE)):
            _ask_to_scan(journal, some, task)
        under_way = Outbox.objects.filter(topic=OLD, done_at=None, failed_at=None).exists()
        first = f"{OLD}:{task.at:%Y-%m-%d}:0"
        if not under_way and not Outbox.objects.filter(key=first).exists():
            journal.send(OLD, key=first, after=0)


@handles(OLD)
def scan_old(task: Task) -> None:
    """What was taken before there was a scanner is shown to it: some files at a time, until none is left."""
    if scanner() is None:
        return
    after = task.payload["after"]
    waits = Attachment.objects.filter(checked=Checked.UNASKED, pk__gt=after).order_by("pk")
    keys = list(waits.values_list("pk", flat=True)[:SOME])
    with Journal(OLD, by=SCANNER, at=task.at) as journal:
        _ask_to_scan(journal, keys, task)
        following = f"{OLD}:{task.key.split(':')[1]}:{keys[-1]}" if len(keys) == SOME else ""
        if following and not Outbox.objects.filter(key=following).exists():
            journal.send(OLD, key=following, due_at=task.at + PAUSE, after=keys[-1])


def _some(files: Iterable[int]) -> Iterator[list[int]]:
    left = iter(files)
    while some := list(islice(left, _AT_ONCE)):
        yield some


def _ask_to_scan(journal: Journal, files: Sequence[int], task: Task) -> None:
    """Have these files shown to the scanner, once a day each, however often this is asked; none that waits for it already.

    A scanner that is away for a week would otherwise be asked seven times of each file.
    """
    asked = {canonical({"file": file}): file for file in files}
    waits = Outbox.objects.filter(topic=SCAN, payload__in=asked, done_at=None, failed_at=None)
    under_way = {asked[payload] for payload in waits.values_list("payload", flat=True)}
    wanted = {f"{SCAN}:{file}:{task.at:%Y-%m-%d}": file for file in files if file not in under_way}
    known = set(Outbox.objects.filter(key__in=wanted).values_list("key", flat=True))
    for key, file in wanted.items():
        if key not in known:
            journal.send(SCAN, key=key, file=file)


@handles(COLLECT, outside=True)
def collect(task: Task) -> None:
    """Remove what waited for a form that was never sent, and what no row names."""
    waiting.collect(task.at)
    store.collect(named, task.at.timestamp())


def named(tokens: list[str]) -> set[str]:
    """Those of the stored files that a row names."""
    files = Attachment.objects.filter(Q(stored__in=tokens) | Q(small__in=tokens)).values_list("stored", "small")
    copies = OpenPicture.objects.filter(stored__in=tokens).values_list("stored", flat=True)
    return {token for pair in files for token in pair} | set(copies)


daily(AGAIN, time(4, 0))
daily(COLLECT, time(3, 20))


@derived(_KIND)
def files_are_whole(keys: list[int]) -> Iterator[Fault]:
    """Every file that a row names is there, and is what was stored."""
    for begin in range(0, len(keys), _AT_ONCE):
        some = keys[begin : begin + _AT_ONCE]
        rows = Attachment.objects.filter(case__in=some).order_by("pk")
        for row in rows.iterator(_AT_ONCE):
            for token, wanted in ((row.stored, row.sha256), (row.small, row.small_sha256)):
                if token:
                    yield from _whole(row, token, wanted, row.case_id)
        for copy in OpenPicture.objects.filter(case__in=some).order_by("pk").iterator(_AT_ONCE):
            yield from _whole(copy, copy.stored, copy.sha256, copy.case_id)


def _whole(row: Attachment | OpenPicture, token: str, wanted: str, case: int) -> Iterator[Fault]:
    told = {"model": row._meta.label_lower, "row": row.pk, "kind": _KIND, "key": case, "file": token}
    path = store.path_of(token)
    if not path.is_file():
        yield fault("file.missing", **told)
    elif sealed.sum_of(path) != wanted:
        yield fault("file.changed", **told)
