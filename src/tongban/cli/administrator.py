"""``tongban administrator``: lets somebody in who can let in everybody else."""

from __future__ import annotations

import argparse

from tongban.cli.words import Trouble, tell


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    """Its name and arguments."""
    parser = subparsers.add_parser(
        "administrator",
        help="make an administrator's account, such as a county's first one",
        description="Make an account with an administrator's office and print its first password, once. At the first "
        "sign-in a password of one's own and a second factor are set. All other accounts are made on the pages.",
    )
    parser.add_argument("username", help="the name to sign in with, such as zhou.wei")
    parser.add_argument("name", help="the person's name, such as 周伟")
    return parser


def run(args: argparse.Namespace) -> int:
    """Make it: account and office, or neither."""
    from django.db import transaction
    from django.utils import timezone

    from tongban.cli.serve import require_tables
    from tongban.core.access.actions import create_account, give_role
    from tongban.core.access.viewer import ADMINISTRATOR
    from tongban.core.ledger.actor import COMMAND
    from tongban.core.registry.queries import directory

    require_tables()
    desk = next((b for b in directory().bodies.values() if b.kind == "desk" and b.valid_until is None), None)
    if desk is None:
        raise Trouble(
            "县里还没有单位。请先运行 `tongban migrate`。", "the county has no bodies. Run `tongban migrate` first."
        )
    at = timezone.now()
    with transaction.atomic():
        account, first = create_account(username=args.username, name=args.name, by=COMMAND, at=at)
        give_role(account=account.pk, code=ADMINISTRATOR, organisation=desk.id, by=COMMAND, at=at)
    tell(
        "管理员 {username} 已建好。初始密码（只显示这一次）：{first}",
        "Administrator {username} is made. First password, shown this once: {first}",
        username=account.username,
        first=first,
    )
    return 0
