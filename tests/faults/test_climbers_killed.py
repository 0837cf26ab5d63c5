"""Workers that are killed while they let late cases climb: every rung acts once all the same."""

from __future__ import annotations

import os
import signal
import time
from datetime import timedelta
from random import Random

import pytest
from django.db import connection

from tests.engines.cases.conftest import NOW, County
from tests.engines.cases.conftest import county as county  # the fixture  # noqa: PLC0414
from tests.engines.cases.test_ladder import handled
from tests.ledgered import empty_indexes
from tongban.engines.cases.climbing import climb
from tongban.engines.cases.ladder import ORDER
from tongban.engines.cases.models import AgendaItem, Escalation, Slip

KILLS, CASES = 40, 15
pytestmark = pytest.mark.django_db(transaction=True)


def test_every_rung_acts_once_however_often_its_worker_is_killed(county: County) -> None:
    empty_indexes()
    cases = [handled(county) for _ in range(CASES)]
    chance, killed = Random(5), 0
    for n in range(KILLS):
        at = NOW + timedelta(days=7 + 30 * n / KILLS)
        connection.close()
        child = os.fork()
        if not child:
            try:
                climb(at)
            finally:
                os._exit(0)
        time.sleep(chance.uniform(0.001, 0.03))
        os.kill(child, signal.SIGKILL)
        killed += os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    climb(NOW + timedelta(days=40))
    assert killed > KILLS // 4, "hardly any worker was killed in time"
    for case in cases:
        acted = list(Escalation.objects.filter(case=case).order_by("pk").values_list("rung", flat=True))
        assert acted == list(ORDER)
    assert Slip.objects.count() == CASES
    assert AgendaItem.objects.count() == 2 * CASES  # the monthly meeting, then the joint one
