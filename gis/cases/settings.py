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
    near_edge_most_m: float = 50.0
    """Grids within the accuracy, at most this far, are asked about near an edge (ours)."""
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
    yellow_percent: int = 80
    """Share of a limit after which its lamp turns yellow (ours)."""
    overdue_levels: tuple[str, ...] = (
        "yellow:handler", "red:dispatcher", "red+1d:shift_leader", "red+3d:centre_leader",
    )  # fmt: skip
    """Levels of the handling limit and the post that each is told to (ours)."""
    stage_overdue_levels: tuple[str, ...] = ("red:shift_leader", "red+2h:centre_leader")
    """The same for the limit of a stage (ours)."""
    stage_limit_acceptance: str = "0.25 urgent_hour"
    """How long a case may wait in a stage: as `data/cases/stage_limits.csv` (one city)."""
    stage_limit_verification: str = "0.5 urgent_hour"
    stage_limit_filing: str = "0.25 urgent_hour"
    stage_limit_dispatch: str = "0.25 urgent_hour"
    stage_limit_check_order: str = "0.25 urgent_hour"
    stage_limit_check: str = "0.5 urgent_hour"
    stage_limit_closing: str = "0.25 urgent_hour"
    self_handled_sample_percent: int = 10
    """Share of self-handled cases that is audited (ours)."""
    other_grid_check_percent: int = 10
    """Share of checks that a supervisor of another grid makes (ours)."""
    evidence_far: str = "warn"
    """`off`, `note`, `warn` or `refuse`: what a photo taken far from its case leads to (ours)."""
    evidence_far_m: int = 200
    """How far from the case a photo may be taken (ours)."""
    evidence_old: str = "warn"
    """The same for a photo older than the order it answers, or later than its step (ours)."""
    evidence_slack_minutes: int = 10
    """How much the clocks of phone and district may differ (ours)."""
    evidence_report_hours: int = 24
    """How long before a report its photos may have been taken (ours)."""
    evidence_missing: str = "note"
    """The same for a photo without time or place: many phones remove them (ours)."""
    evidence_reused: str = "warn"
    """The same for a picture that came with another step before (ours)."""
    audit_period_days: int = 30
    """Days that the auditor's figures look back (ours)."""
    audit_deviations: int = 3
    """Median absolute deviations from the median at which a supervisor is shown (ours)."""
    audit_fewest: int = 5
    """Steps or photos below which nobody is compared, and persons below which no one is (ours)."""
    unattached_days: int = 7
    """How long a file that no case has is kept for a report that still waits on a phone (ours)."""
    file_check_days: int = 30
    """Days after which a stored file is compared with its name again (ours)."""
    duplicate_ended_days: int = 14
    """How long after its report an ended case is still shown as a likely duplicate (ours)."""
    repeat_radius_m: int = 30
    """How far apart reports of one class may lie and still be about one place (ours)."""
    repeat_days: int = 90
    """The period in which reports of a place are counted (ours)."""
    repeat_least: int = 3
    """Reports in the period that make a place come back (one city)."""
    repeat_many: int = 5
    """Reports that make it come back very often (one city)."""
    caller_keep_days: int = 365
    """How long after the end of the last case a caller's name and number are kept (ours)."""
    call_back_after_days: int = 1
    """How long after closing a caller is asked whether it is done (ours)."""
    call_back_within_days: int = 7
    """How long after closing a caller is still asked (ours; as long as a case can be reopened)."""
    call_back_percent: int = 100
    """Share of the closed cases of callers that is asked about (ours)."""
    call_back_tries: int = 3
    """Tries after which nobody rings again (ours)."""

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
