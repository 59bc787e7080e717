"""One measured promise: what was measured, beside what, and whether the target is met."""

import json
import statistics
from collections.abc import Iterable
from dataclasses import asdict, dataclass


@dataclass(frozen=True, kw_only=True)
class Line:
    """
    The keys that every bench prints; times in milliseconds.

    Ratios are ours / other. What is not meant is None and printed as null.
    """

    bench: str
    case: str
    ours: float
    unit: str = "ms"
    better: str = "lower"
    """`lower` or `higher`."""
    reference: float | None = None
    reference_name: str | None = None
    peer: str | None = None
    peer_value: float | None = None
    target: float | None = None
    """Of `judged`; None: measured for the record."""
    judged: str = "ours"
    """What the target is about: `ours`, `ratio_reference` or `ratio_peer`."""
    p95: float | None = None
    rss_mb: float | None = None

    @property
    def ratio_reference(self) -> float | None:
        """Ours / the hand-written reference."""
        return self.ours / self.reference if self.reference else None

    @property
    def ratio_peer(self) -> float | None:
        """Ours / another product."""
        return self.ours / self.peer_value if self.peer_value else None

    @property
    def ok(self) -> bool | None:
        """Whether the target is met; None without one."""
        value: float | None = getattr(self, self.judged)
        if self.target is None or value is None:
            return None
        return value <= self.target if self.better == "lower" else value >= self.target

    def as_json(self) -> str:
        """The line that `--json` prints."""
        facts = asdict(self)
        facts.pop("judged")
        shown = {
            **{key: facts[key] for key in ("bench", "case", "unit", "better", "ours")},
            **{key: facts[key] for key in ("reference", "reference_name")},
            "ratio_reference": self.ratio_reference,
            **{key: facts[key] for key in ("peer", "peer_value")},
            "ratio_peer": self.ratio_peer,
            "target": self.target,
            "ok": self.ok,
            **{key: facts[key] for key in ("p95", "rss_mb")},
        }
        return json.dumps({key: _short(value) for key, value in shown.items()})

    def as_text(self) -> str:
        """The line for people."""
        mark = {True: "ok  ", False: "MISS", None: "    "}[self.ok]
        parts = [f"{mark} {self.bench}.{self.case:<28} {self.ours:>12,.2f} {self.unit}"]
        if self.ratio_reference is not None:
            parts.append(f"{self.ratio_reference:.2f} x {self.reference_name}")
        if self.ratio_peer is not None:
            parts.append(f"{self.ratio_peer:.2f} x {self.peer}")
        if self.p95 is not None:
            parts.append(f"p95 {self.p95:,.2f}")
        if self.target is not None:
            sign = "<=" if self.better == "lower" else ">="
            parts.append(f"target {sign} {self.target:,g}")
        return "  ".join(parts)


def _short(value: object) -> object:
    """Four digits that mean something, and no more."""
    return float(f"{value:.4g}") if isinstance(value, float) else value


def median(values: Iterable[float]) -> float:
    """The middle value; of an even number of values the mean of the middle two."""
    return statistics.median(values)


def p95(values: Iterable[float]) -> float:
    """The smallest value that at least 95 of 100 values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * 95 // 100) - 1)]
