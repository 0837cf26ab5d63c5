"""What is mine: my requests, one of them, and asking to act for a firm."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from tongban.core.access import bounds, throttle
from tongban.core.access.throttle import TooMany
from tongban.core.access.viewer import Viewer
from tongban.core.labels import Label
from tongban.core.refusals import Refused, declare
from tongban.core.registry.actions import ask_mandate, firm_dissolved
from tongban.core.registry.askers import firm_with_code, mandates_of_person, person_named
from tongban.engines.cases import actions
from tongban.engines.cases.queries import case_detail, own_cases
from tongban.engines.cases.queries.neighbours import has_joined
from tongban.engines.cases.queries.ratings import may_rate
from tongban.engines.cases.secrets import rating_token, tracking_code
from tongban.web.files.tray import Tray
from tongban.web.files.weighing import weighed
from tongban.web.guard import signed_in
from tongban.web.promised import row_promised
from tongban.web.public.shown import say_done, shown, undone
from tongban.web.reading import Reading

_ASKED = Label(
    "已申请。受理岗核对以后，这家企业会出现在这一页，之后就能替它办事。",
    "Asked. Once the desk has checked it, the firm stands on this page and you can act for it.",
)

declare(
    {
        "mandate.held": Label("您已经可以代表“{name}”。", "You may act for “{name}” already."),
        "mandate.person": Label(
            "这个账号没有对应的居民身份，请用手机号登录后再申请。",
            "This account belongs to no resident. Please sign in with a phone number to ask.",
        ),
        "mandate.many": Label(
            "一天最多申请 {most} 家企业，请过 {wait}再申请。",
            "At most {most} firms can be asked for in a day; try again in {wait}.",
        ),
    }
)


@signed_in
def mine(request: Reading) -> HttpResponse:
    """My requests and my firms' requests, newest first; the firms for which I may act."""
    error = ""
    if request.method == "POST":
        try:
            _ask_mandate(request)
        except Refused as refusal:
            error = refusal.sentence(request.language)
        else:
            messages.success(request, _ASKED.text(request.language))
            return HttpResponseRedirect(reverse("web:mine"))
    page = own_cases(request.viewer, after=request.GET.get("after", ""), limit=20, at=request.at)
    mandates = mandates_of_person(request.viewer.person, request.at)
    firms = {m.firm.pk: m.firm for m in mandates if m.firm.pk in request.viewer.firms}
    context = {
        "rows": [(row, row_promised(row)) for row in page.rows], "after": page.after,
        "firms": sorted(firms.values(), key=lambda firm: (firm.sort, firm.pk)),
        "asked": [m for m in mandates if m.confirmed_at is None], "error": error,
        "typed": request.POST.get("credit_code", ""), "first": not request.GET.get("after"),
        "may_ask": request.viewer.person is not None and not request.viewer.staff,
    }  # fmt: skip
    return render(request, "web/public/mine.html", context, status=422 if error else 200)


def _ask_mandate(request: Reading) -> None:
    person = person_named(request.viewer.person)
    if person is None or request.viewer.staff:
        raise Refused("mandate.person")
    firm = firm_with_code(request.POST.get("credit_code", ""))
    if firm is None:
        raise Refused("ask.firm.unknown", field="credit_code")
    if gone := firm_dissolved(firm, request.at):
        raise gone
    if firm.pk in request.viewer.firms:
        raise Refused("mandate.held", name=firm.label)
    if wait := throttle.take(bounds.MANDATES_A_DAY, str(person.pk), request.at):
        raise TooMany("mandate.many", wait, field="credit_code", most=bounds.MANDATES_A_DAY.most)
    ask_mandate(firm=firm, person=person, by=request.viewer.actor(), at=request.at)


@weighed
@signed_in
def my_case(request: Reading, key: int) -> HttpResponse:
    """One of my requests, as its asker sees it."""
    viewer = as_asker(request.viewer)
    if case_detail(viewer, key, request.at) is None:
        raise Http404
    refusal = None
    tray = Tray(request, f"reply:{key}:{request.viewer.account}", mark="reply")
    if tray.asked:
        if alone := tray.change():
            return alone
    elif request.method == "POST":
        try:
            _do(request, key, tray)
        except Refused as happened:
            refusal = happened
        else:
            say_done(request)
            if request.POST.get("do") == "leave":
                return HttpResponseRedirect(reverse("web:mine"))
            return HttpResponseRedirect(reverse("web:my-case", args=[key]))
    detail = case_detail(viewer, key, request.at)
    if detail is None:
        raise Http404
    context = {
        **shown(detail, request.at), "refusal": refusal, "did": request.POST.get("do", ""), "typed": request.POST,
        "rating_open": may_rate(viewer, key, request.at), "proved": True, "code": tracking_code(key) if detail.asker else "",
        "rating_token": rating_token(key) if detail.asker else "", "tray": tray,
        "may_leave": not detail.asker and has_joined(viewer, key),
    }  # fmt: skip
    context["undone"] = undone(context)
    return render(request, "web/public/my_case.html", context, status=422 if refusal else 200)


def as_asker(viewer: Viewer) -> Viewer:
    """The same person without his offices: on his own pages an officer sees what any asker sees."""
    return Viewer(viewer.account, viewer.person, viewer.name, viewer.language, (), viewer.firms)


def _do(request: Reading, key: int, tray: Tray) -> None:
    by, at, given = request.viewer.actor(), request.at, request.POST
    if given.get("do") == "reply":
        tray.take()
        actions.reply(case=key, text=given.get("reply", ""), by=by, at=at, files=tray.waiting())
    elif given.get("do") == "urge":
        actions.urge(case=key, by=by, at=at)
    elif given.get("do") == "private":
        actions.keep_private(case=key, by=by, at=at)
    elif given.get("do") == "public":
        actions.allow_public(case=key, by=by, at=at)
    elif given.get("do") == "object":
        actions.object_to_merge(case=key, reason=given.get("reason", ""), by=by, at=at)
    elif given.get("do") == "leave":
        actions.leave(case=key, by=by, at=at)
    elif given.get("do") == "withdraw":
        actions.withdraw(case=key, reason=given.get("reason", ""), by=by, at=at)
