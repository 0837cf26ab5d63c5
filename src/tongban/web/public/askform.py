"""Checking what was asked, all at once, before anything is written."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.core import signing
from django.utils.crypto import get_random_string

from tongban.core.labels import Label
from tongban.core.refusals import Refused, declare
from tongban.core.registry import codes
from tongban.core.registry.actions import firm_dissolved
from tongban.core.registry.askers import firm_with_code
from tongban.core.registry.models import Firm
from tongban.core.registry.queries import directory
from tongban.engines.cases.actions.facts import fact_values as checked_facts
from tongban.engines.cases.actions.opening import BODY
from tongban.web.forms import PREFIX, fact_values
from tongban.web.public.entry import Entry
from tongban.web.public.offer import OfferForm

_SIGNER = signing.Signer(salt="ask")
COSIGNERS = 10

declare(
    {
        "ask.firm.unknown": Label(
            "登记里还没有这个信用代码的企业。代码没抄错的话，要先由受理岗登记这家企业；着急的事，可以先从“我是居民”提，写上企业名称。",
            "No firm is registered under this credit code. If it is right, the desk has to register the firm first; what"
            " cannot wait may be asked “for residents”, with the firm's name in the text.",
        ),
        "ask.village": Label(
            "“{village}”不在“{town}”，请再选一次。", "“{village}” is not in “{town}”; please choose again."
        ),
        "ask.cosigner": Label(
            "第 {line} 行要有姓名和手机号，中间空一格，例如：张三 13800000000。",
            "Line {line} needs a name and a mobile number with a space between, such as: Zhang San 13800000000.",
        ),
        "ask.cosigners": Label("最多写 {most} 位联名的人。", "At most {most} co-signers, please."),
        "ask.beneficiary": Label(
            "替别人说，请把对方的姓名和手机号都写上；没有手机号的，写在上面的经过里就行。",
            "For somebody else, please give both name and number; without a number, mention the person in the text above.",
        ),
    }
)


def new_key(entry: Entry) -> str:
    """A fresh idempotency key for one showing of the form, signed so that only our own come back."""
    return _SIGNER.sign(f"{entry.programme.code}.{get_random_string(24)}")


def showing(entry: Entry, key: str) -> str:
    """What names one showing of the form, by the key that came back with it; "" if that is none of ours."""
    try:
        programme, _, secret = _SIGNER.unsign(key).partition(".")
    except signing.BadSignature:
        return ""
    return f"ask:{secret}" if programme == entry.programme.code else ""


class AskForm(OfferForm):
    """What happened, where, and how the answer is to come back."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found_firm: Firm | None = self.asker.scanned
        self.named: list[tuple[str, str]] = []  # co-signers: name, number

    def clean(self) -> dict[str, Any]:
        """Everything that can be told before anything is written, all at once."""
        given = super().clean() or self.cleaned_data
        for check in (self._body, self._place, self._position, self._firm, self._phone, self._others, self._joining):
            try:
                check(given)
            except Refused as refusal:
                self.refuse(refusal)
        for fact in self.entry.kind.facts:
            value = fact_values({PREFIX + fact.code: given.get(PREFIX + fact.code)})
            try:
                checked_facts(replace(self.entry.kind, facts=(fact,)), value)
            except Refused as refusal:
                if PREFIX + fact.code not in self.errors:
                    self.refuse(refusal)
        return given

    def _body(self, given: dict[str, Any]) -> None:
        length = len(given.get("body", "").replace("\r\n", "\n"))
        if length > BODY:
            raise Refused("case.body.long", field="body", most=BODY, length=length)

    def _place(self, given: dict[str, Any]) -> None:
        known = directory()
        town, village = given.get("town"), given.get("village")
        if village and town and known.places[int(village)].town != int(town) and int(town) != known.county.id:
            names = {"village": known.places[int(village)].name, "town": known.places[int(town)].name}
            raise Refused("ask.village", field="village", **names)

    def _position(self, given: dict[str, Any]) -> None:
        pair = given.get("longitude") or "", given.get("latitude") or ""
        try:
            given["position"] = (float(pair[0]), float(pair[1])) if any(pair) else (None, None)
        except ValueError:
            raise Refused("case.position", field="address") from None

    def _firm(self, given: dict[str, Any]) -> None:
        if self.entry.for_firms and self.asker.scanned is None:
            chosen = given.get("firm")
            if chosen:
                self.found_firm = next(f for f in self.asker.firms if str(f.pk) == chosen)
            elif given.get("credit_code"):
                self.found_firm = firm_with_code(given["credit_code"])
                if self.found_firm is None:
                    raise Refused("ask.firm.unknown", field="credit_code")
            elif "credit_code" not in self.errors:
                raise Refused("ask.firm.none", field="credit_code")
        if self.found_firm is not None and (gone := firm_dissolved(self.found_firm, self.at)):
            gone.field = "firm" if given.get("firm") else "credit_code"
            raise gone

    def _phone(self, given: dict[str, Any]) -> None:
        if given.get("phone"):
            given["phone"] = codes.phone(given["phone"])

    def _others(self, given: dict[str, Any]) -> None:
        name, phone = given.get("beneficiary_name", "").strip(), given.get("beneficiary_phone", "").strip()
        if bool(name) != bool(phone):
            raise Refused("ask.beneficiary", field="beneficiary_phone" if name else "beneficiary_name")
        if phone:
            try:
                given["beneficiary_phone"] = codes.phone(phone)
            except Refused as refusal:
                raise Refused(refusal.code, field="beneficiary_phone") from None

    def _joining(self, given: dict[str, Any]) -> None:
        lines = [line for line in given.get("cosigners", "").splitlines() if line.strip()]
        if len(lines) > COSIGNERS:
            raise Refused("ask.cosigners", field="cosigners", most=COSIGNERS)
        for number, line in enumerate(lines, 1):
            words = line.replace("，", " ").replace(",", " ").split()
            try:
                if len(words) < 2:
                    raise Refused("phone.shape")
                self.named.append((" ".join(words[:-1])[:80], codes.phone(words[-1])))
            except Refused:
                raise Refused("ask.cosigner", field="cosigners", line=number) from None

    def area(self) -> int:
        """Where it is: the village, else the town, else where the firm is."""
        given = self.cleaned_data
        chosen = given.get("village") or given.get("town")
        if chosen:
            return int(chosen)
        return self.found_firm.area_id if self.found_firm else directory().county.id

    def facts(self) -> dict[str, object]:
        """The declared facts that were given."""
        return fact_values(self.cleaned_data)

    def idempotency(self) -> str:
        """The key of this showing of the form; a fresh one if what came back was not ours."""
        return showing(self.entry, self.cleaned_data.get("key", "")) or f"ask:{get_random_string(24)}"
