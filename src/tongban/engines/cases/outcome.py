"""What came of a matter, as its answer says it: done, partly done, not done because …, explained. Pure values and words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from tongban.core.calendar.logic import day_words
from tongban.core.labels import Label

# 解决 is the county's own word (解决率): the answer says it, a callback verifies it.
OUTCOMES: Mapping[str, Label] = {
    "done": Label("已解决", "Done"),
    "partly": Label("部分解决", "Partly done"),
    "not_done": Label("未能解决", "Not done"),
    "explained": Label("解释说明", "Explained"),
}
UNSTATED_LABEL = Label("未写明结果", "Outcome not stated")
#: Outcomes that leave something undone, so that they carry a reason; the others never do.
UNDONE = ("partly", "not_done")

# Why something was not done, for whoever writes the answer to choose from.
REASONS: Mapping[str, Label] = {
    "law": Label("法律法规或政策不允许", "the law or a policy does not allow it"),
    "money": Label("今年没有资金", "there is no money for it this year"),
    "planned": Label("已列入计划，以后办", "it is planned for later"),
    "power": Label("不在县一级权限内，由上级或外地决定", "it is for another level or another place to decide"),
    "facts": Label("反映的情况没有核实到", "what was reported could not be confirmed"),
    "withdrawn": Label("提出人不再需要", "whoever asked needs it no more"),
    "other": Label("其他原因", "another reason"),
}
#: Never chosen: follows where the parts of a request are left undone for different reasons.
SEVERAL = "several"
_CLAUSES: Mapping[str, Label] = {
    **REASONS,
    "other": Label("另有原因，写在答复里", "of a reason that stands in the answer"),
    SEVERAL: Label("各个问题原因不同，写在答复里", "of several reasons that stand in the answer"),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """``code`` of OUTCOMES ("": nobody has said); of what is undone ``why`` of REASONS, a sentence, and the planned day."""

    code: str = ""
    why: str = ""
    because: str = ""
    day: date | None = None

    @property
    def label(self) -> Label:
        """In a word or two."""
        return OUTCOMES.get(self.code, UNSTATED_LABEL)

    @property
    def undone(self) -> bool:
        """Whether something was left undone."""
        return self.code in UNDONE

    @property
    def told(self) -> Label:
        """With the reason from the closed list, told plainly; never the writer's own sentence.

        >>> Outcome("not_done", "law").told.zh
        '未能解决，因为法律法规或政策不允许'
        >>> Outcome("partly", "planned", "管线要等地铁施工", date(2027, 3, 1)).told.en
        'Partly done, because it is planned for later (by 1 Mar 2027)'
        >>> Outcome("done").told.en
        'Done'
        """
        if not self.undone:
            return self.label
        clause = _CLAUSES.get(self.why, _CLAUSES["other"])
        until = Label("（{day}前）", " (by {day})") if self.day is not None else None
        zh, en = f"{self.label.zh}，因为{clause.zh}", f"{self.label.en}, because {clause.en}"
        if until is not None and self.day is not None:
            day = day_words(self.day)
            zh, en = zh + until.text("zh", day=day.zh), en + until.text("en", day=day.en)
        return Label(zh, en)


#: What an imported answer has, and what was written before outcomes were asked for.
UNSTATED = Outcome()
#: The plainest one.
DONE = Outcome("done")


def whole(parts: Iterable[Outcome]) -> Outcome:
    """What came of a request whose questions came out so: the same if all did, else partly done.

    >>> whole([DONE, DONE]).code, whole([DONE, Outcome("explained")]).code
    ('done', 'done')
    >>> whole([DONE, Outcome("not_done", "law", "法规如此")])
    Outcome(code='partly', why='law', because='', day=None)
    >>> whole([Outcome("not_done", "law"), Outcome("not_done", "money")])
    Outcome(code='not_done', why='several', because='', day=None)
    """
    each = list(parts)
    codes = {one.code for one in each}
    left = [one for one in each if one.undone]
    if not left:
        # An explanation beside what was done takes nothing from it.
        return Outcome("done" if "done" in codes else next(iter(codes), ""))
    reasons, days = {one.why for one in left}, {one.day for one in left}
    why = reasons.pop() if len(reasons) == 1 else SEVERAL
    day = days.pop() if why == "planned" and len(days) == 1 else None
    return Outcome("not_done" if codes == {"not_done"} else "partly", why, "", day)


__all__ = ["DONE", "OUTCOMES", "REASONS", "SEVERAL", "UNDONE", "UNSTATED", "UNSTATED_LABEL", "Outcome", "whole"]
