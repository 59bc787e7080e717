"""What the log form of the street shows, as data: its words, its map, its files."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from gis.accounts.model import Actor
from gis.catalog.layers import layers_for
from gis.catalog.styles import labels_of, styles
from gis.catalog.themes import resolve_theme
from gis.db.sqlfile import load_sql
from gis.i18n import N_, translate

_BOUNDS = load_sql(__package__, "log_bounds")
_BASE_GROUP = "base"
_GRID_LAYER = "grids"

ASSETS: Mapping[str, str] = {
    "leaflet_js": "/assets/leaflet.js",
    "leaflet_css": "/assets/leaflet.css",
    "layer_js": "/assets/wanmi-layer.js",
    "map_css": "/assets/map.css",
}

WORDS: Mapping[str, str] = {
    # the questions
    "photo": N_("Photo"),
    "place": N_("Place"),
    "kind": N_("What it is"),
    "text": N_("In words"),
    "submit": N_("Report this case"),
    # photos
    "take_photo": N_("Take a photo"),
    "choose_photo": N_("Choose photos"),
    "photo_count": N_("{count} of {most} photos"),
    "photo_most": N_("Only {most} photos go with a report; the others were left out."),
    "photo_number": N_("Photo {number}"),
    "remove_photo": N_("Remove photo {number}"),
    "not_a_photo": N_("{name} is not a photo that this browser can read. Take or choose another."),
    "device_full": N_(
        "This device has no room for another photo. Send what waits, or free some room."
    ),
    # place
    "use_position": N_("Use my position"),
    "searching": N_("Looking for your position …"),
    "place_by_gps": N_("Your position, within {metres} m:"),
    "place_by_gps_poor": N_("Your position, only within {metres} m. Tap the map to be exact:"),
    "place_by_map": N_("Point on the map:"),
    "place_by_code": N_("Middle of grid {code}"),
    "position_denied": N_(
        "This browser may not know your position. Allow it in the settings, tap the map, or type"
        " the grid code."
    ),
    "position_timeout": N_("No position was found. Tap the map or type the grid code."),
    "position_impossible": N_("Position is not available here. Tap the map or type the grid code."),
    "map_label": N_("Map: tap where it is"),
    "map_point": N_("Place of the report; drag to move it"),
    "map_hint": N_("Tap the map, or drag the point."),
    "map_needs_network": N_(
        "The map needs the network. Your position and the grid code work without."
    ),
    "grid_code": N_("Or the grid code"),
    "grid_code_form": N_("15 digits"),
    "grid_code_wrong": N_("“{typed}” is not a grid code: it has 15 digits."),
    # near the edge of a grid
    "edge_question": N_(
        "You are near the edge of a grid: within {metres} m it may be any of these. Where is it?"
    ),
    "edge_drawing": N_("Drawing, north up: your position and the grids around it"),
    "edge_here": N_("your position lies in it"),
    "edge_there": N_("{metres} m {direction} of you"),
    "edge_not_mine": N_("not in the area of your posts"),
    "edge_unsure": N_("I cannot tell: take my position"),
    "edge_needed": N_("Say which grid it is in, or that you cannot tell."),
    "n": N_("north"),
    "ne": N_("north-east"),
    "e": N_("east"),
    "se": N_("south-east"),
    "s": N_("south"),
    "sw": N_("south-west"),
    "w": N_("west"),
    "nw": N_("north-west"),
    # reported already
    "similar": N_("Similar reports near here: {count}"),
    "similar_one": N_("{number}: {metres} m away, {state}"),
    # class
    "event": N_("Event"),
    "component": N_("Component"),
    "class_label": N_("Class"),
    "class_list": N_("Classes found"),
    "class_search": N_("Search by name or code"),
    "class_more": N_("and {count} more: type a part of the name"),
    "class_none": N_("No class has these words. Try a shorter word or the other kind."),
    "classes_missing": N_(
        "The classes have not been loaded on this device yet: that needs the network once."
    ),
    # what the class asks
    "answers": N_("About it"),
    "yes": N_("Yes"),
    "no": N_("No"),
    "answer_choose": N_("Choose one"),
    "answer_needed": N_("“{question}” needs an answer."),
    "answer_number": N_("“{question}” needs a number from 0 up, not “{value}”."),
    "answer_long": N_("“{question}”: {most} characters at most."),
    "answer_optional": N_("{question} (optional)"),
    # words
    "text_hint": N_("What is wrong, and where exactly?"),
    "text_count": N_("{count} of {most} characters"),
    "text_long": N_("The text has {count} characters; {most} are possible. Shorten it."),
    # what is missing
    "place_needed": N_("Say where it is: your position, a tap on the map, or the grid code."),
    "class_needed": N_("Choose what it is."),
    "text_needed": N_("Say in a few words what is wrong."),
    # what happened to the reports
    "reports": N_("Reports of this device"),
    "ready": N_("Ready. Every report is kept on this device until it has a number."),
    "no_network": N_("No network. Go on: reports wait on this device and are sent later."),
    "waiting": N_("Waiting for the network ({count})"),
    "waiting_this": N_("Waits for the network"),
    "waiting_for": N_("Waits until {name} signs in on this device"),
    "sending": N_("Sending ({count})"),
    "sending_this": N_("Is being sent"),
    "sent": N_("Sent: {number}"),
    "refused": N_("Not accepted"),
    "needs_eye": N_("{count} not accepted: look at it, put it right, send it again"),
    "unfinished": N_("Unfinished"),
    "signed_out": N_("You are signed out; {count} waiting on this device. Nothing is lost."),
    "sign_in": N_("Sign in again"),
    "try_now": N_("Try now"),
    "edit": N_("Edit"),
    "discard": N_("Throw away"),
    "discard_sure": N_("Throw this report and its photos away?"),
    # decisions about cases wait in the same queue
    "my_tasks": N_("My tasks"),
    "move_sent": N_("Done: {number}, {move}"),
    "decision": N_("{move}: {number}"),
    "discard_move_sure": N_("Throw this decision and its photos away? The task stays."),
    "waits_for_earlier": N_("Waits for the earlier decision on this case"),
    "conflict": N_("The case has changed meanwhile"),
    "needs_decision": N_("{count} cases changed meanwhile: look at both sides"),
    "my_side": N_("You, {time}"),
    "their_side": N_("Meanwhile"),
    "their_step": N_("{time} {who}: {move}"),
    "now_state": N_("Now: {state}"),
    "the_system": N_("System"),
    "photos_too": N_("{count} photos"),
    "send_anyway": N_("Send mine anyway"),
    "drop_mine": N_("Drop mine"),
    "not_allowed_now": N_("“{move}” is not possible any more in this state."),
    # the browser
    "insecure": N_(
        "This page is not served over HTTPS: the browser gives neither position nor work without"
        " network. Ask your administrator for the secure address."
    ),
    "no_storage": N_(
        "This browser does not let the page keep anything. Leave private mode, or use another"
        " browser: a report could be lost here."
    ),
    "title": N_("Log a case"),
    "back": N_("All pages"),
}
"""Every text of the form by the name the script asks for; `{…}` is filled in by the script."""


def words_in(locale: str) -> dict[str, str]:
    """All texts of the form in one language."""
    return {name: translate(text, locale) for name, text in WORDS.items()}


def log_screen(conn: Connection, *, actor: Actor, locale: str, app: str) -> dict[str, Any]:
    """
    What `mount` in the form's main.js takes. `app` is the address of the form's own files.

    The map shows the base layers and the unit grids this person may see, over the cells and
    areas of their posts.
    """
    return {
        "locale": locale,
        "words": words_in(locale),
        "assets": dict(ASSETS),
        "app": app,
        "css": f"{app}/log.css",
        "worker": "/log/sw.js",
        "map": {"bounds": _bounds(conn, actor), "layers": _map_layers(conn, actor, locale)},
    }


def _bounds(conn: Connection, actor: Actor) -> list[list[float]] | None:
    """South-west and north-east corner, latitude first as Leaflet wants it; None: no grids."""
    row = conn.execute(_BOUNDS, {"scope": actor.scope.as_list()}).one()
    if row.west is None:
        return None
    return [[row.south, row.west], [row.north, row.east]]


def _map_layers(conn: Connection, actor: Actor, locale: str) -> list[dict[str, Any]]:
    looks = styles(conn)
    shown = [
        layer
        for layer in layers_for(actor)
        if layer.group == _BASE_GROUP or layer.id == _GRID_LAYER
    ]
    plain = {layer.id: resolve_theme(looks[layer.id], "light") for layer in shown}
    return [
        {
            "name": layer.id,
            "url": f"/tiles/{layer.id}/{{z}}/{{x}}/{{y}}",
            "rules": list(plain[layer.id].rules),
            "labels": labels_of(plain[layer.id], locale),
            "zIndex": layer.order,
        }
        for layer in shown
    ]
