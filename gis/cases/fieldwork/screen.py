"""What the phone's page of tasks shows, as data: its words and what one refresh brings."""

from collections.abc import Mapping
from typing import Any

from gis.cases.fieldwork.queries import Task, WalkedCell, Work
from gis.cases.log_screen import WORDS as LOG_WORDS
from gis.cases.model import MoveRow
from gis.cases.move_fields import FieldKind
from gis.cases.options import FieldOption, fields_of_move
from gis.cases.screen import PURPOSES, state_chip
from gis.errors import Term
from gis.i18n import N_, translate

ASKED_ON_A_PHONE = frozenset({FieldKind.TEXT, FieldKind.CHOICE, FieldKind.YES, FieldKind.PHOTOS})
"""Kinds of fields the page can ask for; what a desk shows besides is never needed in the street."""

_ASKED_WHEN_REFUSED = frozenset({"reason_evidence"})
"""Shown only after the server has asked for it: most photos leave no doubt."""

WORDS: Mapping[str, str] = {
    "title": N_("My tasks"),
    "log_a_case": N_("Log a case"),
    "ready": N_("Ready. Every decision is kept on this device until it has arrived."),
    "no_network": N_("No network. Go on: decisions wait on this device and are sent later."),
    # the list
    "tasks": N_("Verifications and checks"),
    "no_tasks": N_("Nothing waits for you. New tasks appear here by themselves."),
    "no_tasks_kept": N_("No tasks are kept on this device. They come with the network."),
    "tasks_as_of": N_("As of {time}"),
    "tasks_kept": N_("No network: as of {time}, kept on this device for today"),
    "refresh": N_("Refresh"),
    "by_distance": N_("Nearest first"),
    "by_time": N_("Most urgent first"),
    "where_am_i": N_("Say where I am"),
    "no_position": N_("Without your position the most urgent come first."),
    "decided": N_("Decided: {move}. Waits on this device."),
    "my_cells": N_("My grids ({count})"),
    "cell_cases": N_("{count} open"),
    "VERIFYING": N_("Verify"),
    "CHECKING": N_("Check"),
    "rework": N_("Rework {n}"),
    # one task
    "back_to_tasks": N_("All tasks"),
    "open_case": N_("Whole case"),
    "gone": N_("This task is no longer yours. Somebody else has it, or it is done."),
    "finding": N_("What you found"),
    "saying": N_("In your words"),
    "optional": N_("not needed"),
    "earlier_photos": N_("Photos so far"),
    "reported_as": N_("Reported"),
    "said_last": N_("Said last"),
    "send_move": N_("Send: {move}"),
    "choose_first": N_("Choose what you found"),
    "photo_needed": N_("Take a photo first: it is the proof."),
    "move_needed": N_("Say what you found."),
    "field_needed": N_("“{field}” is needed."),
    # distance and time
    "metres_away": N_("{metres} m {direction}"),
    "kilometres_away": N_("{kilometres} km {direction}"),
    "here": N_("here"),
    "left": N_("{span} left"),
    "overdue": N_("overdue {span}"),
    "no_limit": N_("no limit running"),
    "days": N_("{n} d"),
    "hours": N_("{n} h"),
    "minutes": N_("{n} min"),
    "under_a_minute": N_("less than 1 min"),
}  # fmt: skip
"""Every text of the page besides those of the log form, by the name the script asks for."""


def words_in(locale: str) -> dict[str, str]:
    """All texts of the page in one language; those of the log form where it shares its parts."""
    return {name: translate(text, locale) for name, text in {**LOG_WORDS, **WORDS}.items()}


def work_screen(*, locale: str, app: str) -> dict[str, Any]:
    """What `mount` in the page's work_main.js takes; nothing of it is about a case or a person."""
    return {
        "locale": locale,
        "words": words_in(locale),
        "app": app,
        "styles": [f"{app}/log.css", f"{app}/work.css"],
        "worker": "/log/sw.js",
    }


def work_body(work: Work) -> dict[str, Any]:
    """
    One refresh of the page, in both languages.

    Holds moments, never "now": equal work makes equal bytes, so that a phone asks with an ETag
    and counts the time itself, also without a network.
    """
    return {
        "time_zone": work.settings.time_zone,
        "yellow_after": work.settings.yellow_percent / 100,
        "states": {state: _term("state", state_chip(state).name) for state in work.moves},
        "moves": {state: [_move(row) for row in rows] for state, rows in work.moves.items()},
        "purposes": {name: [term.zh, term.en] for name, term in PURPOSES.items()},
        "tasks": [_task(task) for task in work.tasks],
        "cells": [_cell(cell) for cell in work.cells],
    }


def _move(row: MoveRow) -> dict[str, Any]:
    fields = [
        field
        for field in fields_of_move(row)
        if field.kind in ASKED_ON_A_PHONE and field.name not in _ASKED_WHEN_REFUSED
    ]
    return {
        "move": row.move,
        **_term("move", row.label),
        "good": "reason" not in row.needs,
        "fields": [_field(f) for f in fields],
    }


def _field(option: FieldOption) -> dict[str, Any]:
    named = option.names or tuple(Term(word, word) for word in option.choices)
    return {
        "name": option.name,
        **_term("label", option.label),
        "kind": option.kind,
        "required": option.required,
        "choices": [
            {"value": value, **_term("name", name)}
            for value, name in zip(option.choices, named, strict=True)
        ],
    }


def _task(task: Task) -> dict[str, Any]:
    return {
        "number": task.number,
        "version": task.version,
        "state": task.state,
        "kind": task.kind,
        "class_code": task.class_code,
        **_term("class", task.class_name),
        "excerpt": task.excerpt,
        "grid_code": task.grid_code,
        **_term("community", task.community),
        **_term("street", task.street),
        "lon": task.lon,
        "lat": task.lat,
        "reported_at": task.reported_at.isoformat(),
        "started_at": task.started_at and task.started_at.isoformat(),
        "due_at": task.due_at and task.due_at.isoformat(),
        "rework_count": task.rework_count,
        "said": task.said,
        "photos": [dict(photo) for photo in task.photos],
    }


def _cell(cell: WalkedCell) -> dict[str, Any]:
    return {
        "code": cell.code,
        **_term("community", cell.community),
        "lon": cell.lon,
        "lat": cell.lat,
        "open_cases": cell.open_cases,
    }


def _term(name: str, term: Term | None) -> dict[str, str | None]:
    return {f"{name}_zh": term.zh if term else None, f"{name}_en": term.en if term else None}
