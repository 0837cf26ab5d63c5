"""The limits, targets and routes that a new county begins with: samples, marked so until the county confirms them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from tongban.core.calendar.logic import CountFrom, Unit
from tongban.core.dated import BEGINNING
from tongban.core.labels import Label
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.journal import Journal
from tongban.core.registry import reference
from tongban.core.registry.models import Organisation
from tongban.engines.cases import ladder as known_rungs
from tongban.engines.cases import limits as known_limits
from tongban.engines.cases import targets as known_targets
from tongban.engines.cases.models import Limit, Route, Rung, Target
from tongban.engines.cases.types import types

_HOURS, _HALVES, _DAYS = Unit.WORKING_HOURS, Unit.HALF_DAYS, Unit.WORKING_DAYS
_NOW, _NEXT = CountFrom.MOMENT, CountFrom.NEXT_DAY
_SAMPLE = Label("示例，待本县确认；", "Sample, to be confirmed by the county; ")
_BEIJING = Label(
    "参照北京市 12345 地方标准（征求意见稿）：网络受理 ≤2 小时、一般 7 日、疑难 15 日",
    "after Beijing's 12345 standard (draft): accepted online within 2 hours, ordinary 7 days, hard 15 days",
)
_ZAOZHUANG = Label(
    "参照枣庄企业服务热线：2 个工作日答复、10 个工作日办结、多部门 25 个工作日",
    "after Zaozhuang's firms' line: answered in 2 working days, closed in 10, several units 25",
)
_BUREAU = Label(
    "参照某市局 12345 办理规则：咨询求助 3 个工作日，自收到次日起算",
    "after a bureau's 12345 rules: enquiries 3 working days, counted from the day after receipt",
)
_CUSTOM = Label("常见做法：半个工作日内签收", "common practice: taken on within half a working day")
_STEP = Label("没有查到统一规定，取常见做法", "no common rule was found; common practice")
_URGE = Label(
    "参照某市局 12345 办理规则：逾期次日催办，催办后 5 个工作日仍未办的通报",
    "after a bureau's 12345 rules: urged the day after it was due, brought up five working days later",
)
_HOLD = Label(
    "没有查到统一规定；挂账须经联席会议决定", "no common rule was found; only a joint meeting puts a matter on hold"
)
_ONCE = Label(
    "参照某市局 12345 办理规则：到期前说明理由申请延期，经批准，只一次",
    "after a bureau's 12345 rules: asked for with a reason before it is due, approved, once",
)
_REDO = Label(
    "参照某市局 12345 办理规则：因办理原因不满意的重新办理，时限比原来短",
    "after a bureau's 12345 rules: what leaves the asker discontent is done again, under a shorter limit",
)
_QUARTERLY = Label("没有查到统一规定，先按每季度走访一次", "no common rule was found; one visit a quarter")
_KEPT = Label("没有查到统一规定，先保留一年", "no common rule was found; one year")
_OURS = Label(
    "没有查到统一规定，先取 95%；可参照温州市 2018 年 4 月按期办结率 98.91%",
    "no common rule was found, 95% is our own; compare Wenzhou in April 2018: 98.91% closed in time",
)

# code, name, amount, unit, counted from, source
SAMPLES: tuple[tuple[str, Label, int, Unit, CountFrom, Label], ...] = (
    ("accept", Label("受理", "Acceptance"), 2, _HOURS, _NOW, _BEIJING),
    ("sign_in", Label("签收", "Taking on"), 1, _HALVES, _NOW, _CUSTOM),
    ("consult", Label("咨询", "Enquiry"), 1, _DAYS, _NEXT, _BUREAU),
    ("ordinary", Label("一般事项", "Ordinary matter"), 5, _DAYS, _NEXT, _BEIJING),
    ("joint", Label("跨部门事项", "Several units"), 10, _DAYS, _NEXT, _ZAOZHUANG),
    ("hard", Label("疑难事项", "Hard matter"), 15, _DAYS, _NEXT, _BEIJING),
    ("review", Label("审核", "Review"), 1, _DAYS, _NEXT, _STEP),
    ("send", Label("发出答复", "Sending the answer"), 1, _HALVES, _NOW, _STEP),
    ("close", Label("答复后办结", "Closing after the answer"), 5, _DAYS, _NEXT, _STEP),
    ("redo", Label("重办", "Doing it again"), 3, _DAYS, _NEXT, _REDO),
    ("slip", Label("督办单反馈", "Report on a supervision slip"), 2, _DAYS, _NEXT, _STEP),
    ("pause", Label("暂停最长（合计）", "Longest pause (in all)"), 10, _DAYS, _NOW, _STEP),
    ("hold", Label("挂账最长", "Longest hold"), 60, _DAYS, _NOW, _HOLD),
    ("extension", Label("延期最长", "Longest extension"), 5, _DAYS, _NEXT, _ONCE),
    ("visit", Label("走访间隔最长", "Longest time between visits"), 90, Unit.CALENDAR_DAYS, _NEXT, _QUARTERLY),
    ("agenda", Label("列入议题后定会议", "Calling a meeting for an agenda"), 10, _DAYS, _NEXT, _STEP),
    ("minutes", Label("会后记完决定", "Writing down a meeting's decisions"), 1, _DAYS, _NEXT, _STEP),
    ("messages", Label("发送记录保留", "Records of what was sent are kept"), 365, Unit.CALENDAR_DAYS, _NEXT, _KEPT),
)
# rung, amount, unit, before the due time, source
RUNGS: tuple[tuple[str, int, Unit, bool, Label], ...] = (
    ("remind", 4, _HOURS, True, _STEP),
    ("urge", 1, _DAYS, False, _URGE),
    ("supervise", 3, _DAYS, False, _STEP),
    ("monthly", 5, _DAYS, False, _URGE),
    ("joint", 15, _DAYS, False, _STEP),
)
# rate, percent, source
TARGETS: tuple[tuple[str, int, Label], ...] = (("on_time", 95, _OURS),)


def seed(*, by: Actor, at: datetime) -> None:
    """Write the limits and targets that have no version yet and a route for each category that never had one."""
    with Journal("cases.seed", by=by, at=at) as journal:
        known = set(Limit.objects.values_list("code", flat=True))
        limits = [limit for limit in sample_limits() if limit.code not in known]
        for limit in limits:
            journal.add(limit)
        set_before = set(Target.objects.values_list("code", flat=True))
        targets = [target for target in sample_targets() if target.code not in set_before]
        for target in targets:
            journal.add(target)
        climbed = set(Rung.objects.values_list("code", flat=True))
        rungs = [rung for rung in sample_rungs() if rung.code not in climbed]
        for rung in rungs:
            journal.add(rung)
        if rungs:
            reference.changed(known_rungs.REFERENCE)
        for route in _routes():
            journal.add(route)
        if limits:
            reference.changed(known_limits.REFERENCE)
        if targets:
            reference.changed(known_targets.REFERENCE)


def sample_limits() -> list[Limit]:
    """The limits to begin with, not saved yet."""
    return [
        Limit(
            code=code,
            name_zh=name.zh,
            name_en=name.en,
            amount=amount,
            unit=unit.value,
            start=start.value,
            valid_from=BEGINNING,
            source=_shipped(source).zh,
            confirmed=False,
        )
        for code, name, amount, unit, start, source in SAMPLES
    ]


def sample_targets() -> list[Target]:
    """The targets to begin with, not saved yet."""
    return [
        Target(code=code, percent=percent, valid_from=BEGINNING, source=_shipped(source).zh, confirmed=False)
        for code, percent, source in TARGETS
    ]


def sample_rungs() -> list[Rung]:
    """The ladder to begin with, not saved yet."""
    return [
        Rung(
            code=code, amount=amount, unit=unit.value, before=before, valid_from=BEGINNING,
            source=_shipped(source).zh, confirmed=False,
        )
        for code, amount, unit, before, source in RUNGS
    ]  # fmt: skip


def source_words(source: str) -> Label:
    """On what a limit or target rests: what we shipped in both languages, the county's own words as they were written."""
    return _KNOWN_SOURCES.get(source) or Label(source or "—", source or "—")


def _shipped(source: Label) -> Label:
    return Label(_SAMPLE.zh + source.zh, _SAMPLE.en + source.en)


_KNOWN_SOURCES = {
    x.zh: x
    for x in map(
        _shipped, (_BEIJING, _ZAOZHUANG, _BUREAU, _CUSTOM, _STEP, _URGE, _HOLD, _ONCE, _REDO, _QUARTERLY, _KEPT, _OURS)
    )
}


def _routes() -> Iterator[Route]:
    """What the programmes' categories say of themselves, where neither route nor the county's wish is known yet."""
    known = set(Route.objects.values_list("programme", "category"))
    bodies = dict(Organisation.objects.filter(valid_until=None).values_list("code", "pk"))
    for (programme, _), kind in sorted(types().items()):
        for category in kind.categories:
            if category.unit in bodies and (programme, category.code) not in known:
                yield Route(
                    programme=programme,
                    category=category.code,
                    unit_id=bodies[category.unit],
                    limit=category.limit,
                    valid_from=BEGINNING,
                )
