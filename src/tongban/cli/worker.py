"""``tongban worker``: does what actions asked for after they were committed."""

from __future__ import annotations

import argparse
import signal
from threading import Event

from tongban.cli.serve import require_tables


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    """Its name and arguments."""
    parser = subparsers.add_parser(
        "worker",
        help="deliver notices, recompute deadlines, seal the ledger",
        description="Do what the outbox holds (notices, deadlines, seals) until told to stop (Ctrl-C).",
    )
    parser.add_argument("--threads", type=int, default=4, choices=range(1, 17), metavar="1-16", help="default: 4")
    return parser


def run(args: argparse.Namespace) -> int:
    """Work until stopped."""
    from tongban.core.ledger import threads

    require_tables()
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    threads.run(threads=args.threads, stop=stop)
    return 0
