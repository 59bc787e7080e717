"""`cases diagram`: the states and moves as a drawing."""

import argparse
from typing import Any

from gis.cases.diagram import state_diagram


def register(subparsers: Any) -> None:
    """Add the commands."""
    parser = subparsers.add_parser("cases", help="the life of a case")
    actions = parser.add_subparsers(dest="action", required=True)
    drawn = actions.add_parser("diagram", help="its states and moves as a Mermaid diagram")
    drawn.set_defaults(func=_diagram)


def _diagram(_args: argparse.Namespace) -> int:
    print(state_diagram())  # noqa: T201  the result of the command
    return 0
