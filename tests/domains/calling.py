"""Calling the API under test as whoever a desk's ``actor`` is."""

from typing import Any

from fastapi.testclient import TestClient


class Calling:
    """What calls: a desk of tests that has a ``client``."""

    client: TestClient

    def call(self, method: str, path: str, status: int = 200, **options: Any) -> Any:
        """Call the API; return the JSON answer, or the bytes of a file."""
        answer = self.client.request(method, path, **options)
        assert answer.status_code == status, answer.text
        return answer.json() if "json" in answer.headers.get("content-type", "") else answer.content

    def get(self, path: str, status: int = 200, **params: Any) -> Any:
        """Ask for something."""
        return self.call("GET", path, status, params=params)

    def post(self, path: str, body: Any, status: int = 200) -> Any:
        """Send something."""
        return self.call("POST", path, status, json=body)
