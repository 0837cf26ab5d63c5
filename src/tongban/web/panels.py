"""What programmes put into a shared page."""

from __future__ import annotations

from typing import Any

from tongban.core.access.viewer import Viewer
from tongban.engines.programme.scan import programmes


def panels(place: str, viewer: Viewer, subject: Any) -> list[tuple[str, dict[str, Any]]]:
    """Template and context of every panel that has something for this reader."""
    found = [panel for p in programmes().values() for panel in p.panels if panel.place == place]
    return [drawn for panel in found if (drawn := panel.draw(viewer, subject)) is not None]
