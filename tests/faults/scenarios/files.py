"""Scenarios of files."""

from __future__ import annotations

from tests.engines.cases.conftest import NOW, County
from tests.faults.scenarios.cases import case_in
from tests.faults.scenarios.shared import SYSTEM, Call, brought, scenario
from tongban.core.files.blurring import Region
from tongban.core.files.scanning import Verdict
from tongban.core.ledger.journal import Journal
from tongban.engines.cases import actions
from tongban.engines.cases.models import (
    Attachment,
    Case,
)


def filed(county: County, state: str = "handling") -> Attachment:
    """A picture in a case, filed by an officer of the unit at work."""
    case = case_in(county, state)
    actions.attach(case=case, files=brought(), by=county.officers["俞经办"], at=NOW)
    return Attachment.objects.get(case=case)


@scenario(actions.attach)
def _attach(county: County) -> Call:
    case, files = case_in(county, "handling"), brought()
    return lambda: actions.attach(case=case, files=files, by=county.officers["俞经办"], at=NOW)


@scenario(actions.record_verdict)
def _verdict(county: County) -> Call:
    row = filed(county)
    with Journal("test.asked", by=SYSTEM, at=NOW) as journal:  # as if a scanner had been named when it came
        journal.change(row, of=Case.objects.get(pk=row.case_id), checked="waiting")
    return lambda: actions.record_verdict(file=row.pk, verdict=Verdict("Eicar"), by=SYSTEM, at=NOW)


@scenario(actions.open_picture)
def _open_picture(county: County) -> Call:
    file = filed(county).pk
    return lambda: actions.open_picture(
        file=file, regions=[Region(10, 10, 20, 20)], seen=True, by=county.officers["俞经办"], at=NOW
    )


@scenario(actions.close_picture)
def _close_picture(county: County) -> Call:
    file = filed(county).pk
    actions.open_picture(file=file, regions=[], seen=True, by=county.officers["俞经办"], at=NOW)
    return lambda: actions.close_picture(file=file, by=county.officers["俞经办"], at=NOW)
