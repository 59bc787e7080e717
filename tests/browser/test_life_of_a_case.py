"""A case from the phone to its end: every post does its part, nothing comes from outside."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from tests.browser.conftest import Site, Visit
from tests.browser.test_log_offline import PHONE, banner, photo, submit, write

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

PAGE_MOST_MS = 60_000
WORDS = "井盖旁暴露垃圾 <img src=x onerror=alert(1)> `${1+1}`"


@pytest.fixture
def beat(served_app: Site) -> tuple[str, float, float]:
    """A cell of the demo's one-click supervisor, who is put on every shift of these days."""
    with served_app.engine.begin() as conn:
        row = conn.execute(
            text(
                """
                SELECT g.code, ST_X(ST_PointOnSurface(g.geom)), ST_Y(ST_PointOnSurface(g.geom)),
                       p.id
                FROM person p JOIN supervisor_cell w ON w.person_id = p.id
                JOIN grid_cell g ON g.code = w.grid_code AND g.valid_to IS NULL
                WHERE p.login = 'demo.supervisor' ORDER BY g.code LIMIT 1
                """
            )
        ).one()
        conn.execute(
            text(
                """
                INSERT INTO duty (person_id, day, shift_id)
                SELECT :person, CAST(now() AS date) + d, s.id
                FROM generate_series(-1, 1) d, shift s
                ON CONFLICT DO NOTHING
                """
            ),
            {"person": row[3]},
        )
    return str(row[0]), float(row[1]), float(row[2])


@pytest.fixture
def desk_of(
    served_app: Site, visit: Callable[..., Visit], signed_in: Callable[[Page, str], Page]
) -> Callable[..., Page]:
    """`desk_of(role, number, **screen)` opens the case's page as that post."""

    desks: list[Page] = []

    def open_case(role: str, number: str, **screen: object) -> Page:
        while desks:
            desks.pop().close()  # a desk left open keeps drawing its map
        opened = visit(**screen)
        opened.context.set_default_timeout(PAGE_MOST_MS)
        page = signed_in(opened.page(), role)
        desks.append(page)
        page.goto(f"{served_app.url}/case?number={number}")
        expect(page.get_by_text(number).first).to_be_visible(timeout=PAGE_MOST_MS)
        return page

    return open_case


def state_of(site: Site, number: str) -> str:
    return str(site.rows("SELECT state FROM cases WHERE number = :n", n=number)[0][0])


def choose(page: Page, move: str) -> None:
    """Pick a move where there are several."""
    button = page.get_by_role("button", name=re.compile(f"^{move}$"))
    if button.count():
        button.first.click()


def go(page: Page, move: str, site: Site, number: str, state: str) -> None:
    """Press the button that makes the move, and wait until the case is where it leads."""
    page.locator('[data-testid="stBaseButton-primary"]', has_text=move).click(timeout=PAGE_MOST_MS)
    for _ in range(160):
        if state_of(site, number) == state:
            return
        page.wait_for_timeout(250)
    pytest.fail(f"{move}: {number} is {state_of(site, number)}, not {state}")


def add_photo(page: Page, shade: int) -> None:
    field = page.locator(".photos input")
    field.set_input_files(photo("after.jpg", shade))
    expect(page.locator(".photos img")).to_have_count(1, timeout=PAGE_MOST_MS)
    page.wait_for_timeout(1_000)  # the list of hashes reaches the page's script


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


def test_a_case_lives_from_the_phone_to_its_end_on_map_and_in_statistics(
    served_app: Site,
    visit: Callable[..., Visit],
    signed_in: Callable[[Page, str], Page],
    beat: tuple[str, float, float],
    desk_of: Callable[..., Page],
) -> None:
    grid_code, lon, lat = beat
    position = {"longitude": lon, "latitude": lat, "accuracy": 8}
    screen = visit(**PHONE, geolocation=position, permissions=["geolocation"])
    page = signed_in(screen.page(), "supervisor")
    page.goto(f"{served_app.url}/log/phone")
    page.wait_for_selector("[data-ready]")
    write(page, WORDS, photo("before.jpg", 33))
    submit(page)
    expect(banner(page)).to_contain_text("已上报", timeout=PAGE_MOST_MS)
    [(number, found_in)] = served_app.rows(
        "SELECT number, grid_code FROM cases WHERE description = :w", w=WORDS
    )
    number = str(number)
    assert found_in == grid_code

    page = desk_of("acceptor", number)
    expect(page.get_by_text(WORDS).first).to_be_visible()
    choose(page, "登记送立案")
    go(page, "登记送立案", served_app, number, "PENDING_FILING")

    page = desk_of("shift_leader", number)
    choose(page, "立案")
    go(page, "立案", served_app, number, "PENDING_DISPATCH")

    find_on_map(desk_of("dispatcher", number), served_app, number)
    page = desk_of("dispatcher", number)
    expect(page.get_by_text("建议派遣")).to_be_visible(timeout=PAGE_MOST_MS)
    choose(page, "派遣")
    go(page, "派遣", served_app, number, "PENDING_HANDLE")

    with served_app.engine.begin() as conn:  # the one-click handler works for this department
        conn.execute(
            text(
                "UPDATE person SET department_id = (SELECT department_id FROM cases"
                " WHERE number = :n) WHERE login = 'demo.handler'"
            ),
            {"n": number},
        )
    page = desk_of("handler", number)
    choose(page, "接收")
    go(page, "接收", served_app, number, "HANDLING")
    page = desk_of("handler", number)
    choose(page, "处置完成")
    page.locator("textarea").fill("已清运并冲洗地面")
    add_photo(page, 120)
    go(page, "处置完成", served_app, number, "PENDING_CHECK")

    page = desk_of("acceptor", number)
    supervisor = served_app.rows("SELECT name FROM person WHERE login = 'demo.supervisor'")[0][0]
    page.get_by_role("combobox").click()
    page.get_by_role("option", name=re.compile(str(supervisor))).first.click()
    go(page, "发核查", served_app, number, "CHECKING")

    page = desk_of("supervisor", number, **PHONE)
    choose(page, "核查通过")
    add_photo(page, 200)
    go(page, "核查通过", served_app, number, "PENDING_CLOSE")

    page = desk_of("shift_leader", number)
    choose(page, "结案")
    go(page, "结案", served_app, number, "CLOSED")
    expect(page.get_by_text("已清运并冲洗地面").first).to_be_visible(timeout=PAGE_MOST_MS)

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
    page.goto(f"{served_app.url}/statistics")
    figures = page.locator('[data-testid="stButtonGroup"]', has_text="结案数")
    expect(figures).to_be_visible(timeout=PAGE_MOST_MS)
    counted = served_app.rows(
        "SELECT count(*) FROM cases WHERE state IN ('CLOSED', 'FORCED_CLOSED')"
        " AND closed_at > now() - interval '30 days'"
    )[0][0]
    expect(figures).to_contain_text(f"结案数 {counted}")

    page.goto(f"{served_app.url}/print/case/{number}")
    expect(page.get_by_text(WORDS)).to_be_visible()
    expect(page.locator("svg path").first).to_be_attached()
    shipped = "document.fonts.ready.then(() => document.fonts.check('16px \"Noto Sans SC\"', '案'))"
    family = "getComputedStyle(document.body).fontFamily"
    assert page.evaluate(shipped) and "Noto Sans SC" in page.evaluate(family)
