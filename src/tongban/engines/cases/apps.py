"""The cases engine's Django application."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Something that must be closed: intake, life cycle, clock, rating."""

    name = "tongban.engines.cases"
    label = "cases"

    def ready(self) -> None:
        from tongban.engines.cases import (  # noqa: F401 - for worker, audit
            climbing,
            deadlines,
            derived,
            endings,
            filejobs,
            jobs,
            meetingjobs,
            overdue,
            pruning,
            reminders,
            timeouts,
        )
        from tongban.engines.cases.importing import jobs as imports  # noqa: F401 - for the worker
