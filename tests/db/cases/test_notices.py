"""Notices: each thing is said once, to the right posts."""

import pytest
from sqlalchemy import Connection, text

from gis.cases.clocks.notices import NoticeKind, notify
from tests import factories as make


def _notices(conn: Connection) -> list[tuple[object, ...]]:
    found = conn.execute(
        text(
            "SELECT kind, level, about, role, department_id, person_id FROM case_notice ORDER BY id"
        )
    )
    return [tuple(row) for row in found]


def test_the_same_thing_is_said_once(conn: Connection) -> None:
    make.make_cell(conn)
    case_id = make.make_case(conn)
    said = [
        notify(conn, case_id=case_id, kind=kind, level=level, role=role, about=about, now=make.NOW)
        for kind, level, role, about in (
            ("overdue", 1, "dispatcher", "red:dispatcher"),
            ("overdue", 2, "dispatcher", "red:dispatcher"),
            ("overdue", 1, "shift_leader", "red+1h:shift_leader"),
            ("supervision", 1, "handler", "red:dispatcher"),
            ("supervision", 2, "handler", "7"),
        )
    ]
    assert said == [True, False, True, True, True]


def test_a_handlers_notice_names_department_and_person(conn: Connection) -> None:
    make.make_cell(conn)
    department = make.make_department(conn)
    handler = make.make_person(conn, department_id=department)
    case_id = make.make_case(conn, department_id=department, handler_id=handler, state="HANDLING")
    notify(conn, case_id=case_id, kind=NoticeKind.RETURN_LOOP, role="handler", now=make.NOW)
    notify(conn, case_id=case_id, kind=NoticeKind.EVIDENCE_FLAG, role="auditor", now=make.NOW)
    assert _notices(conn) == [
        ("return_loop", None, "", "handler", department, handler),
        ("evidence_flag", None, "", "auditor", None, None),
    ]


def test_unknown_kinds_roles_and_cases_are_not_written(conn: Connection) -> None:
    assert notify(conn, case_id=1, kind="overdue", level=1, role="handler", now=make.NOW) is False
    with pytest.raises(ValueError, match="nonsense"):
        notify(conn, case_id=1, kind="nonsense", role="handler", now=make.NOW)
    with pytest.raises(ValueError, match="nobody"):
        notify(conn, case_id=1, kind="overdue", role="nobody", now=make.NOW)
