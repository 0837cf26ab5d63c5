"""Publication: a text without personal data, prepared by one and approved by another; taken back by whoever may."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from tongban.core.ledger.actor import Actor
from tongban.core.ledger.rows import new_row
from tongban.core.plain import clean, one_line
from tongban.core.refusals import Refused
from tongban.core.registry.queries import directory
from tongban.engines.cases.actions.desk import required
from tongban.engines.cases.actions.keeping import keeper
from tongban.engines.cases.actions.naming import known_names
from tongban.engines.cases.actions.opening import BODY, TITLE
from tongban.engines.cases.actions.writing import Act, Audience, acting
from tongban.engines.cases.logic.coarse import square
from tongban.engines.cases.logic.redacting import left_over
from tongban.engines.cases.models import Answer, Case, OpenPicture, Publication
from tongban.engines.cases.text import PUBLIC_INDEX, public_words

State, Place = Publication.State, Publication.Place
_WHY = 500


def publish_prepare(
    *, case: int, title: str, question: str, answer: str = "", place: str = Place.VILLAGE.value,
    pictures: Sequence[int] = (), firm_agreed: bool = False, by: Actor, at: datetime,
) -> None:  # fmt: skip
    """Write what everybody may read; it waits until another has approved it, and takes the place of one that waits.

    ``pictures``: keys of confirmed copies. What is public already stays so until the new version is approved.
    """
    title = one_line(title, 10 * TITLE)
    if not title or len(title) > TITLE:
        raise Refused("publish.title", field="title", most=TITLE)
    question = required(question.replace("\r\n", "\n"), "publish.question", "question", BODY)
    answer = clean(answer.replace("\r\n", "\n")).strip()
    if len(answer) > BODY:
        raise Refused("case.body.long", field="answer", most=BODY, length=len(answer))
    with acting(case, "publish_prepare", by=by, at=at) as act:
        row, known = act.case, keeper().parts(act.case, Publication)
        told = last_sent(row)
        if answer and told is None:
            raise Refused("publish.answer", field="answer")
        for waiting in known:
            if waiting.state == State.PREPARED:
                _end(act, waiting, State.REPLACED)
        area, longitude, latitude = _place(row, place)
        act.journal.add(
            new_row(
                Publication, case=row, first=known[0].first or known[0] if known else None, state=State.PREPARED.value,
                title=title, question=question, answer=answer, answers=told if answer else None, place=place,
                area_id=area, longitude=longitude, latitude=latitude, pictures=_pictures(row, pictures),
                firm_agreed=firm_agreed, prepared_by=by.account, prepared_at=at,
            ),
            of=row,
        )  # fmt: skip
        act.tell("publish_prepare", audience=Audience.UNIT)
        act.notify("publish_prepare")


def publish_approve(*, case: int, version: int, read: bool, sure: bool = False, by: Actor, at: datetime) -> None:
    """Another than its writer publishes the version that he has ``read``.

    ``sure``: what still looks personal in it is not (a hotline's number, a public building's).
    """
    if not read:
        raise Refused("publish.read", field="read")
    with acting(case, "publish_approve", by=by, at=at) as act:
        known = keeper().parts(act.case, Publication)
        waiting = next((p for p in known if p.state == State.PREPARED), None)
        if waiting is None:
            raise Refused("publish.none")
        if waiting.pk != version:
            raise Refused("publish.changed")
        names = known_names(act.case, firm_agreed=waiting.firm_agreed)
        left = left_over((waiting.title, waiting.question, waiting.answer), names)
        if left and not sure:
            raise Refused("publish.left", field="sure", words="、".join(words for _, words in left))
        for shown in known:
            if shown.state == State.PUBLISHED:
                _end(act, shown, State.REPLACED)
        act.journal.change(
            waiting, of=act.case, state=State.PUBLISHED.value, approved_by=by.account, published_at=at
        )  # fmt: skip
        PUBLIC_INDEX.replace(waiting.pk, public_words(waiting))
        act.tell("publish_approve")
        act.notify("publish_approve")


def publish_withdraw(*, case: int, reason: str, by: Actor, at: datetime) -> None:
    """Take it off the public pages at once, with whatever waits for approval."""
    reason = required(reason, "case.reason", "reason", _WHY)
    with acting(case, "publish_withdraw", by=by, at=at) as act:
        if not _take_back(act, reason):
            raise Refused("publish.not_public")
        act.tell("publish_withdraw", text=reason)
        act.notify("publish_withdraw")


def keep_private(*, case: int, by: Actor, at: datetime, proof: str = "") -> None:
    """The asker wants none of it published: what is public is taken off with the same step, and no more neighbours find it.

    Those who have joined go on being told: they have asked for it themselves.
    """
    with acting(case, "keep_private", by=by, at=at, proof=proof) as act:
        if act.case.kept_private:
            raise Refused("publish.same")
        opened = bool(act.case.open_title)
        act.journal.change(act.case, kept_private=True, open_title="")
        taken = _take_back(act, "")
        act.tell("keep_private")
        if taken or opened:
            act.notify("keep_private")


def allow_public(*, case: int, by: Actor, at: datetime, proof: str = "") -> None:
    """The asker does not mind any more; what was taken off stays off until it is prepared and approved anew."""
    with acting(case, "keep_private", by=by, at=at, proof=proof) as act:
        if not act.case.kept_private:
            raise Refused("publish.same")
        act.journal.change(act.case, kept_private=False)
        act.tell("allow_public")


def last_sent(case: Case) -> Answer | None:
    """The answer that the asker has now; None while there is none."""
    if case.answered_at is None:
        return None
    sent = [a for a in keeper().parts(case, Answer) if a.sent_at is not None and not a.receipt]
    return sent[-1] if sent else None


def told_text(answer: Answer) -> str:
    """All that the answer says in its writer's words: what is published is made from it."""
    return "\n\n".join(filter(None, (answer.text, answer.because)))


def _take_back(act: Act, why: str) -> bool:
    found = [p for p in keeper().parts(act.case, Publication) if p.state in (State.PREPARED, State.PUBLISHED)]
    for one in found:
        _end(act, one, State.WITHDRAWN, why)
    return bool(found)


def _end(act: Act, one: Publication, state: Publication.State, why: str = "") -> None:
    if one.state == State.PUBLISHED:
        PUBLIC_INDEX.replace(one.pk, ())
    act.journal.change(one, of=act.case, state=state.value, ended_by=act.by.account, ended_at=act.at, why=why)


def _place(case: Case, place: str) -> tuple[int, float | None, float | None]:
    """Area and position as everybody may know them."""
    if place not in Place.values:
        raise Refused("publish.place", field="place")
    if place == Place.GRID:
        if case.longitude is None or case.latitude is None:
            raise Refused("publish.grid", field="place")
        return case.area_id, *square(case.longitude, case.latitude)
    town = directory().places[case.area_id].town
    return town if place == Place.TOWN and town is not None else case.area_id, None, None


def _pictures(case: Case, chosen: Sequence[int]) -> str:
    """The chosen copies by key and content, so that a copy made anew is not shown before it is approved too."""
    copies = dict(OpenPicture.objects.filter(case=case, withdrawn_at=None).values_list("pk", "stored"))
    if not set(chosen) <= copies.keys():
        raise Refused("publish.pictures", field="pictures")
    return json.dumps([[key, copies[key]] for key in sorted(set(chosen))])
