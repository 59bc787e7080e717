"""Filing and closing conditions of a class as a list to tick, with whose rule each is."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from gis.cases.model import Move
from gis.errors import Invalid, Term, fault
from gis.i18n import N_
from gis.standards.model import Confidence, HandlingRule
from gis.worktime.model import Limit, Unit

FILING: Final = frozenset({Move.REGISTER, Move.VERIFY_TRUE, Move.FILE})
"""Moves that look at the conditions under which a case is filed."""
CLOSING: Final = frozenset({Move.CHECK_PASSED, Move.CHECK_FAILED, Move.CLOSE})
"""Moves that look at what has to be reached before it is closed."""


@dataclass(frozen=True, slots=True)
class CheckItem:
    """One condition to look at."""

    condition_no: int
    wording: Term
    limit: Term | None
    """The time limit that filing under this condition brings; none once a case is filed."""
    scope: str
    """Whose rule it is: `city:yuncheng`, `default`; never the national table."""
    edition: str
    source: str
    confidence: Confidence
    borrowed: bool

    @property
    def origin(self) -> Term:
        """Where the rule comes from, how sure it is, and that the wording is this project's."""
        city = _SCOPES.get(self.scope, Term(self.scope, self.scope))
        mark = self.confidence.label
        lent = _BORROWED if self.borrowed else _OWN
        return Term(
            f"{city.zh} · {self.edition} 版 · {mark.zh}{lent.zh} · 文字为本系统拟写",
            f"{city.en} · edition {self.edition} · {mark.en}{lent.en} · worded by this system",
        )


_BORROWED, _OWN = Term("，借自同类", ", borrowed from the like class"), Term("", "")
_SCOPES: Final[Mapping[str, Term]] = {
    "city:yuncheng": Term("运城市规定", "rule of the city of Yuncheng"),
    "city:jiyuan": Term("济源市规定", "rule of the city of Jiyuan"),
    "default": Term("本系统默认", "default of this system"),
}


def checklist_of(
    move: Move, rules: Sequence[HandlingRule], condition_no: int | None
) -> tuple[CheckItem, ...]:
    """
    What is looked at before a move; empty for moves that look at no condition.

    Filing: every condition of the class, one is enough. Closing: the closing
    condition of the condition the case was filed under, else all of them.
    """
    if move in FILING:
        return tuple(_item(rule, rule.filing_condition, _limit(rule)) for rule in rules)
    if move not in CLOSING:
        return ()
    own = [rule for rule in rules if rule.condition_no == condition_no]
    return tuple(_item(rule, rule.closing_condition, None) for rule in own or rules)


def ticked(items: Sequence[CheckItem], numbers: Collection[int]) -> list[dict[str, Any]]:
    """
    The list as the history keeps it: every condition in words, ticked or not.

    Raises
    ------
    Invalid
        When a number is none of the list's.
    """
    known = {item.condition_no for item in items}
    strange = sorted(set(numbers) - known)
    if strange:
        message = N_("Conditions {numbers} are not on the list of this move.")
        named = ", ".join(map(str, strange))
        raise Invalid(message, numbers=named, faults=[fault("checks", message, numbers=named)])
    return [
        {
            "no": item.condition_no,
            "ticked": item.condition_no in numbers,
            "zh": item.wording.zh,
            "en": item.wording.en,
            "scope": item.scope,
            "edition": item.edition,
            "confidence": str(item.confidence),
        }
        for item in items
    ]


def _limit(rule: HandlingRule) -> Term:
    return Limit(rule.limit_value, Unit(rule.limit_unit)).label


def _item(rule: HandlingRule, wording: Term, limit: Term | None) -> CheckItem:
    return CheckItem(
        condition_no=rule.condition_no,
        wording=wording,
        limit=limit,
        scope=rule.scope,
        edition=rule.edition,
        source=rule.source,
        confidence=rule.confidence,
        borrowed=rule.borrowed,
    )
