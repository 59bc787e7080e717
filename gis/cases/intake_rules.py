"""What makes a report acceptable before the database is asked."""

import math
import re
from collections.abc import Iterator
from functools import cache

from gis.accounts.model import Actor, Role
from gis.cases.model import Move
from gis.cases.records import NewCase
from gis.cases.tasks.questions import can_be_kept
from gis.errors import Fault, fault
from gis.i18n import N_
from gis.standards.csvfile import read_table
from gis.standards.model import Kind

TEXT_MOST = 4_000
"""Characters of a description, a reason or a note."""
PHOTOS_MOST = 10
"""Photos, PDFs and other files of one report or step."""
ACCURACY_MOST_M = 100_000.0

LOCATED_BY = ("", "gps", "map", "grid_code")

SOURCE_OF_ROLE = {
    Role.SUPERVISOR: "supervisor",
    Role.ACCEPTOR: "call_desk",
    Role.SYSTEM: "system",
}
"""Where a report comes from, by the post it is made in."""

_CLASS_CODE = re.compile(r"[0-9]{0,8}")
_GRID_CODE = re.compile(r"[0-9]{12,16}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_PURPOSES = (
    ("photos", "report"), ("photos_before", "before"), ("photos_after", "after"), ("files", "file"),
)  # fmt: skip


def acting_role(actor: Actor, allowed: frozenset[str]) -> Role:
    """
    The post in which a person makes a move: of those held, the first that may.

    In the order of the role table. Somebody without any fitting post acts in
    the first post held, and is refused in its name.
    """
    held = [role for role in Role if role in actor.roles]
    fitting = [role for role in held if role.value in allowed]
    return next(iter(fitting or held), Role.SUPERVISOR)


def move_of(report: NewCase) -> Move:
    """The move that a report is."""
    return Move.REPORT_SELF_HANDLED if report.self_handled else Move.REPORT


def fields_of(report: NewCase) -> dict[str, object]:
    """A report in the words of the move table."""
    return {
        "class_code": report.class_code,
        "point": (report.lon, report.lat),
        "text": report.text,
        "photo": report.photos,
        "photo_before": report.photos_before,
        "photo_after": report.photos_after,
    }


def photos_of(report: NewCase) -> list[tuple[str, str]]:
    """Purpose and sha256 of every photo and other file, in order."""
    return [(purpose, sha) for name, purpose in _PURPOSES for sha in getattr(report, name)]


def faults_of_report(report: NewCase) -> Iterator[Fault]:
    """Everything about a report that is wrong in itself."""
    yield from faults_of_point(report.lon, report.lat)
    yield from faults_of_text("text", report.text)
    if not _CLASS_CODE.fullmatch(report.class_code):
        yield fault("class_code", N_("Choose a class from the list."))
    yield from faults_of_photos("photo", [sha for _, sha in photos_of(report)])
    if report.located_by not in LOCATED_BY:
        yield fault("located_by", N_("A point is set by gps, map or grid_code."))
    if report.cell_choice is not None and not _GRID_CODE.fullmatch(report.cell_choice):
        yield fault("cell_choice", N_("A grid code has 12 to 16 digits."))
    if not can_be_kept(report.answers):
        yield fault("answers", N_("This is an object: a question and its answer."))
    accuracy = report.accuracy_m
    if accuracy is not None and not 0 <= accuracy <= ACCURACY_MOST_M:
        yield fault("accuracy_m", N_("An accuracy is a number of metres from 0 up."))


def faults_of_point(lon: float, lat: float) -> Iterator[Fault]:
    """A place on earth, in degrees."""
    finite = math.isfinite(lon) and math.isfinite(lat)
    if not finite or not (-180 <= lon <= 180 and -90 <= lat <= 90):
        yield fault(
            "point",
            N_("Longitude {lon} and latitude {lat} are no place on earth; set the point again."),
            lon=lon,
            lat=lat,
        )


def faults_of_text(name: str, words: str) -> Iterator[Fault]:
    """Any characters people can write, as they are; only their number is limited."""
    if len(words) > TEXT_MOST:
        yield fault(
            name,
            N_("The text has {count} characters; {most} are possible. Shorten it."),
            count=len(words),
            most=TEXT_MOST,
        )
    if "\x00" in words or any("\ud800" <= c <= "\udfff" for c in words):
        # what PostgreSQL's text cannot hold; nobody types it
        yield fault(name, N_("The text holds a character that is none. Write it again."))


def faults_of_photos(name: str, photos: list[str]) -> Iterator[Fault]:
    """Stored photos, each once, not more than `PHOTOS_MOST`."""
    if len(photos) > PHOTOS_MOST:
        yield fault(
            name,
            N_("{count} photos were sent; {most} are possible."),
            count=len(photos),
            most=PHOTOS_MOST,
        )
    if len(set(photos)) < len(photos):
        yield fault(name, N_("The same photo was sent twice; before and after need one each."))
    if not all(_SHA256.fullmatch(sha) for sha in photos):
        yield fault(name, N_("A photo is named by its hash; send the file first."))


@cache
def _self_handling() -> tuple[tuple[str, str, str], ...]:
    columns = ("kind", "edition", "class_code")
    rows = read_table("cases/self_handling", columns)
    return tuple((row["kind"], row["edition"], row["class_code"]) for row in rows)


def may_be_self_handled(kind: Kind | str, edition: str, class_code: str) -> bool:
    """Whether a supervisor may put such a thing right alone: `data/cases/self_handling.csv`."""
    return any(
        (kind, edition) == (k, e) and class_code.startswith(prefix)
        for k, e, prefix in _self_handling()
    )
