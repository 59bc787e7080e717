"""A dispatch rule as a person writes it: words in a row of a table."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from gis.dispatch.model import Rule
from gis.dispatch.windows import days_text, hours_text
from gis.errors import Invalid
from gis.i18n import N_

RULES_MOST = 5_000
WORDS_MOST = 200
"""Characters of an owner or a note."""


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """A rule in words and codes. Empty area or class: everywhere, every class."""

    area_code: str
    kind: str
    class_code: str
    department_code: str
    note: str = ""
    condition: str = ""
    """Number of a filing condition of the class; empty: every condition."""
    weekdays: str = ""
    """`1-5` or `1,3`; empty: every day."""
    hours: str = ""
    """`08:00-18:00`; empty: the whole day."""
    post: str = ""
    """Role in the department; empty: handler."""
    assistants: str = ""
    """Codes of departments, separated by blanks, commas or semicolons."""
    valid_from: str = ""
    """First day; empty: today."""
    valid_to: str = ""
    """First day on which it does not count any more; empty: open end."""
    owner: str = ""


COLUMNS: Final = (
    "area_code", "kind", "class_code", "condition", "weekdays", "hours", "department_code", "post",
    "assistants", "valid_from", "valid_to", "owner", "note",
)  # fmt: skip
"""The columns of a table of rules, in order."""
NEEDED: Final = ("area_code", "kind", "class_code", "department_code")
"""Columns that a table must have; the others may be missing."""


def drafts_of_csv(content: bytes, name: str) -> list[RuleDraft]:
    """
    The rows of a table of rules in a file, blanks trimmed.

    Raises
    ------
    Invalid
        When the file cannot be read or a column is missing.
    """
    try:
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    except (UnicodeError, csv.Error) as error:
        raise Invalid(N_("{file} cannot be read: {reason}."), file=name, reason=error) from error
    missing = sorted(set(NEEDED) - set(rows[0] if rows else ()))
    if missing:
        raise Invalid(
            N_("{file} lacks the columns {missing}."), file=name, missing=", ".join(missing)
        )
    return [draft_of_row(row) for row in rows]


def draft_of_row(row: Mapping[str, object]) -> RuleDraft:
    """A draft from a row of a sheet, blanks trimmed, missing cells empty."""
    return RuleDraft(**{name: _cell(row.get(name)) for name in COLUMNS})


def _cell(value: object) -> str:
    """The words of a cell; the apostrophe that keeps sheets from running formulas is taken off."""
    words = "" if value is None or value != value else str(value).strip()  # noqa: PLR0124  NaN
    return words[1:] if words[:1] == "'" and words[1:2] in tuple("=+-@") else words


def draft_of_rule(rule: Rule, codes: Mapping[int, str]) -> RuleDraft:
    """A stored rule in words; `codes` names its departments."""
    return RuleDraft(
        area_code=rule.area_code,
        kind=str(rule.kind),
        class_code=rule.class_code,
        department_code=codes[rule.department_id],
        note=rule.note,
        condition="" if rule.condition_no is None else str(rule.condition_no),
        weekdays=days_text(rule.window),
        hours=hours_text(rule.window),
        post=rule.post,
        assistants=" ".join(codes[one] for one in rule.assistants),
        valid_from=rule.valid_from.isoformat(),
        valid_to="" if rule.valid_to is None else rule.valid_to.isoformat(),
        owner=rule.owner,
    )


def same_rule(stored: Rule, drawn: Rule, *, first_day: date | None) -> bool:
    """
    Whether a row of a table is a rule that is stored already.

    A row without a first day is any rule that says the same.
    """
    return meaning(stored) == meaning(drawn) and first_day in (None, stored.valid_from)


def meaning(rule: Rule) -> tuple[object, ...]:
    """All that a rule says, without its id, its first day and its faults."""
    return (
        rule.area_code, rule.kind, rule.edition, rule.class_code, rule.condition_no, rule.window,
        rule.department_id, rule.post, rule.assistants, rule.valid_to, rule.owner, rule.note,
    )  # fmt: skip
