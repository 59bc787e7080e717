"""What every bench is told."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Options:
    """Where a bench may keep its databases, and how large they are."""

    home: Path
    """`<WANMI_HOME>/bench`: built once per size, kept and used again."""
    size: str
    """A size of `data/demo/sizes.csv`."""
    chrome: Path
    """The browser of benches that need one."""
