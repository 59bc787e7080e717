"""How tests ask the routes of the map."""

from collections.abc import Callable
from typing import Any

from starlette.testclient import TestClient

SignIn = Callable[..., int]
OTHER_STREET = "110101002"


def asked(web: TestClient, path: str, status: int = 200, **query: object) -> Any:
    answer = web.get(f"/map/{path}", params={k: str(v) for k, v in query.items()})
    assert answer.status_code == status, answer.text
    assert "no-store" in answer.headers["cache-control"]
    return answer.json()


def assert_refused(web: TestClient, path: str, status: int, **query: object) -> None:
    said = asked(web, path, status, **query)
    assert said["error"] and said["message"] and "reference" not in said
