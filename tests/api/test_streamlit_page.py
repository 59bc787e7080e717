"""The page of every address: Streamlit's own, told where its server is and what is wanted soon."""

import re
from pathlib import Path

import pytest
import streamlit
from starlette.applications import Starlette
from starlette.testclient import TestClient

from gis.api.policies import STREAMLIT, inline_hashes
from gis.api.streamlit_page import NEEDED, TOLD, page_routes, page_text

STATIC = Path(streamlit.__file__).parent / "static"


@pytest.mark.parametrize("address", ["/", "/map"])
def test_every_page_knows_its_server_before_its_first_script_runs(address: str) -> None:
    client = TestClient(Starlette(routes=page_routes({"", "map"})))
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    scripts = re.findall(r"<script.*?</script>", answer.text, re.DOTALL)
    assert scripts[0] == TOLD
    assert any("/static/js/index." in script for script in scripts[1:])
    assert client.get("/elsewhere").status_code == 404


def test_nothing_of_streamlit_s_own_page_is_lost() -> None:
    own = (STATIC / "index.html").read_text("utf-8")
    more = linked()[own.count('rel="modulepreload"') :]
    rest = page_text().replace(TOLD, "", 1)
    for name in more:
        rest = rest.replace(f'<link rel="modulepreload" crossorigin href="./static/js/{name}">', "")
    assert rest == own


def linked() -> list[str]:
    return re.findall(r'rel="modulepreload" crossorigin href="./static/js/([^"]+)"', page_text())


def test_every_part_that_is_wanted_soon_is_there_and_named_once() -> None:
    names = linked()
    assert len(names) == len(set(names))
    assert [name for name in names if not (STATIC / "static" / "js" / name).is_file()] == []
    for part in NEEDED:
        assert any(name.startswith(f"{part}.") for name in names), part


def test_the_policy_of_pages_lets_exactly_these_inline_scripts_run() -> None:
    assert len(inline_hashes(page_text())) == 2
    assert all(digest in STREAMLIT for digest in inline_hashes(page_text()))
