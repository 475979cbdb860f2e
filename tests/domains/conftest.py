"""Tests of domains begin with the shipped rules."""

import pytest


@pytest.fixture(scope="session")
def template(ruled: str) -> str:
    """Seeding the rules before each test would take longer than most of the tests."""
    return ruled
