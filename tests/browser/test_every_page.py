"""Every post opens every page of its menu: in its language, without an error, from here alone."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect
from playwright.sync_api import TimeoutError as NotInTime

from gis.accounts.model import Actor, Role, Scope
from gis.i18n import catalogue, translate
from gis.ui import page_table
from gis.ui.page_table import TABLE
from gis.ui.page_table import Page as Row
from tests.browser.conftest import Site, Visit

pytestmark = pytest.mark.browser

ROLES = [role for role in Role if role is not Role.SYSTEM]
PHONES = [Role.SUPERVISOR, Role.HANDLER]
PHONE = {"width": 390, "height": 844, "is_mobile": True, "has_touch": True}
PAGE_MOST_MS = 60_000
SETTLED = '[data-testid="stApp"][data-test-script-state="notRunning"]'
FOLD = '[data-testid="stSidebar"] details'
MENU = '[data-testid="stSidebar"] [data-testid="stPageLink-NavLink"]'
LOOK = """() => {
  const frames = [...document.querySelectorAll('iframe')].map(f => f.contentDocument?.body);
  const bodies = [document.body, ...frames.filter(Boolean)];
  const words = (query) => [...document.querySelectorAll(query)].map(e => e.innerText.trim());
  return {
    title: document.title,
    headings: words('h1'),
    lines: bodies.flatMap(b => b.innerText.split('\\n')).map(l => l.trim()).filter(Boolean),
    labels: words('h1, h2, h3, label, button, [data-testid="stPageLink"]').filter(Boolean),
    wrong: words('[data-testid="stException"], [data-testid="stAlertContentError"]'),
    wide: document.documentElement.scrollWidth - window.innerWidth,
  };
}"""

ENGLISH_KEPT = re.compile(r"English|CSV|XLSX|GPS|PDF|QR|Wanmi|[A-Za-z]+/[A-Za-z_]+|[\w.-]+@[\w.-]+")
"""Words that a Chinese page may show: names of formats, time zones, the other language."""
CHINESE = re.compile(r"[\u4e00-\u9fff]")
TWO_ENGLISH_WORDS = re.compile(r"[A-Za-z]{2,}[ ,]+[A-Za-z]{2,}")
CHINESE_KEPT = {"中文"}
STREAMLITS_OWN = {"Skip to main content"}
"""Texts that Streamlit has in English only and that nobody sees on the screen."""


@dataclass(frozen=True)
class Seen:
    """What a page shows, as a person reads it."""

    title: str
    headings: list[str]
    lines: list[str]
    labels: list[str]
    wrong: list[str]
    wide: int


@cache
def translated() -> frozenset[str]:
    """The English texts that have a Chinese one."""
    return frozenset(
        str(message.id)
        for message in catalogue()
        if message.id and message.string and message.id != message.string
    )


def menu_of(role: Role) -> list[Row]:
    """The rows of the table that the menu of a post must offer."""
    actor = Actor(
        person_id=None, name="", login="", department_id=None,
        roles=frozenset({role}), scope=Scope(), locale="", demo=True,
    )  # fmt: skip
    daily, folded = page_table.menu_of(actor)
    return [*daily, *folded]


def unfold(page: Page) -> None:
    """Show the menu's pages that are not the daily work of the post."""
    fold = page.locator(FOLD)
    if fold.count() and fold.get_attribute("open") is None:
        fold.locator("summary").click()


def enter(visit: Visit, site: Site, role: Role) -> Page:
    """Sign in the way a visitor does: the page, then the button of the post."""
    page = visit.page()
    page.goto(f"{site.url}/auth/sign-in")
    page.locator(f'button[name="role"][value="{role.value}"]').click()
    settle(page, "/")
    return page


def settle(page: Page, what: str) -> None:
    """Until the script has ended and everything it draws is there."""
    try:
        page.wait_for_selector(SETTLED, timeout=PAGE_MOST_MS)
        # not wait_for_function: it evaluates text, which the pages' content policy forbids
        expect(page.locator('[data-testid="stSkeleton"]')).to_have_count(0, timeout=PAGE_MOST_MS)
    except (NotInTime, AssertionError):
        pytest.fail(f"{what} has not ended in {PAGE_MOST_MS / 1000:.0f} s")


def full_title(row: Row, locale: str) -> str:
    """What the tab says."""
    return f"{translate(row.title, locale)} · {translate('Wanmi', locale)}"


def look(page: Page, row: Row, locale: str) -> Seen:
    """Wait for the page of a row and read it."""
    wanted = full_title(row, locale)
    try:
        expect(page).to_have_title(wanted, timeout=PAGE_MOST_MS)
    except AssertionError:
        pytest.fail(f"{row.file}: the tab says {page.title()!r}, not {wanted!r}")
    settle(page, row.file)
    return Seen(**page.evaluate(LOOK))


def faults_of(seen: Seen, row: Row, locale: str) -> list[str]:
    """What is wrong with a page, in sentences."""
    faults = [f"{row.file} shows an error: {text}" for text in seen.wrong]
    if seen.headings and seen.headings[0] != translate(row.title, locale):
        faults.append(f"{row.file} is headed {seen.headings[0]!r}")
    foreign = leftovers(seen.lines) if locale == "zh-CN" else chinese_labels(seen.labels)
    faults += [f"{row.file} speaks the other language: {text}" for text in foreign]
    if seen.wide > 0:
        faults.append(f"{row.file} is {seen.wide} px wider than the screen")
    return faults


def leftovers(lines: Iterable[str]) -> list[str]:
    """
    Lines of a Chinese page that are English.

    Known texts count in any case; unknown ones from two words on, if no Chinese stands beside.
    """
    return [
        line
        for line in dict.fromkeys(lines)
        if line not in STREAMLITS_OWN
        and (
            line in translated()
            or (not CHINESE.search(line) and TWO_ENGLISH_WORDS.search(ENGLISH_KEPT.sub("", line)))
        )
    ]


def chinese_labels(labels: Iterable[str]) -> list[str]:
    """
    Headings, labels and buttons of an English page that are Chinese.

    Names of persons stand after a colon and stay as they are.
    """
    ours = dict.fromkeys(text.split(":")[0] for text in labels)
    return [text for text in ours if CHINESE.search(text) and text not in CHINESE_KEPT]


def watch(page: Page) -> list[str]:
    """What the console complains about from now on."""
    said: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error":
            said.append(f"{message.text} ({message.location.get('url', '')})")

    page.on("console", hear)
    return said


def walk(page: Page, rows: list[Row], locale: str) -> list[str]:
    """Open the pages by the menu, one after the other."""
    faults: list[str] = []
    for row in rows:
        label = translate(row.title, locale)
        unfold(page)
        page.locator(MENU).get_by_text(label, exact=True).click()
        faults += faults_of(look(page, row, locale), row, locale)
    return faults


def trouble(visit: Visit, console: list[str]) -> list[str]:
    """What the browser noticed beside the pages themselves."""
    outside = (f"outside: {url}" for url in visit.outside)
    return [*outside, *visit.failed, *visit.errors, *console]


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_every_page_of_a_post_opens_in_chinese(
    role: Role, served_app: Site, visit: Callable[..., Visit]
) -> None:
    new = visit(locale="zh-CN")
    page = enter(new, served_app, role)
    console = watch(page)
    rows = menu_of(role)
    unfold(page)
    shown = [text.strip() for text in page.locator(MENU).all_inner_texts()]
    assert [text.split("\n")[-1] for text in shown] == [translate(r.title, "zh-CN") for r in rows]
    faults = walk(page, rows, "zh-CN")
    page.wait_for_timeout(300)
    assert "\n".join(faults + trouble(new, console)) == ""


def english_walks() -> list[tuple[Role, list[Row]]]:
    """Every page once, with the first post that has it."""
    seen: set[str] = set()
    walks = []
    for role in ROLES:
        rows = [row for row in menu_of(role) if row.file not in seen]
        seen |= {row.file for row in rows}
        if rows:
            walks.append((role, rows))
    return walks


def test_the_english_walks_open_every_page_of_the_table() -> None:
    walked = {row.file for _role, rows in english_walks() for row in rows}
    assert {row.file for row in TABLE if not row.hidden} == walked


@pytest.mark.parametrize(
    ("role", "rows"), english_walks(), ids=[str(role) for role, _rows in english_walks()]
)
def test_every_page_opens_in_english(
    role: Role, rows: list[Row], served_app: Site, visit: Callable[..., Visit]
) -> None:
    new = visit(locale="en-GB")
    page = enter(new, served_app, role)
    console = watch(page)
    faults = walk(page, rows, "en")
    page.wait_for_timeout(300)
    assert "\n".join(faults + trouble(new, console)) == ""


@pytest.mark.parametrize("role", PHONES, ids=str)
def test_every_page_of_a_post_in_the_street_fits_a_phone(
    role: Role, served_app: Site, visit: Callable[..., Visit]
) -> None:
    new = visit(**PHONE, locale="zh-CN")
    page = enter(new, served_app, role)
    console = watch(page)
    faults: list[str] = []
    for row in menu_of(role):
        page.goto(f"{served_app.url}/{'' if row.file == 'home.py' else row.url_path}")
        faults += faults_of(look(page, row, "zh-CN"), row, "zh-CN")
    page.wait_for_timeout(300)
    assert "\n".join(faults + trouble(new, console)) == ""


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_a_link_to_a_case_opens_it(
    locale: str, served_app: Site, visit: Callable[..., Visit]
) -> None:
    [(number,)] = served_app.rows("SELECT number FROM cases ORDER BY id DESC LIMIT 1")
    case = next(row for row in TABLE if row.file == "case.py")
    new = visit(locale=locale)
    page = enter(new, served_app, Role.CENTRE_LEADER)
    console = watch(page)
    page.goto(f"{served_app.url}/case?number={number}")
    seen = look(page, case, locale)
    assert any(str(number) in line for line in seen.lines)
    assert "\n".join(faults_of(seen, case, locale) + trouble(new, console)) == ""
