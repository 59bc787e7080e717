"""
The command line: `script/gis …`, or `python -m gis …` in the project's environment.

Only the module of the command that is asked for is imported, so that help is quick.
"""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from gis.config import Settings, read_settings
from gis.errors import GisError, Invalid
from gis.i18n import N_, pick_locale, translate


@dataclass(frozen=True)
class Command:
    """Where a sub-command lives and what it is for."""

    module: str
    """Has `register(subparsers)`, which sets `func(args) -> int` as default."""
    summary: str
    needs_database: bool = True
    """Start the cluster if need be and migrate before the command runs."""


COMMANDS = {
    "serve": Command("gis.jobs.serve_cli", N_("start everything and serve the pages"), False),
    "worker": Command("gis.jobs.worker_cli", N_("deliver messages and do timed work")),
    "cluster": Command(
        "gis.jobs.cluster_cli", N_("start, stop, look at or remove the PostGIS cluster"), False
    ),
    "migrate": Command(
        "gis.jobs.migrate_cli", N_("bring the database to this version's schema"), False
    ),
    "demo": Command("gis.jobs.demo_cli", N_("load the generated demo district")),
    "load": Command("gis.jobs.load_cli", N_("load a real data set")),
    "grids": Command("gis.jobs.grids_cli", N_("build and check unit grids")),
    "layers": Command(
        "gis.jobs.layers_cli", N_("the layers of the map: check them, settle them after a load")
    ),
    "groups": Command("gis.jobs.groups_cli", N_("responsibility grids: groups of unit grids")),
    "accounts": Command("gis.jobs.accounts_cli", N_("persons, posts and the first administrator")),
    "rules": Command("gis.jobs.rules_cli", N_("which department gets which class where")),
    "cases": Command("gis.jobs.cases_cli", N_("the life of a case as a drawing"), False),
    "dispatch": Command(
        "gis.jobs.dispatch_cli", N_("why a case goes where it goes; try a changed table of rules")
    ),
    "deadline": Command("gis.jobs.deadline_cli", N_("when a limit ends, and why")),
    "settings": Command("gis.jobs.settings_cli", N_("what the district sets about itself")),
    "callers": Command("gis.jobs.callers_cli", N_("callers of the citizen line: keys, forgetting")),
    "base-maps": Command("gis.jobs.base_maps_cli", N_("raster base maps that the map offers")),
    "files": Command("gis.jobs.files_cli", N_("compare stored files with their names")),
    "audit": Command("gis.jobs.audit_cli", N_("verify the audit trail")),
    "bench": Command("gis.bench.cli", N_("measure the promised speeds"), False),
}


def spoken_locale() -> str:
    """WANMI_LANG, or else the terminal's language; the C locale of bare machines is English."""
    return pick_locale(os.environ.get("WANMI_LANG") or os.environ.get("LANG") or "en")


def _parser(chosen: str | None, locale: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="script/gis",
        description=translate(N_("Wanmi on the command line; see docs/operations.md."), locale),
    )
    parser.add_argument(
        "--details",
        action="store_true",
        help=translate(N_("after an error, also print what the programs below said"), locale),
    )
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="command")
    for name, command in COMMANDS.items():
        if name == chosen:
            importlib.import_module(command.module).register(subparsers)
        else:
            subparsers.add_parser(name, help=translate(command.summary, locale))
    return parser


def _say(sentence: str) -> None:
    """Progress goes to stderr: stdout belongs to results, such as `--json`."""
    print(f"wanmi: {sentence}", file=sys.stderr, flush=True)  # noqa: T201  a command line speaks


def _complain(error: GisError, locale: str, *, details: bool) -> None:
    _say(error.text(locale))
    if isinstance(error, Invalid):
        for fault in error.faults:
            _say(f"  {fault.field}: {fault.text(locale)}")
    if details and error.detail:
        _say(error.detail)


def _settings() -> Settings:
    try:
        return read_settings()
    except ValueError as error:
        raise Invalid(N_("A setting is wrong: {reason}."), reason=error) from error


def _prepare(command: Command, settings: Settings) -> None:
    if command.needs_database:
        database = importlib.import_module("gis.jobs.database")
        database.migrate(settings, database.reach_database(settings, _say), _say)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; answers the exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    locale = spoken_locale()
    chosen = next((word for word in words if not word.startswith("-")), None)
    args = _parser(chosen, locale).parse_args(words)
    try:
        _prepare(COMMANDS[args.command], _settings())
        return int(args.func(args))
    except GisError as error:
        _complain(error, locale, details=args.details)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # `script/gis … | head`
        sys.stderr.close()
        return 1


if __name__ == "__main__":
    sys.exit(main())
