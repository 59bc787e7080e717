"""One's own password on the start page."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, text
from streamlit.testing.v1 import AppTest

from gis.accounts.model import Role
from gis.accounts.passwords import hash_password, verify
from gis.accounts.sessions import actor_of_session, open_session
from gis.ui import session
from tests.factories import make_person
from tests.pages.conftest import SHELL

PASSWORD = "seven quiet bridges"


@pytest.fixture
def app(own_district: Engine, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    with own_district.begin() as conn:
        person_id = make_person(
            conn, roles=(Role.MANAGER,), login="sun.li", password_hash=hash_password(PASSWORD)
        )
        token, _ = open_session(conn, person_id=person_id, now=datetime.now(UTC))
    monkeypatch.setattr(session, "session_token", lambda: token)
    opened = AppTest.from_file(str(SHELL), default_timeout=60)
    opened.session_state["wanmi.locale"] = "en"
    return opened.run()


def _submit(app: AppTest, present: str, first: str, again: str) -> AppTest:
    fields = {field.label: field for field in app.text_input}
    fields["Present password"].set_value(present)
    fields["New password"].set_value(first)
    fields["Once more"].set_value(again)
    next(b for b in app.button if b.label == "Set this password").click()
    return app.run()


def _stored(engine: Engine) -> str:
    with engine.begin() as conn:
        return str(
            conn.execute(
                text("SELECT password_hash FROM person WHERE login = 'sun.li'")
            ).scalar_one()
        )


def test_a_new_password_ends_every_session_of_the_old_one(
    app: AppTest, own_district: Engine
) -> None:
    _submit(app, PASSWORD, "nine loud rivers", "nine loud rivers")
    assert not app.exception
    assert verify(_stored(own_district), "nine loud rivers")
    token = session.session_token()
    with own_district.begin() as conn:
        assert actor_of_session(conn, token, now=datetime.now(UTC)) is None


@pytest.mark.parametrize(
    ("present", "first", "again", "says"),
    [
        ("wrong", "nine loud rivers", "nine loud rivers", "present password is not right"),
        (PASSWORD, "short", "short", "at least 12 characters"),
        (PASSWORD, "nine loud rivers", "nine loud river", "entries differ"),
    ],
)
def test_a_wrong_entry_changes_nothing_and_says_why(
    app: AppTest, own_district: Engine, present: str, first: str, again: str, says: str
) -> None:
    before = _stored(own_district)
    _submit(app, present, first, again)
    assert says in app.error[0].value
    assert _stored(own_district) == before


def test_guessing_the_present_password_locks_the_account(
    app: AppTest, own_district: Engine
) -> None:
    for _ in range(5):
        _submit(app, "wrong", "nine loud rivers", "nine loud rivers")
    with own_district.begin() as conn:
        locked = conn.execute(
            text("SELECT locked_until > now() FROM person WHERE login = 'sun.li'")
        ).scalar_one()
    assert locked is True
