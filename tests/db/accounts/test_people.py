"""Persons, posts and departments: what may change, by whom, and what comes second."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, text

from gis.accounts.commands import (
    create_person,
    deactivate_person,
    set_password,
    update_person,
)
from gis.accounts.model import SYSTEM, Actor, Permission, Role, Scope
from gis.accounts.people_rules import DepartmentDraft, PersonDraft
from gis.accounts.posts import create_department, end_post, give_post, update_department
from gis.accounts.queries import PeopleFilter, list_departments, list_people, person_sheet
from gis.audit.trail import broken_links
from gis.db.engine import make_engine
from gis.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from tests.factories import (
    COMMUNITY,
    DISTRICT,
    NOW,
    STREET,
    TODAY,
    make_actor,
    make_areas,
    make_cell,
    make_department,
    make_person,
)


@pytest.fixture
def admin(conn: Connection) -> Actor:
    make_areas(conn)
    return make_actor(conn, Role.ADMINISTRATOR)


def _draft(conn: Connection, **other: Any) -> PersonDraft:
    values = {"login": "li.na", "name": "李娜", "department_id": make_department(conn), "phone": ""}
    return PersonDraft(**{**values, **other})


def _actions(conn: Connection, person_id: int) -> list[str]:
    rows = conn.execute(
        text(
            "SELECT action FROM audit_event WHERE subject_type = 'person' AND subject_id = :id"
            " ORDER BY seq"
        ),
        {"id": person_id},
    )
    return [row.action for row in rows]


def test_a_new_person_is_noted_and_has_no_rights(conn: Connection, admin: Actor) -> None:
    person_id = create_person(conn, actor=admin, draft=_draft(conn), now=NOW)
    sheet = person_sheet(conn, person_id, scope=admin.scope, today=TODAY, now=NOW)
    assert (sheet.login, sheet.name, sheet.posts) == ("li.na", "李娜", [])
    assert _actions(conn, person_id) == ["created"]
    assert broken_links(conn) == []


def test_every_fault_of_a_person_is_named(conn: Connection, admin: Actor) -> None:
    draft = _draft(conn, login="Ä", name=" ", phone="call me")
    with pytest.raises(Invalid) as caught:
        create_person(conn, actor=admin, draft=draft, now=NOW)
    assert [f.field for f in caught.value.faults] == ["login", "name", "phone"]


@pytest.mark.parametrize("login", ["li.na", "LI.NA"])
def test_a_login_is_never_used_twice(conn: Connection, admin: Actor, login: str) -> None:
    first = create_person(conn, actor=admin, draft=_draft(conn), now=NOW)
    deactivate_person(conn, actor=admin, person_id=first, now=NOW, expected_version=1)
    with pytest.raises(Invalid) as caught:
        create_person(conn, actor=admin, draft=_draft(conn, login=login), now=NOW)
    assert caught.value.faults[0].field == "login"


@pytest.mark.parametrize(
    "role", sorted(r for r in Role if r not in {Role.ADMINISTRATOR, Role.SYSTEM})
)
def test_only_those_with_the_permission_change_people(conn: Connection, role: Role) -> None:
    actor = make_actor(conn, role)
    assert not actor.may(Permission.MANAGE_PEOPLE)
    with pytest.raises(Forbidden):
        create_person(conn, actor=actor, draft=_draft(conn), now=NOW)


def test_the_second_of_two_changes_reads_who_was_first(conn: Connection, admin: Actor) -> None:
    draft = _draft(conn)
    person_id = create_person(conn, actor=admin, draft=draft, now=NOW)
    update_person(
        conn, actor=admin, person_id=person_id, now=NOW, expected_version=1,
        draft=PersonDraft("", "李娜娜", draft.department_id),
    )  # fmt: skip
    with pytest.raises(Conflict) as caught:
        update_person(
            conn, actor=admin, person_id=person_id, now=NOW, expected_version=1, draft=draft
        )
    name = conn.execute(
        text("SELECT name FROM person WHERE id = :i"), {"i": admin.person_id}
    ).scalar_one()
    assert name in str(caught.value)
    assert "2026-11-18 10:30" in str(caught.value)  # the district's time


def test_saving_without_a_change_changes_nothing(conn: Connection, admin: Actor) -> None:
    draft = _draft(conn)
    person_id = create_person(conn, actor=admin, draft=draft, now=NOW)
    update_person(conn, actor=admin, person_id=person_id, now=NOW, expected_version=1, draft=draft)
    assert _actions(conn, person_id) == ["created"]


def test_a_phone_number_stays_out_of_the_trail(conn: Connection, admin: Actor) -> None:
    draft = _draft(conn)
    person_id = create_person(conn, actor=admin, draft=draft, now=NOW)
    update_person(
        conn, actor=admin, person_id=person_id, now=NOW, expected_version=1,
        draft=PersonDraft("", draft.name, draft.department_id, "138 0000 1234"),
    )  # fmt: skip
    dump = conn.execute(text("SELECT string_agg(data::text, ' ') FROM audit_event")).scalar_one()
    assert "1234" not in dump


def test_nobody_deactivates_themselves(conn: Connection, admin: Actor) -> None:
    assert admin.person_id is not None
    make_actor(conn, Role.ADMINISTRATOR)
    with pytest.raises(Refused):
        deactivate_person(conn, actor=admin, person_id=admin.person_id, now=NOW, expected_version=1)


def test_the_last_administrator_stays(conn: Connection, admin: Actor) -> None:
    assert admin.person_id is not None
    post_id = conn.execute(
        text("SELECT id FROM post WHERE person_id = :p"), {"p": admin.person_id}
    ).scalar_one()
    with pytest.raises(Refused):
        end_post(conn, actor=SYSTEM, post_id=post_id, today=TODAY, now=NOW)
    make_actor(conn, Role.ADMINISTRATOR)
    end_post(conn, actor=SYSTEM, post_id=post_id, today=TODAY, now=NOW)
    sheet = person_sheet(conn, admin.person_id, scope=admin.scope, today=TODAY, now=NOW)
    assert sheet.posts[0]["valid_to"] == TODAY.isoformat()


def test_a_generated_administrator_does_not_stand_in_for_the_last_real_one(
    conn: Connection, admin: Actor
) -> None:
    assert admin.person_id is not None
    made_up = make_actor(conn, Role.ADMINISTRATOR)
    conn.execute(text("UPDATE person SET demo = true WHERE id = :p"), {"p": made_up.person_id})
    for person_id, allowed in ((admin.person_id, False), (made_up.person_id or 0, True)):
        gone = {"actor": SYSTEM, "person_id": person_id, "now": NOW, "expected_version": 1}
        if allowed:
            deactivate_person(conn, **gone)
        else:
            with pytest.raises(Refused):
                deactivate_person(conn, **gone)


def _give(
    conn: Connection, actor: Actor, person_id: int, role: Role = Role.DISPATCHER,
    area_code: str = DISTRICT,
) -> int:  # fmt: skip
    return give_post(
        conn, actor=actor, person_id=person_id, role=role, area_code=area_code,
        valid_from=TODAY, today=TODAY, now=NOW,
    )  # fmt: skip


def test_a_post_over_a_street_a_community_or_a_cell_can_be_given(
    conn: Connection, admin: Actor
) -> None:
    cell = make_cell(conn)
    person_id = create_person(conn, actor=admin, draft=_draft(conn), now=NOW)
    for code in (DISTRICT, STREET, COMMUNITY, cell):
        _give(conn, admin, person_id, area_code=code)
    assert _actions(conn, person_id).count("post_given") == 4


@pytest.mark.parametrize("code", ["110102", "1101"])
def test_a_post_outside_the_giver_s_area_is_forbidden(
    conn: Connection, admin: Actor, code: str
) -> None:
    person_id = create_person(conn, actor=admin, draft=_draft(conn), now=NOW)
    with pytest.raises(Forbidden):
        _give(conn, admin, person_id, area_code=code)


@pytest.mark.parametrize("code", ["110101999", "110101999999999", "11010", "", "110101'--"])
def test_a_post_over_an_area_that_nobody_knows_is_invalid(
    conn: Connection, admin: Actor, code: str
) -> None:
    person_id = create_person(conn, actor=admin, draft=_draft(conn), now=NOW)
    with pytest.raises(Invalid) as caught:
        _give(conn, admin, person_id, area_code=code)
    assert [f.field for f in caught.value.faults] == ["area_code"]


def test_a_post_cannot_begin_in_the_past_or_be_the_system_s(conn: Connection, admin: Actor) -> None:
    person_id = create_person(conn, actor=admin, draft=_draft(conn), now=NOW)
    with pytest.raises(Invalid) as caught:
        give_post(
            conn, actor=admin, person_id=person_id, role=Role.SYSTEM, area_code=DISTRICT,
            valid_from=TODAY - timedelta(days=1), today=TODAY, now=NOW,
        )  # fmt: skip
    assert {f.field for f in caught.value.faults} == {"role", "valid_from"}


def test_who_changes_and_who_reviews_are_two_persons(conn: Connection, admin: Actor) -> None:
    person_id = create_person(conn, actor=admin, draft=_draft(conn), now=NOW)
    _give(conn, admin, person_id, Role.AUDITOR)
    with pytest.raises(Refused):
        _give(conn, admin, person_id, Role.ADMINISTRATOR)


def test_the_same_post_twice_is_a_conflict(conn: Connection, admin: Actor) -> None:
    person_id = create_person(conn, actor=admin, draft=_draft(conn), now=NOW)
    _give(conn, admin, person_id)
    with pytest.raises(Conflict):
        _give(conn, admin, person_id)


def test_people_of_another_district_are_not_there(conn: Connection, admin: Actor) -> None:
    stranger = make_person(conn, roles=(Role.MANAGER,), area_code="110102", name="外区")
    rows, total = list_people(
        conn, scope=admin.scope, wanted=PeopleFilter(words="外区"), today=TODAY
    )
    assert (rows, total) == ([], 0)
    with pytest.raises(NotFound):
        person_sheet(conn, stranger, scope=admin.scope, today=TODAY, now=NOW)
    with pytest.raises(NotFound):
        deactivate_person(conn, actor=admin, person_id=stranger, now=NOW, expected_version=1)


def test_nobody_at_all_is_seen_without_a_scope(conn: Connection) -> None:
    make_person(conn, roles=(Role.MANAGER,))
    _, total = list_people(conn, scope=Scope(), wanted=PeopleFilter(), today=TODAY)
    assert total == 0


def test_a_list_is_narrowed_and_counts_all_pages(conn: Connection, admin: Actor) -> None:
    for n in range(60):
        make_person(conn, roles=(Role.SUPERVISOR,), name=f"巡查{n:02}", area_code=STREET)
    make_person(conn, roles=(Role.MANAGER,), name="100%_\\")
    seen, total = list_people(
        conn, scope=admin.scope, wanted=PeopleFilter(role="supervisor"), today=TODAY
    )
    rest, _ = list_people(
        conn, scope=admin.scope, wanted=PeopleFilter(role="supervisor", page=1), today=TODAY
    )
    assert (len(seen), len(rest), total) == (50, 10, 60)
    assert not {r.id for r in seen} & {r.id for r in rest}
    for words in ("%", "_", "\\"):
        _, found = list_people(
            conn, scope=admin.scope, wanted=PeopleFilter(words=words), today=TODAY
        )
        assert found == 1, words


def test_a_department_is_made_changed_and_its_code_stays(conn: Connection, admin: Actor) -> None:
    draft = DepartmentDraft("greening", "department", "园林绿化局", "Greening", DISTRICT)
    department_id = create_department(conn, actor=admin, draft=draft, now=NOW)
    with pytest.raises(Invalid):
        create_department(conn, actor=admin, draft=draft, now=NOW)
    update_department(
        conn, actor=admin, department_id=department_id, now=NOW, expected_version=1,
        draft=DepartmentDraft("other", "street", "园林中心", "Gardens"),
    )  # fmt: skip
    row = next(r for r in list_departments(conn, today=TODAY) if r.id == department_id)
    assert (row.code, row.kind, row.name_zh, row.version) == ("greening", "street", "园林中心", 2)
    with pytest.raises(Conflict):
        update_department(
            conn, actor=admin, department_id=department_id, now=NOW, expected_version=1,
            draft=draft,
        )  # fmt: skip


def test_an_administrator_of_one_street_changes_no_department(
    conn: Connection, admin: Actor
) -> None:
    draft = DepartmentDraft("greening", "department", "园林绿化局", "Greening", DISTRICT)
    made = create_department(conn, actor=admin, draft=draft, now=NOW)
    local = make_actor(conn, Role.ADMINISTRATOR, scope=(f"{DISTRICT}001",))
    with pytest.raises(Forbidden) as refused:
        create_department(
            conn, actor=local, draft=DepartmentDraft("own", "street", "街道", "Street"), now=NOW
        )
    assert refused.value.text("zh-CN") == f"{DISTRICT} 不在您岗位的管辖范围内。"
    with pytest.raises(Forbidden):
        update_department(
            conn, actor=local, department_id=made, draft=draft, now=NOW, expected_version=1
        )


def test_generated_persons_get_no_password(conn: Connection) -> None:
    person_id = make_person(conn, demo=True)
    with pytest.raises(Refused):
        set_password(conn, actor=SYSTEM, person_id=person_id, password_hash="x", now=NOW)


def test_what_a_demo_administrator_makes_is_demo_too(conn: Connection) -> None:
    actor = make_actor(conn, Role.ADMINISTRATOR, demo=True)
    actor = Actor(**{**actor.__dict__, "demo": True})
    person_id = create_person(conn, actor=actor, draft=_draft(conn), now=NOW)
    assert conn.execute(
        text("SELECT demo FROM person WHERE id = :i"), {"i": person_id}
    ).scalar_one()


def test_two_administrators_cannot_remove_each_other_at_once(fresh_database: Any) -> None:
    engine = make_engine(fresh_database.app_url, pool_size=4)
    with engine.begin() as conn:
        pair = [make_actor(conn, Role.ADMINISTRATOR) for _ in range(2)]
    start, results = threading.Barrier(2), []

    def remove(actor: Actor, other: Actor) -> None:
        start.wait()
        try:
            with engine.begin() as conn:
                deactivate_person(
                    conn, actor=actor, person_id=int(other.person_id or 0), now=NOW,
                    expected_version=1,
                )  # fmt: skip
            results.append("done")
        except Refused:
            results.append("refused")

    threads = [
        threading.Thread(target=remove, args=(pair[0], pair[1])),
        threading.Thread(target=remove, args=(pair[1], pair[0])),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    engine.dispose()
    assert sorted(results) == ["done", "refused"]
