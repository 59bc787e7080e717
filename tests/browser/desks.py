"""What browser tests of cases share: cases carried forward by the commands, and hands at a desk."""

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Connection, text

from gis.accounts.model import Actor, Role
from gis.accounts.sessions import actor_of_session, enter_demo
from gis.cases.intake import report_case
from gis.cases.model import Move, State
from gis.cases.records import NewCase
from gis.dispatch.commands import move_case
from gis.standards.model import Kind
from tests import factories as make
from tests.browser.conftest import Site
from tests.browser.test_log_offline import photo

PAGE_MOST_MS = 60_000
_STRAIGHT = (
    (State.REPORTED, Move.REGISTER, Role.ACCEPTOR),
    (State.PENDING_FILING, Move.FILE, Role.SHIFT_LEADER),
    (State.PENDING_DISPATCH, Move.DISPATCH, Role.DISPATCHER),
    (State.PENDING_HANDLE, Move.TAKE_UP, Role.HANDLER),
    (State.HANDLING, Move.REPORT_DONE, Role.HANDLER),
    (State.PENDING_CHECK, Move.ORDER_CHECK, Role.ACCEPTOR),
    (State.CHECKING, Move.CHECK_PASSED, Role.SUPERVISOR),
    (State.PENDING_CLOSE, Move.CLOSE, Role.SHIFT_LEADER),
)


def person(conn: Connection, role: Role) -> Actor:
    """The one-click person of a role."""
    now = datetime.now(UTC)
    opened = enter_demo(conn, role, now=now)
    assert opened is not None
    actor = actor_of_session(conn, opened[0], now=now)
    assert actor is not None
    return actor


def state_of(site: Site, number: str) -> str:
    return str(site.rows("SELECT state FROM cases WHERE number = :n", n=number)[0][0])


def new_case(site: Site, spot: tuple[str, float, float], words: str) -> str:
    """A report of the one-click supervisor; answers its number."""
    _grid, lon, lat = spot
    new = NewCase(kind=Kind.EVENT, class_code="0110", lon=lon, lat=lat, text=words)
    now = datetime.now(UTC)
    with site.engine.begin() as conn:
        by = person(conn, Role.SUPERVISOR)
        return report_case(conn, actor=by, report=new, key=f"{words}-{now}", now=now).number


def carry(site: Site, number: str, to: State) -> None:
    """Carry a case on the straight way to a state, each step by its one-click person."""
    for state, move, role in _STRAIGHT:
        if state_of(site, number) == to:
            return
        if state_of(site, number) == state:
            make_move(site, number, move, role)
    assert state_of(site, number) == to


def make_move(site: Site, number: str, move: Move, role: Role, **fields: Any) -> None:
    """One move by the commands, complete for the demo's people."""
    with site.engine.begin() as conn:
        by = person(conn, role)
        version = conn.execute(
            text("SELECT version FROM cases WHERE number = :n"), {"n": number}
        ).scalar_one()
        move_case(
            conn, actor=by, number=number, move=move, expected_version=version,
            fields={**_needed(conn, by, move), **fields}, now=datetime.now(UTC),
        )  # fmt: skip


def _needed(conn: Connection, by: Actor, move: Move) -> dict[str, Any]:
    handler = person(conn, Role.HANDLER)
    photos = {"photo": [make.make_file(conn)], "reason_evidence": "试验照片"}
    return {
        Move.FILE: {"condition": 1},
        Move.CLOSE: {"condition": 1},
        Move.DISPATCH: {"department": handler.department_id, "reason": "就近"},
        Move.REPORT_DONE: {"text": "已清运", **photos},
        Move.ORDER_CHECK: {"supervisor": person(conn, Role.SUPERVISOR).person_id},
        Move.CHECK_PASSED: photos,
        Move.ASK_RETURN: {
            "reason_code": "not_our_duty", "evidence": [make.make_file(conn)],
        },
    }.get(move, {})  # fmt: skip


def turn_to(page: Page, move: str) -> None:
    """Pick a move that is not the one prepared: a second click on that one would put it away."""
    page.get_by_role("radio", name=re.compile(f"^{re.escape(move)}$")).first.click()


def pick(page: Page, label: str, option: str) -> None:
    """Choose an entry of a list by its words."""
    page.get_by_role("combobox", name=re.compile(label)).first.click()
    page.get_by_role("option", name=re.compile(option)).first.click()


def type_day(page: Page, day: date) -> None:
    """Write a day into the form's date field: year, month and day are fields of their own."""
    field = page.locator('[data-testid="stDateInput"]').first
    field.get_by_role("spinbutton").first.click()
    page.keyboard.type(f"{day:%Y%m%d}", delay=30)
    page.keyboard.press("Tab")


def go(page: Page, move: str, site: Site, number: str, state: str) -> None:
    """Press the button that makes the move, and wait until the case is where it leads."""
    page.locator('[data-testid="stBaseButton-primary"]', has_text=move).click(timeout=PAGE_MOST_MS)
    for _ in range(160):
        if state_of(site, number) == state:
            return
        page.wait_for_timeout(250)
    pytest.fail(f"{move}: {number} is {state_of(site, number)}, not {state}")


def add_photo(page: Page, shade: int) -> None:
    field = page.locator(".photos input[capture]")
    field.set_input_files(photo("after.jpg", shade))
    expect(page.locator(".photos img")).to_have_count(1, timeout=PAGE_MOST_MS)
    page.wait_for_timeout(1_000)  # the list of hashes reaches the page's script
