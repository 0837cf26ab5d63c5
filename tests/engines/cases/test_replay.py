"""Whatever happens, the rows are what the entries say; and whoever changes either behind their back is found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone

from tests.engines.cases.conftest import County
from tests.histories import MOVES, History
from tests.ledgered import adopt
from tongban.core.database import quote
from tongban.core.ledger import seals
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.audit import Audit
from tongban.core.ledger.journal import Journal
from tongban.core.ledger.models import Entry, Seal
from tongban.core.ledger.replay import tables
from tongban.core.ledger.worker import run_pending
from tongban.core.registry.models import Person
from tongban.engines.cases.actions.recomputing import Recomputed, recompute
from tongban.engines.cases.models import Case, CaseScope
from tongban.engines.cases.text import INDEX

TAMPERINGS = 200


def faults(exported: seals.Exported | None = None) -> list[str]:
    return [fault.sentence("en") for fault in Audit(exported=exported).faults()]


def lived(county: County, seed: int, steps: int) -> History:
    adopt()
    life = History(county, seed)
    for _ in range(steps):
        life.step()
    assert run_pending(life.at + timedelta(days=1)).errors == []
    return life


@pytest.mark.parametrize("seed", [1, 2])
def test_after_a_random_life_the_rows_are_what_the_entries_say(county: County, seed: int) -> None:
    life = lived(county, seed, 200)
    assert faults() == []
    assert sum(life.done.values()) > 50


@pytest.mark.long
@pytest.mark.parametrize("seed", range(3, 40))
def test_after_a_long_random_life_the_rows_are_what_the_entries_say(county: County, seed: int) -> None:
    lived(county, seed, 1000)
    assert faults() == []


@pytest.mark.long
def test_random_lives_reach_every_action(county: County) -> None:
    done: Counter[str] = Counter()
    for seed in range(40):  # the more moves there are, the longer it takes to meet the rarest
        done.update(lived(county, seed, 1000).done)
        if set(MOVES) <= set(done):
            break
    assert set(MOVES) - set(done) == set()


# -- tampering ---------------------------------------------------------------------------------------------------------


class Insider:
    """Somebody with the database's password, who knows neither the ledger nor the rules."""

    def __init__(self, seed: int) -> None:
        self.dice = Random(seed)
        self.ways: list[Callable[[], str]] = [
            self.edit_row, self.edit_row, self.edit_row, self.edit_row, self.edit_version, self.remove_row,
            self.copy_row, self.edit_entry, self.edit_entry, self.edit_entry, self.remove_entry, self.swap_entries,
            self.swap_seats, self.edit_scope, self.remove_scope, self.edit_words, self.edit_seal, self.remove_object,
            self.destroy_key,
        ]  # fmt: skip

    def tamper(self) -> str:
        """Do one thing; says what."""
        while True:
            try:
                with transaction.atomic():
                    return self.dice.choice(self.ways)()
            except (DatabaseError, LookupError):
                continue  # the database itself did not let him

    def edit_row(self) -> str:
        table = self.dice.choice([t for t in tables().values() if t.model._default_manager.exists()])
        return self._edit(table.model, self.dice.choice(table.columns))

    def edit_version(self) -> str:
        table = self.dice.choice([t for t in tables().values() if t.versioned and t.model._default_manager.exists()])
        return self._edit(table.model, "version")

    def edit_entry(self) -> str:
        columns = [f.attname for f in Entry._meta.concrete_fields if f.attname != "id"]
        return self._edit(Entry, self.dice.choice(columns))

    def edit_scope(self) -> str:
        return self._edit(CaseScope, self.dice.choice(["holder", "queue", "due_at", "state", "programme"]))

    def edit_seal(self) -> str:
        return self._edit(Seal, self.dice.choice(["first_entry", "last_entry", "entries", "root", "county", "made_at"]))

    def remove_scope(self) -> str:
        return self._delete(CaseScope)

    def remove_entry(self) -> str:
        return self._delete(Entry)

    def remove_row(self) -> str:
        return self._delete(self.dice.choice([t.model for t in tables().values() if t.model._default_manager.exists()]))

    def remove_object(self) -> str:
        """With all its entries: no chain is left that could have a gap."""
        entry = self._pick(Entry)
        Entry.objects.filter(kind=entry.kind, object_id=entry.object_id).delete()
        table = tables()[entry.kind]
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {quote(table.model._meta.db_table)} WHERE {quote(table.model._meta.pk.column)} = %s", [entry.object_id])  # fmt: skip
        return f"remove {entry.kind} {entry.object_id} with its entries"

    def copy_row(self) -> str:
        row = self._pick(self.dice.choice([t.model for t in tables().values() if t.model._default_manager.exists()]))
        before, row.pk = row.pk, None
        row.save(force_insert=True)
        return f"copy {row._meta.label_lower} {before} as {row.pk}"

    def swap_entries(self) -> str:
        """The same acts in another order."""
        one, two = self._two_of_a_chain()
        for entry, other in ((one, two), (two, one)):
            Entry.objects.filter(pk=entry.pk).update(
                images=other.images, name=other.name, recorded_at=other.recorded_at
            )
        if (one.images, one.name, one.recorded_at) == (two.images, two.name, two.recorded_at):
            raise LookupError
        return f"swap what entries {one.pk} and {two.pk} say"

    def swap_seats(self) -> str:
        one, two = self._two_of_a_chain()
        Entry.objects.filter(pk=one.pk).update(number=9999)
        Entry.objects.filter(pk=two.pk).update(number=one.number)
        Entry.objects.filter(pk=one.pk).update(number=two.number)
        return f"swap the numbers of entries {one.pk} and {two.pk}"

    def edit_words(self) -> str:
        key = self.dice.choice(list(CaseScope.objects.values_list("case_id", flat=True)))
        INDEX.replace(key, [*INDEX.read([key])[key], "安插"])
        return f"a word for case {key}"

    def destroy_key(self) -> str:
        """As if somebody had been erased, so that his words can be rewritten."""
        model = self.dice.choice([Person, Case])
        row = self._pick(model)
        if not row.key or not Entry.objects.filter(kind=model._meta.label_lower, object_id=row.pk).exists():
            raise LookupError
        model._default_manager.filter(pk=row.pk).update(key=b"")
        return f"the key of {model._meta.label_lower} {row.pk}"

    def _two_of_a_chain(self) -> tuple[Entry, Entry]:
        first = self._pick(Entry)
        chain = list(Entry.objects.filter(kind=first.kind, object_id=first.object_id))
        one, two = self.dice.sample(chain, 2) if len(chain) > 1 else [None, None]
        if one is None or two is None:
            raise LookupError
        return one, two

    def _pick(self, model: type[models.Model]) -> Any:
        return self.dice.choice(list(model._default_manager.order_by("pk")))

    def _edit(self, model: type[models.Model], name: str) -> str:
        row = self._pick(model)
        value = another(getattr(row, name), model._meta.get_field(name))
        if not model._default_manager.filter(pk=row.pk).update(**{name: value}):
            raise LookupError
        return f"{model._meta.label_lower} {row.pk}: {name} from {getattr(row, name)!r} to {value!r}"

    def _delete(self, model: type[models.Model]) -> str:
        row = self._pick(model)
        with connection.cursor() as cursor:
            column = quote(model._meta.pk.column)  # type: ignore[union-attr]
            cursor.execute(f"DELETE FROM {quote(model._meta.db_table)} WHERE {column} = %s", [row.pk])
        return f"remove {model._meta.label_lower} {row.pk}"


def another(value: Any, column: Any) -> Any:
    """A value of the same type that is not ``value``."""
    if value is None:
        return another(blank(column), column)
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    if isinstance(value, datetime | date):
        return value + timedelta(days=1)
    if isinstance(value, str):
        return (value[:-1] + ("x" if value[-1:] != "x" else "y")) if value else "x"
    if isinstance(value, bytes | memoryview):
        return bytes([*bytes(value)[:-1], (bytes(value)[-1] + 1) % 256]) if len(value) else b"x"
    return type(value)(int=value.int ^ 1)


def blank(column: Any) -> Any:
    kind = column.target_field if isinstance(column, models.ForeignKey) else column
    if isinstance(kind, models.DateTimeField):
        return datetime.fromisoformat("2026-01-01T00:00:00+00:00")
    if isinstance(kind, models.DateField):
        return date(2026, 1, 1)
    if isinstance(kind, models.BooleanField):
        return False
    if isinstance(kind, models.CharField | models.TextField):
        return ""
    return b"" if isinstance(kind, models.BinaryField) else 0


def sealed(county: County, folder: Path) -> seals.Exported:
    """A county with a past, sealed, and the seal carried away."""
    life = lived(county, 5, 150)
    return seals.read(seals.export(seals.make_seal(at=life.at + timedelta(days=2)), folder / "seal.json"))


def test_two_hundred_random_tamperings_are_all_found(county: County, tmp_path: Path) -> None:
    exported = sealed(county, tmp_path)
    assert faults(exported) == []
    insider, missed, ways = Insider(7), [], Counter[str]()
    for _ in range(TAMPERINGS):
        with transaction.atomic():
            done = insider.tamper()
            ways[done.split(" ")[0]] += 1
            with closing(Audit(exported=exported).faults()) as found:
                if next(found, None) is None:
                    missed.append(done)
            transaction.set_rollback(True)
    assert missed == []
    assert len(ways) > 10
    assert faults(exported) == []


def test_a_fault_names_the_row_the_column_and_the_entry(county: County, tmp_path: Path) -> None:
    exported = sealed(county, tmp_path)
    person = county.people["陈居民"]
    entry = Entry.objects.get(kind="registry.person", object_id=person.pk)
    other = county.people["陆文员"]
    type(person).objects.filter(pk=other.pk).update(phone=b"", phone_index=None)
    type(person).objects.filter(pk=person.pk).update(phone=other.phone, name="换人")
    assert faults(exported)[:2] == [
        f"registry.person {person.pk}: “name” is not what the ledger says (last in entry {entry.pk}).",
        f"registry.person {person.pk}: “phone” is not what the ledger says (last in entry {entry.pk}).",
    ]


def test_whoever_is_not_erased_has_a_key_and_whoever_is_has_nothing_left(county: County, tmp_path: Path) -> None:
    exported = sealed(county, tmp_path)
    told = Person.objects.filter(pk__in=Entry.objects.filter(kind="registry.person").values("object_id"))
    person = next(p for p in told if p.name)
    told.filter(pk=person.pk).update(key=b"", name="换人")
    assert f"The key of registry.person {person.pk} is gone" in "\n".join(faults(exported))
    with Journal("test.erase", by=Actor(system="test"), at=timezone.now()) as journal:
        journal.change(Person.objects.get(pk=person.pk), erased_at=timezone.now())
    assert any("“name” was forgotten" in one for one in faults())
    told.filter(pk=person.pk).update(name="", phone=b"", phone_index=None)
    assert not [one for one in faults() if one.startswith(f"registry.person {person.pk}:")]


@pytest.mark.parametrize("seed", [3, 4, 5])
def test_after_a_random_life_deriving_every_deadline_again_changes_nothing(county: County, seed: int) -> None:
    """Pauses, extensions, returns and changed calendars moved them step by step; derived from the beginning they are the same."""
    life = lived(county, seed, 200)
    moved = {}
    for case in life.cases:
        before = Case.objects.get(pk=case).version
        told = recompute(case=case, by=Actor(system="test"), at=life.at + timedelta(days=1))
        if told != Recomputed() or Case.objects.get(pk=case).version != before:
            moved[case] = told
    assert moved == {}


@pytest.mark.long
@pytest.mark.parametrize("seed", range(40, 60))
def test_after_a_long_random_life_deriving_every_deadline_again_changes_nothing(county: County, seed: int) -> None:
    test_after_a_random_life_deriving_every_deadline_again_changes_nothing(county, seed)
