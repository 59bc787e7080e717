"""Which dispatch rule decides: a written order, the same for everybody and every time."""

from collections.abc import Iterable

from gis.dispatch.model import Choice, Loser, Misfit, Question, Rule, Step
from gis.errors import Term


def misfit(rule: Rule, asked: Question) -> Misfit | None:
    """
    The first reason why a rule does not speak about a case; None: it does.

    Prefixes fit; the empty prefix fits everything. A rule of a condition needs
    that very condition. A rule counts from its first day, and no longer on the
    day its validity ends. Flaws are not asked: a rule with one still wins, so
    that nobody's case goes to the next best without a word.
    """
    checks = (
        (Misfit.KIND, (rule.kind, rule.edition) == (asked.kind, asked.edition)),
        (Misfit.AREA, asked.grid_code.startswith(rule.area_code)),
        (Misfit.CLASS, asked.class_code.startswith(rule.class_code)),
        (Misfit.CONDITION, rule.condition_no in (None, asked.condition_no)),
        (Misfit.NOT_YET, rule.valid_from <= asked.day),
        (Misfit.ENDED, rule.valid_to is None or asked.day < rule.valid_to),
        (Misfit.HOURS, rule.window.holds(asked.at)),
    )
    return next((why for why, good in checks if not good), None)


def fits(rule: Rule, asked: Question) -> bool:
    """Whether a rule speaks about this place, class, condition and moment."""
    return misfit(rule, asked) is None


def decide(candidates: Iterable[Rule]) -> Choice | None:
    """
    The rule that wins among rules that fit; None when there is none.

    In this order: the longest area prefix, the longest class prefix, a named
    condition, the fewest hours of the week, the newest first day, the lowest
    id. Ids differ, so there is always exactly one, and the order in which the
    rules come does not matter.
    """
    ranked = sorted(candidates, key=rank)
    if not ranked:
        return None
    winner = ranked[0]
    return Choice(winner, tuple(Loser(rule, lost_at(rule, winner)) for rule in ranked[1:]))


def reason_of(choice: Choice) -> Term:
    """Why the winner decides, in words: what it names, what it beat the next one by, its faults."""
    rule = choice.rule
    area = _named(rule.area_code, Term("全区", "everywhere"))
    kind = _named(rule.class_code, Term("全部类别", "every class"))
    zh = f"规则 {rule.id}：范围 {area.zh}，类别 {kind.zh}"
    en = f"Rule {rule.id}: area {area.en}, class {kind.en}"
    if rule.condition_no is not None:
        zh, en = f"{zh}，情形 {rule.condition_no}", f"{en}, condition {rule.condition_no}"
    if not choice.losers:
        zh, en = f"{zh}；没有其他适用规则", f"{en}; no other rule fits"
    else:
        nearest = choice.losers[0]
        zh = f"{zh}；优先于规则 {nearest.rule.id}，{nearest.step.reason.zh}"
        en = f"{en}; before rule {nearest.rule.id}, because {nearest.step.reason.en}"
    if rule.flaws:
        zh = f"{zh}。该规则有误：{'；'.join(flaw.words.zh for flaw in rule.flaws)}"
        en = f"{en}. The rule is faulty: {'; '.join(flaw.words.en for flaw in rule.flaws)}"
    return Term(zh, en)


def rank(rule: Rule) -> tuple[int, int, int, int, int, int]:
    """A key that sorts the strongest rule first; its places are those of `Step`."""
    return (
        -len(rule.area_code),
        -len(rule.class_code),
        int(rule.condition_no is None),
        rule.window.minutes_a_week,
        -rule.valid_from.toordinal(),
        rule.id,
    )


def lost_at(rule: Rule, winner: Rule) -> Step:
    """The step of the order at which a rule lost against the winner."""
    pairs = zip(Step, rank(rule), rank(winner), strict=True)
    return next(step for step, own, best in pairs if own != best)


def _named(code: str, everything: Term) -> Term:
    return Term(code, code) if code else everything
