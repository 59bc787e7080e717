"""Reading a table of rules as people wrote it: every row checked, every fault named by row."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, field
from datetime import date
from typing import TypeVar

from sqlalchemy import Connection, text

from gis.accounts.model import Role
from gis.cases.model import Move
from gis.cases.workflow import MOVES
from gis.db.settings import read_setting
from gis.dispatch.model import Rule
from gis.dispatch.queries import acting_departments
from gis.dispatch.rule_drafts import RULES_MOST, WORDS_MOST, RuleDraft
from gis.dispatch.windows import Window, read_days, read_hours
from gis.errors import Fault, Invalid, fault
from gis.i18n import N_
from gis.standards.model import Kind
from gis.standards.queries import limits_of_class

_T = TypeVar("_T")
FAULTS_MOST = 200
CONDITION_DIGITS = 4
POSTS = tuple(role for role in Role if role in MOVES[Move.TAKE_UP].roles)
"""Posts that a rule may name: those that the table of moves lets take a case up, no other."""
_BETWEEN_CODES = re.compile(r"[\s,;，；、]+")
_AREAS = text(
    "SELECT code FROM area WHERE (valid_to IS NULL OR valid_to > :today)"
    " AND code = ANY(CAST(:codes AS text[]))"
    " UNION SELECT code FROM grid_cell"
    " WHERE valid_to IS NULL AND code = ANY(CAST(:codes AS text[]))"
)
_CLASSES = text(
    "SELECT w.kind, w.prefix, bool_or(k.code = w.prefix) AS whole"
    " FROM (SELECT DISTINCT * FROM unnest(CAST(:kinds AS text[]), CAST(:prefixes AS text[]))"
    "       AS u (kind, prefix)) w"
    " JOIN case_class k ON k.kind = w.kind AND k.code ^@ w.prefix"
    " WHERE k.edition = :edition AND NOT k.reserved GROUP BY w.kind, w.prefix"
)


@dataclass(frozen=True, slots=True)
class DrawnRule:
    """A row that was read; the rule's id is the number of the row."""

    rule: Rule
    first_day: date | None
    """As written; None: none was."""


@dataclass(frozen=True)
class _Codes:
    """What the district has, for the rows of one table."""

    edition: str
    today: date
    areas: frozenset[str]
    classes: frozenset[tuple[str, str]]
    conditions: Mapping[tuple[str, str], frozenset[int]]
    departments: Mapping[str, int]


def drawn_rules(
    conn: Connection, drafts: Sequence[RuleDraft], *, today: date, edition: str | None = None
) -> list[DrawnRule]:
    """
    The rules that a table describes, in its order.

    A rule begins on the day written, today at the earliest: what was decided
    before stays explained by the rules of its time.

    Raises
    ------
    Invalid
        With one fault per cell that means nothing here, each under `row <number>`.
    """
    if not 0 < len(drafts) <= RULES_MOST:
        raise Invalid(
            N_("A table holds 1 to {most} rules, not {count}."), most=RULES_MOST, count=len(drafts)
        )
    _check_characters(drafts)
    codes = _codes(conn, drafts, edition or str(read_setting(conn, "edition")), today)
    read = [_Row(number, draft, codes) for number, draft in enumerate(drafts, start=1)]
    rows = [row.rule() for row in read]
    faults = [one for row in read for one in row.faults]
    faults += _twice([row for row in rows if row is not None])
    if faults:
        raise Invalid(
            N_("The rules cannot be taken; nothing was changed."),
            faults=sorted(faults, key=lambda one: int(one.field.split()[1]))[:FAULTS_MOST],
        )
    return [row for row in rows if row is not None]


def _check_characters(drafts: Sequence[RuleDraft]) -> None:
    """A file may hold what the database cannot; it is not even asked about that."""
    words = N_("The text holds a character that is none. Write it again.")
    faults = [
        fault(f"row {number}", words)
        for number, draft in enumerate(drafts, start=1)
        if any("\x00" in cell for cell in astuple(draft))
    ]
    if faults:
        raise Invalid(N_("The rules cannot be taken; nothing was changed."), faults=faults)


def _codes(conn: Connection, drafts: Sequence[RuleDraft], edition: str, today: date) -> _Codes:
    areas = conn.scalars(_AREAS, {"codes": [d.area_code for d in drafts], "today": today})
    asked = {"kinds": [d.kind for d in drafts], "prefixes": [d.class_code for d in drafts]}
    classes = conn.execute(_CLASSES, asked | {"edition": edition}).all()
    whole = {(row.kind, row.prefix) for row in classes if row.whole}
    with_condition = {(d.kind, d.class_code) for d in drafts if d.condition} & whole
    return _Codes(
        edition=edition,
        today=today,
        areas=frozenset(areas) | {""},
        classes=frozenset((row.kind, row.prefix) for row in classes),
        conditions={
            (kind, code): frozenset(
                rule.condition_no
                for rule in limits_of_class(conn, kind=kind, edition=edition, code=code)
            )
            for kind, code in sorted(with_condition)
        },
        departments={d.code: d.id for d in acting_departments(conn, on=today)},
    )


@dataclass
class _Row:
    """One row on its way from words to a rule."""

    number: int
    draft: RuleDraft
    codes: _Codes
    faults: list[Fault] = field(default_factory=list)

    def rule(self) -> DrawnRule | None:
        """The rule of the row; None when it has a fault."""
        draft, codes = self.draft, self.codes
        self._codes_exist()
        days = self._read(read_days, draft.weekdays, N_("“{value}” names no weekdays: 1-5 or 1,3."))
        hours = self._read(
            read_hours, draft.hours, N_("“{value}” is no span of hours: 08:00-18:00.")
        )
        first = self._read(_day, draft.valid_from, _NO_DAY)
        last = self._read(_day, draft.valid_to, _NO_DAY)
        helpers = [code for code in _BETWEEN_CODES.split(draft.assistants) if code]
        self._helpers_exist(helpers)
        begins = max(first or codes.today, codes.today)
        if last is not None and last <= begins:
            self._say(N_("The rule would end ({value}) before it begins."), draft.valid_to)
        if self.faults or days is None or hours is None:
            return None
        rule = Rule(
            id=self.number,
            area_code=draft.area_code,
            kind=Kind(draft.kind),
            edition=codes.edition,
            class_code=draft.class_code,
            condition_no=int(draft.condition) if draft.condition else None,
            window=Window(days, *hours),
            department_id=codes.departments[draft.department_code],
            post=draft.post or str(Role.HANDLER),
            assistants=tuple(codes.departments[code] for code in helpers),
            valid_from=begins,
            valid_to=last,
            owner=draft.owner,
            note=draft.note,
        )
        return DrawnRule(rule, first)

    def _codes_exist(self) -> None:
        draft, codes = self.draft, self.codes
        known_kind = draft.kind in set(Kind)
        named = (draft.kind, draft.class_code)
        checks = (
            (known_kind, N_("“{value}” is no kind: component or event."), draft.kind),
            (draft.area_code in codes.areas, N_("No area has the code {value}."), draft.area_code),
            (not known_kind or named in codes.classes,
             N_("No class of this edition begins with {value}."), draft.class_code),
            (not known_kind or self._has_condition(),
             N_("This class has no filing condition {value}."), draft.condition),
            (draft.department_code in codes.departments,
             N_("No department that handles cases has the code {value}."), draft.department_code),
            (not draft.post or draft.post in POSTS,
             N_("No “{value}” takes a case up in a department. Leave the post empty: handler."),
             draft.post),
            (max(len(draft.owner), len(draft.note)) <= WORDS_MOST,
             N_("Owner and note have at most {value} characters."), str(WORDS_MOST)),
        )  # fmt: skip
        for good, words, value in checks:
            if not good:
                self._say(words, value)

    def _has_condition(self) -> bool:
        wanted = self.draft.condition
        if not wanted:
            return True
        known = self.codes.conditions.get((self.draft.kind, self.draft.class_code), frozenset())
        return wanted.isdecimal() and len(wanted) <= CONDITION_DIGITS and int(wanted) in known

    def _helpers_exist(self, helpers: Sequence[str]) -> None:
        for code in helpers:
            if code not in self.codes.departments:
                self._say(N_("No department that handles cases has the code {value}."), code)
        if len({*helpers, self.draft.department_code}) < len(helpers) + 1:
            self._say(N_("A department stands twice in this row: {value}."), " ".join(helpers))

    def _read(self, reader: Callable[[str], _T], words: str, message: str) -> _T | None:
        try:
            return reader(words)
        except ValueError:
            self._say(message, words)
            return None

    def _say(self, message: str, value: str) -> None:
        self.faults.append(fault(f"row {self.number}", message, value=value[:50]))


_NO_DAY = N_("“{value}” is no day: 2026-11-22.")


def _day(words: str) -> date | None:
    return date.fromisoformat(words) if words else None


def _twice(rows: Sequence[DrawnRule]) -> Iterator[Fault]:
    """Rows that would leave the choice between them to the lowest id."""
    seen: dict[tuple[object, ...], list[Rule]] = defaultdict(list)
    for row in rows:
        rule = row.rule
        place = (rule.area_code, rule.kind, rule.class_code, rule.condition_no, rule.window)
        if any(_both_count(rule, other) for other in seen[place]):
            words = N_("Area, class, condition and hours stand in an earlier row: {value}.")
            value = " ".join((rule.area_code, rule.kind, rule.class_code)).strip()
            yield fault(f"row {rule.id}", words, value=value[:50])
        seen[place].append(rule)


def _both_count(one: Rule, other: Rule) -> bool:
    far = date.max
    return one.valid_from < (other.valid_to or far) and other.valid_from < (one.valid_to or far)
