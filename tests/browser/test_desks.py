"""The inbox by keyboard, and the edge drawn between before and after."""

from collections.abc import Callable

from playwright.sync_api import Page, expect
from sqlalchemy import text

from tests.browser.conftest import Site, Visit

Enter = Callable[[Page, str], Page]
PATIENCE_MS = 30_000


def test_the_inbox_is_worked_by_keyboard(
    served_app: Site, visit: Callable[..., Visit], signed_in: Enter
) -> None:
    page = signed_in(visit().page(), "acceptor")
    page.goto(f"{served_app.url}/inbox")
    rows = page.get_by_role("option")
    expect(rows.first).to_have_attribute("aria-selected", "true", timeout=PATIENCE_MS)
    second = rows.nth(1).locator("strong").inner_text()
    page.keyboard.press("j")
    expect(rows.nth(1)).to_have_attribute("aria-selected", "true")
    hand = page.locator(".st-key-inbox-case")
    expect(hand.get_by_text(second, exact=True)).to_be_visible(timeout=PATIENCE_MS)
    page.keyboard.press("k")
    expect(rows.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("j")
    page.get_by_role("listbox", name="按截止时间排列的待办").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/case?number={second}", timeout=PATIENCE_MS)


def test_the_edge_between_before_and_after_moves_by_keyboard(
    served_app: Site, visit: Callable[..., Visit], signed_in: Enter
) -> None:
    with served_app.engine.connect() as conn:
        number = conn.execute(
            text(
                "SELECT c.number FROM cases c JOIN attachment a ON a.case_id = c.id"
                " WHERE a.purpose IN ('report', 'after') GROUP BY c.number"
                " HAVING count(DISTINCT a.purpose) = 2 ORDER BY c.number LIMIT 1"
            )
        ).scalar_one()
    page = signed_in(visit().page(), "manager")
    page.goto(f"{served_app.url}/case?number={number}")
    page.get_by_role("button", name="滑动对比").click(timeout=PATIENCE_MS)
    edge = page.get_by_role("slider", name="处置前后的分界线")
    edge.focus()
    page.keyboard.press("ArrowRight")
    expect(edge).to_have_value("51")
    assert page.locator(".stage").get_attribute("style") == "--edge: 51%;"
