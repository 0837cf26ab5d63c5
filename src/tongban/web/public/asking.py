"""Asking: one page, and what stands on it when it has been sent."""

from __future__ import annotations

from contextlib import suppress

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from tongban.core.labels import Label
from tongban.core.ledger.actor import Actor
from tongban.core.refusals import Refused
from tongban.core.registry.actions import firm_dissolved
from tongban.core.registry.askers import named_person, person_named, unproven_person
from tongban.core.registry.models import Person
from tongban.core.registry.queries import firm_by_code
from tongban.engines.cases import actions
from tongban.engines.cases.actions import Opening
from tongban.engines.cases.models import Case
from tongban.engines.cases.queries import tracked
from tongban.engines.cases.queries.entrance import entrance
from tongban.engines.cases.secrets import tracking_code
from tongban.web.files.tray import Tray
from tongban.web.files.weighing import weighed
from tongban.web.guard import public
from tongban.web.guard import refused as refused_page
from tongban.web.public.askform import AskForm, new_key, showing
from tongban.web.public.before import Before, asked_before, asks_again, keep_sent
from tongban.web.public.entry import Entry, entry
from tongban.web.public.offer import asker_of
from tongban.web.public.pace import paced
from tongban.web.public.pinmap import pinmap
from tongban.web.public.private import secret_page, status_of, wrong
from tongban.web.public.shown import shown
from tongban.web.reading import Reading

ASKER = Actor(system="asker")
_TWICE = Label("这份您已经交过了，就是下面这一件，没有重复登记。", "You had sent this already: here it is, once.")


@weighed
@public
def ask(request: Reading, programme: str) -> HttpResponse:
    """The form of one programme, empty or with what was given."""
    way = entry(programme)
    scanned = firm_by_code(request.GET.get("firm", "")[:12]) if way.for_firms and request.GET.get("firm") else None
    if scanned is not None and (gone := firm_dissolved(scanned, request.at)):
        return refused_page(request, gone)
    asker = asker_of(request, person_named(request.viewer.person), scanned)
    key = new_key(way)
    initial: dict[str, object] = {"key": key, "town": scanned.area_id if scanned else ""}
    tray = Tray(request, showing(way, request.POST.get("key", key)), mark="ask", once=True)
    looks = request.method == "POST" and request.POST.get("do") == "look" and not tray.asked
    if tray.asked and (alone := tray.change()):
        return alone
    if tray.asked or looks:
        # Nothing is judged yet: the page as it was, with another file, or with what is like it.
        initial = {**request.POST.dict()}
    before = _looked(request, way, tray) if looks else None
    form = AskForm(
        request.POST if request.method == "POST" and not (tray.asked or looks) else None,
        initial=initial,
        language=request.language, entry=way, entrance=entrance(programme, way.kind, request.at), asker=asker,
        at=request.at,
    )  # fmt: skip
    status = 422 if form.is_bound else 200
    if form.is_bound and _brought(tray, form) and form.is_valid():
        before = asks_again(request, way, form.cleaned_data["body"], tray.owner)
    if before is not None and form.is_bound:
        status = 409
    elif form.is_bound and form.is_valid():
        try:
            with paced(request, "" if form.asker.person else form.cleaned_data["phone"]) as uncount:
                case = _file(request, way, form, tray)
                if case.recorded_at != request.at:
                    uncount()  # pressed twice
        except Refused as refusal:
            form.refuse(refusal)
            status = status_of(refusal, status)
        else:
            keep_sent(request, tray.owner)
            return _sent(request, case)
    context = {
        "form": form, "way": way, "asker": asker, "map": pinmap(), "tray": tray, "before": before, "again": before is not None and form.is_bound,
        "facts": [form[name] for name in form.fields if name.startswith("fact-")],
        "open_more": any(name in form.errors for name in ("beneficiary_name", "beneficiary_phone", "cosigners")),
    }  # fmt: skip
    return render(request, "web/public/ask.html", context, status=status)


def _looked(request: Reading, way: Entry, tray: Tray) -> Before:
    """What is like the words so far; files that came along stay, and the tray says which could not."""
    with suppress(Refused):
        tray.take()
    return asked_before(request, way, request.POST.get("body", ""))


def _brought(tray: Tray, form: AskForm) -> bool:
    """Take in what came with the form; what cannot be taken is said beside the other mistakes."""
    try:
        tray.take()
    except Refused as refusal:
        form.is_valid()
        form.refuse(refusal)
    return True


def _file(request: Reading, way: Entry, form: AskForm, tray: Tray) -> Case:
    given, at = form.cleaned_data, request.at
    by = request.viewer.actor() if request.viewer.account is not None else ASKER
    requester = form.asker.person or unproven_person(name=given["name"], phone=given["phone"], by=by, at=at)

    def other(name: str, phone: str) -> Person:
        # Only who has proved himself may bring in people who have: a typed number proves nothing.
        find = named_person if form.asker.person is not None else unproven_person
        return find(name=name, phone=phone, by=by, at=at)

    beneficiary = None
    if given["beneficiary_phone"]:
        beneficiary = other(given["beneficiary_name"], given["beneficiary_phone"])
    joining = {p.pk: p for p in (other(n, number) for n, number in form.named)}
    joining.pop(requester.pk, None)
    opening = Opening(
        programme=way.programme.code,
        kind=way.kind.code,
        body=given["body"],
        area=form.area(),
        category=given["category"],
        channel="code" if form.asker.scanned is not None and not form.asker.acts else "web",
        requester=requester,
        beneficiary=beneficiary,
        cosigners=tuple(joining.values()),
        firm=form.found_firm,
        confidential=given["confidential"],
        kept_private=given["kept_private"],
        about=int(given["about"]) if given["about"] else None,
        address=given["address"],
        longitude=given["position"][0],
        latitude=given["position"][1],
        facts=form.facts(),
        files=tuple(tray.waiting()),
    )
    return actions.open_case(opening, by=by, at=at, idempotency=form.idempotency())


def _sent(request: Reading, case: Case) -> HttpResponse:
    if case.recorded_at != request.at:
        messages.warning(request, _TWICE.text(request.language))
    return HttpResponseRedirect(reverse("web:sent", args=[tracking_code(case.pk)]))


@public
@secret_page
def sent(request: Reading, code: str) -> HttpResponse:
    """It has arrived: the number, the code to keep, and what happens next."""
    found = tracked(code)
    if found is None:
        refusal = wrong(request, Refused("track.unknown"))
        return refused_page(request, refusal, status=status_of(refusal, 404))
    ways = entrance(found.case.programme, found.type, request.at)
    matter = next((m for m in ways.matters if m.code == found.case.category), None)
    context = {
        **shown(found, request.at),
        "code": tracking_code(found.case.pk),
        "acceptance": ways.acceptance,
        "answer": matter.promise if matter else None,
        "mine": request.viewer.person is not None and request.viewer.person == found.case.requester_id,
    }
    return render(request, "web/public/sent.html", context)
