"""Five million cases as columns: plausible at a glance, without histories."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.cases.model import State
from gis.cases.workflow import OPEN_STATES
from gis.demo.city_ground import CityGround, scatter
from gis.demo.copying import points_hex
from gis.demo.dispatching import Chosen
from gis.demo.sizes import EDITION, chance, read_rows
from gis.standards.csvfile import read_table

BLOCK = 250_000
_US = 1_000_000
_OPEN_DAYS = 30
_CLOSED = (State.CLOSED, State.NOT_ACCEPTED, State.SELF_HANDLED)
_CLOSED_SHARE = (0.93, 0.03, 0.04)
_WITH_SUPERVISOR = (State.VERIFYING, State.CHECKING)
_BEFORE_FILING = (State.REPORTED, State.VERIFYING, State.PENDING_FILING)
_BEFORE_DISPATCH = (*_BEFORE_FILING, State.PENDING_DISPATCH, State.CANCEL_REVIEW)
_AFTER_HANDLING = (State.PENDING_CHECK, State.CHECKING, State.PENDING_CLOSE)


@cache
def _class_names() -> dict[tuple[str, str], str]:
    """What the classes of the demo's edition are called."""
    return {
        (kind, row["code"]): row["name_zh"]
        for kind in ("component", "event")
        for row in read_table(f"standards/{kind}_classes", ("edition", "code", "name_zh"))
        if row["edition"] == EDITION
    }


@dataclass(frozen=True)
class CityPeople:
    """Who the columns name: ids by number of the street, and per department."""

    supervisors: NDArray[np.int64]
    handlers: dict[int, list[int]]
    guest_supervisor: int


@dataclass
class CityCases:
    """All cases of a city, sorted by time; rows come in blocks."""

    ground: CityGround
    components: pd.DataFrame = field(repr=False)
    people: CityPeople = field(repr=False)
    chosen: Chosen = field(repr=False)
    seed: int
    now: datetime
    zone: ZoneInfo

    def __post_init__(self) -> None:
        rng = chance(self.seed, "city cases")
        plan = self.ground.plan
        self.rng = rng
        self.at_us = self._times(rng)
        self._classes = self._class_table()
        about_component = rng.random(plan.cases) < plan.component_share
        self.component = np.where(
            about_component, rng.integers(0, len(self.components), plan.cases), -1
        )
        mine = self.component[about_component]
        self.cell = rng.integers(0, len(self.ground.codes), plan.cases)
        self.cell[about_component] = self.components["cell"].to_numpy()[mine]
        self.klass = self._draw_classes(about_component, mine, rng)
        self.street = self._street_of_cell()[self.cell]
        self.serial, self.counters = self._numbers()

    def _times(self, rng: np.random.Generator) -> NDArray[np.int64]:
        """Microseconds since 1970, ascending; the open ones fall into the last days."""
        plan = self.ground.plan
        open_count = int(plan.cases * plan.open_share)
        end = int(self.now.timestamp()) - 60
        span = plan.days * 86_400
        old = end - rng.integers(_OPEN_DAYS * 86_400, span, plan.cases - open_count)
        new = end - rng.integers(0, _OPEN_DAYS * 86_400, open_count)
        seconds = np.concatenate([old, new])
        return np.asarray(np.sort(seconds) * _US, dtype=np.int64)

    def _class_table(self) -> pd.DataFrame:
        """Every class that is reported, with its share among events and its rule."""
        events = [
            (r["kind"], r["class_code"], float(r["weight"])) for r in read_rows("class_rates")
        ]
        parts = [(r["class_code"]) for r in read_rows("component_mix")]
        rows = [e for e in events if e[0] == "event"] + [("component", c, 0.0) for c in parts]
        frame = pd.DataFrame(rows, columns=["kind", "class_code", "weight"])
        found = [
            self.chosen.rule(kind, code, str(self.ground.codes[0]))
            for kind, code in zip(frame["kind"], frame["class_code"], strict=True)
        ]
        names = [
            _class_names()[key] for key in zip(frame["kind"], frame["class_code"], strict=True)
        ]
        return frame.assign(
            name=names, rule=[r for r, _ in found], department=[d for _, d in found]
        )

    def _draw_classes(
        self, about: NDArray[np.bool_], mine: NDArray[np.int64], rng: np.random.Generator
    ) -> NDArray[np.int64]:
        """Row of the class table for each case: the component's own class, or an event's."""
        table = self._classes
        weight = table["weight"].to_numpy()
        klass = rng.choice(len(table), size=len(about), p=weight / weight.sum())
        own = table[table["kind"] == "component"]
        number = dict(zip(own["class_code"], own.index, strict=True))
        of_component = self.components["class_code"].map(number).to_numpy()
        klass[about] = of_component[mine]
        return np.asarray(klass, dtype=np.int64)

    def _street_of_cell(self) -> NDArray[np.int64]:
        self.street_codes, number = np.unique(self.ground.codes.astype("U9"), return_inverse=True)
        return np.asarray(number, dtype=np.int64)

    def _numbers(self) -> tuple[NDArray[np.int64], pd.DataFrame]:
        """Serial per street and local day in the order of time, and the last of each."""
        day = self._local_days(self.at_us)
        frame = pd.DataFrame({"street": self.street, "day": day})
        serial = frame.groupby(["street", "day"]).cumcount().to_numpy(dtype=np.int64) + 1
        last = frame.groupby(["street", "day"]).size().reset_index(name="last")
        counters = pd.DataFrame(
            {
                "street_code": self.street_codes[last["street"]].astype(object),
                "day": pd.to_datetime(last["day"], unit="D").dt.date,
                "last": last["last"],
            }
        )
        return np.asarray(serial, dtype=np.int64), counters

    def _local_days(self, at_us: NDArray[np.int64]) -> NDArray[np.int64]:
        """Days since 1970 in the city's zone, which keeps one offset all year."""
        offset = self.now.astimezone(self.zone).utcoffset() or timedelta(0)
        return np.asarray((at_us // _US + int(offset.total_seconds())) // 86_400, dtype=np.int64)

    def blocks(self) -> Iterator[pd.DataFrame]:
        """Rows of `cases` in the order of time."""
        for start in range(0, len(self.at_us), BLOCK):
            yield self._block(np.arange(start, min(start + BLOCK, len(self.at_us))))

    def _block(self, which: NDArray[np.int64]) -> pd.DataFrame:
        rng, codes = self.rng, self.ground.codes[self.cell[which]].astype(object)
        klass = self._classes.iloc[self.klass[which]].reset_index(drop=True)
        component = self.component[which]
        lonlat = scatter(self.ground, self.cell[which], rng)
        near = component >= 0
        lonlat[near] = self.components[["lon", "lat"]].to_numpy()[component[near]]
        reported = pd.Series(pd.to_datetime(self.at_us[which], unit="us", utc=True))
        days, day = np.unique(self._local_days(self.at_us[which]), return_inverse=True)
        names = [d.strftime("%y%m%d") for d in pd.to_datetime(days, unit="D")]
        local = pd.Series(np.array(names, dtype=object)[day])
        serial = pd.Series(self.serial[which]).astype(str).str.zfill(4)
        street = pd.Series(self.street_codes[self.street[which]].astype(object))
        frame = pd.DataFrame(
            {
                "id": which + 1,
                "number": street + "-" + local + "-" + serial,
                "district_code": street.str[:6],
                "street_code": street,
                "community_code": pd.Series(codes).str[:12],
                "grid_code": codes,
                "kind": klass["kind"],
                "edition": EDITION,
                "class_code": klass["class_code"],
                "condition_no": 1,
                "source": "supervisor",
                "reporter_id": self.people.supervisors[self.street[which]],
                "component_id": pd.Series(component + 1).where(near).astype("Int64"),
                "reported_at": reported,
                "description": self._words(klass["name"]),
                "geom": points_hex(lonlat),
            }
        )
        return self._with_progress(frame, klass)

    def _words(self, name: pd.Series) -> pd.Series:
        """What reporters of a small district write, with the class's name in it."""
        said = [r["text"].split("{name}") for r in read_rows("phrases") if r["purpose"] == "report"]
        which = self.rng.integers(0, len(said), len(name))
        before = pd.Series(np.array([parts[0] for parts in said], dtype=object)[which])
        after = pd.Series(np.array([parts[-1] for parts in said], dtype=object)[which])
        words: pd.Series = before + name.reset_index(drop=True) + after
        return words

    def _with_progress(self, frame: pd.DataFrame, klass: pd.DataFrame) -> pd.DataFrame:
        """State, people and times that fit together."""
        state = self._states(frame["reported_at"])
        filed = ~state.isin([*_BEFORE_FILING, State.NOT_ACCEPTED, State.SELF_HANDLED])
        sent = filed & ~state.isin(_BEFORE_DISPATCH)
        handled = sent & (state.isin(_AFTER_HANDLING) | (state == State.CLOSED))
        times = self._times_of(frame["reported_at"])
        department = klass["department"].where(sent).astype("Int64")
        handlers = {d: ids[0] for d, ids in self.people.handlers.items()}
        return frame.assign(
            state=state,
            open=~state.isin(_CLOSED),
            condition_no=frame["condition_no"].where(filed).astype("Int64"),
            department_id=department,
            dispatch_rule_id=klass["rule"].where(sent).astype("Int64"),
            handler_id=department.map(handlers).where(handled).astype("Int64"),
            supervisor_id=frame["reporter_id"].where(state.isin(_WITH_SUPERVISOR)).astype("Int64"),
            filed_at=times["filed"].where(filed),
            dispatched_at=times["dispatched"].where(sent),
            due_at=times["due"].where(filed),
            handled_at=times["handled"].where(handled),
            closed_at=times["closed"].where(state == State.CLOSED),
            changed_at=times["closed"].where(state == State.CLOSED, frame["reported_at"]),
        )

    def _states(self, reported: pd.Series) -> pd.Series:
        """Whatever was reported in the last days is open, in any of the open states."""
        recent = reported > pd.Timestamp(self.now) - timedelta(days=_OPEN_DAYS)
        closed = self.rng.choice(len(_CLOSED), size=len(reported), p=_CLOSED_SHARE)
        opened = self.rng.integers(0, len(OPEN_STATES), len(reported))
        names = np.where(
            recent,
            np.array([str(s) for s in OPEN_STATES], dtype=object)[opened],
            np.array([str(s) for s in _CLOSED], dtype=object)[closed],
        )
        return pd.Series(names)

    def _times_of(self, reported: pd.Series) -> dict[str, pd.Series]:
        """Log-normal delays; nine of ten are handled before they are due."""
        count = len(reported)

        def after(before: pd.Series, median_min: float, sigma: float) -> pd.Series:
            minutes = self.rng.lognormal(np.log(median_min), sigma, count).clip(max=20_000)
            later: pd.Series = before + pd.to_timedelta((minutes * 60).astype(np.int64), unit="s")
            return later

        filed = after(reported, 12, 0.7)
        dispatched = after(filed, 8, 0.7)
        hours = np.array([4, 24, 72, 168])[self.rng.integers(0, 4, count)]
        due = filed + pd.to_timedelta(hours, unit="h")
        share = self.rng.lognormal(np.log(0.4), 0.7, count).clip(max=4.0)
        handled = dispatched + pd.to_timedelta((share * hours * 3600).astype(np.int64), unit="s")
        closed = after(handled, 50, 0.6)
        return {
            "filed": filed,
            "dispatched": dispatched,
            "due": due,
            "handled": handled,
            "closed": closed,
        }
