"""The ledger's Django application."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Entries, seals and the outbox."""

    name = "tongban.core.ledger"
    label = "ledger"

    def ready(self) -> None:
        from tongban.core.ledger import seals  # noqa: F401 - registers what the worker does
