"""A session that is ended elsewhere ends on the open page too, at its next click."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from gis.accounts.model import Role
from gis.ui.page_table import TABLE
from tests.browser.conftest import Site, Visit
from tests.browser.test_every_page import PAGE_MOST_MS, full_title, settle

pytestmark = pytest.mark.browser


def test_a_click_inside_a_fragment_notices_that_the_session_was_revoked(
    served_app: Site, visit: Callable[..., Visit], signed_in: Callable[[Page, str], Page]
) -> None:
    page = signed_in(visit().page(), Role.ACCEPTOR.value)
    row = next(row for row in TABLE if row.file == "acceptance.py")
    page.goto(f"{served_app.url}/{row.url_path}")
    page.wait_for_function(
        "t => document.title === t", arg=full_title(row, "zh-CN"), timeout=PAGE_MOST_MS
    )
    settle(page, row.file)
    other_queue = page.get_by_test_id("stMain").get_by_text("无人当班")
    other_queue.wait_for(timeout=PAGE_MOST_MS)
    with served_app.engine.begin() as conn:
        conn.execute(
            text(
                "UPDATE web_session SET revoked_at = now() WHERE revoked_at IS NULL AND person_id ="
                " (SELECT id FROM person WHERE login = 'demo.acceptor')"
            )
        )
    page.wait_for_timeout(600)
    other_queue.click()
    expect(page.get_by_text("您已退出登录")).to_be_visible(timeout=PAGE_MOST_MS)
    expect(page.get_by_test_id("stDataFrame")).to_have_count(0, timeout=PAGE_MOST_MS)
