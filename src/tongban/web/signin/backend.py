"""The account behind a session, read with all that every page asks of it: one query."""

from __future__ import annotations

from django.contrib.auth.backends import ModelBackend
from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from tongban.core.access.models import Account
from tongban.core.notices.models import Notice


class AccountBackend(ModelBackend):
    """Django's own, but an account comes with its person and with ``unread``, the number of lines not seen yet."""

    def get_user(self, user_id: int) -> Account | None:
        """The account with this key, if it may still sign in."""
        unread = Coalesce(_waiting("account", "pk"), Value(0)) + Coalesce(_waiting("person", "person_id"), Value(0))
        found = Account.objects.select_related("person").annotate(unread=unread).filter(pk=user_id).first()
        return found if found is not None and self.user_can_authenticate(found) else None


def _waiting(column: str, key: str) -> Subquery:
    mine: QuerySet[Notice] = Notice.objects.filter(**{column: OuterRef(key)}, read_at=None)
    return Subquery(mine.order_by().values(one=F(column)).annotate(n=Count("pk")).values("n"))
