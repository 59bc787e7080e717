"""The page and the frames on it load one font, once."""

import re
import tomllib

from gis.config import CHECKOUT
from gis.ui.maps.assets import DIST, ROOT


def test_page_and_frame_name_the_same_font_files() -> None:
    settings = tomllib.loads((CHECKOUT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    page = {face["url"] for face in settings["theme"]["fontFaces"]}
    styles = (DIST / "fonts.css").read_text(encoding="utf-8")
    assert {f"{ROOT}/{name}" for name in re.findall(r'url\("([^"]+)"\)', styles)} == page
