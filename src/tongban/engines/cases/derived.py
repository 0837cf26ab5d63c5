"""For the audit: what the cases engine derives from its rows, derived again and compared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice

from django.db.models import Exists, OuterRef

from tongban.core.ledger.audit import derived, whole
from tongban.core.ledger.faults import Fault, fault
from tongban.core.registry import reference
from tongban.engines.cases.actions.keeping import KEEPER, Keeper
from tongban.engines.cases.actions.writing import SCOPE, scope_values, sight
from tongban.engines.cases.models import Assignment, Case, CaseScope, Participant, Publication, StoryItem
from tongban.engines.cases.text import INDEX, PUBLIC_INDEX, public_words, words_of

_KIND = Case._meta.label_lower
_AT_ONCE = 500
Row = tuple[object, ...]


class _Read(Keeper):
    """What sight needs of some cases, read together."""

    def __init__(self, keys: Sequence[int]) -> None:
        self.cases = list(Case.objects.filter(pk__in=keys).select_related("firm"))
        others: dict[int, list[int]] = defaultdict(list)
        for case, person in Participant.objects.filter(case__in=keys).values_list("case_id", "person_id"):
            others[case].append(person)
        duties: dict[int, list[Assignment]] = defaultdict(list)
        for duty in Assignment.objects.filter(case__in=keys).order_by("pk"):
            duties[duty.case_id].append(duty)
        self._reported: dict[int, set[int | None]] = defaultdict(set)
        for case, unit in StoryItem.objects.filter(case__in=keys, kind="feed_back").values_list("case_id", "unit_id"):
            self._reported[case].add(unit)
        for row in self.cases:
            row._duties, row._others = duties[row.pk], others[row.pk]  # type: ignore[attr-defined]

    def reported(self, case: Case) -> set[int | None]:
        return self._reported[case.pk]


@derived(_KIND)
def sight_and_search(keys: list[int]) -> Iterator[Fault]:
    """Who may see each case, and the words by which it is found."""
    for begin in range(0, len(keys), _AT_ONCE):
        with reference.hold():
            found = list(_differing(keys[begin : begin + _AT_ONCE]))
        yield from found


def _differing(keys: list[int]) -> Iterator[Fault]:
    read = _Read(keys)
    scopes: dict[int, set[Row]] = defaultdict(set)
    for row in CaseScope.objects.filter(case__in=keys).values_list(*SCOPE):
        scopes[row[0]].add(tuple(row))
    words = INDEX.read(keys)
    before = KEEPER.set(read)
    try:
        for case in read.cases:
            seen = sight(case)
            if scopes[case.pk] != {scope_values(case, holder, queue) for holder, queue in seen.items()}:
                yield fault("derived.differs", name="cases_casescope", kind=_KIND, key=case.pk)
            if words.get(case.pk) != frozenset(words_of(case, seen)):
                yield fault("derived.differs", name=INDEX.table, kind=_KIND, key=case.pk)
    finally:
        KEEPER.reset(before)


@whole
def nothing_stray() -> Iterator[Fault]:
    """Words, and rows of the scope table, of cases that do not exist."""
    stray = INDEX.count() - Case.objects.count()
    if stray > 0:
        yield fault("derived.stray", name=INDEX.table, count=stray)
    if strangers := CaseScope.objects.filter(~Exists(Case.objects.filter(pk=OuterRef("case_id")))).count():
        yield fault("derived.stray", name=CaseScope._meta.db_table, count=strangers)


@whole
def nothing_unpublished() -> Iterator[Fault]:
    """The public search holds the published texts word for word, and a word of nothing else."""
    rows = Publication.objects.order_by("pk").iterator(chunk_size=_AT_ONCE)
    while versions := list(islice(rows, _AT_ONCE)):
        words = PUBLIC_INDEX.read([v.pk for v in versions])
        for one in versions:
            if words.get(one.pk, frozenset()) != frozenset(public_words(one)):
                yield fault("derived.differs", name=PUBLIC_INDEX.table, kind=_KIND, key=one.case_id)
    stray = PUBLIC_INDEX.count() - Publication.objects.count()
    if stray > 0:
        yield fault("derived.stray", name=PUBLIC_INDEX.table, count=stray)
