"""Cases to be: when, where, what, from whom; their lives come later."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from gis.cases.intake_rules import may_be_self_handled
from gis.cases.model import Move, State
from gis.crs import MASTER_SRID, WORK_SRID
from gis.demo.copying import to_master
from gis.demo.fixtures import Places
from gis.demo.ground import Ground
from gis.demo.sizes import EDITION, Size, behaviour, chance, read_rows
from gis.standards.model import Kind

_DAY = timedelta(days=1)

NEAREST_M = 30.0
"""As `CaseSettings.nearest_component_m`: a component farther away is not the one meant."""

GUEST_CLASS = (Kind.EVENT, "0111")
"""What the guests' first cases are about: spoil, which the guest handler's department clears."""

_TO_WORK = Transformer.from_crs(MASTER_SRID, WORK_SRID, always_xy=True)


@dataclass
class Draft:
    """One report before it is made."""

    kind: Kind
    class_code: str
    lon: float
    lat: float
    grid_code: str
    source: str
    reported_at: datetime
    component_id: int | None = None
    accuracy_m: float | None = None
    self_handled: bool = False
    script: tuple[Move, ...] | None = None
    """Moves it makes and then waits; None: it lives by chance."""
    delays: tuple[timedelta, ...] = ()
    """Before each move of the script."""
    ends_in: State | None = None
    target: "Draft | None" = field(default=None, repr=False)
    """The case a merged one goes into."""
    answers: dict[str, Any] = field(default_factory=dict)
    """What the caller said to the questions of the class."""
    cell_choice: str | None = None
    """The cell the reporter named, near an edge."""
    number: str = ""


class Drafting:
    """Draws drafts on one ground."""

    def __init__(
        self, ground: Ground, components: pd.DataFrame, size: Size, seed: int, now: datetime
    ) -> None:
        self.ground, self.size, self.now = ground, size, now
        self.rng = chance(seed, "drafts")
        self.components = components
        self._rates = [r for r in read_rows("class_rates") if self._exists(r)]
        self._spots = self._event_spots()

    def _exists(self, row: dict[str, str]) -> bool:
        codes = self.components["class_code"]
        return row["kind"] == "event" or bool((codes == row["class_code"]).any())

    def all(self, zone: ZoneInfo, guest_community: str) -> list[Draft]:
        """Every draft in the order of reporting, not numbered yet."""
        waiting = self._waiting(guest_community)
        many = self.size.cases - len(waiting)
        last_day = sum(d.reported_at > self.now - _DAY for d in waiting)
        drafts = waiting + self._by_chance(many, zone, last_day)
        return sorted(drafts, key=lambda draft: draft.reported_at)

    def _by_chance(self, count: int, zone: ZoneInfo, last_day: int) -> list[Draft]:
        times = self._times(count, zone, last_day)
        about_component = self.rng.random(count) < behaviour()["component_cases"]
        made: list[Draft] = []
        for kind, wanted in ((Kind.COMPONENT, about_component), (Kind.EVENT, ~about_component)):
            at = [times[i] for i in np.flatnonzero(wanted)]
            classes = self._classes(kind, len(at))
            places = self._component_places(classes) if kind is Kind.COMPONENT else None
            made += self._drafts(kind, classes, at, places)
        return made

    def _times(self, count: int, zone: ZoneInfo, last_day: int) -> list[datetime]:
        """
        Moments over the period by the weights of hours and weekdays.

        `last_day` cases of the last 24 hours are there already: so many fewer come by chance.
        """
        hours = int(self.size.period / timedelta(hours=1))
        starts = [self.now - timedelta(hours=h + 1) for h in range(hours)]
        weight = {(r["kind"], int(r["key"])): float(r["weight"]) for r in read_rows("rhythm")}
        local = [start.astimezone(zone) for start in starts]
        by_hour = np.array(
            [weight["hour", t.hour] * weight["weekday", t.isoweekday()] for t in local]
        )
        by_hour[:24] *= max(0.1, 1 - last_day * self.size.days / count)
        chosen = self.rng.choice(hours, size=count, p=by_hour / by_hour.sum())
        seconds = self.rng.integers(0, 3600, count)
        return [starts[h] + timedelta(seconds=int(s)) for h, s in zip(chosen, seconds, strict=True)]

    def _classes(self, kind: Kind, count: int) -> list[str]:
        rows = [r for r in self._rates if r["kind"] == kind]
        weight = np.array([float(r["weight"]) for r in rows])
        drawn = self.rng.choice(len(rows), size=count, p=weight / weight.sum())
        return [rows[i]["class_code"] for i in drawn]

    def _event_spots(self) -> pd.DataFrame:
        """Places where events may happen, with a weight that differs from cell to cell."""
        places = Places(self.ground.town, self.rng)
        each = max(300, self.size.cases)
        xy = np.concatenate(
            [places.draw(p, each, regular=False) for p in ("kerb", "lane", "front")]
        )
        frame = self._located(xy)
        spread = self.rng.lognormal(0, behaviour()["street_spread"], len(self.ground.codes))
        weight = dict(zip(self.ground.codes, spread, strict=True))
        return frame.assign(weight=frame["grid_code"].map(weight)).reset_index(drop=True)

    def _located(self, xy: NDArray[np.float64]) -> pd.DataFrame:
        points = to_master(np.asarray(shapely.points(xy), dtype=object))
        lonlat = np.round(shapely.get_coordinates(points), 7)
        cells = self.ground.cell_of(np.asarray(shapely.points(lonlat), dtype=object))
        frame = pd.DataFrame({"lon": lonlat[:, 0], "lat": lonlat[:, 1], "grid_code": cells})
        return frame[frame["grid_code"].notna()]

    def _component_places(self, classes: Sequence[str]) -> pd.DataFrame:
        """Points near components of the wanted classes, as a phone would see them."""
        by_class = self.components.groupby("class_code").indices
        rows = [int(self.rng.choice(by_class[code])) for code in classes]
        lonlat = self.components[["lon", "lat"]].to_numpy()
        x, y = _TO_WORK.transform(*lonlat[rows].T)
        error = self.rng.normal(0, behaviour()["gps_error_m"], (2, len(rows)))
        points = self._located(np.column_stack([x, y]) + error.T)
        exact = pd.DataFrame(lonlat[rows], columns=["lon", "lat"])
        exact["grid_code"] = self.components["grid_code"].to_numpy()[rows]
        exact.loc[points.index, ["lon", "lat", "grid_code"]] = points
        return exact

    def _drafts(
        self,
        kind: Kind,
        classes: Sequence[str],
        times: Sequence[datetime],
        places: pd.DataFrame | None,
        community: str = "",
    ) -> list[Draft]:
        if places is None:
            places = self._spots_in(community, len(times))
        drafts = [
            self._draft(kind, code, at, place)
            for code, at, place in zip(classes, times, places.itertuples(index=False), strict=True)
        ]
        if kind is Kind.COMPONENT:
            self._find_components(drafts)
        return drafts

    def _spots_in(self, community: str, count: int) -> pd.DataFrame:
        spots = self._spots[self._spots["grid_code"].str.startswith(community)]
        weight = spots["weight"].to_numpy()
        return spots.iloc[self.rng.choice(len(spots), size=count, p=weight / weight.sum())]

    def _draft(self, kind: Kind, code: str, at: datetime, place: object) -> Draft:
        rates = behaviour()
        drawn = self.rng.random()
        telephone, machine = rates["source_call_desk"], rates["source_system"]
        source = "call_desk" if drawn < telephone else "supervisor"
        if telephone <= drawn < telephone + machine:
            source = "system"
        alone = source == "supervisor" and may_be_self_handled(kind, EDITION, code)
        on_foot = source == "supervisor"
        return Draft(
            kind=kind,
            class_code=code,
            lon=float(place.lon),  # type: ignore[attr-defined]
            lat=float(place.lat),  # type: ignore[attr-defined]
            grid_code=str(place.grid_code),  # type: ignore[attr-defined]
            source=source,
            reported_at=at,
            accuracy_m=round(float(self.rng.lognormal(1.8, 0.5)), 1) if on_foot else None,
            self_handled=alone and self.rng.random() < rates["self_handled"],
        )

    def _find_components(self, drafts: list[Draft]) -> None:
        """The nearest component of the class, as the database finds it at intake."""
        for code in sorted({draft.class_code for draft in drafts}):
            mine = [draft for draft in drafts if draft.class_code == code]
            known = self.components[self.components["class_code"] == code]
            if known.empty:
                continue
            x, y = _TO_WORK.transform(known["lon"].to_numpy(), known["lat"].to_numpy())
            tree = shapely.STRtree(shapely.points(x, y))
            u, v = _TO_WORK.transform([d.lon for d in mine], [d.lat for d in mine])
            asked, found = tree.query_nearest(
                shapely.points(u, v), max_distance=NEAREST_M, all_matches=False
            )
            ids = known.index.to_numpy() + 1
            for a, f in zip(asked.tolist(), found.tolist(), strict=True):
                mine[a].component_id = int(ids[f])

    def _waiting(self, guest_community: str) -> list[Draft]:
        """Cases that fill every queue at `now`; the first of each queue are the guests'."""
        drafts: list[Draft] = []
        for row in read_rows("waiting"):
            for n in range(int(row[self.size.name])):
                drafts.append(self._waiting_one(row, n, guest_community))
        targets = [d for d in drafts if d.ends_in is State.HANDLING]
        for i, merged in enumerate(d for d in drafts if d.ends_in is State.MERGED):
            self._aim(merged, targets[i % len(targets)])
        return drafts

    def _waiting_one(self, row: dict[str, str], n: int, guest_community: str) -> Draft:
        script = tuple(Move(word) for word in row["script"].split("|") if word)
        delays = tuple(move_delay(move, self.rng) for move in script)
        wait = timedelta(
            minutes=float(self.rng.lognormal(np.log(float(row["wait_min"])), float(row["sigma"])))
        )
        if n == 1 and row["state"] == State.HANDLING:
            wait = timedelta(days=25)  # one that is overdue at any time of the year
        at = self.now - sum(delays, wait)
        patient = n < 2 or Move.ASK_EXTENSION in script  # its limit is days: nothing runs out
        kind, code = GUEST_CLASS if patient else (Kind.EVENT, self._classes(Kind.EVENT, 1)[0])
        community = guest_community if n < 2 else ""
        draft = self._drafts(kind, [code], [at.replace(microsecond=0)], None, community)[0]
        draft.script, draft.delays, draft.ends_in = script, delays, State(row["state"])
        draft.self_handled = False
        draft.source = "call_desk" if Move.ORDER_VERIFICATION in script else "supervisor"
        return draft

    def _aim(self, merged: Draft, target: Draft) -> None:
        """A second report of the same thing, made after the first."""
        merged.target = target
        merged.kind, merged.class_code = target.kind, target.class_code
        merged.lon, merged.lat, merged.grid_code = target.lon, target.lat, target.grid_code
        earliest = target.reported_at + timedelta(minutes=1)
        merged.reported_at = max(merged.reported_at, earliest)
        merged.delays = (min(merged.delays[0], (self.now - merged.reported_at) / 2),)


def move_delay(move: Move, rng: np.random.Generator) -> timedelta:
    """How long somebody takes over a move: a log-normal around the median of its kind."""
    rates = behaviour()
    median = rates[_MEDIANS.get(move, "review_min")]
    minutes = rng.lognormal(np.log(median), rates["delay_sigma"])
    return timedelta(seconds=max(20, round(float(minutes) * 60)))


_MEDIANS = {
    Move.REFUSE: "register_min",
    Move.REGISTER: "register_min",
    Move.MERGE: "register_min",
    Move.ORDER_VERIFICATION: "order_verification_min",
    Move.VERIFY_TRUE: "verify_min",
    Move.VERIFY_FALSE: "verify_min",
    Move.FILE: "file_min",
    Move.REFUSE_FILING: "file_min",
    Move.BACK_TO_ACCEPTOR: "file_min",
    Move.DISPATCH: "dispatch_min",
    Move.ASK_CANCEL: "dispatch_min",
    Move.BACK_TO_FILING: "dispatch_min",
    Move.TAKE_UP: "take_up_min",
    Move.ASK_RETURN: "ask_min",
    Move.ASK_EXTENSION: "ask_min",
    Move.ASK_SUSPENSION: "ask_min",
    Move.REPORT_DONE: "ask_min",
    Move.ORDER_CHECK: "order_check_min",
    Move.CHECK_PASSED: "check_min",
    Move.CHECK_FAILED: "check_min",
    Move.CLOSE: "close_min",
    Move.BACK_TO_CHECK: "close_min",
    Move.REOPEN: "reopen_min",
    Move.AUDIT_SELF_HANDLED: "audit_min",
}


def give_numbers(drafts: list[Draft], zone: ZoneInfo) -> None:
    """Numbers without gaps per street and day, in the order of reporting."""
    last: dict[str, int] = {}
    for draft in drafts:
        day = draft.reported_at.astimezone(zone).strftime("%y%m%d")
        prefix = f"{draft.grid_code[:9]}-{day}"
        last[prefix] = last.get(prefix, 0) + 1
        draft.number = f"{prefix}-{last[prefix]:04d}"
