"""Cases that do not go straight: returned, extended, merged, done badly, not fixed after all."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from gis.accounts.model import Role
from gis.cases.model import Move, State
from tests.browser.conftest import Site
from tests.browser.desks import (
    PAGE_MOST_MS,
    add_photo,
    carry,
    go,
    make_move,
    new_case,
    pick,
    turn_to,
    type_day,
)

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

Desk = Callable[..., Page]
Beat = tuple[str, float, float]


def ask_return(page: Page, site: Site, number: str) -> None:
    """The department says by its list and with a photo why the case is not its own."""
    turn_to(page, "申请回退（退单）")
    pick(page, "原因", "不属于本部门职责")
    add_photo(page, 40)
    go(page, "申请回退（退单）", site, number, "RETURN_REVIEW")


def test_a_case_that_is_returned_again_and_again_ends_at_the_arbiter(
    served_app: Site, beat: Beat, desk_of: Desk
) -> None:
    number = new_case(served_app, beat, "反复退回")
    carry(served_app, number, State.HANDLING)
    make_move(served_app, number, Move.ASK_RETURN, Role.HANDLER)
    make_move(served_app, number, Move.APPROVE_RETURN, Role.DISPATCHER)
    make_move(served_app, number, Move.DISPATCH, Role.DISPATCHER)

    ask_return(desk_of("handler", number), served_app, number)
    page = desk_of("dispatcher", number)
    expect(page.get_by_text("不属于本部门职责").first).to_be_visible(timeout=PAGE_MOST_MS)
    go(page, "回退通过", served_app, number, "PENDING_DISPATCH")
    expect(page.get_by_text("已回退 2 次")).to_be_visible(timeout=PAGE_MOST_MS)

    make_move(served_app, number, Move.DISPATCH, Role.DISPATCHER)
    make_move(served_app, number, Move.ASK_RETURN, Role.HANDLER)
    page = desk_of("dispatcher", number)
    turn_to(page, "提交仲裁")
    go(page, "提交仲裁", served_app, number, "ARBITRATION")

    page = desk_of("arbiter", number)
    [(department,)] = served_app.rows(
        "SELECT d.name_zh FROM person p JOIN department d ON d.id = p.department_id"
        " WHERE p.login = 'demo.handler'"
    )
    pick(page, "承办部门", f"^{department}$")
    page.locator("textarea").first.fill("按职责分工由该部门处置")
    go(page, "仲裁派遣", served_app, number, "PENDING_HANDLE")

    page = desk_of("handler", number)
    turn_to(page, "申请回退（退单）")
    expect(page.get_by_text("仲裁指定的部门不得再次退回")).to_be_visible(timeout=PAGE_MOST_MS)


def test_a_department_gets_more_time_before_its_limit_ends(
    served_app: Site, beat: Beat, desk_of: Desk
) -> None:
    number = new_case(served_app, beat, "需要延期")
    carry(served_app, number, State.HANDLING)
    due = "SELECT due_at FROM cases WHERE number = :n"
    [(before,)] = served_app.rows(due, n=number)
    assert isinstance(before, datetime)
    until = (before + timedelta(days=6)).date()

    page = desk_of("handler", number)
    turn_to(page, "申请延期")
    pick(page, "原因", "天气原因")
    type_day(page, until)
    go(page, "申请延期", served_app, number, "EXTENSION_REVIEW")

    page = desk_of("shift_leader", number)
    expect(page.get_by_text("天气原因").first).to_be_visible(timeout=PAGE_MOST_MS)
    go(page, "延期通过", served_app, number, "HANDLING")
    [(after,)] = served_app.rows(due, n=number)
    assert isinstance(after, datetime) and after - before > timedelta(days=5)


def test_two_reports_of_one_thing_become_one_case(
    served_app: Site, beat: Beat, desk_of: Desk
) -> None:
    first = new_case(served_app, beat, "同一堆垃圾")
    second = new_case(served_app, beat, "同一堆垃圾又报")
    page = desk_of("acceptor", second)
    turn_to(page, "并案")
    field = page.get_by_placeholder("110101001-261122-0007")
    field.fill(first)
    field.press("Enter")
    go(page, "并案", served_app, second, "MERGED")
    page = desk_of("acceptor", first)
    expect(page.get_by_text(second).filter(visible=True).first).to_be_visible(timeout=PAGE_MOST_MS)


def test_what_was_not_fixed_comes_back_from_the_checker_and_from_the_reporter(
    served_app: Site, beat: Beat, desk_of: Desk
) -> None:
    number = new_case(served_app, beat, "没有清干净")
    carry(served_app, number, State.CHECKING)
    page = desk_of("supervisor", number)
    turn_to(page, "核查不通过（返工）")
    pick(page, "原因", "处置不彻底")
    add_photo(page, 77)
    go(page, "核查不通过（返工）", served_app, number, "PENDING_DISPATCH")
    expect(page.get_by_text("返工 1").first).to_be_visible(timeout=PAGE_MOST_MS)

    make_move(served_app, number, Move.DISPATCH, Role.DISPATCHER)
    carry(served_app, number, State.CLOSED)
    page = desk_of("acceptor", number)
    pick(page, "原因", "上报人反映未解决")
    go(page, "重新核实（不满意）", served_app, number, "VERIFYING")
    expect(page.get_by_text("上报人反映未解决").first).to_be_visible(timeout=PAGE_MOST_MS)
