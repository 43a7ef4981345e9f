"""A copy of the checkout, uncommitted changes included, for tests that install or build from it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent
# Folders of tools and of git itself; a dot in front and all.
_LEFT_OUT = (
    ".git",
    ".venv*",
    ".ci-venv",
    ".*_cache",
    ".hypothesis",
    "__pycache__",
    "build",
    "dist",
    "node_modules",
)


def copy_checkout(target: Path) -> Path:
    """Copy the working tree, without what tools leave in it."""
    shutil.copytree(ROOT, target, ignore=shutil.ignore_patterns(*_LEFT_OUT))
    return target


def environment(**more: str) -> dict[str, str]:
    """Return the environment without what ties git and Python to where the tests run."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("GIT_", "PRE_COMMIT")) and name not in ("PYTHONPATH", "VIRTUAL_ENV")
    }
    return kept | {"PIP_DISABLE_PIP_VERSION_CHECK": "1"} | more


def run(
    *command: str | os.PathLike[str], cwd: Path, **more: str
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end; ``more`` are variables of its environment."""
    return subprocess.run(
        command,
        cwd=cwd,
        env=environment(**more),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=600,
        check=False,
    )
