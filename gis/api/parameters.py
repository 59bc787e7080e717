"""Parameters and bodies of requests, read once and refused with a sentence."""

import json
from collections.abc import Mapping
from typing import Any

from starlette.requests import HTTPConnection, Request

from gis.errors import Invalid, NotFound, fault
from gis.i18n import N_

ID_DIGITS = 18
_TILE_DIGITS = 8


def whole(request: Request, name: str, *, least: int = 0, most: int = 10**ID_DIGITS) -> int:
    """A parameter that is a whole number."""
    text = request.query_params.get(name, "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= ID_DIGITS + 1 else -1
    if not least <= number <= most:
        raise Invalid(
            N_("“{name}” is a whole number from {least} to {most}."),
            name=name,
            least=least,
            most=most,
            faults=[fault(name, N_("This is a whole number."))],
        )
    return number


def plain(request: Request, name: str, *, most: int) -> str:
    """A parameter that is a text of at most `most` characters, without control characters."""
    text = request.query_params.get(name, "")
    if len(text) > most:
        raise Invalid(
            N_("“{name}” is too long: at most {most} characters."),
            name=name,
            most=most,
            faults=[fault(name, N_("This text is too long."))],
        )
    return "".join(sign for sign in text if sign.isprintable())


def degrees(request: Request, name: str, most: int) -> float:
    """A parameter that is a number of degrees from -`most` to `most`."""
    try:
        value = float(request.query_params.get(name, ""))
    except ValueError:
        value = float("nan")
    if not -most <= value <= most:
        raise Invalid(
            N_("{name} is a number of degrees from -{most} to {most}."),
            name=name,
            most=most,
            faults=[fault(name, N_("This is a number of degrees."))],
        )
    return value


def metres(request: Request, name: str, most: float) -> float:
    """A parameter that is a length in metres from 0 to `most`."""
    try:
        value = float(request.query_params.get(name, ""))
    except ValueError:
        value = float("nan")
    if not 0 <= value <= most:
        raise Invalid(
            N_("{name} is a number of metres from 0 to {most}."),
            name=name,
            most=most,
            faults=[fault(name, N_("This is a number of metres."))],
        )
    return value


def tile_address(request: HTTPConnection) -> tuple[int, int, int]:
    """Zoom, column and row of a path `…/{z}/{x}/{y}`: plain digits, else there is no such tile."""
    texts = [str(request.path_params[name]) for name in "zxy"]
    if not all(t.isascii() and t.isdigit() and len(t) <= _TILE_DIGITS for t in texts):
        raise NotFound(N_("There is no such tile."))
    zoom, column, row = map(int, texts)
    return zoom, column, row


async def json_body(request: Request) -> Mapping[str, Any]:
    """The body as a JSON object."""
    try:
        body = json.loads(await request.body(), parse_constant=_no_constant)
        json.dumps(body, ensure_ascii=False).encode()  # half characters could not be answered
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise Invalid(N_("The request is not a JSON object."))
    return body


def _no_constant(word: str) -> None:
    raise ValueError(word)  # NaN and Infinity are not JSON
