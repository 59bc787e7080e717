"""Vector tiles written and read by hand, so that tests do not trust the code they test."""

from collections.abc import Iterator
from typing import Any


def varint(number: int) -> bytes:
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def field(number: int, payload: bytes | int) -> bytes:
    if isinstance(payload, int):
        return varint(number << 3) + varint(payload)
    return varint(number << 3 | 2) + varint(len(payload)) + payload


def geometry(kind: int, lines: list[list[tuple[int, int]]]) -> bytes:
    out, at = b"", (0, 0)
    for line in lines:
        for index, point in enumerate(line):
            if index == 0:
                out += varint(1 << 3 | 1)
            elif index == 1:
                out += varint((len(line) - 1) << 3 | 2)
            for new, old in zip(point, at, strict=True):
                out += varint((new - old) * 2 if new >= old else (old - new) * 2 - 1)
            at = point
        if kind == 3:
            out += varint(1 << 3 | 7)
    return out


def encode(layers: dict[str, list[dict[str, Any]]]) -> bytes:
    """Features are {"id", "type" (1 point, 2 line, 3 area), "lines", "properties"}; extent 4096."""
    tile = b""
    for name, features in layers.items():
        keys: list[str] = []
        values: list[Any] = []
        body = field(15, 2) + field(1, name.encode())
        for feature in features:
            tags = b""
            for key, value in feature.get("properties", {}).items():
                if key not in keys:
                    keys.append(key)
                if value not in values:
                    values.append(value)
                tags += varint(keys.index(key)) + varint(values.index(value))
            body += field(
                2,
                field(1, feature["id"])
                + field(2, tags)
                + field(3, feature["type"])
                + field(4, geometry(feature["type"], feature["lines"])),
            )
        for key in keys:
            body += field(3, key.encode())
        for value in values:
            body += field(
                4, field(1, value.encode()) if isinstance(value, str) else field(5, value)
            )
        tile += field(3, body + field(5, 4096))
    return tile


def fields(data: bytes) -> Iterator[tuple[int, Any]]:
    at = 0

    def number() -> int:
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while at < len(data):
        tag = number()
        wire = tag & 7
        if wire == 0:
            yield tag >> 3, number()
        else:
            length = {1: 8, 5: 4}.get(wire) or number()
            yield tag >> 3, data[at : at + length]
            at += length


def _packed(data: bytes) -> list[int]:
    out, value, shift = [], 0, 0
    for byte in data:
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            out.append(value)
            value = shift = 0
    return out


def _value(data: bytes) -> Any:
    ((kind, value),) = fields(data)
    if kind == 1:
        return value.decode()
    if kind == 6:
        return value >> 1 if value % 2 == 0 else -(value >> 1) - 1
    return bool(value) if kind == 7 else value


def decode(tile: bytes) -> dict[str, list[dict[str, Any]]]:
    """By layer name: features as {"id", "type", "properties"}."""
    layers: dict[str, list[dict[str, Any]]] = {}
    for number, body in fields(tile):
        assert number == 3
        parts = list(fields(body))
        keys = [v.decode() for n, v in parts if n == 3]
        values = [_value(v) for n, v in parts if n == 4]
        (name,) = (v.decode() for n, v in parts if n == 1)
        layers[name] = []
        for raw in (v for n, v in parts if n == 2):
            feature = dict(fields(raw))
            tags = _packed(feature.get(2, b""))
            layers[name].append(
                {
                    "id": feature.get(1),
                    "type": feature.get(3),
                    "properties": {
                        keys[k]: values[v] for k, v in zip(tags[::2], tags[1::2], strict=True)
                    },
                }
            )
    return layers
