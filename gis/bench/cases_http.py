"""A report as a phone sends it, over HTTP: CPU of the web process and of the whole cluster."""

import http.client
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import text

from gis.accounts.model import Role
from gis.accounts.sessions import COOKIE
from gis.bench.line import Line, median, p95
from gis.bench.options import Options
from gis.bench.pairs import BLOCKS, cpu_ms_of
from gis.bench.served import BENCH_LAUNCHER, signed_in, web_process
from gis.db import cluster
from gis.db.engine import make_engine, transaction

WARM, REPORTS = 40, 100
REST_MS, REST_MOST_S = 50, 60
"""CPU within a second under which a web process counts as resting, and how long that may take."""
CPU_MOST_MS, STATEMENTS_MOST, GROWTH_MOST = 6.0, 5, 1.5
_POINTS = text(
    "SELECT ST_X(ST_PointOnSurface(g.geom)) AS lon, ST_Y(ST_PointOnSurface(g.geom)) AS lat"
    " FROM supervisor_cell s JOIN grid_cell g ON g.code = s.grid_code AND g.valid_to IS NULL"
    " JOIN web_session w ON w.person_id = s.person_id WHERE s.valid_to IS NULL"
    " ORDER BY w.created_at DESC, g.code LIMIT 200"
)


@dataclass
class Phone:
    """One supervisor's connection to one web process."""

    connection: http.client.HTTPConnection
    headers: Mapping[str, str]
    pid: int
    points: Sequence[tuple[float, float]]
    sent: int = 0

    def report(self) -> float:
        """One report; milliseconds until the number is there."""
        self.sent += 1
        lon, lat = self.points[self.sent % len(self.points)]
        body = {
            **{"kind": "event", "class_code": "0110", "lon": lon, "lat": lat},
            **{"text": f"路边有垃圾 {self.sent}", "accuracy_m": 3.0, "located_by": "gps"},
        }
        headers = {**self.headers, "Idempotency-Key": f"bench {time.time_ns()}"}
        began = time.perf_counter()
        self.connection.request("POST", "/api/cases", json.dumps(body), headers)
        response = self.connection.getresponse()
        answer = response.read()
        if response.status != http.client.CREATED:
            msg = f"a report was answered {response.status}: {answer[:300]!r}"
            raise RuntimeError(msg)
        return (time.perf_counter() - began) * 1000

    def statements(self) -> int:
        """What the web process has sent to the database so far."""
        self.connection.request("GET", "/bench/statements", headers=dict(self.headers))
        return int(self.connection.getresponse().read())


def log_http(options: Options, urls: Mapping[str, cluster.ClusterUrls]) -> Iterator[Line]:
    """Blocks of reports here and there in turn; the first database is the one that is judged."""
    here, *there = urls
    with ExitStack() as stack:
        phones = {size: _phone(stack, options, found) for size, found in urls.items()}
        for phone in phones.values():
            _await_rest(phone.pid)
            for _ in range(WARM):
                phone.report()
        before = phones[here].statements()
        cpu: dict[str, list[float]] = {size: [] for size in phones}
        wall: dict[str, list[float]] = {size: [] for size in phones}
        for block in range(BLOCKS):
            for size in list(phones)[:: 1 if block % 2 else -1]:
                began = _cpu_ms(options.home, phones[size].pid)
                wall[size] += [phones[size].report() for _ in range(REPORTS)]
                spent = _cpu_ms(options.home, phones[size].pid) - began
                cpu[size].append(spent / REPORTS)
        statements = (phones[here].statements() - before) / (BLOCKS * REPORTS)
    yield Line(
        bench="cases",
        case="log_http",
        ours=median(cpu[here]),
        target=CPU_MOST_MS,
        p95=p95(wall[here]),
    )
    yield Line(bench="cases", case="log_http.wall", ours=median(wall[here]))
    yield Line(
        bench="cases",
        case="log_http.statements",
        unit="statements",
        ours=statements,
        target=STATEMENTS_MOST,
    )
    for size in there:
        yield Line(
            bench="cases",
            case="log_http.growth",
            unit="x",
            ours=median(a / b for a, b in zip(cpu[here], cpu[size], strict=True)),
            reference=median(cpu[size]),
            reference_name=f"ms of CPU at {size}",
            target=GROWTH_MOST,
        )


def _phone(stack: ExitStack, options: Options, urls: cluster.ClusterUrls) -> Phone:
    token = stack.enter_context(signed_in(urls, Role.SUPERVISOR))
    engine = make_engine(urls.app_url, pool_size=1)
    with transaction(engine) as conn:
        points = [(row.lon, row.lat) for row in conn.execute(_POINTS)]
    engine.dispose()
    url, process = stack.enter_context(web_process(options.home, urls, launcher=BENCH_LAUNCHER))
    host = urlsplit(url)
    connection = http.client.HTTPConnection(str(host.hostname), host.port, timeout=30)
    stack.callback(connection.close)
    headers = {
        "Cookie": f"{COOKIE}={token}",
        "Origin": url,
        "Content-Type": "application/json",
    }
    return Phone(connection, headers, process.pid, points)


def _cpu_ms(home: Path, web_pid: int) -> float:
    """All threads of the web process and all processes of the cluster."""
    parent = cluster.status(home).pid
    return _web_ms(web_pid) + sum(cpu_ms_of(pid) for pid in _children(parent))


def _web_ms(pid: int) -> float:
    return sum(_thread_ms(task) for task in list(Path(f"/proc/{pid}/task").iterdir()))


def _await_rest(pid: int) -> None:
    """Until a web process has imported what its pages need: no report pays for that."""
    for _ in range(REST_MOST_S):
        before = _web_ms(pid)
        time.sleep(1)
        if _web_ms(pid) - before < REST_MS:
            return
    msg = f"the web process still works by itself after {REST_MOST_S} s"
    raise RuntimeError(msg)


def _thread_ms(task: Path) -> float:
    try:
        return int((task / "schedstat").read_text(encoding="ascii").split()[0]) / 1e6
    except OSError:  # it has just ended
        return 0.0


def _children(parent: int | None) -> list[int]:
    found: list[Any] = [] if parent is None else [parent]
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                words = (folder / "stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
            except OSError:
                continue
            if parent is not None and int(words[1]) == parent:
                found.append(int(folder.name))
    return found
