"""Base maps from a folder of this machine, and whence pages may take pictures."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import Engine
from starlette.testclient import TestClient

from gis.accounts.model import Role
from gis.api.basemap import BASE_MAPS, FOLDER
from gis.catalog.base_maps import KEY
from gis.runtime import runtime
from tests.factories import set_setting

SignIn = Callable[..., int]
FRAME = "/component/streamlit_folium.st_folium/index.html"


def picture(kind: str) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (256, 256), "#8fc3ad").save(stream, kind)
    return stream.getvalue()


@pytest.fixture
def photos(web_database: Engine, web: TestClient) -> Path:
    """A folder base map with three tiles, and a file beside it that is nobody's business."""
    folder = runtime().settings.home / FOLDER / "photos"
    for column, kind, ending in ((0, "PNG", "png"), (1, "JPEG", "jpg"), (2, "WEBP", "webp")):
        file = folder / "3" / str(column) / f"1.{ending}"
        file.parent.mkdir(parents=True)
        file.write_bytes(picture(kind))
    (runtime().settings.home / FOLDER / "secret.png").write_bytes(b"secret")
    with web_database.begin() as conn:
        set_setting(conn, KEY, [{"id": "air", "kind": "folder", "folder": "photos"}])
    BASE_MAPS.forget()
    return folder


@pytest.mark.parametrize(
    ("column", "media"), [(0, "image/png"), (1, "image/jpeg"), (2, "image/webp")]
)
def test_a_tile_of_the_folder_is_served_and_kept_a_day(
    web: TestClient, sign_in_as: SignIn, photos: Path, column: int, media: str
) -> None:
    sign_in_as(Role.PLANNER)
    answer = web.get(f"/basemap/air/3/{column}/1")
    assert (answer.status_code, answer.headers["content-type"]) == (200, media)
    assert answer.headers["cache-control"] == "private, max-age=86400"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_where_the_folder_has_no_tile_there_is_nothing(
    web: TestClient, sign_in_as: SignIn, photos: Path
) -> None:
    sign_in_as(Role.PLANNER)
    assert web.get("/basemap/air/3/5/1").status_code == 204


@pytest.mark.parametrize(
    "path",
    [
        "/basemap/nothing/3/0/1",
        "/basemap/photos/3/0/1",
        "/basemap/air/3/0/-1",
        "/basemap/air/3/8/1",
        "/basemap/air/99/0/1",
        "/basemap/air/3/0/1.png",
        "/basemap/air/3/0/..%2f..%2f..%2fsecret",
        "/basemap/..%2f/3/0/1",
        "/basemap/%2e%2e/secret/0/1",
        "/basemap/air/3/0/\u0661",
        "/basemap/air/3/0/999999999999999999999999",
    ],
)
def test_a_hostile_address_finds_nothing(
    web: TestClient, sign_in_as: SignIn, photos: Path, path: str
) -> None:
    sign_in_as(Role.PLANNER)
    answer = web.get(path)
    assert answer.status_code == 404 or not answer.headers["content-type"].startswith("image/")
    assert b"secret" not in answer.content or b"page" in answer.content


def test_a_link_that_leads_out_of_the_folder_is_not_followed(
    web: TestClient, sign_in_as: SignIn, photos: Path
) -> None:
    (photos / "3" / "4").mkdir()
    (photos / "3" / "4" / "1.png").symlink_to(photos.parent / "secret.png")
    sign_in_as(Role.PLANNER)
    assert web.get("/basemap/air/3/4/1").status_code == 204


def test_strangers_get_no_tile(web: TestClient, photos: Path) -> None:
    assert web.get("/basemap/air/3/0/1").status_code == 401


def test_the_map_s_frame_may_take_pictures_from_the_hosts_of_the_setting_and_no_other(
    web: TestClient, sign_in_as: SignIn, web_database: Engine
) -> None:
    sign_in_as(Role.PLANNER)
    BASE_MAPS.forget()
    assert "example" not in web.get(FRAME).headers["content-security-policy"]
    with web_database.begin() as conn:
        url = "https://tiles.example.cn/{z}/{x}/{y}.png"
        set_setting(conn, KEY, [{"id": "a", "kind": "xyz", "url": url}])
    BASE_MAPS.forget()
    assert " https://tiles.example.cn" in web.get(FRAME).headers["content-security-policy"]
    assert "example" not in web.get("/map").headers["content-security-policy"]
