"""``kaplint diff``: files, folders and revisions of git; formats, exit codes, what a person is told."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from running import Kaplint

from kaplint import rulebook
from kaplint.commands.versions import VERSION

WEAK = "# TMS\n\nTMS may ease depression. It can cause headaches.\n"
STRONG = "# TMS\n\nTMS eases depression. It can cause headaches.\n"
Git = Callable[..., str]


@pytest.fixture
def kap(kaplint: Kaplint, monkeypatch: pytest.MonkeyPatch) -> Kaplint:
    """Return the command with the shipped rules: words of strength are rules."""
    from running import SHIPPED

    monkeypatch.setattr(rulebook, "rules_folder", lambda: os.fspath(SHIPPED))
    return kaplint


@pytest.fixture
def git(kap: Kaplint) -> Git:
    """Return git, run in a repository of the test's own with one commit of two pages."""

    def run(*arguments: str) -> str:
        names = ("AUTHOR", "COMMITTER")
        who = {f"GIT_{n}_NAME": "Test" for n in names} | {f"GIT_{n}_EMAIL": "t@t" for n in names}
        plain = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
        done = subprocess.run(
            ("git", "-c", "commit.gpgsign=false", *arguments),
            cwd=kap.folder,
            env=plain | who | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull},
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        return done.stdout

    run("init", "--quiet", "--initial-branch=main")
    kap.write("site/a.md", WEAK)
    kap.write("site/b.md", "# Hours\n\nWe open at nine. See you.\nBring your letter.\n")
    run("add", ".")
    run("commit", "--quiet", "--message=one")
    return run


# Files and folders


def test_nothing_stronger_is_0(kap: Kaplint) -> None:
    kap.write("old.md", STRONG)
    kap.write("new.md", WEAK)
    done = kap("diff", "old.md", "new.md")
    assert (done.code, done.out, done.err) == (0, "Nothing became stronger in 1 file.\n", "")


def test_where_nothing_could_be_read_nothing_is_said_of_strength(kap: Kaplint) -> None:
    kap.write("old.md", WEAK)
    done = kap("diff", "old.md", "none.md")
    assert done.code == 2
    assert done.out.endswith("\n\nNo files were compared.\n")


def test_something_stronger_is_1_and_shows_both_versions(kap: Kaplint) -> None:
    kap.write("old.md", WEAK)
    kap.write("new.md", "\n" + STRONG)
    done = kap("diff", "old.md", "new.md")
    assert done.code == 1
    lines = done.out.splitlines()
    assert lines[0].startswith("new.md:4:1  stronger[hedge-lost")
    assert lines[1] == '  hedge-lost: "may" is gone; what was possible is now stated'
    assert "  3 | - TMS may ease depression." in lines
    assert "    |       ^^^^^^^^" in lines
    assert "  4 | + TMS eases depression." in lines
    assert lines[-1].startswith("1 statement became stronger in 1 file (1 hedge-lost")
    assert kap("diff", "--exit-zero", "old.md", "new.md").code == 0


def test_what_became_weaker_is_told_with_all(kap: Kaplint) -> None:
    kap.write("old.md", STRONG)
    kap.write("new.md", WEAK)
    done = kap("diff", "--all", "old.md", "new.md")
    assert done.code == 0
    assert "weaker[hedge-added" in done.out
    assert "1 statement became weaker" in done.out


def test_colours_are_for_terminals_or_on_demand(kap: Kaplint) -> None:
    kap.write("old.md", WEAK)
    kap.write("new.md", STRONG)
    assert "\x1b[" not in kap("diff", "old.md", "new.md").out
    assert "\x1b[31m-" in kap("diff", "--color", "always", "old.md", "new.md").out


def test_a_page_cannot_steer_the_terminal(kap: Kaplint) -> None:
    kap.write("old.md", WEAK)
    kap.write("new.md", STRONG.replace("eases", "eases \x1b[2J\u202e"))
    done = kap("diff", "old.md", "new.md")
    assert done.code == 1
    assert "\x1b" not in done.out
    assert "\u202e" not in done.out


def test_folders_are_matched_by_path(kap: Kaplint) -> None:
    kap.write("old/a.md", WEAK)
    kap.write("old/in/b.html", "<p>TMS may ease depression.</p>")
    kap.write("old/gone.md", WEAK)
    kap.write("new/a.md", WEAK)
    kap.write("new/in/b.html", "<p>TMS eases depression.</p>")
    kap.write("new/come.md", "We open at nine.\n")
    done = kap("diff", "old", "new")
    assert done.code == 1
    assert "new/in/b.html:1:4  stronger[hedge-lost" in done.out
    assert "new/come.md is new: " in done.out
    assert "old/gone.md is gone: " in done.out
    assert "a.md:" not in done.out.replace("gone.md", "")


def test_excluded_files_are_left_alone(kap: Kaplint) -> None:
    kap.write("old/a.md", WEAK)
    kap.write("new/a.md", STRONG)
    assert kap("diff", "--exclude", "new/a.md,old/a.md", "old", "new").code == 0
    kap.write("kaplint.yaml", "exclude: [a.md]\n")
    assert kap("diff", "old", "new").code == 0
    assert kap("diff", "--no-config", "old", "new").code == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("a.md",), "name two files or two folders"),
        ((), "name two files or two folders"),
        (("a.md", "folder"), "folder is a folder and a.md is a file"),
        (("a.md", "none.md"), "none.md: could not be read: no such file or folder"),
        (("a.md", "c.pdf"), "c.pdf: could not be read"),
        (("a.md", "d.md"), "d.md: could not be read: not a text file"),
    ],
)
def test_what_cannot_be_compared_is_2(kap: Kaplint, arguments: tuple[str, ...], said: str) -> None:
    kap.write("a.md", WEAK)
    kap.write("folder/b.md", WEAK)
    kap.write("c.pdf", "text")
    kap.write("d.md", b"\0" * 40)
    done = kap("diff", *arguments)
    assert done.code == 2
    assert said in done.out + done.err


# Formats


def test_json_holds_both_versions(kap: Kaplint) -> None:
    kap.write("old.md", WEAK)
    kap.write("new.md", STRONG)
    done = kap("diff", "--output-format", "json", "old.md", "new.md")
    assert done.code == 1
    report = json.loads(done.out)
    assert report["version"] == VERSION
    assert report["files"] == [{"path": "new.md", "old_path": "old.md", "status": "changed"}]
    (change,) = report["changes"]
    assert change["stronger"] is True
    assert change["kinds"][0] == {
        "kind": "hedge-lost",
        "stronger": True,
        "detail": '"may" is gone',
    }
    assert change["old"]["text"] == "TMS may ease depression."
    assert change["new"] == {
        "text": "TMS eases depression.",
        "line": 3,
        "column": 1,
        "marks": [[4, 9]],
    }
    assert report["summary"]["stronger"] == 1
    assert report["failures"] == []


def test_github_gets_one_command_a_statement(kap: Kaplint) -> None:
    kap.write("old.md", WEAK)
    kap.write("new.md", STRONG)
    done = kap("diff", "--output-format", "github", "old.md", "new.md")
    (line,) = done.out.splitlines()
    assert line.startswith("::warning file=new.md,line=3,title=stronger%3A hedge-lost")
    assert "%0A- TMS may ease depression.%0A+ TMS eases depression." in line


@pytest.mark.parametrize("form", ["json", "github"])
def test_failures_are_told_to_people_and_machines(kap: Kaplint, form: str) -> None:
    kap.write("a.md", WEAK)
    done = kap("diff", "--output-format", form, "a.md", "none.md")
    assert done.code == 2
    assert "none.md" in done.out
    assert done.err == "kaplint: none.md: no such file or folder\n"


# Revisions


def test_since_compares_with_a_revision(kap: Kaplint, git: Git) -> None:
    assert kap("diff", "--since", "HEAD").out == "Nothing became stronger in 0 files.\n"
    kap.write("site/a.md", STRONG)
    done = kap("diff", "--since", "HEAD")
    assert done.code == 1
    assert done.out.startswith("site/a.md:3:1  stronger[hedge-lost")
    git("commit", "--quiet", "--all", "--message=two")
    assert kap("diff", "--since", "main").code == 0
    assert kap("diff", "--since", "main~1", "site").code == 1
    assert kap("diff", "--since", "main~1", "site/b.md").code == 0


def test_since_works_below_the_top(kap: Kaplint, git: Git, monkeypatch: pytest.MonkeyPatch) -> None:
    kap.write("site/a.md", STRONG)
    monkeypatch.chdir(kap.folder / "site")
    done = kap("diff", "--since", "HEAD")
    assert done.out.startswith("a.md:3:1  stronger")


def test_a_file_that_is_new_counts_with_all_its_findings(kap: Kaplint, git: Git) -> None:
    kap.write("site/c.md", "Ketamine cures depression.\n")
    done = kap("diff", "--since", "HEAD")
    assert done.code == 1
    assert "site/c.md is new: " in done.out
    assert "new-finding: CU01 cures: cures depression" in done.out


def test_a_file_that_is_gone_is_told(kap: Kaplint, git: Git) -> None:
    (kap.folder / "site" / "b.md").unlink()
    done = kap("diff", "--since", "HEAD")
    assert done.code == 0
    assert "site/b.md is gone: " in done.out
    named = kap("diff", "--since", "HEAD", "site/b.md")
    assert (named.code, "site/b.md is gone: " in named.out) == (0, True)


@pytest.mark.parametrize("known", [True, False], ids=["staged", "untracked"])
def test_a_file_that_was_renamed_is_compared(kap: Kaplint, git: Git, known: bool) -> None:
    folder = kap.folder / "site"
    more = "\n\nA visit takes an hour.\n\nYou sit in a chair.\n\nA nurse stays with you.\n"
    kap.write("site/a.md", WEAK + more)
    git("commit", "--quiet", "--all", "--message=two")
    shutil.move(folder / "a.md", folder / "tms.md")
    if known:
        git("add", "--all")
    kap.write("site/tms.md", STRONG + more)
    done = kap("diff", "--since", "HEAD", "site/tms.md")
    assert done.code == 1
    assert "site/tms.md was HEAD:site/a.md." in done.out
    assert "site/tms.md:3:1  stronger[hedge-lost" in done.out


def test_ignored_and_other_files_are_left_alone(kap: Kaplint, git: Git) -> None:
    kap.write(".gitignore", "draft.md\n")
    kap.write("draft.md", "Ketamine cures depression.\n")
    kap.write("notes.py", "Ketamine cures depression.\n")
    assert kap("diff", "--since", "HEAD").code == 0


def test_names_of_any_letters_are_read(kap: Kaplint, git: Git) -> None:
    kap.write("site/prix été.md", WEAK)
    git("add", ".")
    git("commit", "--quiet", "--message=two")
    kap.write("site/prix été.md", STRONG)
    assert "site/prix été.md:3:1  stronger" in kap("diff", "--since", "HEAD").out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--since", "no-such"), "no such revision: no-such"),
        (("--since", "--all"), "expected one argument"),
        (("--since=--output=x",), "--since takes a revision"),
        (("--since", "HEAD", "none.md"), "none.md: could not be read: no such file or folder, now"),
        (("--since", "HEAD", ".", ".."), "lies outside of the repository"),
    ],
)
def test_a_revision_or_path_that_is_wrong_is_2(
    kap: Kaplint, git: Git, arguments: tuple[str, ...], said: str
) -> None:
    done = kap("diff", *arguments)
    assert done.code == 2
    assert said in done.out + done.err


def test_without_a_repository_since_is_2(kap: Kaplint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(kap.folder.parent))
    done = kap("diff", "--since", "HEAD")
    assert done.code == 2
    assert "in no git repository" in done.err


def test_without_git_since_is_2(
    kap: Kaplint, git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    done = kap("diff", "--since", "HEAD")
    assert done.code == 2
    assert "git is not installed" in done.err
