"""Invented persons: departments, posts, cells to walk, and who is on which shift."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import pandas as pd

from gis.accounts.model import Role
from gis.demo.sizes import DISTRICT, Size, area_rows, chance, read_rows, word_list

ROSTER_BEFORE_DAYS, ROSTER_AFTER_DAYS = 90, 14
_PATTERN = (0, 0, 1, 1, 2, 2, None, None)
"""Shifts of a crew day by day: two early, two late, two nights, two days off."""

_CREW_STEP = 2
"""Crews follow each other at this distance in the pattern: four of them keep every shift."""

DEMO_LOGIN = "demo."


@dataclass(frozen=True)
class People:
    """
    Frames of `department`, `person`, `post`, `supervisor_cell`, `duty`, with final ids.

    `guests` names the person a newcomer becomes per role; the guest supervisor walks
    `guest_community` and is on duty round the clock, so that a first tour works at any hour.
    """

    departments: pd.DataFrame
    persons: pd.DataFrame
    posts: pd.DataFrame
    cells: pd.DataFrame
    duty: pd.DataFrame
    guests: dict[Role, int]
    guest_community: str
    zone: ZoneInfo
    zones: dict[str, tuple[int, ...]] = field(repr=False)
    """Supervisors of a community, by crew; the guest is not among them."""

    @cached_property
    def by_role(self) -> dict[str, list[int]]:
        """Persons per role, in the order of their posts."""
        holders: dict[str, list[int]] = {}
        for role, person_id in zip(self.posts["role"], self.posts["person_id"], strict=True):
            holders.setdefault(str(role), []).append(int(person_id))
        return holders

    @cached_property
    def handlers(self) -> dict[int, list[int]]:
        """Handlers per department."""
        department = dict(zip(self.persons["id"], self.persons["department_id"], strict=True))
        handling: dict[int, list[int]] = {}
        for person_id in self.by_role[Role.HANDLER]:
            handling.setdefault(int(department[person_id]), []).append(person_id)
        return handling

    @cached_property
    def department_ids(self) -> dict[str, int]:
        """Ids by code."""
        codes = self.departments
        return {str(c): int(i) for c, i in zip(codes["code"], codes["id"], strict=True)}

    def supervisor_at(self, community: str, at: datetime) -> int:
        """The supervisor whose shift runs in a community at a moment."""
        if community == self.guest_community:
            return self.guests[Role.SUPERVISOR]
        crews = self.zones[community]
        if len(crews) == 1:
            return crews[0]
        day, shift = shift_at(at.astimezone(self.zone))
        return crews[crew_on(day, shift)]


def shift_at(local: datetime) -> tuple[date, int]:
    """The shift that runs at a local time and the day it began on: 0 early, 1 late, 2 night."""
    if local.hour < 6:
        return local.date() - timedelta(1), 2
    return local.date(), (0 if local.hour < 14 else 1 if local.hour < 22 else 2)


def crew_on(day: date, shift: int) -> int:
    """Which of the four crews keeps a shift."""
    for crew in range(4):
        if _PATTERN[(day.toordinal() + _CREW_STEP * crew) % len(_PATTERN)] == shift:
            return crew
    msg = f"shift {shift} has no crew"
    raise AssertionError(msg)


def make_people(
    communities: dict[str, list[str]],
    size: Size,
    seed: int,
    now: datetime,
    zone: ZoneInfo,
    area: str = DISTRICT,
) -> People:
    """
    Everybody of the district.

    `communities` names the cells of each community; each has `size.crews` supervisors. `area`
    is what the posts of the centres and departments cover.
    """
    today = now.astimezone(zone).date()
    maker = _Maker(size, seed, area, today)
    maker.departments()
    guest_community = min(communities)
    maker.centre()
    maker.handlers()
    zones = maker.supervisors(communities, guest_community)
    cells = maker.cells(communities, zones, guest_community)
    return People(
        departments=pd.DataFrame(maker.department_rows),
        persons=pd.DataFrame(maker.person_rows).assign(active=True, demo=True, created_at=now),
        posts=_numbered(maker.post_rows),
        cells=cells,
        duty=_roster(zones, maker, today, one_crew=size.crews == 1),
        guests=maker.guests,
        guest_community=guest_community,
        zone=zone,
        zones=zones,
    )


def _numbered(rows: list[dict[str, object]]) -> pd.DataFrame:
    """Posts with ids; those of guests come first, because the first post of a role is shown."""
    ordered = sorted(rows, key=lambda row: not row["guest"])
    frame = pd.DataFrame(ordered).drop(columns="guest")
    frame.insert(0, "id", range(1, len(frame) + 1))
    return frame


class _Maker:
    """Gives out ids in order while departments and persons are made."""

    def __init__(self, size: Size, seed: int, area: str, today: date) -> None:
        self.size, self.area, self.today = size, area, today
        self.rng = chance(seed, "people")
        self.department_rows: list[dict[str, object]] = []
        self.person_rows: list[dict[str, object]] = []
        self.post_rows: list[dict[str, object]] = []
        self.guests: dict[Role, int] = {}
        self.round_the_clock: list[int] = []
        self._surnames, self._given = word_list("surname"), word_list("given")
        self._count: dict[Role, int] = {}

    def departments(self) -> None:
        named = {row["code"]: row for row in area_rows("dongcheng_streets")}
        for row in read_rows("departments"):
            self._department(row["code"], row["kind"], row["name_zh"], row["name_en"], self.area)
            if row["ended_days"]:
                ended = self.today - timedelta(days=int(row["ended_days"]))
                self.department_rows[-1]["valid_to"] = ended
        for code in self.size.streets:
            zh, en = named[code]["name_zh"], named[code]["name_en"]
            self._department(
                f"JD{code[6:]}", "street", f"{zh}办事处（演示）", f"{en} Office (demo)", code
            )

    def _department(self, code: str, kind: str, zh: str, en: str, area: str) -> None:
        self.department_rows.append(
            {
                "id": len(self.department_rows) + 1,
                "code": code,
                "kind": kind,
                "name_zh": zh,
                "name_en": en,
                "area_code": area,
                "valid_to": None,
            }
        )

    def person(self, role: Role, department_id: int, area: str) -> int:
        """One person with one post; the first of a role is its guest."""
        number = self._count[role] = self._count.get(role, 0) + 1
        guest = number == 1
        person_id = len(self.person_rows) + 1
        login = f"{DEMO_LOGIN}{role}" + ("" if guest else f".{number:03d}")
        name = str(self.rng.choice(self._surnames)) + str(self.rng.choice(self._given))
        self.person_rows.append(
            {"id": person_id, "login": login, "name": name, "department_id": department_id}
        )
        self.post_rows.append(
            {"person_id": person_id, "role": str(role), "area_code": area, "guest": guest}
        )
        if guest:
            self.guests[role] = person_id
            self.round_the_clock.append(person_id)
        return person_id

    def _ids(self) -> dict[object, int]:
        return {row["code"]: int(str(row["id"])) for row in self.department_rows}

    def centre(self) -> None:
        ids = self._ids()
        for row in read_rows("posts"):
            for _ in range(int(row[self.size.name])):
                self.person(Role(row["role"]), ids[row["department"]], self.area)

    def handlers(self) -> None:
        """Some per department; sanitation first, so that the guest handler has work."""
        ids = self._ids()
        acting = [r for r in self.department_rows if r["kind"] in ("department", "street")]
        rows = [r for r in acting if r["valid_to"] is None]
        for row in sorted(rows, key=lambda r: r["code"] != "HW"):
            for _ in range(self.size.handlers):
                self.person(Role.HANDLER, ids[row["code"]], str(row["area_code"]))

    def supervisors(
        self, communities: dict[str, list[str]], guest_community: str
    ) -> dict[str, tuple[int, ...]]:
        centre = self._ids()["JD"]
        self.person(Role.SUPERVISOR, centre, guest_community)
        return {
            code: tuple(self.person(Role.SUPERVISOR, centre, code) for _ in range(self.size.crews))
            for code in sorted(communities)
        }

    def cells(
        self,
        communities: dict[str, list[str]],
        zones: dict[str, tuple[int, ...]],
        guest_community: str,
    ) -> pd.DataFrame:
        walkers = {code: list(crews) for code, crews in zones.items()}
        walkers[guest_community].append(self.guests[Role.SUPERVISOR])
        rows = [
            (person, cell)
            for code in sorted(communities)
            for person in walkers[code]
            for cell in communities[code]
        ]
        return pd.DataFrame(rows, columns=["person_id", "grid_code"])


def _roster(
    zones: dict[str, tuple[int, ...]], maker: _Maker, today: date, *, one_crew: bool
) -> pd.DataFrame:
    """Four crews over three shifts; guests and single supervisors keep every shift."""
    days = [today + timedelta(n) for n in range(-ROSTER_BEFORE_DAYS, ROSTER_AFTER_DAYS + 1)]
    always = [*maker.round_the_clock]
    if one_crew:
        always += [person for crews in zones.values() for person in crews]
    rows = [(p, day, shift + 1) for p in always for day in days for shift in range(3)]
    if not one_crew:
        on = [(day, shift, crew_on(day, shift)) for day in days for shift in range(3)]
        rows += [(c[crew], d, s + 1) for c in zones.values() for d, s, crew in on]
    return pd.DataFrame(rows, columns=["person_id", "day", "shift_id"])


def shift_rows() -> pd.DataFrame:
    """The three shifts, ids 1 to 3 in their order."""
    rows = read_rows("shifts")
    return pd.DataFrame(
        [
            {
                **row,
                "id": i,
                "starts": time.fromisoformat(row["starts"]),
                "ends": time.fromisoformat(row["ends"]),
            }
            for i, row in enumerate(rows, start=1)
        ]
    )
