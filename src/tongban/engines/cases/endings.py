"""What happens when a body ends: the desks whose cases it still holds are told, once."""

from __future__ import annotations

from django.db.models import Count
from django.utils.timezone import localdate

from tongban.core.access.offices import in_office
from tongban.core.access.viewer import AGENT
from tongban.core.ledger.worker import Task, handles
from tongban.core.notices.writing import Line, add_lines
from tongban.core.registry.queries import directory
from tongban.core.registry.succession import ENDED
from tongban.engines.cases.models import Case

# From these the desk takes a case back (see actions.desk.recall).
_IN_HAND = ("assigned", "handling", "review")


@handles(ENDED)
def _ended(task: Task) -> None:
    """Nobody is left who would answer what the body held: its desks give it out anew."""
    unit = task.payload["organisation"]
    if directory().bodies[unit].valid_on(localdate(task.at)):
        return
    # A complaint is told of to nobody here, for one of the agents may be the one that it is about.
    held = Case.objects.filter(lead=unit, state__in=_IN_HAND, about=None).values_list("desk", "programme")
    lines = []
    for desk, programme, count in held.annotate(n=Count("pk")).order_by("desk", "programme"):
        told = sorted(in_office(desk, AGENT, task.at, programme))
        lines += [Line("officer.unit_ended", account=a, gaps={"unit": unit, "count": count}) for a in told]
    add_lines(lines, cause=task.key, at=task.at)
