"""What several tests share: the built-in rules, loaded once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from running import Kaplint, small_rules

from kaplint import rulebook
from kaplint.api import Linter
from kaplint.config import Config

# How long one example takes depends on the machine; benchmarks tell of speed.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


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


@pytest.fixture(scope="session")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of few rules that stands in place of the built-in one."""
    return small_rules(tmp_path_factory.mktemp("small") / "rules")


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep compiled rules in a folder of the tests, and return it."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KAPLINT_CACHE_DIR", str(folder))
        yield folder


@pytest.fixture
def kaplint(
    tmp_path: Path,
    rules: Path,
    cache: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Kaplint:
    """Return the command, to be run in an empty folder with the small rules."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(rulebook, "rules_folder", lambda: os.fspath(rules))
    for name in ("NO_COLOR", "FORCE_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    return Kaplint(tmp_path, rules, capsys, monkeypatch)
