"""Cases as JSON: what comes in, read strictly; what goes out, in both languages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gis.accounts.model import Actor
from gis.cases.cell_edge.queries import Candidate
from gis.cases.lists import CaseRow
from gis.cases.options import MoveOption
from gis.cases.queries import CaseDetail, HistoryEntry
from gis.cases.records import Case, NewCase, Reported
from gis.cases.screen import time_lamp
from gis.cases.workflow import MOVES, STATES
from gis.dispatch.model import Proposal
from gis.errors import Fault, Invalid, Term, fault
from gis.i18n import N_
from gis.standards.model import Kind

_REPORT_FIELDS = {
    "kind", "class_code", "description", "text", "lon", "lat", "accuracy_m", "photos",
    "photos_before", "photos_after", "self_handled", "located_by", "client_time", "grid_code",
    "cell_choice", "answers", "files",
}  # fmt: skip
_IS_TEXT = N_("This is text.")
_IS_NUMBER = N_("This is a number.")


class _Reader:
    """Reads fields of a JSON object and collects what is wrong with them."""

    def __init__(self, body: Mapping[str, Any]) -> None:
        self.body = body
        self.faults: list[Fault] = []

    def text(self, name: str, default: str = "") -> str:
        value = self.body.get(name)
        if value is None:
            return default
        if not isinstance(value, str):
            self.faults.append(fault(name, _IS_TEXT))
            return default
        return value

    def number(self, name: str, *, needed: bool) -> float | None:
        value = self.body.get(name)
        if value is None and not needed:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.faults.append(fault(name, _IS_NUMBER))
            return None
        try:
            return float(value)
        except OverflowError:  # an integer of hundreds of digits
            self.faults.append(fault(name, _IS_NUMBER))
            return None

    def photos(self, name: str) -> tuple[str, ...]:
        value = self.body.get(name) or []
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            self.faults.append(fault(name, N_("This is a list of photos that were sent before.")))
            return ()
        return tuple(value)

    def object(self, name: str) -> dict[str, Any]:
        value = self.body.get(name) or {}
        if not isinstance(value, dict):
            self.faults.append(fault(name, N_("This is an object of fields.")))
            return {}
        return value

    def yes(self, name: str) -> bool:
        value = self.body.get(name, False)
        if not isinstance(value, bool):
            self.faults.append(fault(name, N_("This is true or false.")))
        return value is True

    def moment(self, name: str) -> datetime | None:
        value = self.text(name)
        if not value:
            return None
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            self.faults.append(fault(name, N_("This is a moment with its offset.")))
            return None
        return moment

    def check(self) -> None:
        if self.faults:
            raise Invalid(
                N_("The request cannot be read. Put right what is marked."), faults=self.faults
            )


def report_from(body: Mapping[str, Any]) -> NewCase:
    """
    A report as a phone sends it.

    The words may be called `description` or `text`. `grid_code` is what the
    phone believed; the database finds its own.

    Raises
    ------
    Invalid
        With one fault per field that is unknown or of the wrong type.
    """
    read = _Reader(body)
    read.faults += [
        fault(name, N_("A report has no field of this name."))
        for name in sorted(set(body) - _REPORT_FIELDS)
    ]
    kind = read.text("kind")
    if kind not in set(Kind):
        read.faults.append(fault("kind", N_("component or event")))
    lon, lat = read.number("lon", needed=True), read.number("lat", needed=True)
    words, named = read.text("text"), read.text("description")
    read.text("grid_code")
    parts: dict[str, Any] = {
        "class_code": read.text("class_code"),
        "text": named or words,
        "photos": read.photos("photos"),
        "photos_before": read.photos("photos_before"),
        "photos_after": read.photos("photos_after"),
        "files": read.photos("files"),
        "accuracy_m": read.number("accuracy_m", needed=False),
        "located_by": read.text("located_by"),
        "written_at": read.moment("client_time"),
        "self_handled": read.yes("self_handled"),
        "cell_choice": read.text("cell_choice") or None,
        "answers": read.object("answers"),
    }
    read.check()
    return NewCase(kind=Kind(kind), lon=lon or 0.0, lat=lat or 0.0, **parts)


@dataclass(frozen=True, slots=True)
class MoveRequest:
    """A move as it was sent."""

    move: str
    version: int | None
    fields: Mapping[str, Any]


def move_request(body: Mapping[str, Any]) -> MoveRequest:
    """
    A move as a client sends it: `move`, `version`, `fields`.

    Raises
    ------
    Invalid
        When one of them has the wrong type.
    """
    read = _Reader(body)
    move = read.text("move")
    version, fields = body.get("version"), body.get("fields") or {}
    if isinstance(version, bool) or not isinstance(version, int | None):
        read.faults.append(fault("version", _IS_NUMBER))
    if not isinstance(fields, dict):
        read.faults.append(fault("fields", N_("This is an object of fields.")))
    read.check()
    return MoveRequest(move, version, fields)


def reported_body(made: Reported) -> dict[str, Any]:
    """The answer to a report."""
    return {
        "number": made.number,
        "state": made.state,
        "version": made.version,
        "kind": made.kind,
        "edition": made.edition,
        "class_code": made.class_code,
        "grid_code": made.grid_code,
        "community_code": made.community_code,
        "street_code": made.street_code,
        "district_code": made.district_code,
        **term_body("community", made.community),
        **term_body("street", made.street),
        "component_code": made.component_code,
        "component_distance_m": made.component_distance_m,
        "reported_at": made.reported_at.isoformat(),
        "replayed": made.replayed,
    }


def case_body(case: Case, now: datetime) -> dict[str, Any]:
    """A case as it stands."""
    lamp = time_lamp(case, now)
    return {
        "number": case.number,
        "version": case.version,
        "state": case.state,
        **term_body("state", STATES[case.state].name),
        "open": case.open,
        "kind": case.kind,
        "edition": case.edition,
        "class_code": case.class_code,
        "condition_no": case.condition_no,
        "source": case.source,
        "grid_code": case.grid_code,
        "community_code": case.community_code,
        "street_code": case.street_code,
        "rework_count": case.rework_count,
        "bounce_count": case.bounce_count,
        **{name: _moment(getattr(case, name)) for name in _MOMENTS},
        "due_provisional": case.due_provisional,
        "timing": lamp.timing,
        "lamp": lamp.lamp,
        **term_body("lamp", lamp.words),
    }


_MOMENTS = (
    "reported_at", "filed_at", "dispatched_at", "due_at", "handled_at", "closed_at", "changed_at",
)  # fmt: skip


def row_body(row: CaseRow, now: datetime) -> dict[str, Any]:
    """A case in a list."""
    lamp = time_lamp(row, now)
    return {
        "number": row.number,
        "version": row.version,
        "state": row.state,
        **term_body("state", STATES[row.state].name),
        "open": row.open,
        "kind": row.kind,
        "class_code": row.class_code,
        **term_body("class", row.class_name),
        "source": row.source,
        "excerpt": row.excerpt,
        "grid_code": row.grid_code,
        **term_body("community", row.community),
        **term_body("street", row.street),
        **term_body("department", row.department),
        "supervisor": row.supervisor,
        "handler": row.handler,
        "rework_count": row.rework_count,
        "bounce_count": row.bounce_count,
        **{name: _moment(getattr(row, name)) for name in _MOMENTS},
        "timing": lamp.timing,
        "lamp": lamp.lamp,
        **term_body("lamp", lamp.words),
        "lon": row.lon,
        "lat": row.lat,
        "photo": row.photo,
    }


def detail_body(
    detail: CaseDetail,
    *,
    steps: Sequence[HistoryEntry],
    options: Sequence[MoveOption],
    proposal: Proposal | None,
    now: datetime,
) -> dict[str, Any]:
    """A case with its history and what this person can do with it."""
    return {
        **case_body(detail.case, now),
        "description": detail.description,
        "lon": detail.lon,
        "lat": detail.lat,
        "accuracy_m": detail.accuracy_m,
        **term_body("class", detail.class_name),
        **term_body("main_class", detail.main_class),
        **term_body("district", detail.district),
        **term_body("street", detail.street),
        **term_body("community", detail.community),
        **term_body("department", detail.department),
        "reporter": detail.reporter,
        "supervisor": detail.supervisor,
        "handler": detail.handler,
        "component_code": detail.component_code,
        "history": [_step_body(step) for step in steps],
        "moves": [_option_body(option) for option in options],
        "proposal": _proposal_body(proposal),
    }


def _step_body(step: HistoryEntry) -> dict[str, Any]:
    return {
        "seq": step.seq,
        "move": step.move,
        **term_body("move", MOVES[step.move].label),
        "from": step.from_state,
        "to": step.to_state,
        "at": step.at.isoformat(),
        "actor": step.actor,
        "role": step.role,
        "note": step.note,
        "data": step.data,
        "photos": [{"sha256": p.sha256, "purpose": p.purpose} for p in step.photos if p.is_picture],
        "files": [
            {"sha256": p.sha256, "media_type": p.media_type, "size_bytes": p.size_bytes}
            for p in step.photos
            if not p.is_picture
        ],
    }


def _option_body(option: MoveOption) -> dict[str, Any]:
    return {
        "move": option.move,
        **term_body("move", option.label),
        "role": option.role,
        "fields": [
            {
                "name": f.name,
                **term_body("label", f.label),
                "kind": f.kind,
                "required": f.required,
                "choices": f.choices,
                "choice_names": [{"zh": name.zh, "en": name.en} for name in f.names],
            }
            for f in option.fields
        ],
        **term_body("blocked_by", option.blocked_by),
    }


def _proposal_body(proposal: Proposal | None) -> dict[str, Any] | None:
    if proposal is None:
        return None
    return {
        "department": proposal.department.id,
        **term_body("department", proposal.department.name),
        "rule": proposal.rule.id,
        **term_body("reason", proposal.reason),
    }


def possible_cell_body(cell: Candidate, actor: Actor) -> dict[str, Any]:
    """A grid that a position may lie in; `mine`: within the area of the asker's posts."""
    return {
        "grid_code": cell.grid_code,
        "distance_m": cell.distance_m,
        "direction": cell.direction,
        **term_body("community", cell.community),
        **term_body("street", cell.street),
        "outline": cell.outline,
        "mine": actor.scope.covers(cell.grid_code),
    }


def term_body(name: str, term: Term | None) -> dict[str, str | None]:
    """Words in both languages; null where there are none."""
    return {f"{name}_zh": term.zh if term else None, f"{name}_en": term.en if term else None}


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
