"""Several questions in one request: numbered by whoever handles it, and answered one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from tongban.core.ledger.actor import Actor
from tongban.core.ledger.rows import new_row
from tongban.core.refusals import Refused
from tongban.engines.cases.actions.desk import required
from tongban.engines.cases.actions.keeping import keeper
from tongban.engines.cases.actions.outcomes import columns, stated
from tongban.engines.cases.actions.writing import Act, Audience, acting
from tongban.engines.cases.logic.texts import is_receipt
from tongban.engines.cases.models import Case, Question
from tongban.engines.cases.outcome import UNSTATED, Outcome

MOST = 10
_TEXT, _REPLY = 500, 4000


def number_questions(*, case: int, questions: Sequence[str], by: Actor, at: datetime) -> None:
    """Say which questions the request holds, in their order; those that stood before are replaced."""
    tidy = [required(text, "case.text.empty", "questions", _TEXT) for text in questions if text.strip()]
    if not 2 <= len(tidy) <= MOST:
        raise Refused("case.questions.many", field="questions", most=MOST)
    with acting(case, "number", by=by, at=at) as act:
        for before in questions_of(act.case):
            act.journal.remove(before, of=act.case)
        rows = [new_row(Question, case=act.case, number=n, text=text) for n, text in enumerate(tidy, 1)]
        act.journal.add_many(rows, of=act.case)
        act.tell("number", audience=Audience.UNIT, text=_listed(tidy))


def questions_of(case: Case) -> list[Question]:
    """The questions of a case, in their order."""
    return sorted(keeper().parts(case, Question), key=lambda q: q.number)


def answer_each(act: Act, replies: Mapping[int, str], outcomes: Mapping[int, Outcome]) -> list[Question]:
    """Write down the reply to each question and what came of it; refused while one has none. Gives the questions."""
    questions = questions_of(act.case)
    for question in questions:
        field = f"reply{question.number}"
        if not replies.get(question.number, "").strip():
            raise Refused("case.questions.left", field=field, number=question.number)
        reply = required(replies[question.number], "case.text.empty", field, _REPLY)
        if is_receipt(reply):
            raise Refused("case.answer.receipt", field=field)
        came_to = stated(outcomes.get(question.number, UNSTATED), act.at, str(question.number))
        act.journal.change(question, of=act.case, reply=reply, **columns(came_to))
    return questions


def one_by_one(questions: Sequence[Question]) -> str:
    """Each question with its reply below it, and what came of it in the county's own language, as the reply is."""
    return "\n\n".join(f"{q.number}. {q.text}\n{q.reply}{_came_to(q)}" for q in questions)


def _came_to(question: Question) -> str:
    outcome = question.came_to
    if outcome == UNSTATED:
        return ""
    return f"\n（{outcome.told.zh}{'：' if outcome.because else ''}{outcome.because}）"


def _listed(texts: Sequence[str]) -> str:
    return "\n".join(f"{n}. {text}" for n, text in enumerate(texts, 1))
