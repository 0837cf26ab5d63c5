"""Rows at a fraction of what a model's own constructor costs, which is most of an action's time in bulk."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import models
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
    rows = []
    for values in fetch_rows(fields, sql, params):
        row = model.__new__(model)
        row._state = ModelState()
        row._state.adding, row._state.db = False, database
        row.__dict__.update(zip(names, values, strict=True))
        rows.append(row)
    return rows


@cache
def _shape(model: type[models.Model]) -> _Shape:
    fields = model._meta.concrete_fields
    called = [f.name for f in fields if callable(f.default) and f.default is not models.NOT_PROVIDED]
    if called:
        raise TypeError(f"{model.__name__} works out a default anew for each row: {', '.join(called)}")
    relations = {f.name: f.attname for f in fields if isinstance(f, models.ForeignKey)}
    return _Shape({f.attname: f.get_default() for f in fields}, relations)
