"""What was public of a case that was merged can be taken down, by the desk and by its asker, and blocks no undoing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.engines.cases.conftest import NOW, County
from tests.engines.cases.filed import brought
from tests.engines.cases.test_merging import asked, merge, refused, unmerge
from tests.ledgered import adopt
from tongban.cli.bench.undoing import at_rest
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.audit import Audit
from tongban.engines.cases import actions
from tongban.engines.cases.models import Attachment, Case, OpenPicture, Publication
from tongban.engines.cases.queries.files import open_copies
from tongban.engines.cases.queries.published import Wanted, published_page
from tongban.engines.cases.request import REQUEST

LATER = NOW + timedelta(hours=1)
#: Where taking down leaves its mark, beside the asker's wish: the public texts and the copies of pictures.
TAKEN = {Publication._meta.db_table, OpenPicture._meta.db_table}


@pytest.fixture
def case(county: County) -> int:
    """A public case with a public picture, merged into another that was worked on since."""
    county.resident("李邻居", "13800000003")
    second = county.officer("程受理", "民生受理", "agent")
    adopt()
    key, head = asked(county, state="accepted", files=tuple(brought("灯.jpg"))), asked(county, "李邻居")
    desk, file = county.officers["王受理"], Attachment.objects.get(case=key)
    copy = actions.open_picture(file=file.pk, regions=[], seen=True, by=desk, at=NOW)
    actions.publish_prepare(
        case=key, title="路灯不亮", question="村口的路灯不亮。", pictures=[copy.pk], by=desk, at=NOW
    )
    version = Publication.objects.get(case=key).pk
    actions.publish_approve(case=key, version=version, read=True, by=second, at=NOW)
    merge(county, key, head)
    return key


def is_public() -> bool:
    return bool(published_page(Wanted(), LATER).rows)


def withdrawn(county: County, case: int) -> None:
    actions.publish_withdraw(case=case, reason="不宜公开", by=county.officers["王受理"], at=LATER)


def kept_private(county: County, case: int) -> None:
    actions.keep_private(case=case, by=Actor(county.accounts["陈居民"].pk), at=LATER)


def closed(county: County, case: int) -> None:
    actions.close_picture(file=Attachment.objects.get(case=case).pk, by=county.officers["王受理"], at=LATER)


TAKING = (withdrawn, kept_private, closed)


@pytest.mark.parametrize("take", TAKING)
def test_the_desk_and_the_asker_take_it_down_though_the_head_was_worked_on(
    county: County, case: int, take: Callable[[County, int], None]
) -> None:
    head = Case.objects.values_list("merged_into", flat=True).get(pk=case)
    actions.accept(case=head, by=county.officers["王受理"], at=NOW)
    assert refused(unmerge, county, case, LATER) == "case.undo.later"
    assert is_public()
    assert open_copies(case)
    take(county, case)
    assert not is_public() if take is not closed else not open_copies(case)
    assert [f.sentence("en") for f in Audit().faults()] == []


@pytest.mark.parametrize("take", TAKING)
def test_taking_it_down_is_no_work_on_which_the_merge_could_not_be_undone(
    county: County, case: int, take: Callable[[County, int], None]
) -> None:
    unmerge(county, case)
    before = _beside_the_public(case)
    head = Case.objects.exclude(pk=case).get().pk
    merge(county, case, head)
    take(county, case)
    unmerge(county, case, LATER)
    assert _beside_the_public(case) == before
    assert not is_public() if take is not closed else not open_copies(case), "the undoing publishes nothing"
    assert [f.sentence("en") for f in Audit().faults()] == []


def test_no_picture_is_made_public_of_a_case_that_was_merged(county: County, case: int) -> None:
    file, desk = Attachment.objects.get(case=case).pk, county.officers["王受理"]
    assert refused(actions.open_picture, file=file, regions=[], seen=True, by=desk, at=LATER) == "case.state"


def test_what_was_told_may_be_taken_back_however_the_case_has_ended() -> None:
    for code in ("publish_withdraw", "keep_private", "close_picture"):
        assert set(REQUEST.states) - set(REQUEST.move(code).sources) == {"undone"}, code  # which is seen by nobody


def _beside_the_public(case: int) -> dict[str, dict[str, object]]:
    rows = {name: row for name, row in at_rest([case])[case].items() if name.split()[0] not in TAKEN}
    itself = f"{Case._meta.db_table} {case}"
    return {**rows, itself: {name: value for name, value in rows[itself].items() if name != "kept_private"}}
