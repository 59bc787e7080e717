"""A call taken with the keyboard alone: number, place while typing, class, words, saved once."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site, Visit

pytestmark = pytest.mark.browser

PAGE_MOST_MS = 60_000
PHONE, WORDS = "13855554444", "井盖响 <img src=x onerror=alert(1)>"


def test_a_call_is_taken_without_the_mouse_and_its_number_stays_sealed(
    served_app: Site, visit: Callable[..., Visit], signed_in: Callable[[Page, str], Page]
) -> None:
    [(code,)] = served_app.rows("SELECT min(code) FROM grid_cell WHERE valid_to IS NULL")
    opened = visit()
    page = signed_in(opened.page(), "acceptor")
    page.goto(f"{served_app.url}/call_desk")
    number = page.get_by_label("来电号码")
    expect(number).to_be_visible(timeout=PAGE_MOST_MS)
    number.press_sequentially(PHONE)
    expect(page.get_by_text("没有来电记录")).to_be_visible(timeout=PAGE_MOST_MS)
    page.get_by_label("地址或地点").press_sequentially(str(code))
    expect(page.get_by_role("button", name="单元网格").first).to_be_visible(timeout=PAGE_MOST_MS)
    page.keyboard.press("Alt+1")
    expect(page.get_by_text(str(code)).first).to_be_visible(timeout=PAGE_MOST_MS)
    page.get_by_label("类别").focus()
    page.keyboard.type("暴露垃圾")
    page.keyboard.press("Enter")
    expect(page.get_by_text("该类别的补充问题")).to_be_visible(timeout=PAGE_MOST_MS)
    page.get_by_label("反映内容").focus()
    page.keyboard.type(WORDS)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("请告知案卷号")).to_be_visible(timeout=PAGE_MOST_MS)
    [(made, words, source)] = served_app.rows(
        "SELECT c.number, c.description, c.source FROM caller_call k"
        " JOIN cases c ON c.id = k.case_id"
    )
    assert (words, source) == (WORDS, "call_desk")
    expect(page.get_by_text(str(made).replace("-", " "))).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_label("来电号码")).to_have_value("", timeout=PAGE_MOST_MS)
    assert opened.errors == []
    log = (served_app.home / "web.log").read_text(errors="replace")
    assert PHONE not in log
    assert not [address for address in opened.requests if PHONE in address]
