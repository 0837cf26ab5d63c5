"""Rows at a fraction of what a model's own constructor costs, which is most of an action's time in bulk."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, cached_property
from typing import Any, Generic, NamedTuple, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, models
from django.db.models.base import ModelState

from tongban.core.database import fetch_rows

Row = TypeVar("Row", bound=models.Model)


class _Shape(NamedTuple):
    """A model's columns with their defaults, and its relations' column names."""

    defaults: dict[str, Any]
    relations: dict[str, str]


def new_row(model: type[Row], **values: Any) -> Row:
    """A row that is not saved yet, as ``model(**values)`` makes it.

    Defaults are worked out once and no signal is sent; a related row may be given whole or by its key.
    """
    shape = _shape(model)
    row = model.__new__(model)
    row._state = ModelState()
    columns = row.__dict__
    columns.update(shape.defaults)
    for name, value in values.items():
        if name in shape.relations:
            columns[shape.relations[name]] = None if value is None else value.pk
            row._state.fields_cache[name] = value
        elif name in shape.defaults:
            columns[name] = value
        else:
            raise TypeError(f"{model.__name__} has no column {name!r}")
    return row


def read_rows(found: models.QuerySet[Row]) -> list[Row]:
    """The rows of a query without related ones or annotations, as iterating over it gives them."""
    model = found.model
    fields = model._meta.concrete_fields
    names, database = [f.attname for f in fields], found.db
    try:
        sql, params = found.values_list(*names).query.sql_with_params()
    except EmptyResultSet:
        return []
    return [_made(model, names, values, database) for values in fetch_rows(fields, sql, params)]


class Prepared(Generic[Row]):
    """A query that nearly every action asks: rows by one column, whose SQL is worked out once in the life of a process.

    Working it out takes Django longer than the database takes to answer. ``by``: the column; ``related``: the paths of
    related rows that come with each, an outer one before those that it leads to; ``among``: which rows at all, by
    conditions without values. Rows come by their key, the smallest first, as iterating over the query gives them.
    """

    def __init__(
        self, model: type[Row], by: str = "pk", *, related: Sequence[str] = (), among: models.Q | None = None
    ) -> None:
        self._model, self._by, self._related, self._among = model, by, related, among

    def rows(self, value: int) -> list[Row]:
        """Those whose column holds ``value``."""
        sql, columns, parts = self._worked_out
        return [self._row(values, parts) for values in fetch_rows(columns, sql, (value,))]

    def one(self, value: int) -> Row | None:
        """The first of them."""
        return next(iter(self.rows(value)), None)

    @cached_property
    def _worked_out(self) -> tuple[str, list[Any], list[_Part]]:
        parts: list[_Part] = []
        columns: list[Any] = []
        asked: list[str] = []
        for path in ("", *self._related):
            model = self._model if not path else _led_to(self._model, path)
            fields = model._meta.concrete_fields
            outer, _, name = path.rpartition("__")
            parts.append(_Part(path, outer, name, model, [f.attname for f in fields], len(columns)))
            columns += fields
            asked += [f"{path}__{f.attname}" if path else f.attname for f in fields]
        found = self._model._default_manager.filter(self._among or models.Q(), **{self._by: _GAP})
        sql, params = found.order_by("pk").values_list(*asked).query.sql_with_params()
        if tuple(params) != (_GAP,):
            raise TypeError(f"a prepared query of {self._model.__name__} has one value, not {params}")
        return sql, columns, parts

    def _row(self, values: Sequence[Any], parts: list[_Part]) -> Row:
        made: dict[str, Any] = {}
        for path, outer, name, model, names, begin in parts:
            own = values[begin : begin + len(names)]
            key = own[names.index(model._meta.pk.attname)]
            made[path] = None if key is None else _made(model, names, own, DEFAULT_DB_ALIAS)
            if path and made[outer] is not None:
                made[outer]._state.fields_cache[name] = made[path]
        row: Row = made[""]
        return row


class _Part(NamedTuple):
    """Where the columns of one model lie in a row, and to which other it belongs."""

    path: str
    outer: str
    name: str
    model: type[models.Model]
    names: list[str]
    begin: int


# No key is ever this one: it shows that a query has no other value in it.
_GAP = -1


def _led_to(model: type[models.Model], path: str) -> type[models.Model]:
    for name in path.split("__"):
        model = model._meta.get_field(name).related_model  # type: ignore[assignment]
    return model


def _made(model: type[Row], names: Sequence[str], values: Sequence[Any], database: str) -> Row:
    row = model.__new__(model)
    row._state = ModelState()
    row._state.adding, row._state.db = False, database
    row.__dict__.update(zip(names, values, strict=True))
    return row


@cache
def _shape(model: type[models.Model]) -> _Shape:
    fields = model._meta.concrete_fields
    called = [f.name for f in fields if callable(f.default) and f.default is not models.NOT_PROVIDED]
    if called:
        raise TypeError(f"{model.__name__} works out a default anew for each row: {', '.join(called)}")
    relations = {f.name: f.attname for f in fields if isinstance(f, models.ForeignKey)}
    return _Shape({f.attname: f.get_default() for f in fields}, relations)
