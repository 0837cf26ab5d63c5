"""Requests from tables: read within bounds, mapped to fields, shown before, written in chunks, undone as a batch.

The order of the rooms: ``bounds`` and ``tables`` (in a child process) → ``reading`` → ``columns``, ``times``, ``rows``
(pure) → ``running``, ``undoing`` (actions) → ``jobs`` (the worker). This file imports nothing, because the child process
that opens a foreign file must not load the rest of the house.
"""
