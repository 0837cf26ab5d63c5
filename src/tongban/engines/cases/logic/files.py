"""Who may open a file of a case: a pure rule over where it belongs and who looks."""

from __future__ import annotations

PARTY, UNIT = 2, 3


def may_open(*, audience: int, of_answer: bool, sent: bool, level: int, at_work: bool) -> bool:
    """Whether a reader of audience ``level`` may open a file.

    ``audience`` is the least level that the file is for. One that goes out with an answer is for the units until that is
    ``sent``. ``at_work``: the reader has, or had, a part in the work; who only oversees it reads words and answers, but
    neither what askers brought nor what units keep to themselves.

    >>> may_open(audience=PARTY, of_answer=False, sent=False, level=UNIT, at_work=False)
    False
    >>> may_open(audience=PARTY, of_answer=True, sent=False, level=PARTY, at_work=False)
    False
    """
    needed = UNIT if of_answer and not sent else audience
    if level < needed:
        return False
    return of_answer or at_work or level < UNIT
