from datetime import UTC, datetime

from django.db import migrations
from django.db.models import Max

NO_CLOCK = datetime(9999, 1, 1, tzinfo=UTC)
AT_ONCE = 10_000  # rows: so that nobody who writes waits for long


def forget_clocks(apps, schema_editor):
    """Where nothing waits no clock is kept any more."""
    scopes = apps.get_model("cases", "CaseScope").objects
    last = scopes.aggregate(last=Max("pk"))["last"] or 0
    for first in range(0, last + 1, AT_ONCE):
        rows = scopes.filter(pk__gte=first, pk__lt=first + AT_ONCE, queue=0)
        rows.exclude(due_at=NO_CLOCK).update(due_at=NO_CLOCK)


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('cases', '0015_slip_moved'),
    ]

    operations = [
        migrations.RunPython(forget_clocks, migrations.RunPython.noop),
    ]
