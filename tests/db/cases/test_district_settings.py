"""What a district sets about itself."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection, text

from gis.accounts.model import SYSTEM, Actor, Role
from gis.audit.trail import broken_links
from gis.cases.district_settings import (
    PRODUCT_DEFAULTS,
    bounds_of,
    change_setting,
    district_settings,
)
from gis.cases.settings import read_case_settings
from gis.db.settings import read_settings_of
from gis.dispatch.automatic import set_automatic
from gis.errors import Conflict, Forbidden, Invalid, NotFound
from gis.worktime.commands import restore_day, set_day
from tests.factories import NOW, STREET, TODAY, make_actor, make_areas


@pytest.fixture
def leader(conn: Connection) -> Actor:
    make_areas(conn)
    return make_actor(conn, Role.CENTRE_LEADER)


def test_a_district_changes_what_the_rules_then_read(conn: Connection, leader: Actor) -> None:
    for key, words in (("edition", "2007"), ("clock_starts", "dispatch"), ("bounce_limit", "3"),
                       ("sources_to_verify", "citizen, video")):  # fmt: skip
        change_setting(conn, actor=leader, key=key, words=words, now=NOW)
    read = read_case_settings(conn)
    assert (read.edition, read.clock_starts, read.bounce_limit) == ("2007", "dispatch", 3)
    assert read.sources_to_verify == ("citizen", "video")
    change_setting(conn, actor=leader, key="lockout_failures", words="9", now=NOW)
    assert read_settings_of(conn, "lockout_failures") == {"lockout_failures": 9}
    shown = district_settings(conn)
    assert shown["bounce_limit"] == (3, True) and shown["reopening_days"] == (7, False)
    said = conn.execute(
        text("SELECT data FROM audit_event WHERE subject_type = 'settings' ORDER BY seq")
    ).scalars()
    assert next(said) == {"key": "edition", "was": "2013", "is": "2007"}
    assert broken_links(conn, subject_type="settings") == []


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("edition", "1999"), ("district_code", "999999"), ("time_zone", "Asia/Nowhere"),
        ("time_zone", "../etc/passwd"), ("clock_starts", "never"), ("bounce_limit", "0"),
        ("bounce_limit", "-1"), ("bounce_limit", "٣"), ("bounce_limit", "9" * 40),
        ("bounce_limit", ""), ("self_handled_sample_percent", "101"), ("reopening_days", "3651"),
        ("caller_keep_days", "99999999"), ("reopening_days", "0"),
        ("session_idle_minutes", "half"),
    ],
)  # fmt: skip
def test_a_value_that_is_none_is_refused_and_the_old_one_stays(
    conn: Connection, leader: Actor, key: str, words: str
) -> None:
    with pytest.raises(Invalid, match=key):
        change_setting(conn, actor=leader, key=key, words=words, now=NOW)
    assert district_settings(conn)[key] == (PRODUCT_DEFAULTS[key], False)


@pytest.mark.parametrize(
    "key", ["extension_limit", "suspension_limit", "call_back_percent", "evidence_slack_minutes"]
)
def test_none_at_all_is_a_value_where_it_makes_sense(
    conn: Connection, leader: Actor, key: str
) -> None:
    assert change_setting(conn, actor=leader, key=key, words="0", now=NOW) == 0
    assert getattr(read_case_settings(conn), key) == 0


def test_the_longest_time_that_can_be_set_is_one_the_calendar_has(conn: Connection) -> None:
    days = [key for key in PRODUCT_DEFAULTS if key.endswith(("_days", "_hours", "_minutes"))]
    assert "reopening_days" in days
    for key in days:
        unit = key.rpartition("_")[2]
        assert NOW + timedelta(**{unit: bounds_of(key)[1]}), key


def test_the_second_of_two_who_change_a_setting_is_told_what_the_first_has_set(
    conn: Connection, leader: Actor
) -> None:
    other = make_actor(conn, Role.CENTRE_LEADER)
    levels = district_settings(conn)["overdue_levels"][0]
    first, second = "red:handler, red+1d:arbiter", "yellow:handler"
    change_setting(conn, actor=leader, key="overdue_levels", words=first, seen=levels, now=NOW)
    with pytest.raises(Conflict) as caught:
        change_setting(conn, actor=other, key="overdue_levels", words=second, seen=levels, now=NOW)
    assert leader.name in caught.value.text("zh-CN") and first in caught.value.text("zh-CN")
    stands = district_settings(conn)["overdue_levels"][0]
    assert stands == first.split(", ")
    change_setting(conn, actor=other, key="overdue_levels", words=second, seen=stands, now=NOW)
    assert district_settings(conn)["overdue_levels"][0] == [second]


def test_another_share_of_a_limit_ends_the_tiles_that_carry_it(
    conn: Connection, leader: Actor
) -> None:
    version = text("SELECT version FROM layer_version WHERE layer = 'cases'")
    before = conn.execute(version).scalar() or 1
    change_setting(conn, actor=leader, key="yellow_percent", words="60", now=NOW)
    assert conn.execute(version).scalar_one() > before


def test_an_unknown_setting_is_named_with_those_there_are(conn: Connection) -> None:
    with pytest.raises(NotFound, match="reopening_days"):
        change_setting(conn, actor=SYSTEM, key="demo", words="1", now=NOW)


def test_settings_need_the_right_to_manage_rules(conn: Connection) -> None:
    with pytest.raises(Forbidden):
        change_setting(
            conn, actor=make_actor(conn, Role.DISPATCHER), key="bounce_limit", words="3", now=NOW
        )


def test_who_has_posts_in_one_street_changes_nothing_for_the_whole_district(
    conn: Connection,
) -> None:
    make_areas(conn)
    street = make_actor(conn, Role.ADMINISTRATOR, Role.CENTRE_LEADER, scope=(STREET,))
    with pytest.raises(Forbidden):
        change_setting(conn, actor=street, key="bounce_limit", words="3", now=NOW)
    with pytest.raises(Forbidden):
        set_day(conn, actor=street, day=TODAY, is_workday=False, reason="停工", now=NOW)
    with pytest.raises(Forbidden):
        restore_day(conn, actor=street, day=TODAY, now=NOW)
    with pytest.raises(Forbidden):
        set_automatic(
            conn, actor=street, kind="event", class_code="", automatic=True, starts_at=NOW, now=NOW
        )
