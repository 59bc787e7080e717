"""One person who works over HTTP and asks the same thing again until it is answered."""

import http.client
import json
import time
from collections.abc import Mapping
from threading import Event
from typing import Any
from urllib.parse import urlencode

RETRY_S = 0.1
TIMEOUT_S = 20.0
_AGAIN = frozenset({408, 425, 429})


class Stopped(Exception):
    """The battery is over; what was asked is not known to have happened."""


class Refused(Exception):
    """The server has understood and said no."""


class Person:
    """
    A session of one demo post.

    A lost connection, a time-out and every answer above 499 mean that nobody knows whether it
    happened: the same request goes out again under the same key, as a phone does it.
    """

    def __init__(self, port: int, role: str, stop: Event) -> None:
        self._port, self._role, self._stop = port, role, stop
        self._cookie = ""
        self._connection: http.client.HTTPConnection | None = None
        self.repeated = 0

    def sign_in(self) -> None:
        """Become the demo person of the role."""
        form = urlencode({"role": self._role, "next": "/"}).encode()
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        _, headers, _ = self._until_answered("POST", "/auth/demo", form, kind)
        self._cookie = headers["set-cookie"].split(";", 1)[0]

    def send_photo(self, data: bytes) -> str:
        """The hash under which the server keeps it."""
        kind = {"Content-Type": "image/jpeg"}
        _, _, body = self._until_answered("POST", "/api/files", data, kind)
        return str(json.loads(body)["sha256"])

    def post(self, path: str, body: Mapping[str, Any], *, key: str) -> dict[str, Any]:
        """The answer to a command with its key."""
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        _, _, answer = self._until_answered("POST", path, json.dumps(body).encode(), headers)
        read: dict[str, Any] = json.loads(answer)
        return read

    def _until_answered(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str]
    ) -> tuple[int, Mapping[str, str], bytes]:
        while not self._stop.is_set():
            try:
                status, said, answer = self._once(method, path, body, headers)
            except (OSError, http.client.HTTPException):
                self._connection = None
            else:
                if status < 400:
                    return status, said, answer
                if status < 500 and status not in _AGAIN:
                    raise Refused(f"{path}: {status} {answer.decode(errors='replace')[:300]}")
            self.repeated += 1
            time.sleep(RETRY_S)
        raise Stopped

    def _once(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str]
    ) -> tuple[int, Mapping[str, str], bytes]:
        if self._connection is None:
            self._connection = http.client.HTTPConnection(
                "127.0.0.1", self._port, timeout=TIMEOUT_S
            )
        told = {
            "Cookie": self._cookie,
            "Origin": f"http://127.0.0.1:{self._port}",
            "Accept-Language": "en",
            **headers,
        }
        self._connection.request(method, path, body, told)
        response = self._connection.getresponse()
        return response.status, {k.lower(): v for k, v in response.getheaders()}, response.read()
