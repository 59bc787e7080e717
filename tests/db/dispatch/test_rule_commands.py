"""A district's table of dispatch rules: put in force, replaced, refused."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from gis.accounts.model import Actor, Role
from gis.dispatch.queries import propose
from gis.dispatch.rule_commands import RuleDraft, replace_rules, rules_in_force
from gis.errors import Forbidden, Invalid
from gis.jobs.rules_cli import read_rules
from tests import factories as make

SANITATION = RuleDraft(make.DISTRICT, "event", "01", "SAN", "all rubbish")
STREET = RuleDraft(make.STREET, "event", "0110", "OFFICE")


@pytest.fixture
def leader(conn: Connection) -> Actor:
    make.make_cell(conn)
    make.make_department(conn, code="SAN")
    make.make_department(conn, code="OFFICE", kind="street")
    make.make_department(conn, code="CENTRE", kind="command_centre")
    return make.make_actor(conn, Role.CENTRE_LEADER)


def put(conn: Connection, actor: Actor, *drafts: RuleDraft) -> tuple[int, int]:
    return replace_rules(conn, actor=actor, drafts=drafts, today=make.TODAY, now=make.NOW)


def proposed(conn: Connection) -> str | None:
    found = propose(
        conn, grid_code=make.grid_code(), kind="event", edition="2013", class_code="0110",
        on=make.TODAY,
    )  # fmt: skip
    return found.department.code if found else None


def test_a_table_in_force_proposes_and_the_same_table_changes_nothing(
    conn: Connection, leader: Actor
) -> None:
    assert put(conn, leader, SANITATION, STREET) == (2, 0)
    assert proposed(conn) == "OFFICE"
    assert put(conn, leader, SANITATION, STREET) == (0, 0)
    assert rules_in_force(conn, actor=leader) == [SANITATION, STREET]


def test_a_rule_that_the_table_lacks_ends_and_stays_readable(
    conn: Connection, leader: Actor
) -> None:
    put(conn, leader, SANITATION, STREET)
    assert put(conn, leader, SANITATION) == (0, 1)
    assert proposed(conn) == "SAN"
    ends = conn.execute(text("SELECT valid_to FROM dispatch_rule ORDER BY id")).scalars().all()
    assert ends == [None, make.TODAY]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"kind": "ghost"}, "ghost"),
        ({"class_code": "99"}, "99"),
        ({"area_code": "110101999"}, "110101999"),
        ({"department_code": "NONE"}, "NONE"),
        ({"department_code": "CENTRE"}, "CENTRE"),
    ],
)
def test_a_row_that_means_nothing_is_named_and_nothing_changes(
    conn: Connection, leader: Actor, wrong: dict[str, str], words: str
) -> None:
    with pytest.raises(Invalid) as refused:
        put(conn, leader, SANITATION, replace(STREET, **wrong))
    (only,) = refused.value.faults
    assert only.field == "row 2" and words in only.text("en")
    assert rules_in_force(conn, actor=leader) == []


def test_two_rows_for_one_place_and_class_are_refused(conn: Connection, leader: Actor) -> None:
    with pytest.raises(Invalid, match="cannot be taken") as refused:
        put(conn, leader, STREET, replace(STREET, department_code="SAN"))
    assert "earlier row" in refused.value.faults[0].text("en")


def test_rules_belong_to_those_who_manage_them_in_their_area(
    conn: Connection, leader: Actor
) -> None:
    with pytest.raises(Forbidden):
        put(conn, make.make_actor(conn, Role.DISPATCHER), STREET)
    local = make.make_actor(conn, Role.CENTRE_LEADER, scope=(make.STREET,))
    with pytest.raises(Forbidden):
        put(conn, local, SANITATION)
    put(conn, leader, SANITATION)
    assert put(conn, local, STREET) == (1, 0), "rules of elsewhere are left alone"
    assert len(rules_in_force(conn, actor=leader)) == 2


def test_a_table_from_a_spreadsheet_is_read_and_a_wrong_file_refused(tmp_path: Path) -> None:
    file = tmp_path / "rules.csv"
    file.write_text(
        "area_code,kind,class_code,department_code,note\n110101, event ,01,SAN,垃圾\n",
        encoding="utf-8-sig",
    )
    assert read_rules(file) == [RuleDraft("110101", "event", "01", "SAN", "垃圾")]
    file.write_text("area,kind\n1,event\n", encoding="utf-8")
    with pytest.raises(Invalid, match="area_code, class_code, department_code"):
        read_rules(file)
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(Invalid, match="cannot be read"):
        read_rules(file)
