"""What no form of ours would send: every answer is a clear refusal, never an error of ours."""

from typing import Any

NUL = "%00"
LONG = "9" * 10_000
HALF = "%ED%A0%80"
"""The UTF-8 of half a surrogate pair, which is no character."""
FAR = "2020-01-01T00:00:00+23:59"
"""A moment that Python reads and PostgreSQL refuses: no zone is a day away."""
SHA = "0" * 64


def assert_refused_in_words(answer: Any) -> None:
    """A refusal with a sentence; a reference number would mean that nobody thought of it."""
    assert 400 <= answer.status_code < 500, (answer.status_code, answer.text[:300])
    said = answer.json()
    assert said["error"] and said["message"] and "reference" not in said
