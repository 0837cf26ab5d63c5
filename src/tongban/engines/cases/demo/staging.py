"""What a programme puts on its county's timeline: the work of its desk, and its book's cases with their scenes and files."""

from __future__ import annotations

from tongban.engines.cases.demo.calling import calling, oversight
from tongban.engines.cases.demo.county import DemoCounty
from tongban.engines.cases.demo.papers import Papers
from tongban.engines.cases.demo.plan import Plan
from tongban.engines.cases.demo.plans import Drawing
from tongban.engines.cases.demo.publishing import publishing, waiting_texts
from tongban.engines.cases.demo.scenes import CASES, Scenes
from tongban.engines.cases.demo.sittings import joint_sat, joint_sitting, sittings


def begin_desk(county: DemoCounty, desk: str) -> None:
    """Let the desk meet, publish, call back and be overseen."""
    for work in (sittings, joint_sat, joint_sitting, publishing, waiting_texts, calling, oversight):
        county.timeline.add(work(county, desk))


def staged(drawing: Drawing, number: int) -> list[Plan]:
    """Plans of about ``number`` cases (times the county's size), with files; those of the scenes begin by themselves."""
    papers = Papers(f"{drawing.county.seed} {drawing.programme}")
    size = drawing.county.size
    plans = papers.hand_out(drawing.plans(number - (2 * CASES if size >= 1 else 0)), size)
    Scenes(drawing, papers).begin()
    return plans
