"""Cases as the commands take and give them."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import Any, Self

from gis.cases.model import State
from gis.errors import Term
from gis.standards.model import Kind

_NUMBER = re.compile(r"[0-9]{6,12}-[0-9]{6}-[0-9]{4,9}")


def is_case_number(words: str) -> bool:
    """Whether `words` can be the number of a case: street, day, serial."""
    return _NUMBER.fullmatch(words) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCase:
    """What somebody reports: the words and the place, nothing that the database knows better."""

    kind: Kind
    class_code: str
    lon: float
    """Degrees, WGS 84 as a phone says it; taken as CGCS2000, equal within decimetres."""
    lat: float
    text: str = ""
    photos: tuple[str, ...] = ()
    """sha256 of stored photos; those of a self-handled case are `photos_before` and `_after`."""
    photos_before: tuple[str, ...] = ()
    photos_after: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    """sha256 of stored PDFs, videos and voice notes."""
    accuracy_m: float | None = None
    located_by: str = ""
    """How the point was set: `gps`, `map` or `grid_code`; kept in the history."""
    written_at: datetime | None = None
    """When the phone wrote it, by its own clock; a report from a queue arrives later."""
    self_handled: bool = False
    answers: Mapping[str, Any] = field(default_factory=dict)
    """Answers to the questions of the class, by the id of the question."""
    cell_choice: str | None = None
    """Near an edge: the unit grid the reporter says it lies in; None: where the point lies."""

    def as_request(self) -> dict[str, Any]:
        """The parts that make two reports the same."""
        parts = asdict(self)
        if self.cell_choice is None:
            del parts["cell_choice"]  # phones may still hold keys of reports from before it existed
        if not self.answers:
            del parts["answers"]
        return parts


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """The answer to a report: where the case is and what it is called."""

    case_id: int
    number: str
    state: State
    version: int
    kind: Kind
    edition: str
    class_code: str
    grid_code: str
    community_code: str
    street_code: str
    district_code: str
    community: Term | None
    """None where the area has no row."""
    street: Term | None
    component_code: str | None
    """The nearest component of the class, where one is near enough."""
    component_distance_m: float | None
    reported_at: datetime
    replayed: bool = False
    """The same request had been answered before; nothing was written now."""

    @classmethod
    def from_response(cls, response: Mapping[str, Any], *, replayed: bool) -> Self:
        """The stored answer as it was given the first time."""
        parts = {f.name: response[f.name] for f in fields(cls) if f.name != "replayed"}
        parts["state"] = State(parts["state"])
        parts["kind"] = Kind(parts["kind"])
        parts["reported_at"] = datetime.fromisoformat(parts["reported_at"])
        for name in ("community", "street"):
            parts[name] = Term(**parts[name]) if parts[name] else None
        return cls(**parts, replayed=replayed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case as it stands now, as the rules and the guards read it."""

    id: int
    number: str
    district_code: str
    street_code: str
    community_code: str
    grid_code: str
    kind: Kind
    edition: str
    class_code: str
    condition_no: int | None
    source: str
    state: State
    open: bool
    version: int
    reporter_id: int | None
    supervisor_id: int | None
    department_id: int | None
    handler_id: int | None
    dispatch_rule_id: int | None
    rework_count: int
    bounce_count: int
    reported_at: datetime
    filed_at: datetime | None
    dispatched_at: datetime | None
    due_at: datetime | None
    due_provisional: bool
    clock_left: Mapping[str, Any] | None
    handled_at: datetime | None
    closed_at: datetime | None
    changed_at: datetime
    changed_by: int | None
    yellow_percent: int | None = None
    """The district's share of a limit after which the lamp turns yellow; None: the product's."""
