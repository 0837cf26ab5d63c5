"""The fields of asking: drawn from what the programme declares, for whoever is looking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django import forms
from django.utils.html import format_html

from tongban.core.calendar.queries import calendar_now
from tongban.core.labels import Label
from tongban.core.refusals import declare, declared
from tongban.core.registry.askers import firms_named
from tongban.core.registry.models import Firm, Person
from tongban.core.registry.queries import directory
from tongban.engines.cases.queries.entrance import Entrance, Matter
from tongban.web.forms import Form, Words, fact_fields
from tongban.web.public.entry import Entry
from tongban.web.reading import Reading

_KINDS = {
    "bureau": Label("县级部门", "County bureaux"),
    "town": Label("镇、街道", "Towns"),
    "village": Label("村、社区", "Villages and communities"),
    "station": Label("所、站", "Stations"),
    "desk": Label("受理窗口", "Desks"),
}

declare(
    {
        "ask.firm.none": Label(
            "请写企业的统一社会信用代码，在营业执照上。", "Please give the firm's credit code; it is on the licence."
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Asker:
    """Who looks at the form: a person who has signed in, perhaps with firms; perhaps a firm's code in the address."""

    person: Person | None
    firms: tuple[Firm, ...]
    scanned: Firm | None = None

    @property
    def acts(self) -> bool:
        """Whether he is known to act for the firm in the address: then the code has told nothing that he had not."""
        return self.scanned is not None and self.scanned in self.firms


def asker_of(request: Reading, person: Person | None, scanned: Firm | None) -> Asker:
    """Who asks, as far as it is known."""
    return Asker(person, tuple(firms_named(request.viewer.firms)), scanned)


class OfferForm(Form):
    """What is asked of whoever asks: the same for all, and what depends on programme and person."""

    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=120)
    body = forms.CharField(
        label=Words("发生了什么？", "What happened?"),
        help_text=Words("照平时说话写就行。", "Write as you would say it."),
        widget=forms.Textarea(attrs={"rows": 7, "class": "tall", "data-count": "body-count"}),
        error_messages=cast(Any, {"required": declared()["case.body.empty"]}),
    )
    category = forms.ChoiceField(
        label=Words("看起来是哪类事？", "Which category fits best?"), required=False, widget=forms.RadioSelect
    )
    town = forms.ChoiceField(
        label=Words("在哪个镇、街道？", "In which town?"),
        error_messages=cast(Any, {"required": Label("请选一个镇、街道。", "Please choose a town.")}),
    )
    village = forms.ChoiceField(label=Words("哪个村、社区？", "Which village or community?"), required=False)
    address = forms.CharField(
        label=Words("具体位置", "Exact place"),
        help_text=Words("路名、小区、几号楼，或者旁边有什么。", "Street, estate, building, or what stands beside it."),
        required=False,
        max_length=200,
    )
    longitude = forms.CharField(widget=forms.HiddenInput, required=False, max_length=24)
    latitude = forms.CharField(widget=forms.HiddenInput, required=False, max_length=24)
    beneficiary_name = forms.CharField(
        label=Words("替谁说？姓名", "On whose behalf? Name"), required=False, max_length=80
    )
    beneficiary_phone = forms.CharField(
        label=Words("对方手机号", "That person's mobile number"), required=False, max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )  # fmt: skip
    cosigners = forms.CharField(
        label=Words("还有谁一起提？", "Who joins in?"),
        help_text=Words("一行一位：姓名 手机号。", "One a line: name, mobile number."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    about = forms.ChoiceField(
        label=Words("投诉哪个单位？", "Which unit is it a complaint about?"),
        help_text=Words(
            "不投诉就不用选。选了以后，这个单位和它的下属都看不到这一件，也不会由它来办。",
            "Leave it if it is no complaint. A unit chosen here, and those below it, neither see the request nor get it.",
        ),
        required=False,
    )
    confidential = forms.BooleanField(
        label=Words("保密", "Confidential"),
        help_text=Words(
            "承办单位只看到事情，看不到您的姓名、手机号和企业名。受理岗能看到，好联系您；每次看都有记录。",
            "The unit at work sees the matter, not your name, number or firm. The desk does, so that it can reach you;"
            " each look is recorded.",
        ),
        required=False,
    )

    kept_private = forms.BooleanField(
        label=Words("不公开", "Keep it private"),
        help_text=Words(
            "办理的事隐去个人信息后，可能公开在网上给大家看，也可能另起一个看不出是谁的标题，让邻里“算我一个”。不愿意就勾上；以后也能改。投诉单位的和保密的，一律不公开。",
            "Requests may be published without personal data, for everybody to read, or opened under a title that does not name"
            " you, so that neighbours can join. Tick this if you mind; you can change it later. Complaints about a unit, and confidential requests, are never published.",
        ),
        required=False,
    )

    def __init__(self, *args: Any, entry: Entry, entrance: Entrance, asker: Asker, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.entry, self.asker, self.at = entry, asker, at
        self._offer_matters(entrance)
        self._offer_places()
        self._offer_bodies()
        for name, field in fact_fields(entry.kind.facts).items():
            self.add(name, field)
        if entry.for_firms and asker.scanned is None:
            self._ask_for_firm()
        if asker.person is None:
            self._ask_for_contact()
        self.order_fields(["firm", "credit_code"])  # as they stand on the page, and in the summary

    # -- what is offered --------------------------------------------------------------------------------------------

    def _offer_matters(self, entrance: Entrance) -> None:
        unsure = Label("都不像，请工作人员看", "None of these; let the desk decide")
        rows = [(m.code, self._matter(m)) for m in entrance.matters]
        self._choices("category", [*rows, ("", unsure.text(self.language))])

    def _matter(self, matter: Matter) -> Any:
        parts = []
        if matter.unit:
            parts.append(matter.unit.text(self.language))
        if matter.promise:
            sample = Label("（示例）", " (sample)").text(self.language) if matter.promise.sample else ""
            within = Label("{words}内答复", "answer within {words}")
            parts.append(within.text(self.language, words=matter.promise.words.text(self.language)) + sample)
        return format_html("<strong>{}</strong><small>{}</small>", matter.label.text(self.language), " · ".join(parts))

    def _offer_places(self) -> None:
        known = directory()
        towns = [(str(t.id), t.name.text(self.language)) for t in known.towns()]
        county = (str(known.county.id), Label("说不清是哪个镇", "Not sure which town").text(self.language))
        self._choices("town", [("", self._please()), *towns, county])
        villages: list[Any] = [
            (t.name.text(self.language), [(str(v.id), v.name.text(self.language)) for v in known.villages(t.id)])
            for t in known.towns()
        ]
        whole = Label("不用细到村、社区", "The town is enough").text(self.language)
        self._choices("village", [("", whole), *(v for v in villages if v[1])])
        if self.asker.scanned is not None or self.asker.firms:
            self.fields["town"].required = False

    def _offer_bodies(self) -> None:
        day = calendar_now().day_of(self.at)
        bodies = [b for b in directory().bodies.values() if b.valid_on(day)]
        groups: list[Any] = [
            (label.text(self.language), [(str(b.id), b.name.text(self.language)) for b in bodies if b.kind == kind])
            for kind, label in _KINDS.items()
        ]
        nobody = Label("不投诉单位", "No unit").text(self.language)
        self._choices("about", [("", nobody), *(g for g in groups if g[1])])

    def _ask_for_firm(self) -> None:
        code = forms.CharField(
            label=Words("统一社会信用代码", "Unified social credit code"),
            help_text=Words("18 位，在营业执照上。", "18 characters, on the business licence."),
            required=not self.asker.firms,
            max_length=60,
            error_messages=cast(Any, {"required": declared()["ask.firm.none"]}),
        )
        if self.asker.firms:
            other = Label("别的企业", "Another firm").text(self.language)
            firms = [(str(f.pk), f.label.text(self.language)) for f in self.asker.firms]
            pick = forms.ChoiceField(
                label=Words("替哪家企业提？", "For which firm?"), widget=forms.RadioSelect, required=False,
                choices=[*firms, ("", other)], initial=firms[0][0],
            )  # fmt: skip
            self.add("firm", pick)
            code.label = Words("别的企业：统一社会信用代码", "Another firm: its credit code")
        self.add("credit_code", code)

    def _ask_for_contact(self) -> None:
        self.add(
            "name",
            forms.CharField(
                label=Words("怎么称呼您？", "Your name"), max_length=80,
                error_messages=cast(Any, {"required": Label("请写怎么称呼您。", "Please give your name.")}),
                widget=forms.TextInput(attrs={"autocomplete": "name"}),
            ),
        )  # fmt: skip
        self.add(
            "phone",
            forms.CharField(
                label=Words("手机号", "Mobile number"),
                help_text=Words(
                    "答复发到这个号码，只给办事的人看，不公开。", "The answer goes there; it is not published."
                ),
                max_length=40,
                widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
            ),
        )

    def _choices(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def _please(self) -> str:
        return Label("请选择", "Please choose").text(self.language)
