"""axe-core looks at the pages: nothing serious stands in anybody's way."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from gis.accounts.model import Role
from gis.config import CHECKOUT
from gis.ui.page_table import TABLE
from gis.ui.page_table import Page as Row
from tests.browser.conftest import Site, Visit
from tests.browser.test_every_page import PAGE_MOST_MS, PHONE, full_title, settle

pytestmark = pytest.mark.browser

AXE = CHECKOUT / "gis/ui/browser/node_modules/axe-core/axe.min.js"
GRAVE = {"serious", "critical"}
RUN = """() => axe.run(document, {
  resultTypes: ['violations'],
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
}).then(found => found.violations.map(v => ({
  id: v.id, impact: v.impact, help: v.help,
  nodes: v.nodes.map(n => ({target: n.target.flat(9).join(' '), html: n.html.slice(0, 200),
    why: n.any.concat(n.all, n.none).map(c => c.message).join('; ').slice(0, 200)})),
})))"""


STYLED = "() => [...document.querySelectorAll('link[rel=stylesheet]')].every(l => l.sheet)"


def findings(page: Page) -> list[str]:
    """
    Grave findings of a page and its frames, whether ours or Streamlit's.

    axe-core comes in by the debugger's door: our policy keeps foreign scripts out of pages.
    """
    source = AXE.read_text(encoding="utf-8")
    found: list[dict[str, Any]] = []
    for frame in page.frames:
        if frame.parent_frame is not None:  # a map draws before its style sheets have come
            frame.wait_for_function(STYLED)
        frame.evaluate(source)
        found += frame.evaluate(RUN)
    return [
        f"{page.url}: {v['id']} ({v['impact']}): {node['html']} {node['why']}"
        for v in found
        if v["impact"] in GRAVE
        for node in v["nodes"]
    ]


def test_the_sign_in_page_has_no_grave_finding(
    served_app: Site, visit: Callable[..., Visit]
) -> None:
    page = visit().page()
    page.goto(f"{served_app.url}/auth/sign-in")
    assert "\n".join(findings(page)) == ""


DESK: dict[str, Any] = {"width": 1440, "height": 900}
PAGES = [
    (Role.SUPERVISOR, PHONE, ["log.py", "checking.py"]),
    (Role.HANDLER, PHONE, ["handling.py"]),
    (Role.ACCEPTOR, DESK, ["acceptance.py"]),
    (Role.DISPATCHER, DESK, ["dispatch.py", "case.py"]),
    (Role.CENTRE_LEADER, DESK, ["home.py", "map.py", "statistics.py", "people.py", "roster.py"]),
    (Role.ADMINISTRATOR, DESK, ["styles.py"]),
]


@pytest.mark.parametrize(("role", "screen", "files"), PAGES, ids=[str(row[0]) for row in PAGES])
def test_the_pages_of_a_post_have_no_grave_finding(
    role: Role,
    screen: dict[str, Any],
    files: list[str],
    served_app: Site,
    visit: Callable[..., Visit],
    signed_in: Callable[[Page, str], Page],
) -> None:
    page = signed_in(visit(**screen).page(), role.value)
    found: list[str] = []
    for file in files:
        row = next(row for row in TABLE if row.file == file)
        page.goto(served_app.url + address_of(row, served_app))
        page.wait_for_function(
            "t => document.title === t", arg=full_title(row, "zh-CN"), timeout=PAGE_MOST_MS
        )
        settle(page, file)
        # Streamlit mounts some buttons a moment before what they hold; one that stays empty fails
        expect(page.locator("button:empty")).to_have_count(0)
        found += findings(page)
    assert "\n".join(found) == ""


def address_of(row: Row, site: Site) -> str:
    """Where a page stands; a case page with the newest open case."""
    if row.file == "case.py":
        [(number,)] = site.rows("SELECT number FROM cases WHERE open ORDER BY id DESC LIMIT 1")
        return f"/case?number={number}"
    return "/" if row.file == "home.py" else f"/{row.url_path}"
