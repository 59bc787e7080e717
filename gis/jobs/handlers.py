"""What happens after a commit, by topic."""

from collections.abc import Mapping

from gis.jobs.relay import Handler

HANDLERS: Mapping[str, Handler] = {}
"""Every topic that a command puts into the outbox has its handler here (a test compares)."""
