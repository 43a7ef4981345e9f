"""What several tests share: the built-in rules, loaded once."""

from __future__ import annotations

import pytest

from kaplint import rulebook
from kaplint.api import Linter
from kaplint.config import Config


@pytest.fixture(scope="session")
def book() -> rulebook.Rulebook:
    """Return the built-in rules."""
    return rulebook.load()


@pytest.fixture(scope="session")
def linter() -> Linter:
    """Return a linter with the default set."""
    return Linter(Config())


@pytest.fixture(scope="session")
def strict() -> Linter:
    """Return a linter with every rule."""
    return Linter(Config(strict=True))
