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
from tongban.core.database.text import BUCKET, TextIndex

__all__ = [
    "BUCKET",
    "SecondsBetween",
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
