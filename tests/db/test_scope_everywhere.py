"""
Nobody sees or moves what lies in another street, through whichever function they ask.

The proof is the same for all: what a person of one street is answered does not change when the
other street is filled, and what a person of the whole district is answered does.
"""

import inspect
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from pkgutil import walk_packages
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import Connection, text

import gis
from gis.accounts import commands as people
from gis.accounts import posts, rostering, substitutes
from gis.accounts import queries as staff
from gis.accounts.model import Actor, Role
from gis.accounts.people_rules import PersonDraft
from gis.accounts.rostering import DutyChange
from gis.cases import log_screen
from gis.cases import queries as cases
from gis.cases.clocks.explained import clocks_of_case
from gis.cases.clusters import queries as clusters
from gis.cases.clusters.commands import reply
from gis.cases.clusters.queries import likely_duplicates
from gis.cases.clusters.repeats import repeat_places
from gis.cases.commands import move_case
from gis.cases.desks import commands as desks
from gis.cases.desks.filters import CaseFilter, Show
from gis.cases.desks.inbox import read_inbox
from gis.cases.desks.queries import cases_for_file, find_cases
from gis.cases.evidence import audit
from gis.cases.evidence.commands import decide
from gis.cases.intake import report_case
from gis.cases.queues import Order
from gis.cases.records import NewCase
from gis.cases.settings import CaseSettings
from gis.catalog import views
from gis.catalog.layers import layers
from gis.components.queries import component_by_code, components_in_grid
from gis.dispatch import commands as dispatch
from gis.dispatch.completeness import completeness
from gis.errors import Term
from gis.evaluation import queries as figures
from gis.evaluation.model import Grouping
from gis.files.queries import readable_file
from gis.grids import queries as grids
from gis.grids import responsibility
from gis.standards.model import Kind
from gis.tiles import counts, facts, identify, profile, search, values
from gis.tiles.field_values import read_field
from tests import factories as make
from tests.db import callers_of_streets as callers
from tests.db import tasks_of_streets as sub_tasks
from tests.db.other_street import (
    AROUND,
    AT,
    NOW,
    OTHER_CASE,
    OTHER_CELL,
    OTHER_COMMUNITY,
    OTHER_COMPONENT,
    OTHER_STREET,
    TODAY,
    WEEK,
    ZONE,
    Probe,
    World,
    asked,
    fill_other_street,
    with_and_without,
)
from tests.db.rows_of_streets import (
    MONTH,
    codes_seen,
    drawn,
    dry_run_of,
    edge_kept,
    features_seen,
    into_other,
    merged_in_other,
    people_of_week,
    quality,
    reports_by_day,
    selected,
)

OUTSIDE_ROOMS = ("gis.ui", "gis.api", "gis.jobs", "gis.bench", "gis.demo", "gis.__main__", "gis.db")
"""Borders and tools: they hold no query of their own; `gis.db` knows no rows."""


READS: dict[str, Probe] = {
    **callers.READS,
    **sub_tasks.READS,
    "gis.accounts.queries.list_people": lambda c, who, _o: [
        row.id
        for row in staff.list_people(c, scope=who.scope, wanted=staff.PeopleFilter(), today=TODAY)[
            0
        ]
    ],
    "gis.accounts.queries.person_sheet": lambda c, who, o: staff.person_sheet(
        c, o.person, scope=who.scope, today=TODAY, now=NOW
    ),
    "gis.accounts.queries.area_names": lambda c, who, _o: staff.area_names(c, who.scope, deepest=4),
    "gis.accounts.queries.expand_cells": lambda c, who, _o: staff.expand_cells(
        c, [OTHER_COMMUNITY], scope=who.scope
    ),
    "gis.accounts.roster.read_week": lambda c, who, _o: people_of_week(c, who),
    "gis.cases.evidence.audit.flagged_findings": lambda c, who, _o: [
        one.number for one in audit.flagged_findings(c, scope=who.scope, **MONTH)
    ],
    "gis.cases.evidence.audit.findings_of_case": lambda c, who, o: [
        one.number for one in audit.findings_of_case(c, o.case, scope=who.scope)
    ],
    "gis.cases.evidence.audit.compare_supervisors": lambda c, who, _o: audit.compare_supervisors(
        c, scope=who.scope, settings=CaseSettings(), **MONTH
    ),
    "gis.cases.evidence.audit.steps_behind": lambda c, who, o: audit.steps_behind(
        c, scope=who.scope, person_id=o.person, figure=audit.Figure.PASS_RATE, **MONTH
    ),
    "gis.cases.evidence.audit.sample_to_audit": lambda c, who, _o: drawn(c, who),
    "gis.cases.log_screen.log_screen": lambda c, who, _o: log_screen.log_screen(
        c, actor=who, locale="en", app="/log/app/1"
    )["map"]["bounds"],
    "gis.cases.clocks.explained.clocks_of_case": lambda c, who, o: clocks_of_case(
        c, o.case, scope=who.scope, person_id=who.person_id
    ),
    "gis.cases.cell_edge.queries.edge_of_case": edge_kept,
    "gis.cases.queries.case_by_number": lambda c, who, _o: cases.case_by_number(
        c, OTHER_CASE, scope=who.scope, person_id=who.person_id
    ),
    "gis.cases.queries.history": lambda c, who, o: cases.history(
        c, o.case, scope=who.scope, person_id=who.person_id
    ),
    "gis.cases.queries.queue": lambda c, who, _o: [
        [row.number for row in found.rows]
        for queue in cases.queues_of(who)
        for found in [cases.queue(c, queue_id=queue.id, actor=who, scope=who.scope, now=NOW)]
    ],
    "gis.cases.queries.queue_counts": lambda c, who, _o: cases.queue_counts(
        c, actor=who, scope=who.scope, now=NOW
    ),
    "gis.cases.desks.queries.find_cases": lambda c, who, _o: [
        row.number for row in find_cases(c, actor=who, wanted=_every_case(), now=NOW).rows
    ],
    "gis.cases.desks.inbox.read_inbox": lambda c, who, _o: [
        row.number for row in read_inbox(c, actor=who, wanted=CaseFilter(), now=NOW).rows
    ],
    "gis.cases.desks.queries.cases_for_file": lambda c, who, _o: [
        row.number for row in cases_for_file(c, actor=who, wanted=_every_case(), now=NOW)[0]
    ],
    "gis.cases.desks.commands.filters_for": lambda c, who, _o: [
        one.title for one in desks.filters_for(c, actor=who, desk="list")
    ],
    "gis.cases.desks.commands.mark_seen": lambda c, who, _o: _seen(c, who),
    "gis.cases.queries.cases_in_grid": lambda c, who, _o: cases.cases_in_grid(
        c, OTHER_CELL, scope=who.scope
    ),
    "gis.cases.clusters.queries.likely_duplicates": lambda c, who, _o: [
        one.number
        for one in likely_duplicates(
            c,
            actor=who,
            kind=Kind.EVENT,
            class_code="0101",
            text="",
            now=NOW,
            lon=make.middle(*AT)[0],
            lat=make.middle(*AT)[1],
        )
    ],
    "gis.cases.clusters.queries.members_of": lambda c, who, o: [
        one.number for one in clusters.members_of(c, into_other(c, o), scope=who.scope)
    ],
    "gis.cases.clusters.queries.reporters_count": lambda c, who, o: clusters.reporters_count(
        c, o.case, scope=who.scope, person_id=who.person_id
    ),
    "gis.cases.clusters.queries.standing_for": lambda c, who, o: clusters.standing_for(
        c, merged_in_other(c, o), scope=who.scope
    ),
    "gis.cases.clusters.queries.replies_to": lambda c, who, o: [
        one.words for one in clusters.replies_to(c, into_other(c, o), scope=who.scope)
    ],
    "gis.cases.clusters.repeats.repeat_places": lambda c, who, _o: [
        place.grid_code for place in repeat_places(c, scope=who.scope, now=NOW, days=90, least=1)
    ],
    "gis.components.queries.component_by_code": lambda c, who, _o: component_by_code(
        c, OTHER_COMPONENT, scope=who.scope
    ),
    "gis.components.queries.components_in_grid": lambda c, who, _o: components_in_grid(
        c, OTHER_CELL, scope=who.scope
    ),
    "gis.evaluation.queries.figures_by_group": lambda c, who, _o: pd.concat(
        figures.figures_by_group(c, grouping=grouping, period=WEEK, scope=who.scope)
        for grouping in Grouping
    ),
    "gis.evaluation.dispatching.dispatch_quality": quality,
    "gis.evaluation.dispatching.dispatched_wrongly": quality,
    "gis.evaluation.queries.trend": lambda c, who, _o: figures.trend(
        c, figures=("logged", "filed"), period=WEEK, scope=who.scope, area="", zone=ZONE.key
    ),
    "gis.evaluation.queries.cases_behind": lambda c, who, _o: figures.cases_behind(
        c, figure="logged", grouping=Grouping.STREET, key=None, period=WEEK, scope=who.scope
    ),
    "gis.dispatch.completeness.completeness": lambda c, who, _o: [
        completeness(c, actor=who, now=NOW).gaps.to_csv()
    ],
    "gis.dispatch.dry_run.dry_run": lambda c, who, _o: dry_run_of(c, who),
    "gis.files.queries.readable_file": lambda c, who, o: readable_file(
        c, o.photo, person_id=who.person_id, areas=who.scope.as_list()
    ),
    "gis.grids.queries.areas_of_level": lambda c, who, _o: pd.concat(
        grids.areas_of_level(c, level, scope=who.scope) for level in (1, 2, 3, 4)
    ),
    "gis.grids.queries.cell_profile": lambda c, who, _o: grids.cell_profile(
        c, OTHER_CELL, scope=who.scope
    ),
    "gis.grids.queries.extent_of": lambda c, who, _o: grids.extent_of(c, scope=who.scope),
    "gis.grids.responsibility.responsibility_grids": (
        lambda c, who, _o: responsibility.responsibility_grids(c, scope=who.scope)
    ),
    "gis.tiles.identify.feature": features_seen,
    "gis.tiles.identify.grid_contents": lambda c, who, _o: identify.grid_contents(
        c, OTHER_CELL, actor=who
    ),
    "gis.tiles.profile.cell_outline": lambda c, who, _o: profile.cell_outline(
        c, OTHER_CELL, actor=who
    ),
    "gis.tiles.profile.grid_profile": lambda c, who, _o: profile.grid_profile(
        c, OTHER_CELL, actor=who, now=NOW, zone=ZONE
    ),
    "gis.tiles.counts.counts_in": lambda c, who, _o: counts.counts_in(
        c, list(layers().values()), AROUND, actor=who
    ),
    "gis.tiles.case_days.case_days": lambda c, who, _o: reports_by_day(c, who),
    "gis.tiles.selection.select_in": lambda c, who, _o: selected(c, who),
    "gis.catalog.views.views_for": lambda c, who, _o: [
        view.title for view in views.views_for(c, actor=who)
    ],
    "gis.tiles.facts.layer_facts": lambda c, who, _o: [
        facts.layer_facts(c, layers()[name], scope=who.scope).classes for name in ("population",)
    ],
    "gis.tiles.facts.read_map_facts": lambda c, who, _o: facts.read_map_facts(
        c, [], scope=who.scope
    ),
    "gis.tiles.search.search": lambda c, who, _o: [
        hit
        for words in (OTHER_CASE, OTHER_STREET, OTHER_COMPONENT)
        for hit in search.search(c, words, actor=who)
        if hit.layer is not None  # names are public; the feature of the map is not
    ],
    "gis.tiles.field_values.read_field": lambda c, who, _o: read_field(
        c, layers()["components"], "component", "cls", actor=who
    ),
    "gis.tiles.values.population_density": lambda c, who, _o: values.population_density(
        c, scope=who.scope
    ),
    "gis.tiles.values.codes_in_use": lambda c, who, _o: codes_seen(c, who),
}
"""Every function that reads under a scope, by its name."""


COMMANDS: dict[str, Probe] = {
    **callers.COMMANDS,
    **sub_tasks.COMMANDS,
    "gis.accounts.commands.locked_person": lambda c, who, o: people.locked_person(
        c, who, o.person
    ),
    "gis.accounts.commands.update_person": lambda c, who, o: people.update_person(
        c, actor=who, person_id=o.person, draft=PersonDraft("x", "X", o.department), now=NOW,
        expected_version=1,
    ),
    "gis.accounts.commands.deactivate_person": lambda c, who, o: people.deactivate_person(
        c, actor=who, person_id=o.person, now=NOW, expected_version=1
    ),
    "gis.accounts.commands.activate_person": lambda c, who, o: people.activate_person(
        c, actor=who, person_id=o.person, now=NOW, expected_version=1
    ),
    "gis.accounts.commands.set_password": lambda c, who, o: people.set_password(
        c, actor=who, person_id=o.person, password_hash="$", now=NOW
    ),
    "gis.accounts.commands.revoke_sessions": lambda c, who, o: people.revoke_sessions(
        c, actor=who, person_id=o.person, now=NOW
    ),
    "gis.accounts.commands.create_administrator": lambda c, who, o: people.create_administrator(
        c, actor=who, draft=PersonDraft("admin2", "A", o.department), area_code=OTHER_STREET,
        password_hash="$", now=NOW,
    ),
    "gis.accounts.posts.give_post": lambda c, who, o: posts.give_post(
        c, actor=who, person_id=o.person, role=Role.PLANNER, area_code=OTHER_STREET,
        valid_from=TODAY, today=TODAY, now=NOW,
    ),
    "gis.accounts.posts.end_post": lambda c, who, o: posts.end_post(
        c, actor=who, post_id=o.post, today=TODAY, now=NOW
    ),
    "gis.accounts.substitutes.name_substitute": lambda c, who, o: substitutes.name_substitute(
        c, actor=who, person_id=o.person, substitute_id=_second_walker(c), first_day=TODAY,
        last_day=TODAY, today=TODAY, now=NOW,
    ),
    "gis.accounts.rostering.change_duties": lambda c, who, o: rostering.change_duties(
        c, actor=who, changes=[DutyChange(o.person, TODAY, (o.shift,), ())], today=TODAY, now=NOW
    ),
    "gis.accounts.rostering.change_cells": lambda c, who, o: rostering.change_cells(
        c, actor=who, person_id=o.person, add=(), remove=[OTHER_CELL], today=TODAY, now=NOW
    ),
    "gis.cases.evidence.commands.decide": lambda c, who, _o: decide(
        c, actor=replace(who, roles=who.roles | {Role.AUDITOR}), decision="accepted", note="",
        now=NOW,
        finding_id=c.execute(text("SELECT max(id) FROM evidence_finding")).scalar_one(),
    ),
    "gis.cases.commands.move_case": lambda c, who, _o: _moved(move_case(c, **_move(who))),
    "gis.dispatch.commands.move_case": lambda c, who, _o: _moved(
        dispatch.move_case(c, **_move(who))
    ),
    "gis.cases.intake.report_case": lambda c, who, _o: report_case(
        c, actor=who, report=_report(), key="k", now=NOW
    ).grid_code,
    "gis.cases.clusters.commands.reply": lambda c, who, _o: reply(
        c, actor=who, number=OTHER_CASE, words="x", key="k", now=NOW
    ),
    "gis.catalog.views.create_view": lambda c, who, _o: views.create_view(
        c, actor=who, draft=views.ViewDraft("异街", "layers=grids", OTHER_STREET), now=NOW
    ),
    "gis.cases.desks.commands.save_filter": lambda c, who, _o: desks.save_filter(
        c, actor=who, draft=desks.FilterDraft("list", "异街", CaseFilter(), OTHER_STREET), now=NOW
    ),
    "gis.grids.responsibility.group_cells": lambda c, who, _o: responsibility.group_cells(
        c, actor=who, code="R3", name=Term("三", "Three"), area_code=OTHER_STREET,
        grid_codes=[OTHER_CELL], valid_from=TODAY, now=NOW,
    ),
    "gis.grids.responsibility.end_group": lambda c, who, _o: responsibility.end_group(
        c, actor=who, code="R2", valid_to=TODAY, now=NOW
    ),
}  # fmt: skip
"""Every function that changes a row that lies somewhere; it does not for somebody of elsewhere."""


def _second_walker(conn: Connection) -> int:
    return make.make_person(conn, roles=(Role.SUPERVISOR,), area_code=OTHER_STREET)


def _every_case() -> CaseFilter:
    return CaseFilter(show=Show.ALL, order=Order.NEWEST)


def _seen(conn: Connection, who: Actor) -> int:
    """How many cases of the other street somebody can note as read."""
    desks.mark_seen(conn, actor=who, numbers=[OTHER_CASE], now=NOW)
    return int(conn.execute(text("SELECT count(*) FROM case_seen")).scalar_one())


def _move(who: Actor) -> dict[str, Any]:
    return {
        "actor": who, "number": f"{OTHER_STREET}-261117-0002", "move": "refuse",
        "fields": {"reason": "double"}, "expected_version": 1, "now": NOW,
    }  # fmt: skip


def _moved(case: Any) -> str:
    return str(case.state)


def _report() -> NewCase:
    lon, lat = make.middle(*AT)
    return NewCase(kind=Kind.EVENT, class_code="0110", lon=lon, lat=lat, text="垃圾")


WITHOUT_AREA = {
    **callers.WITHOUT_AREA,
    **sub_tasks.WITHOUT_AREA,
    "gis.accounts.commands.note": "writes what its caller did",
    "gis.accounts.keepsakes.hold_person": "locks the person that asks",
    "gis.accounts.commands.create_person": "a person without posts belongs to no area",
    "gis.accounts.posts.create_department": "departments are public and serve every street",
    "gis.accounts.posts.update_department": "departments are public and serve every street",
    "gis.accounts.shifts.create_shift": "shifts are the district's; every roster uses them",
    "gis.accounts.settings.require_whole_district": "is the question itself",
    "gis.accounts.settings.write_with_trail": "settings count for the whole district",
    "gis.cases.district_settings.change_setting": "settings count for the whole district",
    "gis.cases.district_settings.setting_history": "settings count for the whole district",
    "gis.cases.clocks.sweep.sweep": "the system's own work on every case",
    "gis.cases.clocks.adoption.adopt_clocks": "the system's own work on every case",
    "gis.cases.clocks.recompute.follow_calendar": "the system's own work on every case",
    "gis.worktime.commands.set_day": "the calendar counts for the whole district",
    "gis.worktime.commands.restore_day": "the calendar counts for the whole district",
    "gis.worktime.queries.day_history": "the calendar counts for the whole district",
    "gis.catalog.base_maps.change_base_maps": "base maps count for the whole district",
    "gis.accounts.substitutes.windows_of": "only those of oneself",
    "gis.accounts.substitutes.who_fits": "holders of one's own posts over one's own areas",
    "gis.accounts.substitutes.end_substitute": "one's own, or as name_substitute; tested there",
    "gis.cases.desks.commands.note_export": "writes what its caller took out under the scope",
    "gis.cases.desks.commands.delete_filter": "a filter is its owner's alone, tested there",
    "gis.catalog.views.change_view": "a view is its owner's; sharing it is held as in create_view",
    "gis.catalog.views.delete_view": "a view is its owner's alone, tested there",
    "gis.dispatch.automatic.set_automatic": "classes count for the whole district",
    "gis.dispatch.rule_commands.replace_rules": "refuses rules outside the area, tested there",
    "gis.dispatch.queries.rules_around": "rules are public within the product",
    "gis.dispatch.rule_commands.rules_in_force": "rules are public to those who move cases",
    "gis.dispatch.rule_commands.rule_history": "rules are public to those who manage them",
    "gis.basedata.commands.load_district": "needs manage_data, which counts for the district",
    "gis.grids.commands.store_build": "needs manage_data, which counts for the district",
    "gis.components.commands.label_minzooms": "needs manage_data, which counts for the district",
    "gis.pipelines.commands.merge_mains": "needs manage_data, which counts for the district",
    "gis.tiles.changes.changes": "asks on connections of its own; tests/api/test_tile_freshness.py",
    "gis.catalog.style_commands.save_style": "styles are the same for every street",
    "gis.catalog.style_commands.undo_style": "styles are the same for every street",
    "gis.cases.fieldwork.queries.my_work": "tasks are given by name; tests/api/test_tasks.py",
    "gis.cases.evidence.checks.doubts": "asks about a case that was read under the scope",
    "gis.cases.options.available_moves": "asks about a case that was read under the scope",
    "gis.dispatch.offers.offers": "asks about a case that was read under the scope",
}
"""Functions with an actor that need no area, and why."""


def _asking_functions() -> Iterator[str]:
    """Names of all functions of the rooms that take a connection or pool and somebody's scope."""
    for module in walk_packages(gis.__path__, "gis."):
        if module.name.startswith(OUTSIDE_ROOMS):
            continue
        for name, function in vars(import_module(module.name)).items():
            if not inspect.isfunction(function) or function.__module__ != module.name:
                continue
            asked = set(inspect.signature(function).parameters)
            if asked & {"conn", "pool"} and asked & {"scope", "actor", "areas"} and name[0] != "_":
                yield f"{module.name}.{name}"


def test_every_function_with_a_scope_or_an_actor_is_in_these_tables() -> None:
    known = READS.keys() | COMMANDS.keys() | WITHOUT_AREA.keys()
    assert set(_asking_functions()) == known


@pytest.mark.parametrize("name", READS)
def test_another_street_changes_nothing_of_what_somebody_reads(world: World, name: str) -> None:
    filled, empty = with_and_without(world, READS[name], world.local)
    assert filled == empty
    filled, empty = with_and_without(world, READS[name], world.central)
    assert filled != empty, "the probe does not see the other street at all"


@pytest.mark.parametrize("name", COMMANDS)
def test_nobody_changes_what_lies_in_another_street(world: World, name: str) -> None:
    other = fill_other_street(world.conn)
    assert asked(world.conn, COMMANDS[name], world.local, other) == "not there"
    assert asked(world.conn, COMMANDS[name], world.central, other) != "not there"
