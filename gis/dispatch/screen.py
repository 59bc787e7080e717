"""What pages and the command line show of dispatch, as data."""

from collections.abc import Sequence
from typing import Any

from gis.accounts.model import Role, role_terms
from gis.dispatch.dry_run import ChangedCase, DryRun
from gis.dispatch.explain import Considered, Explanation
from gis.dispatch.model import Department, Misfit, Rule
from gis.dispatch.windows import days_text, hours_text
from gis.errors import Term
from gis.i18n import N_, translate

ORDER: tuple[Term, ...] = (
    Term("适用范围更小者（单元网格 > 社区 > 街道 > 区 > 全部）",
         "the smaller area (unit grid, community, street, district, everywhere)"),
    Term("适用类别更窄者（小类 > 大类 > 全部）",
         "the narrower class (class, main class, every class)"),
    Term("指明立案情形者", "the one that names the filing condition"),
    Term("每周适用时间更短者", "the one that counts for fewer hours of the week"),
    Term("生效日期更晚者", "the one that came into force later"),
    Term("编号更小者", "the lowest id"),
)  # fmt: skip
"""The written order by which the most specific rule wins (ours); see docs/cases.md."""

COLUMN_NAMES: dict[str, Term] = {
    "area_code": Term("适用范围", "Area"),
    "kind": Term("部件/事件", "Kind"),
    "class_code": Term("类别", "Class"),
    "condition": Term("立案情形", "Condition"),
    "weekdays": Term("星期", "Weekdays"),
    "hours": Term("时段", "Hours"),
    "department_code": Term("主办部门", "Department"),
    "post": Term("岗位", "Post"),
    "assistants": Term("协办部门", "Assisting"),
    "valid_from": Term("生效日期", "From"),
    "valid_to": Term("失效日期", "Until"),
    "owner": Term("规则责任人", "Owner"),
    "note": Term("备注", "Note"),
}
"""Titles of a table of rules; a file has the English words of the code instead."""

_FIRED = Term("命中", "fired")
_LOST = Term("落选", "lost")
_SILENT = Term("不适用", "does not count")


def when_of(rule: Rule) -> str:
    """Weekdays and hours in short, empty for always."""
    return " ".join(filter(None, (days_text(rule.window), hours_text(rule.window))))


def considered_rows(found: Explanation, locale: str) -> list[dict[str, str | int]]:
    """Every rule that was looked at: what fired, what lost, what was silent."""
    parts: Sequence[tuple[Term, Sequence[Considered]]] = (
        (_FIRED, [found.fired] if found.fired else []),
        (_LOST, found.lost),
        (_SILENT, found.silent),
    )
    return [_row(result, one, locale) for result, rows in parts for one in rows]


def _row(result: Term, one: Considered, locale: str) -> dict[str, str | int]:
    rule = one.rule
    posts = role_terms()
    return {
        "rule": rule.id,
        "result": result.text(locale),
        "why": "；".join(
            term.text(locale)
            for term in (*((one.why,) if one.why else ()), *(f.words for f in rule.flaws))
        ),
        "area_code": rule.area_code,
        "class_code": rule.class_code,
        "condition": "" if rule.condition_no is None else str(rule.condition_no),
        "when": when_of(rule),
        "department": one.department.name.text(locale),
        "post": posts[Role(rule.post)].text(locale) if rule.post in set(Role) else rule.post,
        "owner": rule.owner,
        "note": rule.note,
    }


def explain_lines(found: Explanation, locale: str) -> list[str]:
    """The explanation as sentences, for a terminal."""
    asked, say = found.asked, translate
    place = say(N_("Unit grid {grid}, class {code} {name}, {at}"), locale)
    lines = [
        place.format(
            grid=asked.grid_code, code=f"{asked.kind}:{asked.class_code}",
            name=found.kind.name.text(locale), at=asked.at.strftime("%Y-%m-%d %H:%M"),
        )
    ]  # fmt: skip
    if found.fired is None or found.fired.rule.flaws:
        lines.append(say(N_("Nobody is proposed."), locale))
    else:
        lines.append(say(N_("Proposed: {department}"), locale).format(
            department=found.fired.department.name.text(locale)))  # fmt: skip
        lines += [
            say(N_("Assisting: {department}"), locale).format(department=one.name.text(locale))
            for one in found.assistants
        ]
    lines.append(found.reason.text(locale))
    for row in considered_rows(found, locale):
        facts = [row[k] for k in ("area_code", "class_code", "condition", "when", "department")]
        told = " · ".join(str(fact) for fact in facts if fact)
        why = f" ({row['why']})" if row["why"] else ""
        lines.append(f"  {row['result']} #{row['rule']}: {told}{why}")
    return [*lines, elsewhere_words(found, locale)]


def elsewhere_words(found: Explanation, locale: str) -> str:
    """How many rules are for other places and classes."""
    words = translate(
        N_("Not looked at further: {area} rules for another area, {kind} for another class."),
        locale,
    )
    return words.format(area=found.elsewhere[Misfit.AREA], kind=found.elsewhere[Misfit.CLASS])


NOBODY = Term("无（没有适用规则或规则有误）", "nobody (no rule fits, or it is faulty)")


def department_name(department: Department | None, locale: str) -> str:
    """The name of a department that rules propose; words for none."""
    return (department.name if department else NOBODY).text(locale)


def dry_run_rows(found: DryRun, locale: str) -> list[dict[str, Any]]:
    """Before and after by department, the most changed first."""
    return [
        {
            "department": department_name(row.department, locale),
            "before": row.before,
            "after": row.after,
            "gained": row.gained,
            "lost": row.lost,
        }
        for row in found.departments
    ]


def changed_rows(listed: Sequence[ChangedCase], locale: str) -> list[dict[str, Any]]:
    """The cases that would go elsewhere."""
    return [
        {
            "number": one.number,
            "class": one.class_key,
            "grid_code": one.grid_code,
            "before": department_name(one.before, locale),
            "after": department_name(one.after, locale),
            "has": one.has.name.text(locale) if one.has else "",
        }
        for one in listed
    ]


def dry_run_words(found: DryRun, locale: str) -> str:
    """What was tried and what came out, in a sentence."""
    words = translate(
        N_("{changed} of the last {cases} cases would go elsewhere ({added} rules new, {ended}"
           " ended). Nothing was written."), locale,
    )  # fmt: skip
    return words.format(
        changed=found.changed, cases=found.cases, added=found.added, ended=found.ended
    )


def dry_run_lines(found: DryRun, locale: str, *, listed: int) -> list[str]:
    """The dry run for a terminal."""
    lines = [dry_run_words(found, locale), ""]
    lines += [
        f"{row['before']:>7} → {row['after']:>7}  (+{row['gained']} −{row['lost']})"
        f"  {row['department']}"
        for row in dry_run_rows(found, locale)
    ]
    changed = changed_rows(found.listed[:listed], locale)
    if changed:
        lines.append("")
    lines += [f"{r['number']}  {r['class']}  {r['before']} → {r['after']}" for r in changed]
    return lines


def dry_run_body(found: DryRun, listed: int) -> dict[str, Any]:
    """The dry run for programs."""
    return {
        "cases": found.cases,
        "changed": found.changed,
        "rules_added": found.added,
        "rules_ended": found.ended,
        "departments": [
            {**row, "department": one.department.code if one.department else None}
            for row, one in zip(dry_run_rows(found, "en"), found.departments, strict=True)
        ],
        "listed": changed_rows(found.listed[:listed], "en"),
    }


KIND_NAMES: dict[str, Term] = {
    "component": Term("部件", "component"),
    "event": Term("事件", "event"),
}
TITLES: dict[str, Term] = {
    "rule": Term("规则编号", "Rule"),
    "result": Term("结果", "Result"),
    "why": Term("原因", "Why"),
    "when": Term("适用时段", "When"),
    "department": Term("主办部门", "Department"),
    "number": Term("案卷号", "Case"),
    "class": Term("类别", "Class"),
    "grid_code": Term("单元网格", "Unit grid"),
    "before": Term("现行规则", "Rules of now"),
    "after": Term("修改后", "Changed table"),
    "gained": Term("增加", "Gained"),
    "lost": Term("减少", "Lost"),
    "has": Term("实际承办", "Really has it"),
    "street": Term("街道", "Street"),
    "none": Term("无规则的网格", "Cells without a rule"),
    "partly": Term("仅部分情形或时段有规则", "Only for a condition or hours"),
    "cells": Term("网格总数", "All cells"),
    "winner": Term("生效的规则", "Wins"),
    "second": Term("同级的规则", "Same rank"),
    "people": Term("在岗人数", "Persons with the post"),
    "rules": Term("涉及规则数", "Rules that name it"),
    "row": Term("行", "Row"),
    "fault": Term("问题", "Fault"),
    "version": Term("版本", "Version"),
    "at": Term("时间", "When"),
    "who": Term("修改人", "Who"),
    "added": Term("新增", "New"),
    "ended": Term("终止", "Ended"),
    "automatic": Term("自动派遣", "Automatic"),
    "starts_at": Term("起始时间", "From"),
    **COLUMN_NAMES,
}
"""Titles of every column of the tables of this room."""


def rule_words(rule: Rule) -> str:
    """A rule in one line of codes: its id, area, class, condition and hours."""
    condition = "" if rule.condition_no is None else f"#{rule.condition_no}"
    kind = f"{rule.kind}:{rule.class_code or '*'}"
    parts = (rule.area_code or "*", kind, condition, when_of(rule))
    return f"{rule.id} · {' '.join(filter(None, parts))}"
