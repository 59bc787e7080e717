"""Trying a changed table of rules on the last cases."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import InternalError

from gis.accounts.model import Actor, Role
from gis.dispatch.dry_run import DryRun, dry_run
from gis.dispatch.rule_commands import replace_rules, rules_in_force
from gis.dispatch.rule_drafts import RuleDraft
from gis.dispatch.screen import dry_run_body, dry_run_lines
from gis.errors import Forbidden, Invalid
from tests import factories as make

ALL = RuleDraft(make.DISTRICT, "event", "", "SAN")
REFUSE = RuleDraft(make.DISTRICT, "event", "0110", "OFFICE")
NIGHT = RuleDraft(make.DISTRICT, "event", "", "OFFICE", hours="22:00-06:00")


@pytest.fixture
def leader(conn: Connection) -> Actor:
    make.make_cell(conn)
    make.make_department(conn, code="SAN")
    make.make_department(conn, code="OFFICE", kind="street")
    return make.make_actor(conn, Role.CENTRE_LEADER)


def put(conn: Connection, actor: Actor, *drafts: RuleDraft) -> None:
    replace_rules(conn, actor=actor, drafts=drafts, today=make.TODAY, now=make.NOW)


@contextmanager
def taken_back(conn: Connection) -> Iterator[None]:
    """What the dry run did to the transaction, its being read-only, ends here."""
    point = conn.begin_nested()
    yield
    point.rollback()


def tried(conn: Connection, actor: Actor, *drafts: RuleDraft, last: int = 100) -> DryRun:
    with taken_back(conn):
        return dry_run(conn, actor=actor, drafts=drafts, last=last, now=make.NOW)


def counts(found: DryRun) -> dict[str | None, tuple[int, int, int, int]]:
    return {
        row.department.code if row.department else None: (
            row.before, row.after, row.gained, row.lost,
        )
        for row in found.departments
    }  # fmt: skip


def test_before_and_after_are_counted_by_department_and_the_changed_cases_named(
    conn: Connection, leader: Actor
) -> None:
    put(conn, leader, ALL)
    refuse = [make.make_case(conn, class_code="0110") for _ in range(3)]
    for _ in range(4):
        make.make_case(conn, class_code="0201")
    make.make_case(conn, kind="component")
    found = tried(conn, leader, ALL, REFUSE)
    assert (found.cases, found.changed, found.added, found.ended) == (8, 3, 1, 0)
    assert counts(found) == {"SAN": (7, 4, 0, 3), "OFFICE": (0, 3, 3, 0), None: (1, 1, 0, 0)}
    assert len(found.listed) == len(refuse)
    assert {(c.before and c.before.code, c.after and c.after.code) for c in found.listed} == {
        ("SAN", "OFFICE")
    }
    assert "3" in dry_run_lines(found, "zh-CN", listed=2)[0]
    body = dry_run_body(found, 2)
    assert body["changed"] == 3 and len(body["listed"]) == 2


def test_the_same_table_changes_no_case(conn: Connection, leader: Actor) -> None:
    put(conn, leader, ALL, REFUSE, NIGHT)
    make.make_case(conn, class_code="0110")
    listed = rules_in_force(conn, actor=leader, today=make.TODAY)
    assert tried(conn, leader, *listed).changed == 0


def test_a_rule_for_hours_counts_for_cases_dispatched_in_them(
    conn: Connection, leader: Actor
) -> None:
    put(conn, leader, ALL)
    make.make_case(conn, dispatched_at="2026-11-17 23:00+08", reported_at="2026-11-17 08:00+08")
    make.make_case(conn, dispatched_at="2026-11-17 21:59+08")
    found = tried(conn, leader, ALL, NIGHT)
    assert (found.cases, found.changed) == (2, 1)


def test_the_dry_run_says_what_putting_the_table_in_force_then_does(
    conn: Connection, leader: Actor
) -> None:
    put(conn, leader, ALL)
    for code in ("0110", "0111", "0201"):
        make.make_case(conn, class_code=code)
    table = (replace(ALL, department_code="OFFICE"), replace(REFUSE, department_code="SAN"))
    foreseen = counts(tried(conn, leader, *table))
    put(conn, leader, *table)
    now = counts(tried(conn, leader, *rules_in_force(conn, actor=leader, today=make.TODAY)))
    assert {k: v[1] for k, v in foreseen.items()} == {k: v[0] for k, v in now.items()} | {}


def test_the_database_refuses_to_write_after_a_dry_run_began(
    conn: Connection, leader: Actor
) -> None:
    put(conn, leader, ALL)
    make.make_case(conn)
    before = conn.execute(text("SELECT count(*), max(id) FROM dispatch_rule")).one()
    with taken_back(conn):
        dry_run(conn, actor=leader, drafts=[ALL, REFUSE], last=10, now=make.NOW)
        assert conn.execute(text("SELECT count(*), max(id) FROM dispatch_rule")).one() == before
        with pytest.raises(InternalError, match="read-only"):
            make.make_department(conn)


def test_only_those_who_manage_rules_and_see_cases_get_the_list(
    conn: Connection, leader: Actor
) -> None:
    make.make_case(conn)
    administrator = make.make_actor(conn, Role.ADMINISTRATOR)
    found = tried(conn, administrator, ALL)
    assert found.changed == 1 and found.listed == ()
    with pytest.raises(Forbidden):
        tried(conn, make.make_actor(conn, Role.DISPATCHER), ALL)


@pytest.mark.parametrize("last", [0, -1, 100_001])
def test_a_dry_run_of_no_cases_is_refused(conn: Connection, leader: Actor, last: int) -> None:
    with pytest.raises(Invalid, match="100000"):
        tried(conn, leader, ALL, last=last)


def test_faults_of_the_table_are_named_by_row(conn: Connection, leader: Actor) -> None:
    with pytest.raises(Invalid) as refused:
        tried(conn, leader, ALL, replace(ALL, department_code="GHOST"))
    assert refused.value.faults[0].field == "row 2"
