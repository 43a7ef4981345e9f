"""Rewording files: which rewordings are taken, and what stays as it was."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from running import CURE, SILENT, Kaplint, rule, write_rules

from kaplint import files as sources
from kaplint.fixes import apply
from kaplint.model import Edit, Fix

SAFE = "Guaranteed results.\n"
REWORDED = "Results that vary.\n"
BOTH = "Ketamine cures depression. Guaranteed results.\n"


def read(path: Path) -> str:
    """Return what a file holds, line ends as they are."""
    return path.read_bytes().decode("utf-8")


# Which


def test_only_safe_rewordings_are_taken(kaplint: Kaplint) -> None:
    path = kaplint.write("a.md", BOTH)
    done = kaplint("fix", "a.md")
    assert (done.code, done.out) == (0, "")
    assert done.err == "Took 1 rewording in 1 file.\n"
    assert read(path) == "Ketamine cures depression. Results that vary.\n"


def test_unsafe_takes_the_others_too_and_warns(kaplint: Kaplint) -> None:
    path = kaplint.write("a.md", BOTH)
    done = kaplint("fix", "--unsafe", "a.md")
    assert done.code == 0
    assert done.err.startswith("Took 2 rewordings in 1 file.\nSome may change what a sentence says")
    assert read(path) == "Ketamine may ease depression. Results that vary.\n"


def test_a_second_time_changes_nothing_more(kaplint: Kaplint) -> None:
    path = kaplint.write("a.md", BOTH)
    kaplint("fix", "--unsafe")
    before, when = read(path), path.stat().st_mtime_ns
    done = kaplint("fix", "--unsafe")
    assert (done.code, done.err) == (0, "No rewording to take.\n")
    assert (read(path), path.stat().st_mtime_ns) == (before, when)
    assert kaplint("fix").err == "No safe rewording to take.\n"


def test_diff_shows_what_would_change_and_writes_nothing(kaplint: Kaplint) -> None:
    path = kaplint.write("a.md", "One.\n\n" + SAFE + "\nTwo.\n")
    before = path.stat().st_mtime_ns
    done = kaplint("fix", "--diff")
    assert done.code == 0
    assert done.out == (
        "--- a.md\n+++ a.md\n@@ -2,3 +2,3 @@\n \n-Guaranteed results.\n+Results that vary.\n \n"
    )
    assert done.err == "Would take 1 rewording in 1 file.\n"
    assert path.stat().st_mtime_ns == before


@pytest.mark.skipif(shutil.which("patch") is None, reason="needs patch")
@pytest.mark.parametrize(
    "text",
    [
        SAFE,
        SAFE.rstrip("\n"),
        "One.\r\n\r\nGuaranteed results.\r\n",
        "One\u2028two\x0bthree\x85four.\n\nGuaranteed results.\n\nFive\x0csix.",
        "Caf\u00e9 \U0001f600.\n\nGuaranteed results.",
    ],
)
def test_the_diff_is_a_patch_of_what_fix_would_write(kaplint: Kaplint, text: str) -> None:
    kaplint.write("patched/a.md", text)
    kaplint.write("fixed/a.md", text)
    diff = kaplint.apart("fix", "--diff", "patched/a.md")
    assert diff.code == 0
    subprocess.run(
        ["patch", "-p0", "--binary", "-s"],
        cwd=kaplint.folder,
        input=diff.out.encode("utf-8"),
        check=True,
        timeout=60,
    )
    assert kaplint("fix", "fixed/a.md").code == 0
    patched, fixed = (read(kaplint.folder / name / "a.md") for name in ("patched", "fixed"))
    assert patched == fixed != text


def test_what_is_excused_or_not_selected_is_left(kaplint: Kaplint) -> None:
    path = kaplint.write("a.md", SAFE)
    assert kaplint("fix", "--ignore", "guarantee").err == "No safe rewording to take.\n"
    assert kaplint("fix", "--select", "cure").err == "No safe rewording to take.\n"
    kaplint.write("kaplint.yaml", "severity: {guarantee: off}\n")
    assert kaplint("fix").err == "No safe rewording to take.\n"
    assert read(path) == SAFE


def test_markup_inside_of_the_words_is_left(kaplint: Kaplint) -> None:
    text = "<p>Guaranteed <b>results</b>.</p>\n<p>Guaranteed results.</p>\n"
    path = kaplint.write("a.html", text)
    kaplint("fix")
    assert read(path) == "<p>Guaranteed <b>results</b>.</p>\n<p>Results that vary.</p>\n"


def test_everything_around_is_kept(kaplint: Kaplint) -> None:
    text = (
        "<!doctype html>\n<HTML><body class=x>\n<!-- note --><script>var a = 'cures';</script>\n"
        "<p title='Guaranteed results'>A &amp; b&nbsp;: <i>guaranteed results</i>!\t \n</p>\n"
    )
    path = kaplint.write("a.html", text)
    kaplint("fix")
    expected = text.replace("guaranteed results", "results that vary")
    assert read(path).replace("Results that vary", "Guaranteed results") == expected


def test_capitals_follow_the_words(kaplint: Kaplint) -> None:
    path = kaplint.write(
        "a.md", "# GUARANTEED RESULTS\n\n## Guaranteed Results\n\nAh, guaranteed results.\n"
    )
    kaplint("fix")
    assert read(path) == "# RESULTS THAT VARY\n\n## Results That Vary\n\nAh, results that vary.\n"


# Files as they were


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\n\n\r"])
def test_encoding_mark_and_line_ends_are_kept(kaplint: Kaplint, encoding: str, end: str) -> None:
    lines = ["Caf\u00e9 \u201cone\u201d.", "", "Guaranteed results for all.", "", "Three", ""]
    mark = {"utf-16-le": "\ufeff", "utf-16-be": "\ufeff"}.get(encoding, "")
    before = (mark + end.join(lines)).encode(encoding)
    path = kaplint.write("a.md", before)
    assert kaplint("fix").code == 0
    lines[2] = "Results that vary for all."
    assert path.read_bytes() == (mark + end.join(lines)).encode(encoding)


def test_a_declared_encoding_is_kept(kaplint: Kaplint) -> None:
    text = '<meta charset="iso-8859-2"><p>\u0141\u00f3d\u017a. Guaranteed results.</p>'
    path = kaplint.write("a.html", text.encode("iso-8859-2"))
    assert kaplint("fix").code == 0
    assert path.read_bytes().decode("iso-8859-2") == text.replace("Guaranteed r", "R").replace(
        "Results", "Results that vary"
    )


@pytest.mark.parametrize("encoding", ["unicode_escape", "utf-7", "raw_unicode_escape"])
def test_a_declared_encoding_that_would_change_the_rest_is_not_written(
    kaplint: Kaplint, encoding: str
) -> None:
    data = f'<meta charset="{encoding}"><p>\\n +AGE- \xe9. Guaranteed results.</p>'.encode(
        "latin-1"
    )
    path = kaplint.write("a.html", data)
    done = kaplint("fix")
    after = path.read_bytes()
    if done.code:
        assert "could not be written back unchanged" in done.err
        assert after == data
    else:
        assert after == data.replace(b"Guaranteed results", b"Results that vary")


def test_what_the_encoding_cannot_say_is_not_written(kaplint: Kaplint) -> None:
    own = {
        "hype/wow": rule(
            "ZZ01",
            {"phrase": ["wow"]},
            fix=[{"for": "wow", "with": "\u2192 hm", "safe": True}],
        )
    }
    write_rules(kaplint.folder / "own", own)
    data = "Caf\u00e9: ketamine, wow.\n".encode("cp1252")
    path = kaplint.write("a.md", data)
    done = kaplint("fix", "--rules", "own", "a.md")
    assert done.code == 2
    assert "a.md: '\u2192' cannot be written in cp1252" in done.err
    assert path.read_bytes() == data


@pytest.mark.skipif(sys.platform == "win32", reason="modes of POSIX")
@pytest.mark.parametrize("mode", [0o600, 0o644, 0o755, 0o664])
def test_permissions_are_kept(kaplint: Kaplint, mode: int) -> None:
    path = kaplint.write("a.md", SAFE)
    path.chmod(mode)
    assert kaplint("fix").code == 0
    assert read(path) == REWORDED
    assert stat.S_IMODE(path.stat().st_mode) == mode


@pytest.mark.skipif(sys.platform == "win32", reason="links want rights on Windows")
def test_a_link_stays_a_link(kaplint: Kaplint) -> None:
    real = kaplint.write("real/page.txt", SAFE)
    link = kaplint.folder / "a.md"
    link.symlink_to("real/page.txt")
    assert kaplint("fix", "a.md").code == 0
    assert link.is_symlink()
    assert read(real) == REWORDED


def test_nothing_else_is_left_in_the_folder(kaplint: Kaplint) -> None:
    kaplint.write("a.md", SAFE)
    kaplint("fix")
    assert os.listdir(kaplint.folder) == ["a.md"]


def test_a_file_without_a_rewording_is_not_touched(kaplint: Kaplint) -> None:
    path = kaplint.write("a.md", SILENT.rstrip("\n"))
    os.utime(path, (1, 1))
    kaplint("fix", "--unsafe")
    assert path.stat().st_mtime == 1


# What goes wrong


def test_a_file_that_changed_meanwhile_is_left(kaplint: Kaplint) -> None:
    path = kaplint.write("a.md", SAFE)
    other = kaplint.write("b.md", SAFE)
    real = sources.read

    def read_then_change(name: str) -> sources.SourceFile:
        file = real(name)
        if name == "a.md":
            path.write_text("Somebody wrote here.\n", encoding="utf-8")
        return file

    kaplint.monkeypatch.setattr(sources, "read", read_then_change)
    done = kaplint("fix")
    assert done.code == 2
    assert done.err == (
        "kaplint: a.md: changed meanwhile, left alone\nTook 1 rewording in 1 file.\n"
    )
    assert read(path) == "Somebody wrote here.\n"
    assert read(other) == REWORDED


def test_what_cannot_be_read_is_2_and_the_rest_is_done(kaplint: Kaplint) -> None:
    first = kaplint.write("a.md", SAFE)
    kaplint.write("b.md", b"\0\1\2" * 100)
    kaplint.write("c.docx", SAFE)
    last = kaplint.write("d.md", SAFE)
    done = kaplint("fix", "a.md", "b.md", "c.docx", "nowhere.md", "d.md")
    assert done.code == 2
    assert [line.split(":")[1].strip() for line in done.err.splitlines()[:3]] == [
        "b.md",
        "c.docx",
        "nowhere.md",
    ]
    assert done.err.endswith("Took 2 rewordings in 2 files.\n")
    assert (read(first), read(last)) == (REWORDED, REWORDED)


def test_what_cannot_be_written_is_2_and_stays(kaplint: Kaplint) -> None:
    path = kaplint.write("a.md", SAFE)
    other = kaplint.write("b.md", SAFE)
    real = os.replace

    def replace(source: str, target: str) -> None:
        if target.endswith("a.md"):
            raise PermissionError(13, "Permission denied")
        real(source, target)

    kaplint.monkeypatch.setattr(os, "replace", replace)
    done = kaplint("fix")
    assert done.code == 2
    assert done.err.startswith("kaplint: a.md: Permission denied\n")
    assert (read(path), read(other)) == (SAFE, REWORDED)
    assert sorted(os.listdir(kaplint.folder)) == ["a.md", "b.md"]


def test_a_diff_of_what_cannot_be_read_is_2_too(kaplint: Kaplint) -> None:
    kaplint.write("a.md", SAFE)
    done = kaplint("fix", "--diff", "a.md", "nowhere.md")
    assert done.code == 2
    assert "+Results that vary." in done.out


# Rewordings that meet


def fix(*edits: tuple[int, int, str]) -> Fix:
    """Return a fix of edits."""
    return Fix(tuple(Edit(*edit) for edit in edits), safe=True, text=edits[0][2])


@pytest.mark.parametrize(
    ("fixes", "text", "applied", "waiting"),
    [
        ([], "0123456789", 0, 0),
        ([fix((2, 4, "ab"))], "01ab456789", 1, 0),
        ([fix((2, 4, "")), fix((4, 6, "x"))], "01x6789", 2, 0),
        ([fix((4, 6, "x")), fix((2, 4, ""))], "01x6789", 2, 0),
        ([fix((2, 6, "ab")), fix((4, 8, "cd"))], "01ab6789", 1, 1),
        ([fix((2, 8, "ab")), fix((4, 6, "cd"))], "01ab89", 1, 1),
        ([fix((4, 6, "cd")), fix((2, 8, "ab"))], "0123cd6789", 1, 1),
        ([fix((2, 4, "ab")), fix((2, 4, "ab"))], "01ab456789", 1, 1),
        ([fix((0, 1, "a"), (8, 9, "b")), fix((7, 9, "c")), fix((4, 5, "d"))], "a123d567b9", 2, 1),
        ([fix((0, 0, "^")), fix((10, 10, "$"))], "^0123456789$", 2, 0),
        ([fix((4, 4, "may ")), fix((4, 4, "may "))], "0123may 456789", 1, 1),
        ([fix((4, 4, "may ")), fix((4, 6, "may x"))], "0123may 456789", 1, 1),
        ([fix((2, 4, "may")), fix((4, 4, " ease"))], "01may456789", 1, 1),
        ([fix((0, 10, ""))], "", 1, 0),
    ],
)
def test_of_two_that_overlap_the_first_is_taken(
    fixes: list[Fix], text: str, applied: int, waiting: int
) -> None:
    done = apply("0123456789", fixes)
    assert (done.text, done.applied, done.waiting) == (text, applied, waiting)


def test_two_paragraphs_may_be_put_in_at_one_place() -> None:
    first, second = (
        Fix((Edit(4, 4, text),), safe=False, text=text, kind="insert") for text in ("a\n", "b\n")
    )
    done = apply("0123456789", [first, second])
    assert (done.text.count("a\n"), done.text.count("b\n"), done.waiting) == (1, 1, 0)


def test_what_waits_is_taken_in_the_next_pass(kaplint: Kaplint) -> None:
    own = {
        "hype/one": rule(
            "ZZ01",
            {"phrase": ["alpha beta"]},
            fix=[{"for": "alpha beta", "with": "alpha gamma", "safe": True}],
        ),
        "hype/two": rule(
            "ZZ02",
            {"phrase": ["beta delta", "gamma delta"]},
            fix=[{"for": "(beta|gamma) delta", "with": "epsilon", "safe": True}],
        ),
    }
    write_rules(kaplint.folder / "own", own)
    path = kaplint.write("a.md", "Ketamine alpha beta delta.\n")
    done = kaplint("fix", "--rules", "own", "a.md")
    assert (done.code, done.err) == (0, "Took 2 rewordings in 1 file.\n")
    assert read(path) == "Ketamine alpha epsilon.\n"


def test_two_rules_at_odds_come_to_an_end(kaplint: Kaplint) -> None:
    own = {
        f"hype/{old}": rule(
            f"ZZ0{number}",
            {"phrase": [old]},
            fix=[{"for": old, "with": new, "safe": True}],
        )
        for number, (old, new) in enumerate((("ping", "pong"), ("pong", "ping")))
    }
    write_rules(kaplint.folder / "own", own)
    path = kaplint.write("a.md", "Ketamine ping.\n")
    assert kaplint("fix", "--rules", "own", "a.md").code == 0
    assert read(path) in ("Ketamine ping.\n", "Ketamine pong.\n")


def test_a_claim_is_gone_after_its_rewording(kaplint: Kaplint) -> None:
    kaplint.write("a.md", CURE + "\n" + SAFE)
    assert kaplint("check").code == 1
    kaplint("fix", "--unsafe")
    assert kaplint("check").code == 0
