"""Logs hold no secret and no number: what a log record says is masked when it is made, whichever logger makes it.

A filter would sit on one logger or one handler and miss those that a server or a library brings; a record is made once.
"""

from __future__ import annotations

import logging
import logging.config
from typing import Any

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http.multipartparser import MultiPartParserError

from tongban.core.masking import masked

_PLAIN = logging.LogRecord
_FORMATTER = logging.Formatter()
# What a visitor sent wrong is no fault of the program: one line says it, and a traceback would only bury the others.
_HIS_OWN = (BadRequest, MultiPartParserError, SuspiciousOperation)


def configure(settings: dict[str, Any]) -> None:
    """Django's hook: set the loggers up, and mask what they say."""
    logging.setLogRecordFactory(record)
    logging.config.dictConfig(settings)


def record(*args: Any, **kwargs: Any) -> logging.LogRecord:
    """A log record without secrets: in its words, and in its traceback, whose last line may quote what was sent."""
    made = _PLAIN(*args, **kwargs)
    if made.exc_info and made.exc_info[0] is not None:
        if issubclass(made.exc_info[0], _HIS_OWN):
            made.exc_info = None
        else:
            made.exc_text = masked(_FORMATTER.formatException(made.exc_info))
    try:
        said = made.getMessage()
    except (TypeError, ValueError, KeyError):  # the caller's own mistake: whoever writes the record out will say so
        return made
    plain = masked(said)
    if plain != said:
        made.msg, made.args = plain, ()
    return made
