"""Signing in and out in a real browser, with its languages and what ends a session."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect
from sqlalchemy import text

from gis.accounts.model import Role
from tests.browser.conftest import Site, Visit

PATIENT_MS = 60_000
Visits = Callable[..., Visit]


def _watched(visit: Visit) -> tuple[Page, list[str]]:
    """A page and what its content policy refused."""
    page, refused = visit.page(), []
    page.set_default_timeout(PATIENT_MS)
    page.on(
        "console",
        lambda message: (
            refused.append(message.text) if "Content Security Policy" in message.text else None
        ),
    )
    return page, refused


def _title(page: Page, words: str) -> None:
    expect(page.locator("h1")).to_have_text(words, timeout=PATIENT_MS)


def test_one_click_a_language_and_the_way_out(visit: Visits, served_app: Site) -> None:
    opened = visit(locale="zh-CN")
    page, refused = _watched(opened)
    page.goto(f"{served_app.url}/")
    _title(page, "万米：网格化城市管理")
    page.locator(f"button[value={Role.PLANNER}]").click()
    _title(page, "首页")
    page.get_by_text("English", exact=True).click()
    _title(page, "Start")
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("h1")).to_be_visible(timeout=PATIENT_MS)
    page.wait_for_url("**/auth/sign-in")
    assert not [c for c in opened.context.cookies() if c["name"] == "wanmi_session"]
    page.goto(f"{served_app.url}/people")
    expect(page).to_have_url(re.compile(r"/auth/sign-in\?next="), timeout=PATIENT_MS)
    assert refused == []
    assert opened.errors == []
    with served_app.engine.begin() as conn:  # the demo's planner is everybody's
        conn.execute(text("UPDATE person SET locale = NULL"))


def test_a_deep_link_survives_signing_in(visit: Visits, served_app: Site) -> None:
    page, refused = _watched(visit(locale="en", width=390, height=844))
    page.goto(f"{served_app.url}/roster")
    page.locator(f"button[value={Role.SHIFT_LEADER}]").click()
    _title(page, "Duty roster")
    assert page.url == f"{served_app.url}/roster"
    assert refused == []


def test_a_revoked_session_is_told_at_the_next_click(visit: Visits, served_app: Site) -> None:
    opened = visit(locale="zh-CN")
    page, _ = _watched(opened)
    page.goto(f"{served_app.url}/auth/sign-in?next=/about")
    page.locator(f"button[value={Role.DATA_OWNER}]").click()
    _title(page, "关于")
    with served_app.engine.begin() as conn:
        conn.execute(text("UPDATE web_session SET revoked_at = now() WHERE revoked_at IS NULL"))
    page.wait_for_timeout(1500)
    page.locator("[data-testid=stSidebar] a", has_text="首页").click()
    expect(page.get_by_text("您已退出登录").first).to_be_visible(timeout=PATIENT_MS)
    link = page.get_by_role("link", name="登录")
    expect(link).to_have_attribute("href", "/auth/sign-in?next=%2F")
    link.click()
    expect(page).to_have_url(re.compile(r"/auth/sign-in\?next="), timeout=PATIENT_MS)
