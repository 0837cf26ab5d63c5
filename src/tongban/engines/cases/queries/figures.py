"""What a board says: counts, the rates that they make, a trend, rankings. Values only; :mod:`.board` finds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tongban.core.labels import Label
from tongban.engines.cases.logic.periods import Stretch
from tongban.engines.cases.logic.rates import Median, Ranked, Rate
from tongban.engines.cases.outcome import OUTCOMES, UNSTATED_LABEL
from tongban.engines.cases.queries.cohorts import Slice


@dataclass(frozen=True, slots=True)
class Figures:
    """The counts of some cases, and the rates that they make. A count that is missing is zero."""

    counts: Mapping[str, int]

    def count(self, code: str) -> int:
        """How many cases this figure counts."""
        return self.counts.get(code, 0)

    @property
    def accepted(self) -> int:
        """受理: taken on in the period."""
        return self.count("accepted")

    @property
    def paused(self) -> int:
        """Accepted in the period, and paused at some time."""
        return self.count("paused")

    @property
    def extended(self) -> int:
        """Accepted in the period, and given more time."""
        return self.count("extended")

    @property
    def reopened(self) -> int:
        """Accepted in the period, and done again at some time."""
        return self.count("reopened")

    @property
    def outcomes(self) -> list[tuple[str, Label, int]]:
        """What came of those accepted in the period and answered: (figure, words, how many); together all of these."""
        named = {**OUTCOMES, "unstated": UNSTATED_LABEL}
        return [(f"outcome_{code}", label, self.count(f"outcome_{code}")) for code, label in named.items()]

    @property
    def verified(self) -> Rate:
        """回访核实率: solved, of those who were called back and reached."""
        return self._rate("solved", "called_back", Label("已回访", "called back"))

    def _rate(self, numerator: str, denominator: str, cohort: Label) -> Rate:
        return Rate(self.count(numerator), self.count(denominator), cohort)

    @property
    def closure(self) -> Rate:
        """办结率: closed, of what was accepted in the period."""
        return self._rate("closed", "accepted", Label("本期受理", "accepted in the period"))

    @property
    def answering(self) -> Rate:
        """答复率: answered, of what was accepted in the period."""
        return self._rate("answered", "accepted", Label("本期受理", "accepted in the period"))

    @property
    def on_time(self) -> Rate:
        """按时答复率: answered by the promised time, of what fell due in the period; when it is closed does not count."""
        return self._rate(
            "in_time",
            "due",
            Label("应办：承诺的答复时间在本期已到", "due: promised for a time of the period that has come"),
        )

    @property
    def satisfaction(self) -> Rate:
        """满意率: grades 3 to 5, of valid ratings. Unrated is never satisfied."""
        return self._rate("satisfied", "rated", Label("有效评价", "valid ratings"))

    @property
    def coverage(self) -> Rate:
        """评价率: how many of the answered were rated; stands beside every satisfaction."""
        return self._rate("rated", "answered", Label("本期受理并已答复", "accepted in the period and answered"))

    @property
    def sign_in(self) -> Rate:
        """签收及时率: taken on by the time set, of the period's assignments for which that time has come."""
        return self._rate(
            "signed_in_time", "sign_in_due",
            Label("本期交办、签收时限已到", "assigned in the period, to be taken on by now"),
        )  # fmt: skip

    @property
    def returns(self) -> Rate:
        """退回率: returned, of the assignments made in the period."""
        return self._rate("returned", "assigned", Label("本期交办", "assigned in the period"))

    @property
    def on_hold(self) -> int:
        """挂账: on hold now, whatever the period."""
        return self.count("on_hold")

    @property
    def urged(self) -> int:
        """催办: cases that were urged in the period."""
        return self.count("urged")

    @property
    def slips(self) -> int:
        """督办单: issued in the period."""
        return self.count("slips")

    @property
    def slip_reports(self) -> Rate:
        """督办单按期反馈率: reported on in time, of the period's slips whose day has come."""
        return self._rate(
            "slips_reported", "slips_due", Label("本期发出、反馈日期已到", "issued in the period, to be reported on by now")
        )  # fmt: skip

    @property
    def returned(self) -> int:
        """退回: of the assignments made in the period."""
        return self.count("returned")

    @property
    def transferred(self) -> int:
        """转办: passed from one unit to another in the period."""
        return self.count("transferred")

    @property
    def met_monthly(self) -> int:
        """Cases that a monthly meeting decided in the period."""
        return self.count("met_monthly")

    @property
    def met_joint(self) -> int:
        """Cases that a joint meeting decided in the period."""
        return self.count("met_joint")

    @property
    def met_joint_closed(self) -> int:
        """Of these, those that are closed."""
        return self.count("met_joint_closed")

    @property
    def calls(self) -> Rate:
        """回访接通率: reached somebody, of the calls made in the period."""
        return self._rate("calls_reached", "calls", Label("本期打出的回访", "callbacks made in the period"))

    def rates(self) -> dict[str, Rate]:
        """Those by which units or towns can be ranked."""
        return {"on_time": self.on_time, "closure": self.closure, "satisfaction": self.satisfaction}


@dataclass(frozen=True, slots=True)
class Point:
    """One part of the trend."""

    stretch: Stretch
    accepted: int
    answered: int
    closed: int


@dataclass(frozen=True, slots=True)
class Group:
    """Units or towns of one kind, ranked among themselves. The key is a body's or a place's."""

    code: str
    label: Label
    rows: list[Ranked[int]]


@dataclass(frozen=True, slots=True)
class Board:
    """Everything on the board for one slice."""

    cut: Slice
    by: str  # "unit" or "town"
    total: Figures
    programmes: dict[str, Figures]
    parts: dict[int, Figures]  # by unit or town
    names: dict[int, Label]
    groups: list[Group]
    trend: list[Point] = field(default_factory=list)
    first_reply: Median = field(default_factory=lambda: Median(None, 0))
    first_answer: Median = field(default_factory=lambda: Median(None, 0))
