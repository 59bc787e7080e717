"""The bodies of the map's answers: values written for one reader, nothing decided here."""

from collections.abc import Sequence
from typing import Any

from gis.accounts.model import Actor, Permission
from gis.cases.workflow import STATES
from gis.catalog.details import words
from gis.catalog.palettes import palette
from gis.grids.queries import CellPlace
from gis.i18n import N_
from gis.tiles.identify import Content
from gis.tiles.profile import GridProfile, OpenCase, Watch
from gis.tiles.search import Hit
from gis.wording import Wording

LINES_MOST = 10
_TOPICS: dict[str, str] = {
    "component": N_("Components"),
    "pipe": N_("Pipelines"),
    "building": N_("Buildings"),
    "facility": N_("Facilities"),
}
"""What the profile says of a unit grid beside land, in this order."""
_PALETTES = {"component": "component_class", "pipe": "pipeline_kind", "parcel": "land_use_2023"}
"""Whose colours and names the codes of a topic have; the others' names are in words.csv."""


def case_href(number: str) -> str:
    """The page of a case."""
    return f"/case?number={number}"


def case_link(number: str, wording: Wording) -> dict[str, str]:
    """The link to a case, with its words."""
    return {"href": case_href(number), "text": wording.say(N_("Open the case"))}


def hit_body(hit: Hit, wording: Wording) -> dict[str, Any]:
    """One suggestion."""
    return {
        "kind": wording.name(hit.kind),
        "title": wording.name(hit.title),
        "where": wording.name(hit.where),
        "bounds": hit.bounds,
        "point": hit.centre,
        "layer": hit.layer,
        "source": hit.source,
        "id": hit.id,
    }


def outside_body() -> dict[str, Any]:
    """A point that no unit grid covers."""
    return _empty(inside=False, code=None)


def hidden_body(place: CellPlace) -> dict[str, Any]:
    """A unit grid outside the reader's area: its code is public, what it holds is not."""
    return _empty(inside=True, code=place.code)


def _empty(*, inside: bool, code: str | None) -> dict[str, Any]:
    return {
        "inside": inside, "yours": False, "code": code, "path": [], "bounds": None, "groups": [],
        "cases": None, "people": None, "people_of": None, "people_as_of": None,
        "supervisor": None,
    }  # fmt: skip


def profile_body(profile: GridProfile, actor: Actor, wording: Wording) -> dict[str, Any]:
    """The profile of a unit grid; `null` stands for what the reader's posts do not include."""
    known = None if profile.people_of == profile.code else profile.people_of
    return {
        "inside": True,
        "yours": True,
        "code": profile.code,
        "path": [wording.name(name) for name in profile.path],
        "bounds": profile.bounds,
        "groups": _groups(profile, wording),
        "cases": None
        if profile.cases_total is None
        else {
            "total": profile.cases_total,
            "list": [_case(case, wording) for case in profile.cases],
        },
        "people": profile.people,
        "people_of": _area_name(profile, known, wording),
        "people_as_of": profile.people_as_of,
        "supervisor": _watch(profile.watch, actor, wording),
    }


def _area_name(profile: GridProfile, code: str | None, wording: Wording) -> str | None:
    """The street or community that the people were counted for; None: the cell itself."""
    if code is None:
        return None
    place = {9: 1, 12: 2}.get(len(code))
    return wording.name(profile.path[place]) if place and place < len(profile.path) else code


def _case(case: OpenCase, wording: Wording) -> dict[str, Any]:
    return {
        "id": case.id,
        "number": case.number,
        "title": wording.name(case.title),
        "state": wording.name(STATES[case.state].name),
        "lamp": case.lamp,
        "due": wording.time(case.due_at, "short") if case.due_at else None,
        "href": case_href(case.number),
    }


def _watch(watch: Watch | None, actor: Actor, wording: Wording) -> dict[str, Any] | None:
    if watch is None:
        return None
    return {
        "names": list(watch.names),
        "on_duty": [
            {
                "name": each.name,
                "shift": wording.name(each.shift),
                "until": wording.time(each.until, "HH:mm"),
            }
            for each in watch.on_duty
        ],
        "roster_href": "/roster" if actor.may(Permission.VIEW_PEOPLE) else None,
    }


def _groups(profile: GridProfile, wording: Wording) -> list[dict[str, Any]]:
    groups = []
    for topic, title in _TOPICS.items():
        inside = [content for content in profile.contents if content.topic == topic]
        if inside:
            groups.append(_group(topic, wording.say(title), inside, wording))
    if profile.land:
        groups.append(_land(profile, wording))
    return groups


def _group(
    topic: str, title: str, inside: Sequence[Content], wording: Wording
) -> dict[str, Any]:  # fmt: skip
    """
    Pipes are told in metres, all else by number; buildings have their footprint beside it.

    The largest comes first; a pipe that only touches the cell is no "0 m" and gets no bar.
    """
    is_pipe = topic == "pipe"
    found = [(one.amount or 0.0 if is_pipe else one.items, one.code) for one in inside]
    found.sort(reverse=True)
    told = _metres if is_pipe else Wording.number
    total = told(wording, sum(value for value, _code in found))
    if topic == "building":
        total += f" · {wording.number(inside[0].amount)} m²"
    lines = [
        _line(topic, code, round(value), told(wording, value), wording)
        for value, code in found
        if code
    ]
    return {"topic": topic, "title": title, "total": total, "lines": lines[:LINES_MOST]}


def _metres(wording: Wording, value: float) -> str:
    return f"{wording.number(value)} m" if round(value) else "< 1 m"


def _land(profile: GridProfile, wording: Wording) -> dict[str, Any]:
    total = sum(share.area_m2 for share in profile.land)
    return {
        "topic": "parcel",
        "title": wording.say(N_("Land use")),
        "total": f"{wording.number(total)} m²",
        "lines": [
            _line("parcel", share.code, share.share, wording.share(share.share), wording)
            for share in profile.land[:LINES_MOST]
        ],
    }


def _line(
    topic: str, code: str, amount: float, value: str, wording: Wording
) -> dict[str, Any]:  # fmt: skip
    """One figure: as people read it, and as a number for the length of a bar."""
    key = code.lstrip("0") if topic == "component" else code
    tone = palette(_PALETTES[topic]).get(key) if topic in _PALETTES else None
    name = tone.title if tone else words().get((f"{topic}_kind", code))
    return {
        "color": tone.color if tone else None,
        "title": wording.name(name) if name else code,
        "value": value,
        "amount": amount,
    }
