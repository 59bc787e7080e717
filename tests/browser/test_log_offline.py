"""The log form on a phone, with and without a network."""

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from sqlalchemy import text

from tests.browser.conftest import Site, Visit

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844, "has_touch": True, "is_mobile": True}


def jpeg(shade: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (800, 600), (shade, 90, 60)).save(out, "JPEG")
    return out.getvalue()


def photo(name: str, shade: int) -> dict[str, object]:
    return {"name": name, "mimeType": "image/jpeg", "buffer": jpeg(shade)}


@pytest.fixture
def cell(served_app: Site) -> tuple[str, float, float]:
    """A cell that the demo's first supervisor may report in: code and a point inside."""
    [row] = served_app.rows(
        """
        SELECT g.code, ST_X(ST_PointOnSurface(g.geom)), ST_Y(ST_PointOnSurface(g.geom))
        FROM grid_cell g JOIN post o ON g.code ^@ o.area_code
        WHERE o.role = 'supervisor' AND g.valid_to IS NULL
        ORDER BY o.id, g.code LIMIT 1
        """
    )
    return row  # type: ignore[return-value]


@pytest.fixture
def phone(
    served_app: Site,
    visit: Callable[..., Visit],
    signed_in: Callable[[Page, str], Page],
    cell: tuple[str, float, float],
) -> Iterator[Page]:
    """A supervisor's phone with the form open, standing in the cell."""
    _, lon, lat = cell
    new = visit(
        **PHONE,
        geolocation={"longitude": lon, "latitude": lat, "accuracy": 8},
        permissions=["geolocation"],
    )
    page = signed_in(new.page(), "supervisor")
    page.goto(f"{served_app.url}/log/phone")
    page.wait_for_selector("[data-ready]")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    yield page
    assert new.errors == []


def cases_with(site: Site, words: str) -> list[tuple[object, ...]]:
    """Number, cell and count of photos of the cases with these words."""
    return site.rows(
        """
        SELECT c.number, c.grid_code, c.class_code, count(a.id)
        FROM cases c LEFT JOIN attachment a ON a.case_id = c.id
        WHERE c.description LIKE :words GROUP BY c.id ORDER BY c.id
        """,
        words=f"{words}%",
    )


def write(page: Page, words: str, *photos: dict[str, object], kind: str = "暴露垃圾") -> None:
    """Fill the form the way a supervisor does: photo, place, class, words."""
    if photos:
        page.locator("[data-part=photo] input[multiple]").set_input_files(list(photos))
        expect(page.locator("[data-part=photo] figure")).to_have_count(len(photos))
    page.get_by_role("button", name="使用当前位置").click()
    expect(page.locator("[data-part=place] [role=status]")).to_contain_text("8 米")
    page.locator("#class-search").fill(kind)
    page.locator("[data-part=kind] .option").first.click()
    expect(page.locator(".chosen")).to_contain_text(kind)
    page.locator("#description").fill(words)


def submit(page: Page) -> None:
    page.get_by_role("button", name="上报案卷").click()


def banner(page: Page):  # type: ignore[no-untyped-def]
    return page.locator(".banner")


def test_a_case_is_logged_on_a_phone(
    phone: Page, served_app: Site, cell: tuple[str, float, float]
) -> None:
    write(phone, "联网上报", photo("a.jpg", 10), photo("b.jpg", 20))
    expect(phone.locator("[data-part=place] [role=status]")).to_contain_text(cell[0])
    submit(phone)
    expect(banner(phone)).to_contain_text("已上报")
    [(number, grid_code, _, photos)] = cases_with(served_app, "联网上报")
    expect(banner(phone)).to_contain_text(str(number))
    assert (grid_code, photos) == (cell[0], 2)
    assert phone.locator("#description").input_value() == ""


def test_three_reports_written_offline_become_three_cases(phone: Page, served_app: Site) -> None:
    phone.context.set_offline(True)
    for n in (1, 2, 3):
        write(phone, f"断网上报{n}", photo(f"{n}.jpg", 40 * n))
        submit(phone)
        expect(banner(phone)).to_contain_text(f"等待网络（{n}）")
    phone.reload()
    phone.wait_for_selector("[data-ready]")
    expect(banner(phone)).to_contain_text("等待网络（3）")
    assert cases_with(served_app, "断网上报") == []
    phone.context.set_offline(False)
    expect(banner(phone)).to_contain_text("已上报", timeout=20_000)
    expect(phone.locator(".report[data-state=sent]")).to_have_count(3)
    phone.reload()
    phone.wait_for_selector("[data-ready]")
    phone.wait_for_timeout(1_000)
    found = cases_with(served_app, "断网上报")
    assert len(found) == 3
    assert [row[3] for row in found] == [1, 1, 1]


def test_a_class_asks_its_questions_without_a_network_and_the_answers_arrive(
    phone: Page, served_app: Site
) -> None:
    phone.context.set_offline(True)
    phone.reload()
    phone.wait_for_selector("[data-ready]")
    asked = phone.locator("[data-part=answers]")
    expect(asked).to_be_hidden()
    phone.get_by_role("button", name="部件", exact=True).click()
    write(phone, "井盖问题", kind="上水井盖")
    expect(asked.locator(".question")).to_have_count(3)
    submit(phone)
    expect(asked.locator(".fault")).to_contain_text("井口是否敞开")
    asked.locator("[data-question=hole]").get_by_role("button", name="否").click()
    asked.locator("select").select_option("footway")
    submit(phone)
    expect(banner(phone)).to_contain_text("等待网络（1）")
    phone.context.set_offline(False)
    expect(banner(phone)).to_contain_text("已上报", timeout=20_000)
    [(answers,)] = served_app.rows(
        "SELECT e.data -> 'answers' FROM case_event e JOIN cases c ON c.id = e.case_id"
        " WHERE c.description = '井盖问题' AND e.seq = 1"
    )
    assert answers == {"hole": False, "in_carriageway": "footway"}


def test_the_page_inside_wanmi_reopens_without_a_network_too(phone: Page, served_app: Site) -> None:
    phone.goto(f"{served_app.url}/log")
    phone.wait_for_selector("[data-ready]")
    expect(phone.locator("[data-testid=stApp] .log-case")).to_have_count(1)
    phone.context.set_offline(True)
    phone.reload()
    phone.wait_for_selector("[data-ready]")
    write(phone, "断网打开")
    submit(phone)
    expect(banner(phone)).to_contain_text("等待网络（1）")
    phone.context.set_offline(False)
    expect(banner(phone)).to_contain_text("已上报", timeout=20_000)
    assert len(cases_with(served_app, "断网打开")) == 1


def test_a_draft_and_its_photos_survive_a_reload(phone: Page, served_app: Site) -> None:
    write(phone, "写到一半", photo("a.jpg", 90), photo("b.jpg", 95))
    phone.wait_for_timeout(600)
    phone.reload()
    phone.wait_for_selector("[data-ready]")
    expect(phone.locator("#description")).to_have_value("写到一半")
    expect(phone.locator("[data-part=photo] figure")).to_have_count(2)
    expect(phone.locator(".chosen")).to_contain_text("暴露垃圾")
    expect(phone.locator("[data-part=place] [role=status]")).to_contain_text("8 米")
    assert phone.locator("figure img").first.evaluate("image => image.naturalWidth") == 800
    submit(phone)
    expect(banner(phone)).to_contain_text("已上报")
    assert [row[3] for row in cases_with(served_app, "写到一半")] == [2]


def test_a_lost_answer_makes_one_case(phone: Page, served_app: Site) -> None:
    lost: list[int] = []

    def lose_the_first(route) -> None:  # type: ignore[no-untyped-def]
        answer = route.fetch()
        if lost:
            route.fulfill(response=answer)
            return
        lost.append(answer.status)
        route.abort("connectionreset")

    # requests that a service worker passes on are not seen by the test: post without it
    phone.evaluate("navigator.serviceWorker.getRegistration('/log').then((r) => r.unregister())")
    phone.reload()
    phone.wait_for_selector("[data-ready]")
    phone.context.route("**/api/cases", lose_the_first)
    write(phone, "回执丢失")
    submit(phone)
    expect(banner(phone)).to_contain_text("已上报", timeout=20_000)
    assert lost == [201]
    assert len(cases_with(served_app, "回执丢失")) == 1


def test_a_refusal_keeps_the_report_until_it_is_put_right(
    phone: Page, served_app: Site, cell: tuple[str, float, float]
) -> None:
    _, lon, lat = cell
    phone.context.set_geolocation({"longitude": lon + 1, "latitude": lat, "accuracy": 8})
    write(phone, "区外上报", photo("a.jpg", 130))
    submit(phone)
    expect(banner(phone)).to_contain_text("1 条未被接收")
    refused = phone.locator(".report[data-state=refused]")
    expect(refused.locator(".why")).not_to_be_empty()
    phone.reload()
    phone.wait_for_selector("[data-ready]")
    phone.get_by_role("button", name="修改").click()
    expect(phone.locator("#description")).to_have_value("区外上报")
    expect(phone.locator("[data-part=photo] figure")).to_have_count(1)
    expect(phone.locator("[data-part=place]")).to_have_class(re.compile("wrong"))
    phone.context.set_geolocation({"longitude": lon, "latitude": lat, "accuracy": 8})
    phone.get_by_role("button", name="使用当前位置").click()
    expect(phone.locator("[data-part=place]")).not_to_have_class(re.compile("wrong"))
    expect(phone.locator("[data-part=place] [role=status]")).to_contain_text("8 米")
    submit(phone)
    expect(banner(phone)).to_contain_text("已上报")
    assert [row[3] for row in cases_with(served_app, "区外上报")] == [1]


def test_what_is_missing_is_said_at_its_question_and_nothing_is_sent(
    served_app: Site, visit: Callable[..., Visit], signed_in: Callable[[Page, str], Page]
) -> None:
    phone = signed_in(visit(**PHONE).page(), "supervisor")  # may not know its position
    phone.goto(f"{served_app.url}/log/phone")
    phone.wait_for_selector("[data-ready]")
    phone.locator("#description").fill("只有文字")
    submit(phone)
    expect(phone.locator(".summary p")).to_have_count(2)
    expect(phone.locator("#fault-place")).to_contain_text("位置")
    expect(phone.locator("#fault-kind")).to_contain_text("类别")
    expect(phone.locator("#description")).to_have_value("只有文字")
    expect(phone.locator(".report")).to_have_count(0)


def test_text_with_markup_is_shown_as_text(phone: Page, served_app: Site) -> None:
    words = '<img src=x onerror="window.hacked=1">`${window.hacked=2}` \'; DROP TABLE cases;--'
    phone.context.set_offline(True)
    write(phone, words)
    submit(phone)
    expect(phone.locator(".report .what")).to_contain_text("<img src=x")
    phone.context.set_offline(False)
    expect(banner(phone)).to_contain_text("已上报", timeout=20_000)
    assert phone.evaluate("window.hacked") is None
    assert phone.locator(".report img").count() == 0
    assert served_app.rows("SELECT count(*) FROM cases WHERE description = :d", d=words) == [(1,)]


def test_an_ended_session_keeps_the_report_and_sends_it_after_the_sign_in(
    phone: Page, served_app: Site, signed_in: Callable[[Page, str], Page]
) -> None:
    with served_app.engine.begin() as conn:
        conn.execute(text("UPDATE web_session SET revoked_at = now()"))
    phone.wait_for_timeout(1_100)  # a session's answer is believed for a second
    write(phone, "会话已断", photo("a.jpg", 170))
    submit(phone)
    expect(banner(phone)).to_contain_text("您已退出登录")
    expect(banner(phone).get_by_role("link")).to_have_attribute(
        "href", "/auth/sign-in?next=%2Flog%2Fphone"
    )
    signed_in(phone, "supervisor")
    phone.reload()
    phone.wait_for_selector("[data-ready]")
    expect(banner(phone)).to_contain_text("已上报", timeout=20_000)
    assert len(cases_with(served_app, "会话已断")) == 1


def test_two_people_with_one_phone_keep_their_reports_apart(
    phone: Page, served_app: Site, signed_in: Callable[[Page, str], Page]
) -> None:
    [(name,)] = served_app.rows(
        "SELECT p.name FROM web_session s JOIN person p ON p.id = s.person_id"
        " WHERE s.revoked_at IS NULL ORDER BY s.created_at DESC LIMIT 1"
    )
    phone.context.set_offline(True)
    write(phone, "交班前上报")
    submit(phone)
    expect(banner(phone)).to_contain_text("等待网络（1）")
    phone.locator("#description").fill("交班前草稿")
    phone.wait_for_timeout(600)
    phone.context.set_offline(False)
    phone.context.route(
        "**/api/cases", lambda route: route.abort()
    )  # not before the next one is in
    signed_in(phone, "acceptor")
    phone.reload()
    phone.wait_for_selector("[data-ready]")
    expect(phone.locator("#description")).to_have_value("")
    expect(phone.locator(".report").first).to_contain_text(f"等待 {name}")
    assert "交班前" not in phone.locator("#log").inner_text()
    phone.context.unroute("**/api/cases")
    write(phone, "接班上报")
    submit(phone)
    expect(banner(phone)).to_contain_text("已上报", timeout=20_000)
    assert cases_with(served_app, "交班前") == []
    signed_in(phone, "supervisor")
    phone.reload()
    phone.wait_for_selector("[data-ready]")
    expect(phone.locator("#description")).to_have_value("交班前草稿")
    expect(phone.locator(".report[data-state=sent]")).to_have_count(1, timeout=20_000)
    [(number, *_)] = cases_with(served_app, "交班前上报")
    reporters = served_app.rows(
        "SELECT p.name FROM cases c JOIN person p ON p.id = c.reporter_id WHERE c.number = :n",
        n=number,
    )
    assert reporters == [(name,)]


def test_a_report_may_be_placed_by_grid_code_offline(
    phone: Page, served_app: Site, cell: tuple[str, float, float]
) -> None:
    phone.context.set_offline(True)
    write(phone, "按编码上报")
    phone.locator("#grid-code").fill("12345")
    phone.locator("#description").focus()
    expect(phone.locator("#fault-place")).to_contain_text("15 位")
    phone.locator("#grid-code").fill(cell[0])
    phone.locator("#description").focus()
    expect(phone.locator("[data-part=place] [role=status]")).to_contain_text(cell[0])
    submit(phone)
    phone.context.set_offline(False)
    expect(banner(phone)).to_contain_text("已上报", timeout=20_000)
    assert [row[1] for row in cases_with(served_app, "按编码上报")] == [cell[0]]


def test_a_tap_on_the_map_sets_the_place(phone: Page) -> None:
    map_ = phone.locator(".map")
    map_.scroll_into_view_if_needed()
    expect(phone.locator(".leaflet-container")).to_be_visible()
    map_.click(position={"x": 150, "y": 140})
    expect(phone.locator("[data-part=place] [role=status]")).to_contain_text("地图选点")
    expect(phone.locator(".leaflet-marker-icon")).to_have_count(1)


def test_a_sixth_photo_is_left_out_and_said(phone: Page) -> None:
    chosen = [photo(f"{n}.jpg", 20 * n) for n in range(6)]
    phone.locator("[data-part=photo] input[multiple]").set_input_files(chosen)
    expect(phone.locator("[data-part=photo] figure")).to_have_count(5)
    expect(phone.locator("#fault-photo")).to_contain_text("5 张")
    phone.get_by_role("button", name="删除照片 2").click()
    expect(phone.locator("[data-part=photo] figure")).to_have_count(4)
    expect(phone.locator("#fault-photo")).to_be_empty()


def test_a_file_that_is_no_photo_is_refused_before_it_is_kept(phone: Page) -> None:
    phone.locator("[data-part=photo] input[multiple]").set_input_files(
        [{"name": "trick.jpg", "mimeType": "image/jpeg", "buffer": b"PK\x03\x04 not a photo"}]
    )
    expect(phone.locator("#fault-photo")).to_contain_text("trick.jpg")
    expect(phone.locator("[data-part=photo] figure")).to_have_count(0)


def test_a_large_photo_is_shrunk_on_the_phone_and_keeps_what_the_camera_wrote(
    phone: Page, served_app: Site, tmp_path: Path
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # held upright
    exif.get_ifd(0x8769)[0x9003] = "2026:11:20 09:30:00"
    file = tmp_path / "large.jpg"
    noise = Image.effect_noise((4000, 3000), 90).convert("RGB")
    noise.save(file, "JPEG", quality=98, exif=exif)
    assert file.stat().st_size > 8 * 1024 * 1024
    phone.locator("[data-part=photo] input[multiple]").set_input_files(file)
    expect(phone.locator("[data-part=photo] figure")).to_have_count(1, timeout=20_000)
    write(phone, "大照片")
    submit(phone)
    expect(banner(phone)).to_contain_text("已上报", timeout=30_000)
    [(width, height, taken_at)] = served_app.rows(
        """
        SELECT f.width_px, f.height_px, e.taken_at AT TIME ZONE 'Asia/Shanghai'
        FROM cases c JOIN attachment a ON a.case_id = c.id JOIN stored_file f USING (sha256)
        LEFT JOIN file_exif e USING (sha256) WHERE c.description = '大照片'
        """
    )
    assert (width, height) == (1920, 2560)
    assert str(taken_at) == "2026-11-20 09:30:00"


def test_every_target_is_48_pixels_and_nothing_is_wider_than_the_phone(phone: Page) -> None:
    small = phone.evaluate(
        """() => [...document.querySelectorAll('.log-case button, .log-case .button,'
          + ' .log-case input:not([type=file]), .log-case textarea')]
          .filter((node) => node.offsetParent && !node.closest('.leaflet-container'))
          .filter((node) => node.offsetHeight < 48 || node.offsetWidth < 48)
          .map((node) => node.outerHTML)"""
    )
    assert small == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
