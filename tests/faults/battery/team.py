"""A team that carries cases from the report to the end, one after the other."""

import io
import random
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Event, Thread
from typing import Any

from PIL import Image

from tests.faults.battery.district import CLASS, District
from tests.faults.battery.ledger import Ledger
from tests.faults.battery.people import Person, Refused, Stopped

ROLES = ("supervisor", "acceptor", "shift_leader", "dispatcher", "handler")
REWORK_SHARE = 0.2
_STEPS = (
    ("acceptor", "register"),
    ("shift_leader", "file"),
    ("dispatcher", "dispatch"),
    ("handler", "take_up"),
    ("handler", "report_done"),
    ("acceptor", "order_check"),
    ("supervisor", "check_passed"),
    ("shift_leader", "close"),
)
_PHOTO_OF = {"report_done": "handler", "check_passed": "supervisor", "check_failed": "supervisor"}


@dataclass(frozen=True)
class _Step:
    role: str
    move: str


class Team(Thread):
    """Five posts and the cases they work on, until told to stop."""

    def __init__(
        self, number: int, port: int, district: District, ledger: Ledger, stop: Event, end: Event
    ) -> None:
        super().__init__(name=f"team {number}", daemon=True)
        self._number, self._district, self._ledger, self._over = number, district, ledger, stop
        self._draw = random.Random(number)
        self._people = {role: Person(port, role, end) for role in ROLES}
        self._made = 0
        self.error: Exception | None = None

    @property
    def repeated(self) -> int:
        """Requests that had to be sent again."""
        return sum(person.repeated for person in self._people.values())

    def run(self) -> None:
        """Whole cases; what is asked when the stop comes is still carried to its answer."""
        try:
            for person in self._people.values():
                person.sign_in()
            while not self._over.is_set():
                self._one_case()
        except Stopped:
            pass
        except Exception as error:  # noqa: BLE001  told by the main thread
            self.error = error

    def _one_case(self) -> None:
        try:
            number, version = self._report()
            for step in self._way():
                if self._over.is_set():
                    return
                version = self._move(number, version, step)
        except Refused as refusal:
            self._ledger.refuse(str(refusal))

    def _way(self) -> list[_Step]:
        steps = [_Step(*pair) for pair in _STEPS]
        if self._draw.random() < REWORK_SHARE:
            steps[6:6] = [_Step("supervisor", "check_failed"), *steps[2:6]]
        return steps

    def _report(self) -> tuple[str, int]:
        self._made += 1
        lon, lat = self._draw.choice(self._district.points)
        mark = f"{self._ledger.mark} {self._number}-{self._made}"
        body = {
            **{"kind": "event", "class_code": CLASS, "lon": lon, "lat": lat},
            **{"text": mark, "photos": [self._photo("supervisor")]},
        }
        made = self._people["supervisor"].post("/api/cases", body, key=f"report {mark}")
        self._ledger.acknowledge(made["number"], "report", made["state"])
        return made["number"], made["version"]

    def _move(self, number: str, version: int, step: _Step) -> int:
        fields = self._fields(step.move)
        made = self._people[step.role].post(
            f"/api/cases/{number}/moves",
            {"move": step.move, "version": version, "fields": fields},
            key=f"{step.move} {number} {version}",
        )
        self._ledger.acknowledge(number, step.move, made["state"])
        return int(made["version"])

    def _fields(self, move: str) -> Mapping[str, Any]:
        photo = [self._photo(_PHOTO_OF[move])] if move in _PHOTO_OF else []
        known: Mapping[str, Mapping[str, Any]] = {
            "file": {"condition": self._district.condition},
            "dispatch": {"department": self._district.department, "reason": "battery"},
            "report_done": {"text": "done", "photo": photo},
            "order_check": {"supervisor": self._district.supervisor},
            "check_passed": {"photo": photo},
            "check_failed": {"photo": photo, "reason": "not done"},
            "close": {"condition": self._district.condition},
        }
        return known.get(move, {})

    def _photo(self, role: str) -> str:
        """Noise, another each time: a photo used twice would be noticed."""
        out = io.BytesIO()
        Image.frombytes("RGB", (16, 16), self._draw.randbytes(16 * 16 * 3)).save(out, "JPEG")
        return self._people[role].send_photo(out.getvalue())
