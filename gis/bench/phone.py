"""
The pages for the street over a bad connection: 400 kbit/s, 400 ms there and back, one phone.

First pages are opened with an empty cache, later views with what the browser keeps, without the
service worker: with it a later view needs less. Bytes are those on the wire, headers included.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import text

from gis.accounts.model import Role
from gis.accounts.sessions import COOKIE, hash_of
from gis.bench.browser import PATIENCE_MS, chromium
from gis.bench.line import Line, median
from gis.bench.options import Options
from gis.bench.places import Bounds, city_bounds
from gis.bench.served import bench_database, say, signed_in, web_process
from gis.db import cluster
from gis.db.engine import make_engine, transaction

BITS_PER_S, LATENCY_MS = 400_000, 400
FIRST_MOST_S, LATER_MOST_KB = 15.0, 150.0
ROUNDS, TASKS = 3, 20
_READY = "[data-ready]"
_TASKS = text(
    "UPDATE cases SET supervisor_id = s.person_id FROM web_session s"
    " WHERE cases.id IN (SELECT id FROM cases WHERE state IN ('VERIFYING', 'CHECKING')"
    " ORDER BY id LIMIT :most) AND s.token_hash = :token"
)


@dataclass
class Weighed:
    """What came over the wire since the last look."""

    parts: dict[str, float] = field(default_factory=dict)

    def take(self) -> float:
        """Kilobytes since the last time this was asked."""
        kb = sum(self.parts.values()) / 1000
        self.parts.clear()
        return kb


def run(options: Options) -> Iterator[Line]:
    """All cases, one line each."""
    with ExitStack() as stack:
        urls = stack.enter_context(bench_database(options))
        token = stack.enter_context(signed_in(urls, Role.SUPERVISOR))
        here = _give_tasks(urls, token)
        url, _ = stack.enter_context(web_process(options.home, urls))
        browser = stack.enter_context(chromium(options.chrome))
        for case, path in (("log", "/log/phone"), ("work", "/log/work")):
            yield from _page(_Visits(browser, url, token, here), case, path)


def _give_tasks(urls: cluster.ClusterUrls, token: str) -> Bounds:
    """The person gets tasks to be shown; answers where the city is."""
    engine = make_engine(urls.app_url, pool_size=1)
    with transaction(engine) as conn:
        conn.execute(_TASKS, {"most": TASKS, "token": hash_of(token)})
        here = city_bounds(conn)
    engine.dispose()
    return here


@dataclass(frozen=True)
class _Visits:
    browser: Browser
    url: str
    token: str
    here: Bounds


def _page(visits: _Visits, case: str, path: str) -> Iterator[Line]:
    first_s: list[float] = []
    first_kb: list[float] = []
    later_s: list[float] = []
    later_kb: list[float] = []
    address = visits.url + path
    for number in range(ROUNDS):
        say(f"phone {case}, round {number + 1} of {ROUNDS}")
        with _phone(visits.browser, visits.url, visits.token, visits.here) as context:
            page, weighed = _slow(context)
            first_s.append(_open(page, address))
            first_kb.append(weighed.take())
            page.wait_for_load_state("networkidle")  # what comes behind is not the later view's
            weighed.take()
            later_s.append(_open(page, address))
            page.wait_for_load_state("networkidle")
            later_kb.append(weighed.take())
    yield _line(f"{case}.first", first_s, "s", FIRST_MOST_S)
    yield _line(f"{case}.first.weight", first_kb, "kB", None)
    yield _line(f"{case}.later", later_s, "s", None)
    yield _line(f"{case}.later.weight", later_kb, "kB", LATER_MOST_KB)


def _line(case: str, values: list[float], unit: str, most: float | None) -> Line:
    return Line(bench="phone", case=case, ours=median(values), unit=unit, target=most)


@contextmanager
def _phone(browser: Browser, url: str, token: str, here: Bounds) -> Iterator[BrowserContext]:
    """A phone with nothing kept, a Chinese font of its own, and a position in the district."""
    lon, lat = here.middle
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, locale="zh-CN", has_touch=True, is_mobile=True,
        geolocation={"longitude": lon, "latitude": lat, "accuracy": 12},
        permissions=["geolocation"], service_workers="block",
    )  # fmt: skip
    context.set_default_timeout(PATIENCE_MS)
    host = str(urlsplit(url).hostname)
    context.add_cookies([{"name": COOKIE, "value": token, "domain": host, "path": "/"}])
    try:
        yield context
    finally:
        context.close()


def _slow(context: BrowserContext) -> tuple[Page, Weighed]:
    """A page whose network is as bad as promised, and what comes over it."""
    page, weighed = context.new_page(), Weighed()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setBlockedURLs", {"urls": ["*/assets/fonts.css"]})
    rate = BITS_PER_S / 8
    session.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": LATENCY_MS, "downloadThroughput": rate,
         "uploadThroughput": rate},
    )  # fmt: skip

    def came(told: dict[str, Any]) -> None:
        weighed.parts[told["requestId"]] = told["encodedDataLength"]

    session.on("Network.loadingFinished", came)
    return page, weighed


def _open(page: Page, address: str) -> float:
    """Seconds until the page can be worked with."""
    began = perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_selector(_READY, state="attached")
    return perf_counter() - began
