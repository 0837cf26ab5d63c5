"""The only package that knows which database it runs on."""

from tongban.core.database.engine import (
    SecondsBetween,
    analyse,
    configuration,
    is_postgresql,
    quote,
    settled,
    snapshot,
    spelt_moment,
)
from tongban.core.database.rows import fetch_rows, insert_rows, next_ids, plain_rows, update_rows
from tongban.core.database.text import BUCKET, AnyOf, Term, TextIndex

__all__ = [
    "BUCKET",
    "AnyOf",
    "SecondsBetween",
    "Term",
    "TextIndex",
    "analyse",
    "configuration",
    "fetch_rows",
    "insert_rows",
    "is_postgresql",
    "next_ids",
    "plain_rows",
    "quote",
    "settled",
    "snapshot",
    "spelt_moment",
    "update_rows",
]
