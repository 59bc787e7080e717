"""People who work over HTTP, or at a desk, and ask the same again until it is answered."""

import http.client
import json
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from subprocess import DEVNULL, PIPE
from threading import Event
from typing import Any
from urllib.parse import urlencode

from gis.accounts.sessions import COOKIE
from gis.config import CHECKOUT

RETRY_S = 0.1
TIMEOUT_S = 20.0
CONFLICTS_MOST = 100
"""Times that one request is told that somebody is at the case: who is it was killed, and goes."""
_AGAIN = frozenset({408, 425, 429})


class Stopped(Exception):
    """The battery is over; what was asked is not known to have happened."""


class Refused(Exception):
    """The server has understood and said no."""


class Person:
    """
    A session of one demo post, or of the person whose token is given.

    A lost connection, a time-out and every answer above 499 mean that nobody knows whether it
    happened: the same request goes out again under the same key, as a phone does it. So does one
    that is told of somebody at the case: that may be the request before, whose end nobody saw.
    """

    def __init__(self, port: int, role: str, stop: Event, token: str = "") -> None:
        self._port, self._role, self._stop = port, role, stop
        self._cookie = f"{COOKIE}={token}"
        self._connection: http.client.HTTPConnection | None = None
        self.repeated = 0

    def sign_in(self) -> None:
        """Become the demo person of the role."""
        form = urlencode({"role": self._role, "next": "/"}).encode()
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        _, headers, _ = self._until_answered("POST", "/auth/demo", form, kind)
        self._cookie = headers["set-cookie"].split(";", 1)[0]

    @property
    def token(self) -> str:
        """That of the session."""
        return self._cookie.partition("=")[2]

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
        conflicts = 0
        while not self._stop.is_set():
            try:
                status, said, answer = self._once(method, path, body, headers)
            except (OSError, http.client.HTTPException):
                self._connection = None
            else:
                if status < 400:
                    return status, said, answer
                conflicts += b'"conflict"' in answer
                asked_again = status in _AGAIN or 0 < conflicts <= CONFLICTS_MOST
                if status < 500 and not asked_again:
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


class Desk:
    """A clerk's process, started again when it was killed; what it was asked is asked again."""

    def __init__(self, url: str, home: Path, stop: Event) -> None:
        self._command = [sys.executable, "-m", "tests.faults.battery.clerk", url, str(home)]
        self._stop = stop
        self._process: subprocess.Popen[str] | None = None
        self.repeated = 0

    @property
    def pid(self) -> int | None:
        """That of the process, where one was started."""
        return self._process.pid if self._process else None

    def ask(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to a command with its key."""
        conflicts = 0
        while not self._stop.is_set():
            answer = self._once(json.dumps(asked))
            conflicts += "conflict" in answer
            if conflicts > CONFLICTS_MOST:
                raise Refused(answer.get("conflict", "somebody was at it again and again"))
            if "made" in answer:
                made: dict[str, Any] = answer["made"]
                return made
            if "refused" in answer:
                raise Refused(answer["refused"])
            self.repeated += 1
            time.sleep(RETRY_S)
        raise Stopped

    def _once(self, line: str) -> dict[str, Any]:
        """The answer; nothing when the process ended meanwhile."""
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                self._command, cwd=CHECKOUT, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, text=True
            )
        assert self._process.stdin and self._process.stdout
        try:
            print(line, file=self._process.stdin, flush=True)
            answer: dict[str, Any] = json.loads(self._process.stdout.readline() or "{}")
        except (OSError, ValueError):  # a line that was cut off
            return {}
        return answer

    def leave(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
