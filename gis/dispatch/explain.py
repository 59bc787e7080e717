"""Why a case goes where it goes: the rule that fired, those that lost, those that did not speak."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from gis.cases.settings import read_case_settings
from gis.dispatch.model import Department, Misfit, Question, Rule, Step
from gis.dispatch.queries import departments_by_id, rules_around
from gis.dispatch.rules import decide, misfit, reason_of
from gis.errors import Invalid, NotFound, Term
from gis.grids.queries import cell_at
from gis.i18n import N_
from gis.standards.model import CaseClass, Kind
from gis.standards.queries import class_of


@dataclass(frozen=True, slots=True)
class Considered:
    """A rule that was looked at, and what became of it."""

    rule: Rule
    department: Department
    lost_at: Step | None = None
    """The step of the order at which it lost."""
    misfit: Misfit | None = None
    """Why it does not speak about the case; with neither, it is the rule that fired."""

    @property
    def why(self) -> Term | None:
        """Why it did not fire, in words."""
        if self.lost_at is not None:
            lost = self.lost_at.reason
            return Term(f"另一规则优先：{lost.zh}", f"another rule comes first: {lost.en}")
        return self.misfit.reason if self.misfit is not None else None


@dataclass(frozen=True, slots=True)
class Explanation:
    """What the rules say about one case, and why."""

    asked: Question
    kind: CaseClass
    fired: Considered | None
    """None: no rule fits. A fired rule with `flaws` proposes nobody."""
    reason: Term
    assistants: tuple[Department, ...]
    lost: tuple[Considered, ...]
    """Rules that fit too, the strongest first."""
    silent: tuple[Considered, ...]
    """Rules of this place and class that do not count for this condition, day or hour."""
    elsewhere: Mapping[Misfit, int]
    """How many rules are for another area or class."""


_NO_RULE = Term("没有适用的规则，需人工派遣", "no rule fits: somebody has to decide")


def explain(conn: Connection, asked: Question) -> Explanation:
    """
    What every rule of the kind says about a case; rules that ended are looked at too.

    The choice is that of `queries.propose`, made from the same rows by the same order.

    Raises
    ------
    NotFound, Refused
        When the edition has no such class.
    """
    kind = class_of(conn, kind=asked.kind, edition=asked.edition, code=asked.class_code)
    known = rules_around(conn, asked.edition, day=asked.day, kind=str(asked.kind))
    named = {rule.id: department for rule, department in known}
    why = {rule.id: misfit(rule, asked) for rule, _department in known}
    choice = decide(rule for rule, _department in known if why[rule.id] is None)
    outside = (Misfit.KIND, Misfit.AREA, Misfit.CLASS)
    helpers = choice.rule.assistants if choice else ()
    helping = departments_by_id(conn, helpers) if helpers else {}
    return Explanation(
        asked=asked,
        kind=kind,
        fired=Considered(choice.rule, named[choice.rule.id]) if choice else None,
        reason=reason_of(choice) if choice else _NO_RULE,
        assistants=tuple(helping[one] for one in helpers),
        lost=tuple(
            Considered(loser.rule, named[loser.rule.id], lost_at=loser.step)
            for loser in (choice.losers if choice else ())
        ),
        silent=tuple(
            Considered(rule, department, misfit=why[rule.id])
            for rule, department in known
            if why[rule.id] is not None and why[rule.id] not in outside
        ),
        elsewhere=Counter(one for one in why.values() if one in outside),
    )


def explain_at(
    conn: Connection,
    *,
    lon: float,
    lat: float,
    class_code: str,
    kind: Kind | str | None = None,
    condition_no: int | None = None,
    at: datetime,
) -> list[Explanation]:
    """
    The same for a point and a class; one answer per kind that has the class, or for `kind` alone.

    Raises
    ------
    Invalid
        When the point lies outside every unit grid, or no kind has the class.
    """
    settings = read_case_settings(conn)
    cell = cell_at(conn, lon=lon, lat=lat)
    if cell is None:
        message = N_("The point {lon}, {lat} lies in no unit grid. Longitude comes first.")
        raise Invalid(message, lon=lon, lat=lat)
    found = []
    for one in [Kind(kind)] if kind else list(Kind):
        asked = Question(
            grid_code=cell.code, kind=one, edition=settings.edition, class_code=class_code,
            condition_no=condition_no, at=at.astimezone(settings.zone),
        )  # fmt: skip
        try:
            found.append(explain(conn, asked))
        except NotFound:
            continue
    if not found:
        message = N_("There is no class with code {code}.")
        raise Invalid(message, code=class_code)
    return found
