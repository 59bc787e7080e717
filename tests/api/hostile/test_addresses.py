"""Addresses and methods that nobody links."""

from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from tests import factories as make
from tests.api.hostile.refusals import FAR, HALF, LONG, NUL, SHA, assert_refused_in_words


@pytest.mark.parametrize(
    "path",
    [
        f"/api/cases?queue={NUL}",
        f"/api/cases?queue={LONG}",
        f"/api/cases?queue={HALF}",
        "/api/cases?queue=acceptance&limit=-1",
        "/api/cases?queue=acceptance&limit=1e3",
        "/api/cases?queue=acceptance&limit=٣",
        f"/api/cases?queue=acceptance&limit={LONG}",
        f"/api/cases?queue=acceptance&after={quote(f'~2020-01-01T00:00:00+00:00~{LONG}')}",
        f"/api/cases?queue=acceptance&after={NUL}~{NUL}~1",
        f"/api/cases?queue=acceptance&after={quote('~0001-01-01T00:00:00+23:59~1')}",
        f"/api/cases/{NUL}",
        f"/api/cases/{LONG}",
        f"/api/cases/{HALF}",
        "/api/cases/110101001-261118-٠٠٠١",
        "/api/cases/'%20OR%201=1%20--",
        f"/api/classes?kind={NUL}",
        "/api/locate",
        "/api/locate?lon=1e400&lat=1",
        "/api/locate?lon=-inf&lat=1",
        "/api/locate?lon=116.4&lat=nan",
        f"/api/locate?lon=116.4&lat={NUL}",
        f"/api/locate?lon={LONG}&lat=1",
        "/api/locate?lon=0&lat=0",
        "/api/locate?lon=-63.6&lat=0&accuracy_m=500",
        "/api/locate?lon=27&lat=0&accuracy_m=500",
        "/api/locate?lon=180&lat=90&accuracy_m=500",
        "/api/cases/duplicates?kind=event&class_code=0110&lon=0&lat=86",
        f"/api/cases/{NUL}/tasks",
        f"/api/cases/{LONG}/tasks",
        f"/files/{NUL}",
        f"/files/{SHA[:-1]}{NUL}",
        f"/files/{SHA}",
        f"/files/{LONG}",
        "/files/..%2f..%2fetc%2fpasswd",
        f"/tiles/{NUL}/12/1/1",
        "/tiles/person/12/1/1",
        "/tiles/grids/12/1/-1",
        "/tiles/grids/12/1/4096",
        "/tiles/grids/12/1/٣",
        "/tiles/grids/99999999/0/0",
        f"/tiles/grids/12/1/{LONG}",
        f"/log/cell/{NUL}",
        f"/log/cell/{LONG}",
        f"/log/cell/{HALF}",
        f"/log/app/{NUL}/phone.js",
        "/log/app/1/..%2f..%2fworker.js",
        f"/map/suggest?q={LONG}",
        f"/map/feature?layer={NUL}&source=grid&id=1",
        f"/map/feature?layer=grids&source={LONG}&id=1",
        f"/map/feature?layer=grids&source={NUL}&id=1",
        f"/map/feature?layer=grids&source={HALF}&id=1",
        f"/map/feature?layer=grids&source=grid&id={LONG}",
        "/map/feature?layer=grids&source=grid&id=٣",
        "/map/feature?layer=grids&source=grid&id=999999999999999999",
        "/map/feature?layer=grids&source=grid' OR 1=1 --&id=1",
        f"/map/grid?code={NUL}",
        f"/map/grid?code={LONG}",
        f"/map/grid?code={HALF}",
        "/map/grid?lon=1e400&lat=1",
        "/map/grid?lon=116.4&lat=nan",
        "/map/grid?lon=116.4",
        f"/map/counts?bbox={NUL}&layers=grids",
        f"/map/counts?bbox={LONG}&layers=grids",
        f"/map/counts?bbox=1,2,3,4&layers={NUL}",
        f"/map/counts?bbox=1,2,3,4&layers={','.join('abcdefgh')}",
        f"/map/counts?bbox={quote('nan,nan,nan,nan')}&layers=grids",
        f"/map/case-days?days={LONG}&level=3",
        f"/map/case-days?days=90&level={NUL}",
        f"/map/changes?since={NUL}",
        f"/map/changes?since={LONG}",
        f"/map/changes?since={HALF}",
        "/map/selection",
        f"/print/case/{NUL}",
        f"/print/case/{LONG}",
        f"/assets/{NUL}",
        "/assets/%2e%2e/%2e%2e/config.py",
        f"/assets/{LONG}",
    ],
)
def test_addresses_that_nobody_links_are_refused(web: TestClient, path: str) -> None:
    assert_refused_in_words(web.get(path))


@pytest.mark.parametrize(
    "path",
    [
        f"/api/classes?q={NUL}{LONG}",
        "/api/classes?q=%25_%5C'",
        f"/api/locate?lon={make.middle()[0]}&lat={make.middle()[1]}&class_code={NUL}",
        f"/api/cases?queue=acceptance&after={quote('~0001-01-01T00:00:00+00:00~1')}",
        f"/api/cases?queue=acceptance&after={quote(f'{FAR}~{FAR}~1')}",
        f"/api/cases?queue=my_reports&after={quote(f'{FAR}~1')}",
        "/api/cases?queue=acceptance&limit=99999",
        f"/api/cases?unknown={NUL}",
        f"/auth/sign-in?next={NUL}",
        f"/auth/sign-in?next={LONG}",
        f"/tiles/grids/12/3376/1551?v={NUL}",
        f"/map/suggest?q={NUL}{HALF}%25_%5C'",
        "/map/suggest?q=999999999999999999999999999999",
        "/map/suggest?q=-0,-0",
        "/map/grid?lon=-180&lat=90",
        "/api/cases/duplicates?kind=event&class_code=0110&lon=-63.6&lat=0&text=a",
        "/api/cases/duplicates?kind=event&class_code=0110&lon=-180&lat=-85",
        "/map/counts?bbox=-inf,-inf,inf,inf&layers=grids,grids,grids",
        f"/map/changes?unknown={NUL}",
        "/map/changes?since=999999999999999999-0",
    ],
)
def test_odd_addresses_that_mean_something_are_answered(web: TestClient, path: str) -> None:
    assert web.get(path).status_code < 400


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "PURGE"])
@pytest.mark.parametrize("path", ["/api/cases", "/api/files", f"/files/{SHA}", "/api/me"])
def test_methods_that_an_address_does_not_take_are_refused(
    web: TestClient, method: str, path: str
) -> None:
    assert_refused_in_words(web.request(method, path))
