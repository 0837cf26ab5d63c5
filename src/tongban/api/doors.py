"""The API as one object: its version, its endpoints, and how troubles are told."""

from __future__ import annotations

from ninja import NinjaAPI

from tongban.api import cases, moves, problems, reference
from tongban.api.parsing import StrictParser

api = NinjaAPI(
    title="Tongban (通办)",
    version="1",
    description="What the pages say and do, for other systems. Errors are data, in Chinese and English.",
    docs_url=None,  # the usual page brings scripts from elsewhere
    urls_namespace="api",
    parser=StrictParser(),
)
api.add_router("", cases.router)
api.add_router("", moves.router)
api.add_router("", reference.router)
problems.handle(api)
