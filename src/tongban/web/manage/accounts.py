"""Accounts and offices: who signs in as staff, what each may do and until when."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.core.access import actions, queries
from tongban.core.access.models import Account, Role
from tongban.core.labels import Label
from tongban.core.masking import names_somebody
from tongban.core.refusals import Refused
from tongban.core.registry.queries import directory
from tongban.engines.cases.queries import administration as cases
from tongban.web.forms import Form, Words, day_field
from tongban.web.manage.shared import (
    MISSING,
    actor,
    administrator,
    done_or_told,
    offices,
    page,
    programme_names,
    to,
    tried,
    whole,
)
from tongban.web.reading import Reading
from tongban.web.seeking import moved
from tongban.web.signin.pending import stored_nowhere

A_PAGE = 50
ALL = Label("全部事项", "All programmes")


class AccountForm(Form):
    """A new officer."""

    name = forms.CharField(label=Words("姓名", "Name"), max_length=80)
    username = forms.CharField(
        label=Words("登录名", "Sign-in name"), max_length=40,
        help_text=Words("小写字母开头，如 yu.jiaotong；以后不能改。", "Small letters, such as yu.jiaotong; it stays."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
    )  # fmt: skip
    phone = forms.CharField(
        label=Words("手机号", "Mobile number"), max_length=30, required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )  # fmt: skip


class RoleForm(Form):
    """An office in an organisation."""

    code = forms.ChoiceField(label=Words("岗位", "Office"))
    organisation = forms.TypedChoiceField(label=Words("单位", "Organisation"), coerce=int)
    programme = forms.ChoiceField(label=Words("事项", "Programme"), required=False)
    valid_from = day_field(Words("从哪天起", "From which day"), required=False)
    valid_until = day_field(
        Words("到哪天止", "Until which day"), required=False,
        help_text=Words("长期的不用填。", "Empty for an office without an end."),
    )  # fmt: skip


class SubstituteForm(Form):
    """Who stands in, from which day to which."""

    username = forms.CharField(
        label=Words("代岗人的登录名", "Sign-in name of the substitute"), max_length=40,
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
    )  # fmt: skip
    valid_from = day_field(Words("从哪天起", "From which day"), required=False)
    valid_until = day_field(Words("到哪天止", "Until which day"))


@administrator
@require_http_methods(["GET", "HEAD", "POST"])
def accounts(request: Reading) -> HttpResponse:
    """Staff accounts by sign-in name, a page at a time. A person's name, like a number, is looked up and stands in no address."""
    named = request.method == "POST" and not _signs_in(request.POST.get("q", "").strip())
    if (not named or names_somebody(request.POST["q"])) and (answer := moved(request)):
        return answer
    given = request.POST if named else request.GET
    like, unit = given.get("q", "")[:80], whole(given.get("unit"))
    found = queries.staff_accounts(
        viewer=request.viewer, at=request.at, like=like, organisation=unit, after=request.GET.get("after", "")[:40],
        limit=A_PAGE + 1,
    )  # fmt: skip
    more = found[A_PAGE - 1].username if len(found) > A_PAGE and not named else ""
    return page(
        request, "accounts", place="manage-accounts", accounts=found[:A_PAGE], more=more, like=like, unit=unit,
        units=[(b.id, b.name) for b in directory().bodies.values()], offices=offices(), programmes=programme_names(),
    )  # fmt: skip


def _signs_in(typed: str) -> bool:
    """Whether it may begin a sign-in name; else it is a person's."""
    return typed.isascii()


@administrator
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Reading) -> HttpResponse:
    """A new staff account; its first password is shown once."""
    form = AccountForm(request.POST or None, language=request.language)
    if request.method == "POST" and form.is_valid():
        try:
            account, first = actions.create_account(**form.cleaned_data, by=actor(request), at=request.at)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return _told_once(request, account, first)
    return page(request, "account-new", place="manage-accounts", form=form, status=422 if form.is_bound else 200)


@administrator
@require_safe
def account(request: Reading, key: int) -> HttpResponse:
    """One account with all its offices, past ones too."""
    return _file(request, key)


@administrator
@require_POST
def give(request: Reading, key: int) -> HttpResponse:
    """One more office."""
    form = _role_form(request, request.POST)
    done = Label("岗位已给，下次打开页面就生效。", "The office is given and counts from the next page on.")
    if tried(request, form, actions.give_role, done, account=key, offices=frozenset(offices())):
        return to("manage-account", key)
    return _file(request, key, role=form)


@administrator
@require_POST
def end(request: Reading, key: int, role: int) -> HttpResponse:
    """An office ends now, and with it whoever stands in for it."""
    done_or_told(
        request, lambda: actions.end_role(role=role, by=actor(request), at=request.at),
        Label("岗位已结束，对方下次打开页面就生效。", "The office has ended; it counts from that person's next page on."),
    )  # fmt: skip
    return to("manage-account", key)


@administrator
@require_http_methods(["GET", "HEAD", "POST"])
def substitute(request: Reading, key: int, role: int) -> HttpResponse:
    """Somebody stands in for an office."""
    known = _known(request, key)
    held = next((r for r in known.open_roles if r.id == role), None)
    if held is None:
        raise Http404
    form = SubstituteForm(
        request.POST or None, language=request.language, initial={"valid_from": timezone.localdate(request.at)}
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            other = Account.objects.filter(username=given["username"].strip().lower()).first()
            if other is None:
                raise Refused("account.unknown", field="username")
            actions.add_substitute(
                role=role, account=other.pk, valid_from=given["valid_from"], valid_until=given["valid_until"],
                by=actor(request), at=request.at,
            )  # fmt: skip
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return to("manage-account", other.pk)
    return page(
        request, "substitute", place="manage-accounts", account=known, role=held, form=form, offices=offices(),
        status=422 if form.is_bound else 200,
    )  # fmt: skip


@administrator
@require_POST
def reset(request: Reading, key: int) -> HttpResponse:
    """Password and second factor are taken away; the password to begin with is shown once."""
    known = _known(request, key)
    try:
        first = actions.reset_sign_in(account=key, by=actor(request), at=request.at)
    except Refused as refusal:
        return _file(request, key, wrong=refusal)
    return _told_once(request, Account.objects.get(pk=known.id), first)


@administrator
@require_POST
def activity(request: Reading, key: int) -> HttpResponse:
    """Close an account, or open it again."""
    known = _known(request, key)
    if known.active:
        done = Label("账号已停用，已登录的也立即失效。", "The account is closed; open sessions end at once.")
        done_or_told(request, lambda: actions.deactivate_account(account=key, by=actor(request), at=request.at), done)
    else:
        done = Label("账号已恢复。", "The account is open again.")
        done_or_told(request, lambda: actions.reactivate_account(account=key, by=actor(request), at=request.at), done)
    return to("manage-account", key)


def _known(request: Reading, key: int) -> queries.AccountRow:
    found = queries.staff_account(key, viewer=request.viewer, at=request.at)
    if found is None:
        raise Http404
    return found


def _file(request: Reading, key: int, role: Form | None = None, wrong: Refused | None = None) -> HttpResponse:
    known = _known(request, key)
    return page(
        request, "account", place="manage-accounts", account=known, role=role or _role_form(request), wrong=wrong,
        offices=offices(), programmes=programme_names(), own=key == request.viewer.account,
        in_hand=cases.in_hand_of([key], viewer=request.viewer).get(key, 0),
        changes=queries.changes(Account(pk=key), viewer=request.viewer),
        role_changes=queries.changes([Role(pk=r.id) for r in known.roles], viewer=request.viewer),
        status=422 if (role and role.errors) or wrong else 200,
    )  # fmt: skip


def _role_form(request: Reading, data: Any = None) -> RoleForm:
    form = RoleForm(data, language=request.language, initial={"valid_from": timezone.localdate(request.at)})
    day, said = timezone.localdate(request.at), request.language
    empty = ("", MISSING.text(said))
    form.fields["code"].choices = [empty, *((c, w.text(said)) for c, w in offices().items())]  # type: ignore[attr-defined]
    bodies = [b for b in directory().bodies.values() if b.valid_on(day)]
    form.fields["organisation"].choices = [empty, *((b.id, b.name.text(said)) for b in bodies)]  # type: ignore[attr-defined]
    names = programme_names().items()
    form.fields["programme"].choices = [("", ALL.text(said)), *((c, n.text(said)) for c, n in names)]  # type: ignore[attr-defined]
    return form


def _told_once(request: Reading, account: Account, first: str) -> HttpResponse:
    return stored_nowhere(
        page(request, "account-first", place="manage-accounts", username=account.username, key=account.pk, first=first)
    )
