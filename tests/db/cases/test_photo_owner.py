"""A photo belongs to who sent it until it is attached."""

import pytest
from sqlalchemy import Connection

from gis.accounts.model import Role
from gis.cases.model import Move
from gis.cases.queries import case_by_number
from gis.dispatch.commands import move_case
from gis.errors import Invalid
from tests.factories import NOW, make_actor, make_areas, make_case, make_department, make_file


def test_knowing_the_name_of_somebody_elses_photo_is_not_enough_to_attach_it(
    conn: Connection,
) -> None:
    make_areas(conn)
    department = make_department(conn)
    stranger = make_file(conn, b"sent by somebody else", sent=False)
    handler = make_actor(conn, Role.HANDLER, department_id=department)
    own = make_file(conn, b"sent by the handler")
    case_id = make_case(conn, state="HANDLING", department_id=department)
    number = str(
        conn.exec_driver_sql("SELECT number FROM cases WHERE id = %s", (case_id,)).scalar()
    )

    def report_done(photo: str) -> None:
        move_case(
            conn,
            actor=handler,
            number=number,
            move=Move.REPORT_DONE,
            fields={"text": "done", "photo": [photo]},
            expected_version=1,
            now=NOW,
        )

    with pytest.raises(Invalid):
        report_done(stranger)
    report_done(own)
    assert case_by_number(conn, number, scope=handler.scope).case.state == "PENDING_CHECK"
