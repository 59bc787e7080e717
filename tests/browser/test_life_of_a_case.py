"""A case from the phone to its end: every post does its part, nothing comes from outside."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from tests.browser.conftest import Site, Visit
from tests.browser.desks import PAGE_MOST_MS, add_photo, go
from tests.browser.test_log_offline import PHONE, banner, photo, submit, write

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

WORDS = "井盖旁暴露垃圾 <img src=x onerror=alert(1)> `${1+1}`"
Desk = Callable[..., Page]
Enter = Callable[[Page, str], Page]


def find_on_map(page: Page, site: Site, number: str) -> None:
    """Search the case on the map; its details and the link to it appear beside the map."""
    page.goto(f"{site.url}/map")
    bench = page.frame_locator('iframe[title*="folium"]')
    search = bench.get_by_role("combobox", name="搜索")
    expect(search).to_be_visible(timeout=PAGE_MOST_MS)
    search.fill(number)
    bench.get_by_role("option", name=re.compile(number)).click(timeout=PAGE_MOST_MS)
    details = bench.get_by_role("link", name=re.compile("打开案卷"))
    expect(details.first).to_be_visible(timeout=PAGE_MOST_MS)


def report_on_the_phone(page: Page, site: Site, grid_code: str) -> str:
    """The supervisor writes on the spot; answers the number."""
    page.goto(f"{site.url}/log/phone")
    page.wait_for_selector("[data-ready]")
    write(page, WORDS, photo("before.jpg", 33))
    submit(page)
    expect(banner(page)).to_contain_text("已上报", timeout=PAGE_MOST_MS)
    [(number, found_in)] = site.rows(
        "SELECT number, grid_code FROM cases WHERE description = :w", w=WORDS
    )
    assert found_in == grid_code
    return str(number)


def take_in_and_file(desk_of: Desk, site: Site, number: str) -> None:
    page = desk_of("acceptor", number)
    expect(page.get_by_text(WORDS).first).to_be_visible()
    go(page, "登记送立案", site, number, "PENDING_FILING")
    page = desk_of("shift_leader", number)
    go(page, "立案", site, number, "PENDING_DISPATCH")


def dispatch_as_proposed(desk_of: Desk, site: Site, number: str) -> None:
    find_on_map(desk_of("dispatcher", number), site, number)
    page = desk_of("dispatcher", number)
    expect(page.get_by_text("建议派遣")).to_be_visible(timeout=PAGE_MOST_MS)
    go(page, "派遣", site, number, "PENDING_HANDLE")
    with site.engine.begin() as conn:  # the one-click handler works for this department
        conn.execute(
            text(
                "UPDATE person SET department_id = (SELECT department_id FROM cases"
                " WHERE number = :n) WHERE login = 'demo.handler'"
            ),
            {"n": number},
        )


def handle(desk_of: Desk, site: Site, number: str) -> None:
    page = desk_of("handler", number)
    go(page, "接收", site, number, "HANDLING")
    page = desk_of("handler", number)
    page.locator("textarea").first.fill("已清运并冲洗地面")
    add_photo(page, 120)
    go(page, "处置完成", site, number, "PENDING_CHECK")


def check_and_close(desk_of: Desk, site: Site, number: str) -> None:
    page = desk_of("acceptor", number)
    supervisor = site.rows("SELECT name FROM person WHERE login = 'demo.supervisor'")[0][0]
    page.get_by_role("combobox").click()
    page.get_by_role("option", name=re.compile(str(supervisor))).first.click()
    go(page, "发核查", site, number, "CHECKING")
    page = desk_of("supervisor", number, **PHONE)
    add_photo(page, 200)
    go(page, "核查通过", site, number, "PENDING_CLOSE")
    page = desk_of("shift_leader", number)
    go(page, "结案", site, number, "CLOSED")
    expect(page.get_by_text("已清运并冲洗地面").first).to_be_visible(timeout=PAGE_MOST_MS)


def see_it_counted(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/statistics")
    figures = page.locator('[data-testid="stButtonGroup"]', has_text="结案数")
    expect(figures).to_be_visible(timeout=PAGE_MOST_MS)
    counted = site.rows(
        "SELECT count(*) FROM cases WHERE state IN ('CLOSED', 'FORCED_CLOSED')"
        " AND closed_at > now() - interval '30 days'"
    )[0][0]
    expect(figures).to_contain_text(f"结案数 {counted}")


def print_it(page: Page, site: Site, number: str) -> None:
    page.goto(f"{site.url}/print/case/{number}")
    expect(page.get_by_text(WORDS)).to_be_visible()
    expect(page.locator("svg path").first).to_be_attached()
    shipped = "document.fonts.ready.then(() => document.fonts.check('16px \"Noto Sans SC\"', '案'))"
    family = "getComputedStyle(document.body).fontFamily"
    assert page.evaluate(shipped) and "Noto Sans SC" in page.evaluate(family)


def test_a_case_lives_from_the_phone_to_its_end_on_map_and_in_statistics(
    served_app: Site,
    visit: Callable[..., Visit],
    signed_in: Enter,
    beat: tuple[str, float, float],
    desk_of: Desk,
) -> None:
    grid_code, lon, lat = beat
    position = {"longitude": lon, "latitude": lat, "accuracy": 8}
    screen = visit(**PHONE, geolocation=position, permissions=["geolocation"])
    number = report_on_the_phone(signed_in(screen.page(), "supervisor"), served_app, grid_code)
    take_in_and_file(desk_of, served_app, number)
    dispatch_as_proposed(desk_of, served_app, number)
    handle(desk_of, served_app, number)
    check_and_close(desk_of, served_app, number)
    moves = served_app.rows(
        "SELECT e.move FROM case_event e JOIN cases c ON c.id = e.case_id"
        " WHERE c.number = :n ORDER BY e.seq",
        n=number,
    )
    assert [m for (m,) in moves] == [
        "report", "register", "file", "dispatch", "take_up", "report_done", "order_check",
        "check_passed", "close",
    ]  # fmt: skip
    desk = visit()
    desk.context.set_default_timeout(PAGE_MOST_MS)
    page = signed_in(desk.page(), "manager")
    see_it_counted(page, served_app)
    print_it(page, served_app, number)
