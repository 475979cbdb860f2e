"""An application of tests that runs without its live line."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def not_listening(_app: FastAPI) -> AsyncIterator[None]:
    """Stand for the application's lifespan: its line would go on listening on a database that is gone."""
    yield
