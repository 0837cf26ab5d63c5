"""The commands, in the order in which help lists them.

A command is a module with two functions:

- ``add(subparsers)`` names it and its arguments: ``parser = subparsers.add_parser("name", help="…"); return parser``;
- ``run(args) -> int`` does it and gives the exit status. It may raise :class:`tongban.core.refusals.Refused` or
  :class:`tongban.cli.words.Trouble`; their sentence is printed and the status is 1.

A module is imported to print help, before Django is set up, so it imports models, actions and queries inside functions.
``prepare(args)``, if there is one, runs before Django is set up and may change the environment.
"""

from __future__ import annotations

from types import ModuleType

from tongban.cli import administrator, audit, bench, codes, demo, imports, migrate, serve, worker

COMMANDS: tuple[ModuleType, ...] = (demo, codes, migrate, administrator, imports, serve, worker, audit, bench)
