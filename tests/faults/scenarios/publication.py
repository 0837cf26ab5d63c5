"""Scenarios of publication."""

from __future__ import annotations

from tests.engines.cases.conftest import NOW, County
from tests.faults.scenarios.cases import case_in
from tests.faults.scenarios.shared import HOUR, Call, scenario
from tests.ledgered import adopt
from tongban.core.ledger.actor import Actor
from tongban.engines.cases import actions
from tongban.engines.cases.models import (
    Publication,
)


def published(county: County, *, twice: bool = False) -> int:
    """A case that is public; ``twice``: and whose next version waits."""
    case = case_in(county, "answered")
    if "程受理" not in county.officers:
        county.officer("程受理", "企业受理", "agent")
        adopt()
    second = county.officers["程受理"]
    for last in (False, True) if twice else (False,):
        actions.publish_prepare(
            case=case, title="公交", question="夜班公交停了", place="town", by=county.officers["沈受理"], at=NOW
        )  # fmt: skip
        if not last:
            actions.publish_approve(case=case, version=waiting_version(case), read=True, by=second, at=NOW)
    return case


def waiting_version(case: int) -> int:
    """The public text that waits for approval."""
    return Publication.objects.values_list("pk", flat=True).get(case=case, state="prepared")


@scenario(actions.publish_prepare)
def _publish_prepare(county: County) -> Call:
    case, desk = published(county, twice=True), county.officers["沈受理"]
    return lambda: actions.publish_prepare(
        case=case, title="公交", question="夜班公交停了", answer="周五恢复。", by=desk, at=NOW + HOUR
    )  # fmt: skip


@scenario(actions.publish_approve)
def _publish_approve(county: County) -> Call:
    case = published(county, twice=True)
    version, second = waiting_version(case), county.officers["程受理"]
    return lambda: actions.publish_approve(case=case, version=version, read=True, by=second, at=NOW + HOUR)


@scenario(actions.publish_withdraw)
def _publish_withdraw(county: County) -> Call:
    case, desk = published(county, twice=True), county.officers["沈受理"]
    return lambda: actions.publish_withdraw(case=case, reason="不合适", by=desk, at=NOW + HOUR)


@scenario(actions.keep_private)
def _keep_private(county: County) -> Call:
    case, asker = published(county, twice=True), Actor(county.accounts["陆文员"].pk)
    return lambda: actions.keep_private(case=case, by=asker, at=NOW + HOUR)


@scenario(actions.allow_public)
def _allow_public(county: County) -> Call:
    case, asker = published(county), Actor(county.accounts["陆文员"].pk)
    actions.keep_private(case=case, by=asker, at=NOW)
    return lambda: actions.allow_public(case=case, by=asker, at=NOW + HOUR)
