"""The ways that cases go in the battery: who does what, in order."""

from collections.abc import Mapping
from typing import Final

_FILED = ("acceptor register", "shift_leader file")
_SENT = (*_FILED, "dispatcher dispatch")
_DONE = ("handler take_up", "handler report_done")
_CHECKED = ("acceptor order_check", "supervisor check_passed")
_CLOSED = (*_CHECKED, "shift_leader close")
_VERIFIED = ("supervisor verify_true", "shift_leader file", "dispatcher dispatch")
_BOUNCED = ("handler ask_return", "dispatcher approve_return", "dispatcher dispatch")

PATHS: Final[Mapping[str, tuple[str, ...]]] = {
    "straight": ("supervisor report", *_SENT, *_DONE, *_CLOSED),
    "refused": ("supervisor report", "acceptor refuse"),
    "verified": ("acceptor report", "acceptor order_verification", *_VERIFIED, *_DONE, *_CLOSED),
    "not so": ("acceptor report", "acceptor order_verification", "supervisor verify_false"),
    "done on the spot": ("supervisor report_self_handled", "acceptor audit_self_handled"),
    "withdrawn": ("acceptor report", "acceptor withdraw"),
    "not filed": (
        *("supervisor report", "acceptor register", "shift_leader back_to_acceptor"),
        *("acceptor register", "shift_leader refuse_filing"),
    ),
    "cancelled": (
        *("supervisor report", *_FILED, "dispatcher back_to_filing", "shift_leader file"),
        *("dispatcher ask_cancel", "shift_leader reject_cancel"),
        *("dispatcher ask_cancel", "shift_leader approve_cancel"),
    ),
    "returned": (
        *("supervisor report", *_SENT, "handler take_up", *_BOUNCED, "handler take_up"),
        *("handler ask_return", "dispatcher reject_return", "handler report_done", *_CLOSED),
    ),
    "arbitrated": (
        *("supervisor report", *_SENT, *_BOUNCED, *_BOUNCED, "handler ask_return"),
        *("dispatcher to_arbitration", "arbiter arbitrate", *_DONE, *_CLOSED),
    ),
    "extended": (
        *("supervisor report", *_SENT, "handler take_up"),
        *("handler ask_extension", "shift_leader reject_extension"),
        *("handler ask_extension", "shift_leader approve_extension"),
        *("handler report_done", *_CLOSED),
    ),
    "suspended": (
        *("supervisor report", *_SENT, "handler take_up"),
        *("handler ask_suspension", "dispatcher reject_suspension"),
        *("handler ask_suspension", "dispatcher approve_suspension", "dispatcher resume"),
        *("handler report_done", *_CLOSED),
    ),
    "reworked": (
        *("supervisor report", *_SENT, *_DONE, "acceptor order_check", "supervisor check_failed"),
        *("dispatcher dispatch", *_DONE, *_CHECKED, "shift_leader back_to_check", *_CLOSED),
    ),
    "supervised": (
        *("supervisor report", *_SENT, "shift_leader supervise", "handler take_up"),
        *("centre_leader supervise", "centre_leader force_close"),
    ),
    "reopened": (
        *("supervisor report", *_SENT, *_DONE, *_CLOSED, "shift_leader reopen"),
        *(*_VERIFIED, *_DONE, *_CLOSED),
    ),
    "merged": (
        *("supervisor report", "supervisor report", "acceptor merge", "acceptor unmerge"),
        *("acceptor merge", "both turn", "acceptor reply", *_SENT, *_DONE, *_CLOSED),
    ),
    "in one's hands": (
        *("supervisor report", *_SENT, "handler assign", "handler take_back", "handler assign"),
        *(*_DONE, *_CLOSED),
    ),
    "assisted": (
        *("supervisor report", *_SENT, "handler take_up", "handler give_task"),
        *("second assign_task", "second take_back_task", "second take_up_task"),
        *("second report_task", "dispatcher give_task", "dispatcher withdraw_task"),
        *("handler report_done", *_CLOSED),
    ),
    "called about": (
        *("acceptor call", "acceptor join", "acceptor reply"),
        *("acceptor order_verification", "supervisor verify_true", "shift_leader refuse_filing"),
    ),
    "together": (
        *("supervisor report", "supervisor report", "acceptor bulk_register"),
        *("shift_leader bulk_file", "both turn", "dispatcher dispatch", *_DONE, *_CLOSED),
    ),
}
"""Name → steps, each a person and a command on the case in hand; `turn` takes the other of two."""

COMMANDS: Final = frozenset(
    step for way in PATHS.values() for step in (line.split()[1] for line in way) if step != "turn"
)
REPORTS: Final = ("report", "report_self_handled")
TASK_STEPS: Final = {
    "take_up_task": "take_up", "report_task": "report", "withdraw_task": "withdraw",
}  # fmt: skip
"""Command as the trail calls it → step as the route takes it."""
TASK_PEOPLE: Final = ("assign_task", "take_back_task")
AT_A_DESK: Final = ("reply", "call", "join", "bulk_register", "bulk_file")
"""What only pages offer: played by a process of its own, in the commands' own transactions."""
