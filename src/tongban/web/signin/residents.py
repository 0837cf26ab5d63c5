"""Residents and firm clerks: a phone, a code sent to it and, the first time, a name."""

from __future__ import annotations

import logging
import secrets
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from tongban.core.access import one_time, phones
from tongban.core.access.throttle import TooMany
from tongban.core.notices.ports import send_code
from tongban.core.refusals import Refused
from tongban.core.registry import codes
from tongban.core.registry.models import masked
from tongban.web.client import network
from tongban.web.forms import Form, Words
from tongban.web.guard import public
from tongban.web.reading import Reading
from tongban.web.signin import pending
from tongban.web.signin.entering import enter

log = logging.getLogger(__name__)


class PhoneForm(Form):
    """Where to send the code."""

    phone = forms.CharField(
        label=Words("手机号", "Mobile number"),
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
    )


class CodeForm(Form):
    """The six digits."""

    code = forms.CharField(
        label=Words("6 位验证码", "Six-digit code"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "short"}),
    )


class NameForm(Form):
    """How to call a person who comes for the first time."""

    name = forms.CharField(
        label=Words("您的姓名", "Your name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )


@public
@require_http_methods(["GET", "HEAD", "POST"])
def phone(request: Reading) -> HttpResponse:
    """Ask for a phone and send a code to it. The answer is the same whoever the number belongs to."""
    pending.remember_next(request)
    if request.user.is_authenticated and request.method == "GET":
        return HttpResponseRedirect(pending.onward(request, request.viewer))
    form = PhoneForm(request.POST or None, language=request.language)
    status = 422
    if request.method == "POST" and form.is_valid():
        try:
            return _send(request, form.cleaned_data["phone"])
        except Refused as refusal:
            form.refuse(refusal)
            status = 429 if isinstance(refusal, TooMany) or refusal.code == "code.wait_other" else status
    return _page(request, "phone", form, status)


def _send(request: Reading, typed: str) -> HttpResponse:
    number, asker = codes.phone(typed), _asker(request)
    try:
        code = one_time.make(number, request.at, asker=asker, network=network(request))
    except Refused as refusal:
        if refusal.code != "code.wait":
            raise
        # Pressed twice, or come back: the code that is on its way still counts.
        messages.info(request, refusal.sentence(request.language))
    else:
        _deliver(number, code, request)
    pending.begin(request, pending.SENT, number, more=asker)
    return pending.to("sign-in-code")


def _asker(request: Reading) -> str:
    """This browser's own secret: a code that it asks for is good here alone, and its wrong tries count here alone."""
    known: str = request.session.get("asker") or secrets.token_hex(16)
    request.session["asker"] = known
    return known


def _deliver(number: str, code: str, request: Reading) -> None:
    try:
        send_code(number, code, request.language, request.at)
    except Exception as error:
        one_time.unsent(number, request.at, network=network(request))
        log.error("a sign-in code could not be handed to the message port: %s", type(error).__name__)
        raise Refused("code.unsent", field="phone") from error


@public
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: Reading) -> HttpResponse:
    """Check the code; whoever is known is signed in, others say their name first."""
    try:
        number, asker = pending.value(request, pending.SENT), pending.more(request, pending.SENT)
    except Refused as refusal:
        return _again(request, refusal)
    form = CodeForm(request.POST or None, language=request.language)
    if request.method == "POST" and form.is_valid():
        try:
            one_time.check(number, form.cleaned_data["code"], request.at, asker=asker)
            if phones.owner_known(number):
                account = phones.confirm_phone(phone=number, name="", at=request.at)
                return HttpResponseRedirect(enter(request, account))
            pending.begin(request, pending.PROVED, number)
            request.session.cycle_key()
            return pending.to("sign-in-name")
        except Refused as refusal:
            form.refuse(refusal)
    return _page(request, "code", form, masked=masked(number), number=number)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def name(request: Reading) -> HttpResponse:
    """The first time: how may we call you?"""
    try:
        number = pending.value(request, pending.PROVED)
    except Refused as refusal:
        return _again(request, refusal)
    form = NameForm(request.POST or None, language=request.language)
    if request.method == "POST" and form.is_valid():
        try:
            account = phones.confirm_phone(phone=number, name=form.cleaned_data["name"], at=request.at)
            return HttpResponseRedirect(enter(request, account))
        except Refused as refusal:
            form.refuse(refusal)
    return _page(request, "name", form, masked=masked(number))


def _again(request: Reading, refusal: Refused) -> HttpResponse:
    messages.error(request, refusal.sentence(request.language))
    return pending.to("sign-in")


def _page(request: Reading, page: str, form: Form, wrong: int = 422, **more: Any) -> HttpResponse:
    status = wrong if form.is_bound else 200
    return pending.stored_nowhere(render(request, f"web/signin/{page}.html", {"form": form, **more}, status=status))
