"""Forms that carry files are weighed before any of their body is read."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from tongban.core.files.taking import AT_ONCE, FILE_BYTES
from tongban.core.labels import Label
from tongban.core.refusals import Refused, declare
from tongban.web.guard import refused
from tongban.web.reading import Reading

View = Callable[..., HttpResponse]
#: What one form may weigh: without a script all its files come with it at once.
MOST = 4 * FILE_BYTES

declare(
    {
        "file.body": Label(
            "一起传的文件超过 {most} MiB，没有收下。请返回上一页，一次少选几个；已写的文字还在那一页。",
            "The files sent together are larger than {most} MiB and were not taken. Go back and choose fewer at a time; what you"
            " wrote is still on that page.",
        )
    }
)


def weighed(view: View) -> View:
    """For a view whose form carries files (at most :data:`AT_ONCE`): a body that is too large is refused unread.

    The page's key stands in the body, so Django's check of it comes after the weighing.
    """
    protected = csrf_protect(view)

    @wraps(view)
    def guarded(request: Reading, *args: Any, **kwargs: Any) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length) > MOST:
            return refused(request, Refused("file.body", most=MOST // 1024**2), status=413)
        return protected(request, *args, **kwargs)

    return csrf_exempt(guarded)


__all__ = ["AT_ONCE", "MOST", "weighed"]
