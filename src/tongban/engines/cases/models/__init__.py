"""Cases and their parts. Rows only; every write is an action, every read over many rows a query."""

from tongban.engines.cases.models.case import Case, CaseScope, FactValue, Participant
from tongban.engines.cases.models.files import Attachment, Checked, OpenPicture
from tongban.engines.cases.models.importing import Batch, Mapping
from tongban.engines.cases.models.publication import Publication
from tongban.engines.cases.models.raising import AgendaItem, Escalation, Meeting, Slip
from tongban.engines.cases.models.rules import Limit, Route, Rung, Target
from tongban.engines.cases.models.same import Link, Question
from tongban.engines.cases.models.time import Extension, Stop
from tongban.engines.cases.models.work import Answer, Assignment, Callback, Inquiry, Rating, StoryItem

__all__ = [
    "AgendaItem",
    "Answer",
    "Assignment",
    "Attachment",
    "Batch",
    "Callback",
    "Case",
    "CaseScope",
    "Checked",
    "Escalation",
    "Extension",
    "FactValue",
    "Inquiry",
    "Limit",
    "Link",
    "Mapping",
    "Meeting",
    "OpenPicture",
    "Participant",
    "Publication",
    "Question",
    "Rating",
    "Route",
    "Rung",
    "Slip",
    "Stop",
    "StoryItem",
    "Target",
]
