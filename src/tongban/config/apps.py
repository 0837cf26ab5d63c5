"""Start-up: programmes bring their declarations to the engines, and the engines' ports are wired."""

from __future__ import annotations

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Loads every programme once all models are known, so that a mistaken declaration stops the start."""

    name = "tongban.config"
    label = "config"

    def ready(self) -> None:
        from tongban.engines.cases import fulltext, ports
        from tongban.engines.programme.scan import programmes

        programmes()
        ports.wire(similar=fulltext.similar)
