"""
The map on paper: `GET /print/map?paper=a4&turn=landscape&title=…#<state of the map>`.

The page is a sheet of exact millimetres that gis/ui/browser/src/print.js fills; it holds no script
of its own. What it shows stands behind the "#", which never reaches the server: layers come from
the same routes as on the map, under the reader's own scope.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route

from gis.accounts.model import Actor, Permission, require
from gis.api.errors import locale_of
from gis.api.session import actor_of
from gis.catalog.layers import layers_for
from gis.catalog.styles import styles
from gis.db.engine import transaction
from gis.errors import Fault, Invalid, Refused, fault
from gis.i18n import N_, translate
from gis.runtime import runtime
from gis.tiles.facts import read_map_facts
from gis.tiles.screen import workbench_config
from gis.wording import Wording

STYLE = Path(__file__).parent / "static" / "map_print.css"
PAPERS: Final = {"a4": (210, 297), "a3": (297, 420)}
TURNS: Final = {"landscape": N_("Landscape"), "portrait": N_("Portrait")}
SCALES: Final = (500, 1000, 2000, 5000, 10_000, 25_000, 50_000)
TITLE_MOST: Final = 80
_WORDS: Final = {
    "and": N_(", "),
    "map": N_("Map"),
    "legend": N_("Legend"),
    "missing": N_("Not on this sheet, because it is gone or your posts do not include it:"),
    "failing": N_("Parts of the map could not be loaded. Reload the page before you print."),
    "unauthorised": N_("You are signed out. Sign in to go on."),
    "unavailable": N_("The map cannot be loaded now. It tries again by itself."),
}
_NORTH: Final = (
    '<svg class="north" viewBox="0 0 18 28" role="img" aria-label="{north}">'
    '<path d="M9 1 15 21 9 17 3 21Z" fill="#000" stroke="#fff" stroke-width="1"/>'
    '<path d="M9 1 9 17 3 21Z" fill="#fff" stroke="#000" stroke-width="0.6"/>'
    '<text x="9" y="27.5" font-size="7" text-anchor="middle" stroke="#fff" stroke-width="2"'
    ' paint-order="stroke">{letter}</text></svg>'
)


@dataclass(frozen=True)
class Wish:
    """What the address asks for."""

    paper: str
    turn: str
    scale: int | None
    title: str


def wish_of(request: Request) -> Wish:
    """
    The parameters of a sheet.

    Raises
    ------
    Invalid
        Names every parameter that is none of those offered.
    """
    given = request.query_params
    paper, turn = given.get("paper", "a4").lower(), given.get("turn", "landscape").lower()
    scale, title = given.get("scale", ""), given.get("title", "").strip()
    faults: list[Fault] = []
    for name, value, offered in (
        ("paper", paper, [*PAPERS]),
        ("turn", turn, [*TURNS]),
        ("scale", scale, ["", *map(str, SCALES)]),
    ):
        if value not in offered:
            known = ", ".join(filter(None, offered))
            faults.append(fault(name, N_("“{name}” is one of: {known}."), name=name, known=known))
    if len(title) > TITLE_MOST or not title.isprintable():
        faults.append(fault("title", N_("A title has at most {most} characters."), most=TITLE_MOST))
    if faults:
        raise Invalid(N_("This sheet cannot be made."), faults=faults)
    return Wish(paper, turn, int(scale) if scale else None, title)


def _config(actor: Actor, locale: str) -> tuple[dict[str, Any], Wording]:
    offered = layers_for(actor)
    with transaction(runtime().engine) as conn:
        facts = read_map_facts(conn, offered, scope=actor.scope)
        looks = styles(conn)
    if facts is None:
        raise Refused(N_("No area is drawn yet. Load a district or build its grids first."))
    found = workbench_config(offered, looks, facts, actor=actor, locale=locale, theme="light")
    return found, Wording(locale, ZoneInfo(facts.zone))


def _options(chosen: str, offered: Iterable[tuple[str, str]]) -> str:
    return "".join(
        f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>'
        f"{escape(text)}</option>"
        for value, text in offered
    )


def _choices(wish: Wish, words: Wording) -> str:
    """The bar above the sheet, which stays off the paper."""

    def say(text: str) -> str:
        return escape(words.say(text))

    papers = _options(wish.paper, ((paper, paper.upper()) for paper in PAPERS))
    turns = _options(wish.turn, ((turn, words.say(text)) for turn, text in TURNS.items()))
    scales = _options(
        str(wish.scale or ""),
        [
            ("", words.say(N_("As on the map"))),
            *((str(n), f"1 : {words.number(n)}") for n in SCALES),
        ],
    )
    return f"""<div class="choices" role="group" aria-label="{say(N_("The sheet"))}">
<label>{say(N_("Title"))}<input id="title-box" maxlength="{TITLE_MOST}"></label>
<label>{say(N_("Paper"))}<select id="paper">{papers}</select></label>
<label>{say(N_("Direction"))}<select id="turn">{turns}</select></label>
<label>{say(N_("Scale"))}<select id="scale">{scales}</select></label>
<button id="print" type="button" disabled>{say(N_("Print or save as PDF"))}</button>
<p id="missing" role="status"></p><p id="state" role="status"></p>
</div>"""


def page(wish: Wish, config: dict[str, Any], words: Wording, *, person: str, now: datetime) -> str:
    """The whole page; every text of people is escaped."""

    def say(text: str) -> str:
        return escape(words.say(text))

    wide, high = PAPERS[wish.paper] if wish.turn == "portrait" else PAPERS[wish.paper][::-1]
    spoken = {key: translate(text, words.locale) for key, text in _WORDS.items()}
    settings = config | {"paper": wish.paper, "words": spoken}
    # inside a script element only "</" and "<!--" could end it: no "<" is left
    data = json.dumps(settings, ensure_ascii=False).replace("<", "\\u003c")
    north = _NORTH.format(north=say(N_("North is up")), letter=say(N_("N")))
    made = words.say(N_("Printed {time} by {person}")).format(time=words.time(now), person=person)
    return f"""<!doctype html>
<html lang="{escape(words.locale)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{say(N_("Map"))}</title>
<link rel="icon" href="/favicon.png">
<link rel="stylesheet" href="/assets/fonts.css">
<link rel="stylesheet" href="/assets/leaflet.css">
<link rel="stylesheet" href="/print/map.css">
<style>@page {{ size: {wide}mm {high}mm; margin: 0 }}</style>
</head>
<body>
{_choices(wish, words)}
<main class="sheet {wish.paper} {wish.turn}">
<header><h1 id="title"></h1></header>
<div class="room"><div id="map" aria-label="{say(N_("Map"))}"></div>{north}
<div class="scale"><span id="ratio"></span><div id="bar"></div><span id="bar-text"></span></div>
</div>
<aside id="legend"></aside>
<footer><span id="credits"></span><span>{escape(made)}</span></footer>
</main>
<script type="application/json" id="config">{data}</script>
<script src="/assets/leaflet.js"></script>
<script src="/assets/wanmi-layer.js"></script>
<script src="/assets/print.js"></script>
</body>
</html>"""


def print_map(request: Request) -> Response:
    """A sheet of the map for whoever may see the map."""
    actor = actor_of(request)
    require(actor, Permission.VIEW_MAP)
    wish, locale = wish_of(request), locale_of(request)
    config, words = _config(actor, locale)
    text = page(wish, config, words, person=actor.name, now=datetime.now(UTC))
    return HTMLResponse(text, headers={"Cache-Control": "no-store", "Content-Language": locale})


def print_style(_request: Request) -> Response:
    """The sheet's look."""
    return FileResponse(STYLE, media_type="text/css", headers={"Cache-Control": "no-cache"})


routes = [Route("/print/map", print_map), Route("/print/map.css", print_style)]
