"""Which dispatch rule decides: a written order, the same for everybody and every time."""

from collections.abc import Iterable
from datetime import date

from gis.dispatch.model import Choice, Loser, Rule, Step
from gis.errors import Term
from gis.standards.model import Kind


def fits(
    rule: Rule, *, grid_code: str, kind: Kind | str, edition: str, class_code: str, on: date
) -> bool:
    """
    Whether a rule speaks about this place, class and day.

    Prefixes fit; the empty prefix fits everything. A rule counts from its first
    day, and no longer on the day its validity ends.
    """
    return (
        (rule.kind, rule.edition) == (kind, edition)
        and grid_code.startswith(rule.area_code)
        and class_code.startswith(rule.class_code)
        and rule.valid_from <= on
        and (rule.valid_to is None or on < rule.valid_to)
    )


def decide(candidates: Iterable[Rule]) -> Choice | None:
    """
    The rule that wins among rules that fit; None when there is none.

    In this order: the longest area prefix, the longest class prefix, the newest
    first day, the lowest id. Ids differ, so there is always exactly one, and the
    order in which the rules come does not matter.
    """
    ranked = sorted(candidates, key=_rank)
    if not ranked:
        return None
    winner = ranked[0]
    return Choice(winner, tuple(Loser(rule, _lost_at(rule, winner)) for rule in ranked[1:]))


def reason_of(choice: Choice) -> Term:
    """Why the winner decides, in words: what it names and what it beat the next one by."""
    area = _named(choice.rule.area_code, Term("全区", "everywhere"))
    kind = _named(choice.rule.class_code, Term("全部类别", "every class"))
    zh = f"规则 {choice.rule.id}：范围 {area.zh}，类别 {kind.zh}"
    en = f"Rule {choice.rule.id}: area {area.en}, class {kind.en}"
    if not choice.losers:
        return Term(f"{zh}；没有其他适用规则", f"{en}; no other rule fits")
    nearest = choice.losers[0]
    return Term(
        f"{zh}；优先于规则 {nearest.rule.id}，{nearest.step.reason.zh}",
        f"{en}; before rule {nearest.rule.id}, because {nearest.step.reason.en}",
    )


def _rank(rule: Rule) -> tuple[int, int, int, int]:
    return (
        -len(rule.area_code),
        -len(rule.class_code),
        -rule.valid_from.toordinal(),
        rule.id,
    )


def _lost_at(rule: Rule, winner: Rule) -> Step:
    pairs = zip(Step, _rank(rule), _rank(winner), strict=True)
    return next(step for step, own, best in pairs if own != best)


def _named(code: str, everything: Term) -> Term:
    return Term(code, code) if code else everything
