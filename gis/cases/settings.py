"""What a district may set about its cases; each figure says where its default comes from."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from gis.db.settings import DEFAULTS, read_settings_of


@dataclass(frozen=True, slots=True)
class CaseSettings:
    """The settings of one district; the field's name is the setting's key."""

    time_zone: str = DEFAULTS["time_zone"]
    edition: str = DEFAULTS["edition"]
    clock_starts: str = "filing"
    """`filing` or `dispatch`: when the case clock starts; cities differ (sourced)."""
    nearest_component_m: float = 30.0
    """How far from the point a component of the class is still taken for the one meant (ours)."""
    sources_to_verify: tuple[str, ...] = ("citizen", "call_desk")
    """Reports a supervisor looks at on site before filing (sourced for public reports)."""
    bounce_limit: int = 2
    """Approved returns after which the arbiter decides (ours)."""
    extension_limit: int = 2
    """Extensions a case may get (one city)."""
    extension_max_days: int = 30
    """Longest single extension in calendar days (ours)."""
    long_extension_days: int = 3
    """An extension longer than this is decided by the shift leader (ours)."""
    suspension_limit: int = 1
    """Suspensions a case may get (one city)."""
    suspension_max_days: int = 365
    """Longest suspension (one city)."""
    reopening_days: int = 7
    """How long after closing a reporter may say "not fixed" (ours)."""
    self_handled_sample_percent: int = 10
    """Share of self-handled cases that is audited (ours)."""

    @property
    def zone(self) -> ZoneInfo:
        """The district's time zone."""
        return ZoneInfo(self.time_zone)

    @classmethod
    def from_values(cls, values: Mapping[str, Any]) -> Self:
        """Stored values over the defaults; a list becomes a tuple."""
        stored: dict[str, Any] = {
            k: tuple(v) if isinstance(v, list) else v for k, v in values.items()
        }
        return cls(**{k: v for k, v in stored.items() if v is not None})


KEYS = tuple(f.name for f in fields(CaseSettings))


def read_case_settings(conn: Connection) -> CaseSettings:
    """The settings of the district, in one statement."""
    return CaseSettings.from_values(read_settings_of(conn, *KEYS))
