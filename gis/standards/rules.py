"""Which handling rule gives a case its time limit."""

from collections.abc import Sequence

from gis.errors import NotFound
from gis.i18n import N_
from gis.standards.model import HandlingRule

# Longest run of each unit against the others, for ordering only: hours of the clock on the wall
# in an ordinary week (a working day of 8 hours takes 24 h, five of them a week of 168 h).
_WALL_HOURS = {
    "urgent_hour": 1.0,
    "urgent_day": 24.0,
    "calendar_day": 24.0,
    "working_hour": 168 / 40,
    "working_day": 168 / 5,
}


def applicable_rule(rules: Sequence[HandlingRule], condition_no: int | None = None) -> HandlingRule:
    """
    The rule whose limit a case of this class gets.

    With the condition the shift leader found, its rule. Without one the
    strictest: the shortest limit in hours of an ordinary week, the lower
    condition number on a tie; it only proposes, the filing decides.

    Raises
    ------
    NotFound
        When the class has no such condition, or no rule at all; names those it has.
    """
    if condition_no is None and rules:
        return min(rules, key=lambda rule: (_wall_hours(rule), rule.condition_no))
    for rule in rules:
        if rule.condition_no == condition_no:
            return rule
    raise NotFound(
        N_("This class has no filing condition {number}; it has: {known}."),
        number=condition_no or "–",
        known=", ".join(str(rule.condition_no) for rule in rules) or "–",
    )


def _wall_hours(rule: HandlingRule) -> float:
    return float(rule.limit_value) * _WALL_HOURS[rule.limit_unit]
