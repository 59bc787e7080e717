"""A district's table of dispatch rules: put in force, replaced, refused."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from gis.accounts.model import Actor, Role
from gis.cases.model import Move
from gis.cases.workflow import MOVES
from gis.db.cluster import ClusterUrls
from gis.db.engine import make_engine, transaction
from gis.dispatch.model import Question
from gis.dispatch.queries import propose
from gis.dispatch.rule_check import POSTS
from gis.dispatch.rule_commands import (
    replace_rules,
    rule_history,
    rules_in_force,
    table_version,
)
from gis.dispatch.rule_drafts import COLUMNS, RuleDraft
from gis.errors import Conflict, Forbidden, Invalid
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


def in_force(conn: Connection, actor: Actor) -> list[RuleDraft]:
    return rules_in_force(conn, actor=actor, today=make.TODAY)


def stored(draft: RuleDraft) -> RuleDraft:
    """As it is listed once it is in force."""
    return replace(draft, post="handler", valid_from=str(make.TODAY))


def proposed(conn: Connection) -> str | None:
    asked = Question(
        grid_code=make.grid_code(), kind="event", edition="2013", class_code="0110", at=make.NOW
    )
    found = propose(conn, asked)
    return found.department.code if found else None


def test_a_table_in_force_proposes_and_the_same_table_changes_nothing(
    conn: Connection, leader: Actor
) -> None:
    assert put(conn, leader, SANITATION, STREET) == (2, 0)
    assert proposed(conn) == "OFFICE"
    assert put(conn, leader, SANITATION, STREET) == (0, 0)
    assert in_force(conn, leader) == [stored(SANITATION), stored(STREET)]
    assert put(conn, leader, *in_force(conn, leader)) == (0, 0), "a listed table is itself"


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
    assert in_force(conn, leader) == []


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
    assert len(in_force(conn, leader)) == 2


FULL = RuleDraft(
    make.DISTRICT, "event", "0110", "SAN", "夜间", condition="1", weekdays="1-5",
    hours="18:00-08:00", post="handler", assistants="OFFICE", valid_from="2026-12-01",
    valid_to="2027-01-01", owner="派遣科",
)  # fmt: skip


def test_all_that_a_rule_says_is_kept_and_read_back(conn: Connection, leader: Actor) -> None:
    put(conn, leader, SANITATION, FULL)
    assert in_force(conn, leader) == [stored(SANITATION), FULL]
    assert put(conn, leader, *in_force(conn, leader)) == (0, 0)
    assert proposed(conn) == "SAN"


def test_a_changed_row_begins_today_and_the_old_one_ends(conn: Connection, leader: Actor) -> None:
    old = make.make_dispatch_rule(conn, area_code=make.DISTRICT, class_code="01")
    code = in_force(conn, leader)[0].department_code
    changed = replace(in_force(conn, leader)[0], department_code="SAN")
    assert code != "SAN" and changed.valid_from == "2000-01-01"
    assert put(conn, leader, changed) == (1, 1)
    rows = conn.execute(text("SELECT id, valid_from, valid_to FROM dispatch_rule ORDER BY id"))
    (first, second) = rows.all()
    assert (first.id, first.valid_to) == (old, make.TODAY) and second.valid_from == make.TODAY


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"condition": "77"}, "77"),
        ({"condition": "1", "class_code": "01"}, "condition 1"),
        ({"weekdays": "Mo"}, "Mo"),
        ({"hours": "8-9"}, "8-9"),
        ({"post": "supervisor"}, "supervisor"),
        ({"post": "dispatcher"}, "dispatcher"),
        ({"assistants": "NONE"}, "NONE"),
        ({"assistants": "SAN"}, "twice"),
        ({"valid_from": "tomorrow"}, "tomorrow"),
        ({"valid_to": "2026-11-18"}, "2026-11-18"),
        ({"note": "长" * 201}, "200"),
    ],
)
def test_every_cell_is_checked(
    conn: Connection, leader: Actor, wrong: dict[str, str], words: str
) -> None:
    with pytest.raises(Invalid) as refused:
        put(conn, leader, SANITATION, replace(FULL, **{"valid_from": "", **wrong}))
    (only,) = refused.value.faults
    assert only.field == "row 2" and words in only.text("en")
    assert in_force(conn, leader) == []


def test_one_place_may_have_rules_for_other_hours_and_later_days(
    conn: Connection, leader: Actor
) -> None:
    later = replace(STREET, department_code="SAN", valid_from="2027-01-01")
    until = replace(STREET, valid_to="2027-01-01")
    night = replace(STREET, department_code="SAN", hours="22:00-06:00")
    assert put(conn, leader, until, later, night) == (3, 0)


def test_a_table_edited_at_an_older_version_is_refused_with_who_changed_it(
    conn: Connection, leader: Actor
) -> None:
    assert table_version(conn) == 0
    other = make.make_actor(conn, Role.CENTRE_LEADER, name="王晓")
    put(conn, other, SANITATION)
    assert table_version(conn) == 1
    with pytest.raises(Conflict, match="王晓"):
        replace_rules(
            conn, actor=leader, drafts=[STREET], today=make.TODAY, now=make.NOW, expected_version=0
        )
    assert in_force(conn, leader) == [stored(SANITATION)]
    replace_rules(
        conn, actor=leader, drafts=[STREET], today=make.TODAY, now=make.NOW, expected_version=1
    )
    newest, first = rule_history(conn, actor=leader)
    assert (newest.version, newest.who, first.who) == (2, leader.name, "王晓")
    assert [row["department_code"] for row in newest.added] == ["OFFICE"]
    assert [row["department_code"] for row in newest.ended] == ["SAN"]
    with pytest.raises(Forbidden):
        rule_history(conn, actor=make.make_actor(conn, Role.DISPATCHER))


def test_a_change_is_seen_by_the_next_question_of_every_process(
    fresh_database: ClusterUrls,
) -> None:
    here, there = (make_engine(fresh_database.app_url, pool_size=1) for _ in range(2))
    with transaction(here) as conn:
        make.make_cell(conn)
        make.make_department(conn, code="SAN")
        make.make_department(conn, code="OFFICE", kind="street")
        actor = make.make_actor(conn, Role.CENTRE_LEADER)
        put(conn, actor, SANITATION)
    with transaction(there) as conn:
        assert proposed(conn) == "SAN"
    with transaction(here) as conn:
        put(conn, actor, STREET)
    with transaction(there) as conn:
        assert proposed(conn) == "OFFICE"
    here.dispose()
    there.dispose()


def test_a_table_from_a_spreadsheet_is_read_and_a_wrong_file_refused(tmp_path: Path) -> None:
    file = tmp_path / "rules.csv"
    file.write_text(
        "area_code,kind,class_code,department_code,note\n110101, event ,01,SAN,垃圾\n",
        encoding="utf-8-sig",
    )
    assert read_rules(file) == [RuleDraft("110101", "event", "01", "SAN", "垃圾")]
    file.write_text(",".join(COLUMNS) + "\n110101,event,01,,1-5,,SAN,,,,,'=1+1,\n", "utf-8")
    assert read_rules(file) == [
        RuleDraft("110101", "event", "01", "SAN", weekdays="1-5", owner="=1+1")
    ]
    file.write_text("area,kind\n1,event\n", encoding="utf-8")
    with pytest.raises(Invalid, match="area_code, class_code, department_code"):
        read_rules(file)
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(Invalid, match="cannot be read"):
        read_rules(file)


@pytest.mark.parametrize(
    "wrong", [{"note": "a\x00b"}, {"class_code": "\x00"}, {"condition": "9" * 5_000}],
    ids=["note", "class", "condition"],
)  # fmt: skip
def test_what_no_hand_types_into_a_table_is_refused_by_row(
    conn: Connection, leader: Actor, wrong: dict[str, str]
) -> None:
    with pytest.raises(Invalid, match="cannot be taken") as refused:
        put(conn, leader, SANITATION, replace(STREET, **wrong))
    assert {one.field for one in refused.value.faults} == {"row 2"}


def test_a_rule_names_only_posts_that_take_cases_up() -> None:
    assert POSTS == (Role.HANDLER,)
    assert set(POSTS) == set(MOVES[Move.TAKE_UP].roles)
