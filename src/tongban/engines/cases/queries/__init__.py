"""Reads of cases: every one takes the viewer and gives only what he may see."""

from tongban.engines.cases.queries.desk import due_counts, queue_counts
from tongban.engines.cases.queries.detail import Detail, case_detail, tracked
from tongban.engines.cases.queries.lists import (
    CaseRow,
    Page,
    View,
    newest_page,
    own_cases,
    queue_page,
    views_of,
)
from tongban.engines.cases.queries.search import search_page

__all__ = [
    "CaseRow", "Detail", "Page", "View", "case_detail", "due_counts", "newest_page", "own_cases", "queue_counts",
    "queue_page", "search_page", "tracked", "views_of",
]  # fmt: skip
