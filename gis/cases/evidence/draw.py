"""Drawing cases by their number: nobody chooses, everybody can check."""

import hashlib


def in_sample(words: str, percent: int) -> bool:
    """
    Whether `words`, a case's number, belongs to the sample of `percent` in a hundred.

    By a hash: nobody chooses, everybody can check, and a larger share contains the smaller one.
    """
    drawn = int.from_bytes(hashlib.sha256(words.encode()).digest()[:4], "big") % 100
    return drawn < percent


def other_grid_checks(number: str, percent: int) -> bool:
    """
    Whether the checks of a case go to a supervisor of another grid.

    Drawn apart from other samples: a self-handled case that is audited says nothing about it.
    """
    return in_sample(f"check {number}", percent)
