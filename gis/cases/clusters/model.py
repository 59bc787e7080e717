"""What clusters are made of: candidates, members, replies, places that come back."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gis.cases.clusters.scoring import ClassMatch
from gis.cases.model import State
from gis.errors import Term
from gis.standards.model import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A case that may tell of the same thing, and why it is thought so."""

    number: str
    state: State
    open: bool
    """Only an open case can take another one in."""
    kind: Kind
    class_code: str
    class_name: Term | None
    match: ClassMatch
    distance_m: float
    reported_at: datetime
    text: float | None
    """Likeness of the descriptions from 0 to 1; None: one of them says nothing."""
    score: float
    excerpt: str
    photo: str | None
    """sha256 of its first photo."""
    reporters: int
    """How many people reported it."""
    reason: Term
    """Distance, class, age and text in words."""

    @property
    def same_class(self) -> bool:
        """Whether both have the same class."""
        return self.match is ClassMatch.SAME


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A report that was merged into a case, readable from there."""

    number: str
    version: int
    source: str
    description: str
    reported_at: datetime
    merged_at: datetime
    class_name: Term | None
    photos: tuple[str, ...]
    by_way_of: tuple[str, ...]
    """Numbers of the merged cases it came through; empty: it was merged directly."""
    in_scope: bool
    """Whether this person may open it as a case of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The case that stands for a merged one: as much as a reporter may know of it."""

    case_id: int
    number: str
    state: State
    open: bool
    since: datetime
    """When the reports were put together."""
    closed_at: datetime | None


class ReplyKind(StrEnum):
    """What a reporter is told of."""

    ENDED = "ended"
    REFUSED = "refused"
    MERGED = "merged"
    UNMERGED = "unmerged"
    REOPENED = "reopened"
    WRITTEN = "written"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the reporter of a case was told."""

    number: str
    """The report of this person."""
    about: str
    """The case it speaks of."""
    kind: ReplyKind
    words: str
    """A reason or a sentence, as it was written; never markup."""
    made_at: datetime
    reporter: str | None
    """Who entered the report; None: nobody known."""
    caller_id: int | None
    own: bool
    """Whether it goes to the person who asks."""
