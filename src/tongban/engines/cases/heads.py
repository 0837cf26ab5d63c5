"""Which cases go on as which: walked along the merges that are in force."""

from __future__ import annotations

from tongban.engines.cases.models import Case, Link


def merged_with(head: int) -> list[Case]:
    """The cases that go on as ``head``, also those merged into one that was merged into it, oldest first."""
    found, wave = list[int](), [head]
    while wave:
        links = Link.objects.filter(other_id__in=wave, kind=Link.Kind.MERGED, undone_at=None)
        wave = list(links.values_list("case_id", flat=True))
        found += wave
    return list(Case.objects.filter(pk__in=found).order_by("pk")) if found else []


def goes_on_for_others(case: Case) -> bool:
    """Whether anybody but its own requester waits for what comes of a case: who asked the same, or joined."""
    return bool(case.neighbours) or any(
        other.neighbours or other.requester_id is None or other.requester_id != case.requester_id
        for other in merged_with(case.pk)
    )


def head_key(case: Case) -> int:
    """The key of the case as which this one goes on at last."""
    key, into = case.pk, case.merged_into_id
    while into is not None:
        key = into
        into = Case.objects.values_list("merged_into_id", flat=True).get(pk=key)
    return key
