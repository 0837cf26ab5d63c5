"""The only package that knows which database it runs on."""

from tongban.core.database.engine import (
    SecondsBetween,
    analyse,
    configuration,
    insert_rows,
    is_postgresql,
    next_ids,
    plain_rows,
    quote,
    settled,
    snapshot,
    spelt_moment,
)
from tongban.core.database.text import BUCKET, AnyOf, Term, TextIndex

__all__ = [
    "BUCKET",
    "AnyOf",
    "SecondsBetween",
    "Term",
    "TextIndex",
    "analyse",
    "configuration",
    "insert_rows",
    "is_postgresql",
    "next_ids",
    "plain_rows",
    "quote",
    "settled",
    "snapshot",
    "spelt_moment",
]
