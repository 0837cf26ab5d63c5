"""Images: what an entry says that a row now holds, as plain values, personal ones under their subject's key."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple

from django.db import models

from tongban.core import vault
from tongban.core.ledger.logic import AS_IT_IS, plain
from tongban.core.ledger.models import Recorded


def columns_of(row: models.Model) -> dict[str, Any]:
    """All columns of a row by attribute name (a foreign key by its id)."""
    names, values = _all_columns(type(row))
    return dict(zip(names, values(row), strict=True))


def image_of(row: models.Model, root: Recorded, columns: dict[str, Any]) -> list[Any]:
    """``[model, id, {column: plain value}]``; personal columns only under the subject's key."""
    names = _recorded(type(row))
    known: dict[str, Any] = {}
    for name, value in columns.items():
        attribute, closed = names[name]
        if not attribute:
            continue
        if closed and value:
            known[attribute] = {"closed": vault.close_for(root.subject_key(), str(plain(value)))}  # type: ignore[attr-defined]
        elif type(value) in AS_IT_IS:
            known[attribute] = value
        else:
            known[attribute] = plain(value.pk if isinstance(value, models.Model) else value)
    return [label_of(row), row.pk, known]


def whole_image(row: models.Model, root: Recorded) -> list[Any]:
    """The image of all columns of a row: ``image_of(row, root, columns_of(row))``, without asking of each what it is."""
    shape = _image_shape(type(row))
    known = dict(zip(shape.names, shape.values(row.__dict__), strict=True))
    for name in shape.strange:
        known[name] = plain(known[name])
    for name in shape.personal:
        if known[name]:
            known[name] = {"closed": vault.close_for(root.subject_key(), str(known[name]))}  # type: ignore[attr-defined]
    return [label_of(row), row.pk, known]


class _ImageShape(NamedTuple):
    """Which columns of a model enter an image: in the order of an entry's text, which saves sorting them."""

    names: tuple[str, ...]
    values: Callable[[Any], tuple[Any, ...]]  # of a row's own dictionary, where its columns stand
    strange: tuple[str, ...]  # whose values JSON does not know
    personal: tuple[str, ...]


_KNOWN_TO_JSON = (models.CharField, models.TextField, models.IntegerField, models.BooleanField, models.FloatField)


@cache
def _image_shape(model: type[models.Model]) -> _ImageShape:
    fields = {f.attname: f for f in model._meta.concrete_fields if _recorded(model)[f.attname][0]}
    names = tuple(sorted(fields))
    strange = [n for n in names if not isinstance(_stored_as(fields[n]), _KNOWN_TO_JSON)]
    personal = [n for n in names if _recorded(model)[n][1]]
    return _ImageShape(names, itemgetter(*names), tuple(strange), tuple(personal))


def _stored_as(field: models.Field[Any, Any]) -> models.Field[Any, Any]:
    """A foreign key is stored as what it refers to."""
    return field.target_field if isinstance(field, models.ForeignKey) else field


@cache
def _all_columns(model: type[models.Model]) -> tuple[tuple[str, ...], attrgetter[tuple[Any, ...]]]:
    names = tuple(field.attname for field in model._meta.concrete_fields)
    return names, attrgetter(*names)


@cache
def _recorded(model: type[models.Model]) -> dict[str, tuple[str, bool]]:
    """Field or column name → the column's name in an image ("" if it never enters one), and whether it is personal."""
    unrecorded: frozenset[str] = getattr(model, "unrecorded", frozenset())
    personal: frozenset[str] = getattr(model, "personal", frozenset())
    known = {}
    for one in model._meta.concrete_fields:
        attribute = "" if one.attname in unrecorded else one.attname
        known[one.name] = known[one.attname] = (attribute, one.attname in personal)
    return known


def label_of(row: models.Model) -> str:
    """The name of a row's model, as entries write it."""
    return _label(type(row))


@cache
def _label(model: type[models.Model]) -> str:
    return model._meta.label_lower
