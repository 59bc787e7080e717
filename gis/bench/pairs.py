"""Comparing ways of doing one thing: shuffled pairs in blocks, and whose CPU it was."""

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, event, text

from gis.bench.line import median

BLOCKS = 5
WARM_ROUNDS = 12
"""Enough for the driver to prepare its statements (after five runs) and for plans to settle."""


@dataclass(frozen=True)
class Measured:
    """What one way took, run by run; milliseconds."""

    wall_ms: list[float]
    cpu_app_ms: float
    """CPU of this thread per run."""

    @property
    def median_ms(self) -> float:
        """The middle run."""
        return median(self.wall_ms)


def measure_pairs(
    ways: Mapping[str, Callable[[int], object]],
    *,
    rounds: int,
    blocks: int = BLOCKS,
    seed: int = 1,
) -> tuple[dict[str, Measured], list[dict[str, float]]]:
    """
    Run every way once a round, in an order drawn anew each time.

    Parameters
    ----------
    ways : name and call; the call gets a number that never repeats.
    rounds : per block.

    Returns
    -------
    What each way took over all blocks, and per block the median of each.
    """
    draw = random.Random(seed)  # noqa: S311  an order, not a secret
    number = 0
    for _ in range(WARM_ROUNDS):
        for call in ways.values():
            number += 1
            call(number)
    wall: dict[str, list[float]] = {name: [] for name in ways}
    cpu: dict[str, float] = dict.fromkeys(ways, 0.0)
    medians = []
    for _ in range(blocks):
        for _ in range(rounds):
            for name in draw.sample(list(ways), len(ways)):
                number += 1
                began, cpu_began = time.perf_counter(), time.thread_time()
                ways[name](number)
                cpu[name] += time.thread_time() - cpu_began
                wall[name].append((time.perf_counter() - began) * 1000)
        medians.append({name: median(wall[name][-rounds:]) for name in ways})
    runs = rounds * blocks
    return {n: Measured(wall[n], cpu[n] * 1000 / runs) for n in ways}, medians


def ratio_of_blocks(medians: list[dict[str, float]], ours: str, other: str) -> float:
    """The median over the blocks of ours / other: a noisy block does not decide."""
    return median(block[ours] / block[other] for block in medians)


def cpu_ms_of(pid: int) -> float:
    """
    CPU that a process has used so far, milliseconds; Linux counts nanoseconds here.

    For a server process of PostgreSQL: each way gets a connection of its own, so its process
    has worked for nobody else.
    """
    return int(Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[0]) / 1e6


def server_pid(engine: Engine) -> int:
    """The process of PostgreSQL behind an engine with one connection."""
    with engine.begin() as conn:
        return int(conn.execute(text("SELECT pg_backend_pid()")).scalar_one())


def count_statements(engine: Engine) -> Callable[[], int]:
    """How many statements an engine has sent since now."""
    sent = [0]

    def note(*_args: object) -> None:
        sent[0] += 1

    event.listen(engine, "before_cursor_execute", note)
    return lambda: sent[0]
