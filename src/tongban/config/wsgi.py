"""The WSGI application that granian serves."""

import os
from typing import Any

import django
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest

from tongban.cli.serve import require_own_county

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongban.config.settings")
django.setup(set_prefix=False)


class PlainRequest(WSGIRequest):
    """A request that is read as UTF-8, whatever it claims.

    Django believes the ``charset`` of a request's Content-Type and reads its address by it, before any middleware has a
    say: with a codec that fails on any text ("hex") nothing would be left but to break.
    """

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        super()._set_content_type_params({**meta, "CONTENT_TYPE": _without_charset(meta.get("CONTENT_TYPE", ""))})  # type: ignore[misc]


class Application(WSGIHandler):
    """Django's own, for such requests."""

    request_class = PlainRequest


def _without_charset(content_type: str) -> str:
    return ";".join(p for p in content_type.split(";") if not p.strip().lower().startswith("charset"))


require_own_county()
application = Application()
