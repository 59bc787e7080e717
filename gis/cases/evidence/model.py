"""What a photo can say against the step it came with, as types."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class FindingKind(StrEnum):
    """What does not fit."""

    FAR = "far"
    """Taken far from the case."""
    OLD = "old"
    """Taken before the work it shows could have been seen."""
    AHEAD = "ahead"
    """Taken later than the step that brought it: a clock that is wrong, or an edited record."""
    NO_PLACE = "no_place"
    NO_TIME = "no_time"
    REUSED = "reused"
    """The same picture came with another step."""


class Level(StrEnum):
    """What a district does about a kind of finding."""

    OFF = "off"
    NOTE = "note"
    """Kept; nobody is asked, no auditor is called."""
    WARN = "warn"
    """A reason is asked, and the finding is flagged for the auditor."""
    REFUSE = "refuse"


LEVELS = tuple(str(level) for level in Level)


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoFacts:
    """A photo beside the case it comes with."""

    sha256: str
    taken_at: datetime | None
    metres: float | None
    """From where it was taken to the case; None: it does not say."""
    other_case_id: int | None = None
    """The case whose step used the picture first; None: it is new."""
    other_seq: int | None = None
    other_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that does not fit about one photo."""

    sha256: str
    kind: FindingKind
    level: Level
    metres: float | None = None
    minutes: float | None = None
    other_case_id: int | None = None
    other_seq: int | None = None
    other_at: datetime | None = None

    @property
    def flagged(self) -> bool:
        """Whether an auditor looks at it."""
        return self.level in (Level.WARN, Level.REFUSE)
