"""What is done to the cases, step by step, and which cases there are."""

from __future__ import annotations

from collections.abc import Callable

from tests.matrix.county import SYSTEM, County, Placed
from tongban.engines.cases import actions, secrets
from tongban.engines.cases.models import Answer
from tongban.engines.cases.outcome import Outcome

Step = Callable[[County, Placed], None]


def _by(county: County, placed: Placed, officer: str) -> dict[str, object]:
    placed.words["officer_names"].add(county.persons[officer].name)
    return {"case": placed.key, "by": county.actor(officer), "at": county.now()}


def accept(county: County, placed: Placed) -> None:
    actions.accept(**_by(county, placed, f"{placed.facts.programme} agent"))  # type: ignore[arg-type]
    placed.facts.state = "accepted"


def assign(unit: str, *assisting: str) -> Step:
    """The desk gives it to a unit, and others to help."""

    def step(county: County, placed: Placed) -> None:
        note = county.word()
        actions.assign(
            **_by(county, placed, f"{placed.facts.programme} agent"), unit=county.bodies[unit].pk, note=note,
            assisting=tuple(county.bodies[u].pk for u in assisting),
        )  # type: ignore[arg-type]  # fmt: skip
        placed.words["story_3"].add(note)
        for one in (unit, *assisting):
            county.duty(placed, one, lead=one == unit)
        placed.facts.state = "assigned"

    return step


def pass_down(unit: str, officer: str) -> Step:
    """The unit that leads gives it to one below."""

    def step(county: County, placed: Placed) -> None:
        actions.assign(**_by(county, placed, officer), unit=county.bodies[unit].pk)  # type: ignore[arg-type]
        county.duty(placed, unit, lead=True)
        placed.facts.state = "assigned"

    return step


def sign_in(officer: str) -> Step:
    def step(county: County, placed: Placed) -> None:
        actions.sign_in(**_by(county, placed, officer))  # type: ignore[arg-type]
        placed.facts.state = "handling"

    return step


def hand_over(to: str, officer: str) -> Step:
    def step(county: County, placed: Placed) -> None:
        actions.hand_over(**_by(county, placed, officer), account=county.accounts[to].pk)  # type: ignore[arg-type]

    return step


def give_back(officer: str) -> Step:
    """To the unit above, which handles it again, else to the desk: then everybody's part has ended."""

    def step(county: County, placed: Placed) -> None:
        reason, facts, gone = county.word(), placed.facts, placed.facts.lead
        actions.give_back(**_by(county, placed, officer), reason=reason)  # type: ignore[arg-type]
        placed.words["story_3"].add(reason)
        assert gone is not None
        gone.returned = gone.ended = True
        facts.state = "handling" if gone.parent else "accepted"
        if gone.parent is None:
            for duty in facts.duties:
                duty.ended = True

    return step


def ask(officer: str) -> Step:
    def step(county: County, placed: Placed) -> None:
        question = county.word()
        actions.ask(**_by(county, placed, officer), question=question)  # type: ignore[arg-type]
        placed.words["story_2"].add(question)

    return step


def answer(officer: str) -> Step:
    def step(county: County, placed: Placed) -> None:
        text, because = county.word(), county.word()
        # The writer's own sentence on why it is not done is his words as the answer itself is.
        actions.answer(
            **_by(county, placed, officer), text=f"{text}，已安排专人办理，月底前完成。",  # type: ignore[arg-type]
            outcome=Outcome("partly", "money", because),
        )  # fmt: skip
        placed.words["answers_draft"] |= {text, because}
        placed.words["latest"] = {text, because}
        county.file(placed, "files_draft", audience=2, answer=Answer.objects.filter(case=placed.key).latest("pk"))
        placed.facts.state = "review"

    return step


def reject(officer: str) -> Step:
    def step(county: County, placed: Placed) -> None:
        reason = county.word()
        actions.reject(**_by(county, placed, officer), reason=reason)  # type: ignore[arg-type]
        placed.words["story_3"].add(reason)
        placed.facts.state = "handling"

    return step


def approve(officer: str) -> Step:
    def step(county: County, placed: Placed) -> None:
        actions.approve(**_by(county, placed, officer))  # type: ignore[arg-type]
        placed.facts.state = "approved"

    return step


def send(officer: str) -> Step:
    def step(county: County, placed: Placed) -> None:
        actions.send(**_by(county, placed, officer))  # type: ignore[arg-type]
        placed.words["answers_sent"] |= placed.words["latest"]
        placed.words["answers_draft"] -= placed.words["latest"]
        placed.files["files_sent"] = placed.files.pop("files_draft")
        placed.facts.state = "answered"
        for duty in placed.facts.duties:
            duty.ended = True

    return step


def rate(county: County, placed: Placed) -> None:
    comment = county.word()
    actions.rate(token=secrets.rating_token(placed.key), grade=3, comment=comment, by=SYSTEM, at=county.now())
    placed.words["rating"] = {comment}


def close(county: County, placed: Placed) -> None:
    actions.close(**_by(county, placed, f"{placed.facts.programme} agent"))  # type: ignore[arg-type]
    placed.facts.state = "closed"


def press(county: County, placed: Placed) -> None:
    """Urged by the desk, and told in writing to report back."""
    agent = f"{placed.facts.programme} agent"
    actions.urge(**_by(county, placed, agent))  # type: ignore[arg-type]
    actions.supervise(**_by(county, placed, agent), demand="三日内反馈进展")  # type: ignore[arg-type]
    placed.pressed |= {"urged", "slips"}


def call_back(county: County, placed: Placed) -> None:
    actions.call_back(**_by(county, placed, f"{placed.facts.programme} agent"), result="solved")  # type: ignore[arg-type]
    placed.pressed |= {"calls", "calls_reached"}


def decline(county: County, placed: Placed) -> None:
    reason = county.word()
    actions.decline(**_by(county, placed, f"{placed.facts.programme} agent"), reason=reason)  # type: ignore[arg-type]
    placed.words["story_1"].add(reason)
    placed.facts.state = "declined"


def withdraw(county: County, placed: Placed) -> None:
    reason, asker = county.word(), placed.facts.requester
    actions.withdraw(case=placed.key, reason=reason, by=county.actor(asker), at=county.now())
    placed.words["story_2"].add(reason)
    placed.facts.state = "withdrawn"
    for duty in placed.facts.duties:
        duty.ended = True


def merge_into(name: str) -> Step:
    """It goes on as the case of that name: whoever asked or took part follows that one, and its units' part has ended."""

    def step(county: County, placed: Placed) -> None:
        head = next(p for p in county.cases if p.facts.name == name)
        actions.merge(**_by(county, placed, f"{placed.facts.programme} agent"), into=head.key)  # type: ignore[arg-type]
        facts = placed.facts
        head.facts.followers |= {facts.requester, *facts.parties, *facts.followers} - head.facts.parties
        facts.state = "merged"
        for duty in facts.duties:
            duty.ended = True

    return step


T, L, TOWN, VILLAGE = "traffic handler", "labour handler", "新埭镇 handler", "泖口村 handler"
TO_TRAFFIC = (accept, assign("traffic", "labour"), sign_in(T))
TO_TOWN = (accept, assign("新埭镇"), sign_in(TOWN))
DOWN = (*TO_TOWN, pass_down("泖口村", TOWN))
DRAFTED = (*TO_TRAFFIC, ask(T), answer(T), reject("traffic reviewer"), answer(T))
ANSWERED = (*DRAFTED, approve("traffic reviewer"), send("traffic reviewer"))

#: Each of these once openly and once confidentially, for firms and for residents: name, place, steps.
STORIES: tuple[tuple[str, str, tuple[Step, ...]], ...] = (
    ("new", "泖口村", ()),
    ("accepted", "新仓镇", (accept,)),
    ("assigned", "新埭镇", (accept, assign("traffic", "labour"))),
    ("returned", "新埭镇", (*TO_TRAFFIC, give_back(T))),
    ("returned, then another's", "新仓镇", (*TO_TRAFFIC, give_back(T), assign("labour"), sign_in(L))),
    (
        "returned, then the same unit's",
        "新埭镇",
        (accept, assign("traffic"), sign_in(T), give_back(T), assign("traffic")),
    ),
    ("passed down", "泖口村", DOWN),
    ("passed down and reviewed", "泖口村", (*DOWN, sign_in(VILLAGE), answer(VILLAGE))),
    ("passed down and given back", "泖口村", (*DOWN, sign_in(VILLAGE), give_back(VILLAGE))),
    ("in review", "新仓镇", (*DRAFTED, press)),
    ("answered", "新埭镇", ANSWERED),
    ("closed", "新埭镇", (*ANSWERED, rate, close, call_back)),
)
#: Complaints: about whom, where, steps.
COMPLAINTS: tuple[tuple[str, str, tuple[Step, ...]], ...] = (
    ("traffic", "新埭镇", (accept, assign("labour"), sign_in(L))),
    ("新埭镇", "新埭镇", (accept, assign("traffic"), sign_in(T))),
    ("新埭镇", "新仓镇", (accept, assign("新仓镇"))),
    ("泖口村", "泖口村", (*TO_TOWN, answer(TOWN))),
    ("community desk", "新埭镇", ()),
    ("enterprise desk", "新仓镇", ()),
)
OTHERS: tuple[tuple[str, str, tuple[Step, ...]], ...] = (
    ("declined", "新埭镇", (decline,)),
    ("withdrawn", "新埭镇", (*TO_TRAFFIC, withdraw)),
    ("to the station below", "新埭镇", (*TO_TOWN, pass_down("works station", TOWN), sign_in("works station handler"))),
    ("handled by one who moved", "独山港镇", (accept, assign("traffic"), sign_in("moved officer"))),
    ("handled by one who left", "独山港镇", (accept, assign("traffic"), sign_in("officer who left"))),
    ("the same, asked first", "新仓镇", (accept,)),
    ("the same, merged into it", "新埭镇", (*TO_TRAFFIC, merge_into("the same, asked first"))),
    ("handed over", "独山港镇", (accept, assign("traffic"), sign_in(T), hand_over("second traffic handler", T))),
    ("returned by one who moved", "独山港镇", (accept, assign("traffic"), sign_in("moved officer"),
                                       give_back("moved officer"))),
)  # fmt: skip


def fill(county: County) -> None:
    """All the cases."""
    for programme in ("enterprise", "community"):
        for confidential in (False, True):
            for name, place, steps in STORIES:
                _made(county, name, programme, place, steps, confidential=confidential)
            for about, place, steps in COMPLAINTS:
                name = f"about {about} in {place}"
                _made(county, name, programme, place, steps, confidential=confidential, about=about)
    for name, place, steps in OTHERS:
        _made(county, name, "community", place, steps, circle=False)
    left = next(steps for name, _, steps in OTHERS if name == "handled by one who left")
    _made(county, "a firm's, handled by one who left", "enterprise", "独山港镇", left)
    for confidential in (False, True):
        own = county.open("an officer's own", "community", "新埭镇", about="新埭镇", by="complaining officer",
                          confidential=confidential)  # fmt: skip
        for step in TO_TRAFFIC:
            step(county, own)
    county.end_roles()


def _made(county: County, name: str, programme: str, place: str, steps: tuple[Step, ...], **more: object) -> None:
    placed = county.open(name, programme, place, **more)  # type: ignore[arg-type]
    for step in steps:
        step(county, placed)
