"""A supervisor's tasks on a phone: decided offline, compared with what happened meanwhile."""

import io
from collections.abc import Callable

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from gis.accounts.model import Role
from gis.accounts.sessions import demo_person_of
from gis.db.engine import transaction
from tests.browser.conftest import Site, Visit
from tests.factories import NOW

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844, "has_touch": True, "is_mobile": True}


def photo(shade: int) -> dict[str, object]:
    out = io.BytesIO()
    Image.new("RGB", (640, 480), (shade, 90, 60)).save(out, "JPEG")
    return {"name": f"{shade}.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


@pytest.fixture
def me(served_app: Site) -> int:
    """The person whom the demo's supervisor is."""
    with transaction(served_app.engine) as conn:
        person = demo_person_of(conn, Role.SUPERVISOR, now=NOW)
    assert person is not None
    return person


def write(site: Site, sql: str, **params: object) -> list[tuple[object, ...]]:
    with transaction(site.engine) as conn:
        return [tuple(row) for row in conn.exec_driver_sql(sql, params)]


@pytest.fixture
def checks(served_app: Site, me: int) -> list[str]:
    """Two checks given to this person; their numbers."""
    rows = write(
        served_app,
        "UPDATE cases SET supervisor_id = %(me)s WHERE id IN (SELECT c.id FROM cases c WHERE"
        " c.state = 'CHECKING' AND NOT EXISTS (SELECT FROM case_event e WHERE e.case_id = c.id"
        " AND e.actor_id = %(me)s AND e.role = 'handler') ORDER BY c.id LIMIT 2)"
        " RETURNING number",
        me=me,
    )
    return [str(number) for (number,) in rows]


def steps(site: Site, number: str, move: str) -> int:
    """How often a move was made on a case."""
    sql = (
        "SELECT count(*) FROM case_event e JOIN cases c ON c.id = e.case_id"
        " WHERE c.number = :number AND e.move = :move"
    )
    [(count,)] = site.rows(sql, number=number, move=move)
    return int(str(count))


def somebody_supervises(site: Site, number: str) -> None:
    """A step of somebody else that leaves the case where it is."""
    write(
        site,
        "WITH moved AS (UPDATE cases SET version = version + 1, changed_at = now()"
        " WHERE number = %(number)s RETURNING id, version, state)"
        " INSERT INTO case_event (case_id, seq, move, from_state, to_state, at, role, note, data)"
        " SELECT id, (SELECT max(seq) + 1 FROM case_event WHERE case_id = id_of.id), 'supervise',"
        " state, state, now(), 'centre_leader', '限今日完成',"
        " jsonb_build_object('version', version)"
        " FROM moved AS id_of RETURNING id",
        number=number,
    )


def ready(page: Page) -> None:
    page.wait_for_selector("[data-ready]")


def decide(page: Page, number: str, finding: str, shade: int) -> None:
    """Photo, finding, the first reason where one is asked, send."""
    page.locator(f'a.task[href="#{number}"]').click()
    page.locator("[data-part=photo] input[multiple]").set_input_files([photo(shade)])
    expect(page.locator("[data-part=photo] figure")).to_have_count(1)
    page.get_by_role("button", name=finding, exact=True).click()
    for choice in page.locator("[data-part=saying] select").all():
        choice.select_option(index=1)
    page.locator(".send button").click()
    expect(page.locator(".decided")).not_to_have_count(0)


def test_decisions_without_a_network_arrive_once_and_a_changed_case_shows_both_sides(
    served_app: Site,
    visit: Callable[..., Visit],
    signed_in: Callable[[Page, str], Page],
    checks: list[str],
) -> None:
    passed, failed = checks
    new = visit(**PHONE)
    page = signed_in(new.page(), "supervisor")
    page.goto(f"{served_app.url}/log/work")
    ready(page)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.context.set_offline(True)
    decide(page, passed, "核查通过", 40)
    decide(page, failed, "核查不通过（返工）", 80)
    page.reload()
    ready(page)
    expect(page.locator(".decided")).to_have_count(2)
    somebody_supervises(served_app, failed)
    page.context.set_offline(False)
    expect(page.locator(".report[data-state=sent]")).to_contain_text(passed, timeout=20_000)
    conflict = page.locator(".report[data-state=conflict]")
    expect(conflict.locator(".theirs")).to_contain_text("督办")
    expect(conflict.locator(".theirs")).to_contain_text("限今日完成")
    expect(conflict.locator(".mine")).to_contain_text("核查不通过")
    assert (
        steps(served_app, passed, "check_passed"),
        steps(served_app, failed, "check_failed"),
    ) == (1, 0)
    conflict.get_by_role("button", name="仍提交我的结论").click()
    expect(page.locator(".report[data-state=sent]")).to_have_count(2)
    assert steps(served_app, failed, "check_failed") == 1
    page.context.request.post(f"{served_app.url}/auth/sign-out")
    page.context.set_offline(True)
    page.reload()
    ready(page)
    expect(page.locator(".tasks")).to_contain_text("本机没有保存任务")
    assert new.errors == []


@pytest.fixture
def line(served_app: Site, me: int) -> tuple[str, str, float, float]:
    """Two neighbouring cells of this person's posts and a point on the line between them."""
    [row] = served_app.rows(
        """
        SELECT e.left_code, e.right_code, ST_X(m.p), ST_Y(m.p)
        FROM post o JOIN grid_edge e ON e.left_code ^@ o.area_code AND e.right_code ^@ o.area_code
        CROSS JOIN LATERAL (SELECT ST_LineInterpolatePoint(e.geom, 0.5) AS p) m
        WHERE o.person_id = :me AND o.role = 'supervisor' AND e.length_m > 60
        ORDER BY e.left_code, e.right_code LIMIT 1
        """,
        me=me,
    )
    return row  # type: ignore[return-value]


def test_near_an_edge_the_form_asks_and_the_case_is_counted_where_it_was_answered(
    served_app: Site,
    visit: Callable[..., Visit],
    signed_in: Callable[[Page, str], Page],
    line: tuple[str, str, float, float],
) -> None:
    _, wanted, lon, lat = line
    position = {"longitude": lon, "latitude": lat, "accuracy": 12}
    new = visit(**PHONE, geolocation=position, permissions=["geolocation"])
    page = signed_in(new.page(), "supervisor")
    page.goto(f"{served_app.url}/log/phone")
    ready(page)
    expect(page.locator(".edge svg path").first).to_be_visible()
    page.locator("#class-search").fill("暴露垃圾")
    page.locator("[data-part=kind] .option").first.click()
    page.locator("#description").fill("界线上的垃圾")
    page.get_by_role("button", name="上报案卷").click()
    expect(page.locator("#fault-place")).to_contain_text("请选择所在网格")
    page.locator(f'[data-cell="{wanted}"]').click()
    expect(page.locator("[data-part=place]")).not_to_contain_text("请选择所在网格")
    page.get_by_role("button", name="上报案卷").click()
    expect(page.locator(".banner")).to_contain_text("已上报")
    [(cell, chosen)] = served_app.rows(
        "SELECT c.grid_code, e.chosen_by IS NOT NULL FROM cases c JOIN case_cell_edge e"
        " ON e.case_id = c.id WHERE c.description = '界线上的垃圾'"
    )
    assert (cell, chosen) == (wanted, True)
    assert new.errors == []
