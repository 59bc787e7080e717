"""The department's desk and inbox: whose a case is, and giving it to a person of the department."""

from collections.abc import Callable

from sqlalchemy import Engine, text
from streamlit.testing.v1 import AppTest

from gis.accounts.model import Role
from tests import factories as make

Visitor = Callable[..., AppTest]
HANDED = text(
    "SELECT c.number, p.name FROM case_event e JOIN cases c ON c.id = e.case_id"
    " JOIN person p ON p.id = c.handler_id WHERE e.move = 'assign'"
)

DEPARTMENTS = text("SELECT DISTINCT department_id FROM cases WHERE department_id IS NOT NULL")


def words(app: AppTest) -> str:
    kinds = (app.caption, app.info, app.error, app.markdown, app.success, app.text)
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def test_a_case_is_given_to_a_person_and_then_says_whose_it_is(
    own_district: Engine, visitor: Visitor
) -> None:
    app = visitor(own_district, Role.HANDLER, "handling.py")
    with own_district.begin() as conn:
        for department in conn.execute(DEPARTMENTS).scalars().all():
            make.make_person(conn, roles=(Role.HANDLER,), department_id=department)
    app.run()
    [moves] = [group for group in app.segmented_control if "指派承办人" in group.options]
    moves.set_value("assign").run()
    [people] = [box for box in app.selectbox if box.label == "承办人"]
    people.select_index(0).run()
    next(b for b in app.button if b.label.startswith("指派承办人：")).click().run()
    app.run()  # the test runner knows no rerun of a part alone
    assert not app.exception
    with own_district.connect() as conn:
        [(number, name)] = conn.execute(HANDED).all()
    assert f"承办人：{name}" in words(app)
    assert number in words(app)
