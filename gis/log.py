"""What went wrong, for those who repair: JSON lines in the log folder, references for people."""

import json
import logging
import logging.handlers
import secrets
from datetime import UTC, datetime
from pathlib import Path

LOGGER = logging.getLogger("wanmi")
_SIZE_MOST = 10_000_000
_KEPT = 5
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no 0 O 1 I L: people read it out on the phone


class JsonLines(logging.Formatter):
    """One JSON object a line; the trace inside, never on a screen."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "facts", {}),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def open_log(home: Path, process: str) -> Path:
    """
    Write warnings and errors of this process to `<home>/log/<process>.jsonl`; the file.

    A folder that cannot be written leaves the log on stderr: a full disk must not stop a start.
    """
    file = home / "log" / f"{process}.jsonl"
    LOGGER.setLevel(logging.INFO)
    if any(getattr(h, "baseFilename", None) == str(file) for h in LOGGER.handlers):
        return file
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handler: logging.Handler = logging.handlers.RotatingFileHandler(
            file, maxBytes=_SIZE_MOST, backupCount=_KEPT, encoding="utf-8", delay=True
        )
    except OSError:
        handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    LOGGER.addHandler(handler)
    return file


def report(error: BaseException, **facts: object) -> str:
    """Write an unexpected error with its trace; answers the reference to show instead of it."""
    reference = "".join(secrets.choice(_LETTERS) for _ in range(8))
    LOGGER.error(
        "unexpected error",
        exc_info=error,
        extra={"facts": {"reference": reference, "kind": type(error).__name__, **facts}},
    )
    return reference
