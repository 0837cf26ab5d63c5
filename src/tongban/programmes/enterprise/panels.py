"""What the firms' desk puts into a firm's file: with what the firm has come so far, kind by kind."""

from __future__ import annotations

from typing import Any

from tongban.core.access.viewer import Viewer
from tongban.core.registry.models import Firm
from tongban.engines.cases.queries.firms import firm_matters
from tongban.engines.cases.types import case_type


def matters_of_firm(viewer: Viewer, firm: Firm) -> tuple[str, dict[str, Any]] | None:
    """Kinds of matters with their numbers; nothing where the viewer may see no request of the firm."""
    kind = case_type("enterprise", "request")
    rows = [
        (category.label, n, unclosed)
        for code, n, unclosed in firm_matters(viewer, firm.pk, "enterprise")
        if (category := kind.category(code)) is not None
    ]
    return ("enterprise/matters.html", {"rows": rows}) if rows else None
