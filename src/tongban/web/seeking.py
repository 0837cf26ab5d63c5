"""Search boxes: what is typed comes by POST, and stands in an address only if it is nobody's number.

An address is kept by browsers, handed on as a link and written into logs by machines that are not ours.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.http import urlencode

from tongban.core.labels import Label
from tongban.core.masking import names_somebody
from tongban.web.reading import Reading

_DAY = re.compile(r"(?:19|20)\d{2}-\d{1,2}-\d{1,2}(?!\d)")
_LONG = re.compile(r"\d{8,}|\d(?:[\s\-]?\d){8,}")
_REFUSED = Label(
    "手机号、证件号这样的号码不写进网址，这里也找不到。请用文字找。",
    "Numbers such as a telephone's or an identity card's are kept out of addresses, and find nothing here."
    " Please search by words.",
)


def numberlike(typed: str) -> bool:
    """Whether a long number is in it, whatever it may be: where no number can be found, none is taken.

    >>> numberlike("0573-8501 2345"), numberlike("８５０１２３４５"), numberlike("2026-11-22 12路")
    (True, True, False)
    """
    return _LONG.search(_DAY.sub("", unicodedata.normalize("NFKC", typed))) is not None


def moved(request: Reading, refuse: Callable[[str], bool] = names_somebody) -> HttpResponse | None:
    """Where a sent search box leads: the address of what was asked, without a number and with a sentence in its place.

    None if the page is to be drawn: an address that holds nothing to refuse.
    """
    given = request.POST if request.method == "POST" else request.GET
    typed = given.get("q", "")
    number = refuse(typed)
    if request.method != "POST" and not number:
        return None
    query = {
        name: str(value) for name, value in given.items() if name not in ("csrfmiddlewaretoken", "q", "after") and value
    }
    if number:
        messages.error(request, _REFUSED.text(request.language))
    elif typed.strip():
        query["q"] = typed
    return HttpResponseRedirect(f"{request.path}?{urlencode(query)}" if query else request.path)
