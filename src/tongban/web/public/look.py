"""How a reader wants pages to look: large print, dark or light. Kept in cookies of his own browser."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from tongban.web.guard import public
from tongban.web.reading import Reading

_CHOICES = {"large": ("0", "1"), "theme": ("dark", "light", "device")}
_YEAR = 31_536_000


@public
@require_POST
def look(request: Reading) -> HttpResponse:
    """Keep the choice and go back to the page from which it was made."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    for name, values in _CHOICES.items():
        if (chosen := request.POST.get(name)) in values:
            response.set_cookie(name, chosen, max_age=_YEAR, httponly=True, samesite="Lax", secure=request.is_secure())
    return response
