"""The hook, as a website's repository uses it: installed by pre-commit, and judging pages."""

from __future__ import annotations

import sys
from pathlib import Path

from checkout import copy_checkout, run

_CONFIG = """\
repos:
  - repo: {hook}
    rev: {revision}
    hooks:
      - id: kaplint
"""
_BAD = "# Clinic\n\nKetamine cures depression, and our patients feel rapid relief.\n"
_GOOD = "# Clinic\n\nKetamine may ease depression in some people; not everyone responds.\n"


def _git(folder: Path, *words: str) -> str:
    done = run(
        *(
            "git",
            "-c",
            "user.name=A",
            "-c",
            "user.email=a@example.org",
            "-c",
            "commit.gpgsign=false",
        ),
        *words,
        cwd=folder,
        GIT_CONFIG_GLOBAL="/dev/null",
        GIT_CONFIG_NOSYSTEM="1",
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def _repository(folder: Path) -> str:
    _git(folder, "init", "--quiet")
    _git(folder, "add", "--all")
    _git(folder, "commit", "--quiet", "--message", "All")
    return _git(folder, "rev-parse", "HEAD")


def test_hook_stops_a_bad_page_and_passes_a_good_one(tmp_path: Path) -> None:
    hook = copy_checkout(tmp_path / "hook")
    revision = _repository(hook)
    site = tmp_path / "site"
    site.mkdir()
    (site / ".pre-commit-config.yaml").write_text(
        _CONFIG.format(hook=hook.as_posix(), revision=revision), encoding="utf-8"
    )
    page = site / "page.md"
    page.write_text(_BAD, encoding="utf-8")
    # A named file that kaplint cannot read would end in exit 2: the hook must not hand it over.
    (site / "prices.csv").write_text("Ketamine cures depression,400\n", encoding="utf-8")
    _repository(site)

    def check() -> tuple[int, str]:
        done = run(
            *(sys.executable, "-m", "pre_commit", "run", "--all-files"),
            cwd=site,
            PRE_COMMIT_HOME=str(tmp_path / "home"),
            KAPLINT_CACHE_DIR=str(tmp_path / "cache"),
            GIT_CONFIG_GLOBAL="/dev/null",
        )
        return done.returncode, done.stdout + done.stderr

    code, printed = check()
    assert code == 1, printed
    assert "page.md:3:10" in printed
    assert "error[CU01]" in printed
    assert "Found " in printed
    assert "prices.csv" not in printed

    page.write_text(_GOOD, encoding="utf-8")
    code, printed = check()
    assert code == 0, printed
    assert "Passed" in printed
