"""Many cases at once, as the actions would have written them one by one.

The actions themselves run, over cases that are held in memory (see ``actions.keeping``): new ones, whose histories are
told, or standing ones, whose deadlines are derived anew. Rows, entries and outbox rows are then written a chunk at a time,
each chunk in one short transaction: all of it or nothing.
"""

from tongban.engines.cases.bulk.histories import STEPS, History, Step
from tongban.engines.cases.bulk.recomputing import recompute_many
from tongban.engines.cases.bulk.writing import Chunk, Outcome, Result, write_histories

__all__ = ["STEPS", "Chunk", "History", "Outcome", "Result", "Step", "recompute_many", "write_histories"]
