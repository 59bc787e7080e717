"""Whether the rules are whole: what is missing, tied, empty or faulty."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pandas as pd
import streamlit as st

from gis.accounts.model import Actor, Role, role_terms
from gis.dispatch.completeness import Completeness, completeness
from gis.dispatch.screen import rule_words
from gis.errors import Term
from gis.ui.cache import names_of_areas
from gis.ui.db import shown_errors, unit_of_work
from gis.ui.dispatch_rules.tables import show_table
from gis.ui.words import _, local_number, locale, name_of


def whole(actor: Actor) -> None:
    """The whole part of the page."""
    names = names_of_areas(actor.scope.prefixes)
    streets = {code: term for code, term in names.items() if len(code) == 9}  # noqa: PLR2004
    area = st.selectbox(
        _("Area"), ["", *streets], key="rules.whole.area",
        format_func=lambda code: name_of(streets[code]) if code else _("All areas of your posts"),
    )  # fmt: skip
    found = None
    with shown_errors(), unit_of_work() as conn:
        found = completeness(conn, actor=actor, now=datetime.now(UTC), area=area or "")
    if found is None:
        return
    _figures(found)
    _faulty(found)
    _conflicts(found)
    _empty(found)
    _gaps(found, streets)


def _figures(found: Completeness) -> None:
    figures = (
        (_("Faulty rules"), len(found.faulty)),
        (_("Equal rank"), len(found.conflicts)),
        (_("Nobody there"), len(found.empty)),
        (_("Cells × classes without a rule"), found.cells_without),
        (_("Cells × classes covered in part"), found.cells_partly),
    )
    for column, (words, number) in zip(st.columns(len(figures)), figures, strict=True):
        column.metric(words, local_number(number))


def _faulty(found: Completeness) -> None:
    if not found.faulty:
        return
    st.error(
        _("These rules still win where they fit, and nobody can follow them: such cases wait for"
          " a dispatcher. Correct or remove them."), icon=":material/error:",
    )  # fmt: skip
    rows = [
        {
            "rule": rule_words(rule),
            "department": name_of(department.name),
            "fault": "；".join(name_of(flaw.words) for flaw in rule.flaws),
            "owner": rule.owner,
        }
        for rule, department in found.faulty
    ]
    show_table(rows, "rules.faulty")


def _conflicts(found: Completeness) -> None:
    if not found.conflicts:
        return
    st.warning(_("Only their age decides between these rules: likely one of them is a slip."))
    rows = [
        {"winner": rule_words(pair.first), "second": rule_words(pair.second)}
        for pair in found.conflicts
    ]
    show_table(rows, "rules.conflicts")


def _empty(found: Completeness) -> None:
    if not found.empty:
        return
    st.warning(_("Rules name these departments, and nobody is there now."))
    posts = role_terms()
    rows = [
        {
            "department": name_of(one.department.name),
            "post": name_of(posts[Role(one.post)]) if one.post in set(Role) else one.post,
            "people": one.people,
            "rules": one.rules,
        }
        for one in found.empty
    ]
    show_table(rows, "rules.empty")


def _gaps(found: Completeness, streets: Mapping[str, Term]) -> None:
    if found.gaps.empty:
        st.success(_("Every unit grid has a rule for every class."), icon=":material/check:")
        return
    words = {"class": _("By class"), "street": _("By street"), "each": _("Each")}
    by = st.segmented_control(
        _("Gaps"), list(words), default="class", format_func=words.__getitem__, required=True,
        key="rules.gaps",
    )  # fmt: skip
    name = "class_zh" if locale() == "zh-CN" else "class_en"
    gaps = found.gaps.assign(
        street=[name_of(streets[a]) if a in streets else a for a in found.gaps["area_code"]]
    )
    gaps["class"] = gaps[name] + " (" + gaps["kind"] + ":" + gaps["class_code"] + ")"
    columns = {"class": ["class"], "street": ["street"], "each": ["street", "class"]}[str(by)]
    show_table(_summed(gaps, columns), f"rules.gaps.{by}")


def _summed(gaps: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    figures = ["none", "partly", "cells"] if "class" in columns else ["none", "partly"]
    summed: Any = gaps.groupby(columns, as_index=False, sort=False)[figures].sum()
    return pd.DataFrame(summed.sort_values("none", ascending=False, ignore_index=True))
