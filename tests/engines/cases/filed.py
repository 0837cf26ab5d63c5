"""Cases with files, for the tests of whatever is about them."""

from __future__ import annotations

from tests.engines.cases.conftest import NOW, County
from tests.pictures import jpeg
from tongban.core.access.viewer import Viewer, viewer_of
from tongban.core.files import waiting
from tongban.core.files.waiting import Waiting
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.audit import Audit
from tongban.engines.cases import actions
from tongban.engines.cases.actions import Opening
from tongban.engines.cases.models import Attachment, Case
from tongban.engines.cases.queries.files import file_content

_forms = iter(range(1, 10_000))


def brought(*names: str, content: bytes = b"") -> list[Waiting]:
    """Files that wait for a form of their own; pictures unless ``content`` says otherwise."""
    form = f"form {next(_forms)}"
    return [waiting.add(form, [content or jpeg()], name, at=NOW) for name in names]


def asked(county: County, files: list[Waiting], **more: object) -> Case:
    opening = Opening(
        programme="community", kind="request", body="路灯三天没亮了。", area=county.areas["village"].pk, category="city",
        requester=county.people["陈居民"], files=tuple(files), **more,  # type: ignore[arg-type]
    )  # fmt: skip
    return actions.open_case(opening, by=Actor(county.accounts["陈居民"].pk), at=NOW)


def at_work(county: County, case: Case) -> Case:
    """Given to the transport bureau with the labour bureau helping, and taken on."""
    desk = county.officers["王受理"]
    actions.accept(case=case.pk, by=desk, at=NOW)
    actions.assign(
        case=case.pk, unit=county.units["交通局"].pk, assisting=(county.units["人社局"].pk,), by=desk, at=NOW
    )
    actions.sign_in(case=case.pk, by=county.officers["俞经办"], at=NOW)
    return case


def viewer(county: County, name: str) -> Viewer:
    account = county.accounts[name]
    account.refresh_from_db()
    return viewer_of(account, NOW)


def read(county: County, name: str, file: int, *, small: bool = False) -> bytes | None:
    found = file_content(viewer(county, name), file, NOW, small=small)
    return b"".join(found.pieces()) if found is not None else None


def kept(case: Case, **where: object) -> list[Attachment]:
    return list(Attachment.objects.filter(case=case, **where).order_by("pk"))


def faults() -> list[str]:
    return [fault.code for fault in Audit().faults() if fault.code.startswith("file.")]
