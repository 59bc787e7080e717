"""A team that carries cases along every path, one after the other."""

import io
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import Any

from PIL import Image

from tests.faults.battery.district import CLASS, District
from tests.faults.battery.fields import Ask, Held, fields_of
from tests.faults.battery.ledger import Ledger
from tests.faults.battery.paths import AT_A_DESK, PATHS, REPORTS, TASK_PEOPLE, TASK_STEPS
from tests.faults.battery.people import Desk, Person, Refused, Stopped

ROLES = (
    "supervisor", "acceptor", "shift_leader", "dispatcher", "handler", "arbiter", "centre_leader",
)  # fmt: skip
ONCE_MORE = 0.2
"""Share of the commands that are sent again although they were answered."""
_SAME = ("number", "id", "state", "version", "told", "caller", "states")
"""What two answers to one request have in common; lamps turn meanwhile."""


@dataclass(frozen=True)
class Place:
    """Where the copy under test is."""

    port: int
    url: str
    home: Path


class Team(Thread):
    """Its posts and the cases they work on, until told to stop."""

    def __init__(
        self, number: int, place: Place, district: District, ledger: Ledger, stop: Event, end: Event
    ) -> None:
        super().__init__(name=f"team {number}", daemon=True)
        self._number, self._district, self._ledger, self._over = number, district, ledger, stop
        self._draw = random.Random(number)
        self._people = {role: Person(place.port, role, end) for role in ROLES}
        self._second = Person(place.port, "handler", end, district.second_token)
        self.desk = Desk(place.url, place.home, end)
        self._made, self._asked = 0, 0
        self._case = self._other = Held("", 0, "")
        self.doing: str | None = None
        """The command that has been sent and not been answered yet."""
        self.error: Exception | None = None

    @property
    def repeated(self) -> int:
        """Requests that had to be sent again."""
        people = (*self._people.values(), self._second)
        return self.desk.repeated + sum(person.repeated for person in people)

    def run(self) -> None:
        """Whole cases; what is asked when the stop comes is still carried to its answer."""
        try:
            for person in self._people.values():
                person.sign_in()
            names = list(PATHS)
            while not self._over.is_set():
                self._draw.shuffle(names)
                for name in names:
                    self._go(PATHS[name])
        except Stopped:
            pass
        except Exception as error:  # noqa: BLE001  told by the main thread
            self.error = error
        finally:
            self.desk.leave()

    def _go(self, way: tuple[str, ...]) -> None:
        try:
            for line in way:
                if self._over.is_set():
                    return
                role, command = line.split()
                self._step(role, command)
        except Refused as refusal:
            self._ledger.refuse(str(refusal))
        finally:
            self.doing = None

    def _step(self, role: str, command: str) -> None:
        person = self._second if role == "second" else self._people.get(role)
        if person is None:  # the other of two cases
            self._case, self._other = self._other, self._case
        elif command in REPORTS:
            self._report(person, command)
        elif command in AT_A_DESK:
            self._at_the_desk(person, command)
        elif command in TASK_STEPS or command in TASK_PEOPLE or command == "give_task":
            self._task(person, command)
        else:
            self._move(person, command)

    def _twice(self, command: str, send: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """Send it, and now and then once more: the answer has to be the same."""
        self.doing = command
        made = send()
        again = send() if self._draw.random() < ONCE_MORE else made
        self.doing = None
        self._ledger.answered(
            command, otherwise=any(made.get(name) != again.get(name) for name in _SAME)
        )
        return made

    def _post(
        self, person: Person, command: str, path: str, body: Mapping[str, Any]
    ) -> dict[str, Any]:
        key = self._key()
        return self._twice(command, lambda: person.post(path, body, key=key))

    def _key(self) -> str:
        self._asked += 1
        return f"{self._ledger.mark} {self._number} {self._asked}"

    def _mark(self) -> str:
        self._made += 1
        return f"{self._ledger.mark} {self._number}-{self._made}"

    def _take(self, made: Mapping[str, Any], step: str) -> None:
        """A new case is the one in hand from now on, the one before it the other."""
        self._other = self._case
        self._case = Held(made["number"], made["version"], made["state"])
        self._ledger.acknowledge(made["number"], step, made["state"])

    def _report(self, person: Person, command: str) -> None:
        lon, lat = self._draw.choice(self._district.points)
        kinds = ("photos",) if command == "report" else ("photos_before", "photos_after")
        body = {
            **{"kind": "event", "class_code": CLASS, "lon": lon, "lat": lat},
            **{"text": self._mark(), "self_handled": command != "report"},
            **{kind: [self._photo(person)] for kind in kinds},
        }
        self._take(self._post(person, command, "/api/cases", body), command)

    def _move(self, person: Person, move: str) -> None:
        case = self._case
        ask = Ask(self._district, case, self._other, lambda: self._photo(person))
        body = {"move": move, "version": case.version, "fields": fields_of(move, ask)}
        made = self._post(person, move, f"/api/cases/{case.number}/moves", body)
        self._ledger.acknowledge(case.number, move, made["state"])
        case.version, case.state, case.due_at = made["version"], made["state"], made["due_at"]

    def _task(self, person: Person, command: str) -> None:
        case = self._case
        path = f"/api/cases/{case.number}/tasks"
        body: dict[str, Any] = {"version": case.task_version, "words": "battery"}
        if command == "give_task":
            body = {"department": self._district.assisting, "words": "battery"}
        elif command in TASK_PEOPLE:
            path += f"/{case.task}/person"
            body["person"] = self._district.second if command == "assign_task" else None
        else:
            path += f"/{case.task}"
            body["step"] = TASK_STEPS[command]
            body["photos"] = [self._photo(person)] if command == "report_task" else []
        made = self._post(person, command, path, body)
        self._ledger.acknowledge(case.number, command, case.state)
        case.task, case.task_version = made["id"], made["version"]

    def _at_the_desk(self, person: Person, command: str) -> None:
        asked = {"do": command, "token": person.token, "key": self._key(), **self._wants(command)}
        made = self._twice(command, lambda: self.desk.ask(asked))
        if command == "call":
            self._take(made, "report")
            self._ledger.acknowledge(made["number"], "call reported", made["state"])
        elif command in ("reply", "join"):
            step = "reply" if command == "reply" else "call joined"
            self._ledger.acknowledge(self._case.number, step, self._case.state)
        for case in (self._case, self._other) if "states" in made else ():
            case.version, case.state = case.version + 1, made["states"][case.number]
            self._ledger.acknowledge(case.number, command.removeprefix("bulk_"), case.state)

    def _wants(self, command: str) -> dict[str, Any]:
        phone = f"1000000{self._draw.randrange(10_000):04d}"
        if command == "call":
            lon, lat = self._draw.choice(self._district.points)
            return {
                **{"phone": phone, "class_code": CLASS, "lon": lon, "lat": lat},
                "words": self._mark(),
            }
        if command == "join":
            return {"phone": phone, "number": self._case.number}
        if command == "reply":
            return {"number": self._case.number, "words": "battery"}
        cases = [[c.number, c.state, c.version] for c in (self._case, self._other)]
        move = command.removeprefix("bulk_")
        fields = {"condition": self._district.condition} if move == "file" else {}
        return {"cases": cases, "move": move, "fields": fields}

    def _photo(self, person: Person) -> str:
        """Noise, another each time: a photo used twice would be noticed."""
        out = io.BytesIO()
        Image.frombytes("RGB", (16, 16), self._draw.randbytes(16 * 16 * 3)).save(out, "JPEG")
        return person.send_photo(out.getvalue())
