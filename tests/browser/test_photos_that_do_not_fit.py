"""A photo from elsewhere and a PDF in the form of a move: asked about, attached, handed out."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import FilePayload, Page, expect

from gis.cases.model import State
from tests.browser.conftest import Site
from tests.browser.desks import PAGE_MOST_MS, carry, go, new_case
from tests.documents import pdf
from tests.photos import jpeg

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def test_a_far_photo_asks_for_its_reason_and_a_pdf_comes_along(
    served_app: Site, beat: tuple[str, float, float], desk_of: Callable[..., Page]
) -> None:
    number = new_case(served_app, beat, "照片在别处拍摄")
    carry(served_app, number, State.HANDLING)
    _cell, lon, lat = beat
    page = desk_of("handler", number)
    page.get_by_label("说明", exact=True).fill("已清运", timeout=PAGE_MOST_MS)
    far = jpeg(shade=77, taken_at=datetime.now(UTC), lon=lon + 0.02, lat=lat)
    picture = FilePayload(name="far.jpg", mimeType="image/jpeg", buffer=far)
    page.locator(".photos input[capture]").set_input_files(picture)
    expect(page.get_by_text(re.compile("拍摄位置距案卷")).first).to_be_visible(timeout=PAGE_MOST_MS)
    page.get_by_text("附件（PDF、视频、录音）").first.click()
    note = FilePayload(name="单据.pdf", mimeType="application/pdf", buffer=pdf())
    page.locator(".photos input:not([capture])").set_input_files(note)
    expect(page.get_by_text("单据.pdf")).to_be_visible(timeout=PAGE_MOST_MS)
    page.wait_for_timeout(1_000)  # the list of hashes reaches the page's script
    reason = page.get_by_label("说明照片情况（审计员可见）")
    reason.fill("手机定位漂移")
    reason.press("Tab")
    go(page, "处置完成", served_app, number, "PENDING_CHECK")
    link = page.get_by_role("link", name="下载").first
    expect(link).to_be_visible(timeout=PAGE_MOST_MS)
    [(sha256,)] = served_app.rows(
        "SELECT a.sha256 FROM attachment a JOIN cases c ON c.id = a.case_id"
        " WHERE c.number = :n AND a.purpose = 'file'", n=number,
    )  # fmt: skip
    assert link.get_attribute("href") == f"/files/{sha256}"
    [(kind, said)] = served_app.rows(
        "SELECT f.kind, f.said FROM evidence_finding f JOIN cases c ON c.id = f.case_id"
        " WHERE c.number = :n AND f.flagged", n=number,
    )  # fmt: skip
    assert (kind, said) == ("far", "手机定位漂移")
