"""Inputs that nobody should write: each ends in a report or a message, soon, and never in silence.

What was not read is never called clean: the exit code is 2 and the reason is told.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import IO

import pytest
import yaml
from running import CURE, Kaplint, Outcome, rule, write_rules

CLAIM = "Ketamine cures depression."
PLAIN = "our clinic is open on weekdays and a nurse will sit with you in the room "
MEGABYTE = 1_000_000


def honest(done: Outcome) -> Outcome:
    """Check what holds of every run: no traceback, no silence where something was wrong."""
    assert "Traceback" not in done.err
    assert done.code in (0, 1, 2)
    if done.code == 2:
        assert "could not be read: " in done.out or done.err.startswith("kaplint: ")
    return done


# Pages

FLAGGED: dict[str, str | bytes] = {
    "broken.html": f"<p <b>><i></p></p>< >{CLAIM}</b><table><td></p>",
    "unclosed.html": f"<div><p>{CLAIM}",
    "nested.html": "<div>" * 20_000 + CLAIM + "</div>" * 20_000,
    "nested-inline.html": "<b>" * 20_000 + CLAIM,
    "nested-tables.html": "<table><tr><td>" * 5_000 + CLAIM,
    "attributes.html": "<p " + "x=y " * 100_000 + f">{CLAIM}",
    "nested.md": "> " * 5_000 + CLAIM,
    "lists.md": "".join(f"{'  ' * depth}- x\n" for depth in range(500)) + "\n\n" + CLAIM,
    "brackets.html": "[" * 100_000 + f"<p>{CLAIM}",
    "brackets.md": "[" * 100_000 + f"\n\n{CLAIM}",
    "brackets.txt": "(" * 100_000 + f"\n\n{CLAIM}",
    "stars.md": "*a **b " * 20_000 + f"\n\n{CLAIM}",
    "ticks.md": "".join("`" * (n % 200 + 1) + "a " for n in range(2_000)) + f"\n\n{CLAIM}",
    "angles.html": "<" * 100_000 + f"<p>{CLAIM}",
    "ampersands.html": "&amp" * 50_000 + f"<p>{CLAIM}",
    "nul.txt": f"One\0two\0three.\n\n{CLAIM}",
    "nul.html": f"<p>One\0two</p><p>{CLAIM}",
    "controls.md": f"\x01\x02\x1b[2J\x7f\x85\n\n{CLAIM}",
    "invalid.md": b"caf\xe9 \xff\xfe \x80\n\n" + CLAIM.encode(),
    "surrogates.md": b"\xed\xa0\x80\n\n" + CLAIM.encode(),
    "utf16.txt": CLAIM.encode("utf-16"),
    "utf16be.html": b"\xfe\xff" + f"<p>{CLAIM}".encode("utf-16-be"),
    "utf32.md": CLAIM.encode("utf-32"),
    "latin.html": f'<meta charset="latin-1"><p>Caf\u00e9. {CLAIM}'.encode("latin-1"),
    "unknown.html": f'<meta charset="klingon"><p>Caf\u00e9. {CLAIM}'.encode("latin-1"),
    "codec.html": f'<meta charset="rot13"><p>Caf\u00e9. {CLAIM}'.encode("latin-1"),
    "undefined.html": f'<meta charset="undefined"><p>Caf\u00e9. {CLAIM}'.encode("latin-1"),
    "newlines.md": f"One.\r\rTwo.\n\rThree.\r\n\n\r{CLAIM}\r",
    "separators.txt": f"One.\u2028Two.\u2029\x0b\x0c\n\n{CLAIM}",
    "zero-width.txt": "K\u200betamine cu\u200br\u2060es depre\u00adssi\ufeffon.",
    "right-to-left.txt": f"\u202e{CLAIM}\u202c\u2066\u2069",
    "emoji.md": "\U0001f600\U0001f468\u200d\U0001f469\u200d\U0001f467" * 1_000 + f"\n\n{CLAIM}",
    "combining.txt": "e" + "\u0301" * 100_000 + f"\n\n{CLAIM}",
    "styled.txt": "\U0001d5f0" * 50_000 + f"\n\n{CLAIM}",
    "long-line.txt": PLAIN * (5 * MEGABYTE // len(PLAIN)) + f". {CLAIM}",
    "many-lines.md": "\n" * MEGABYTE + CLAIM,
    "blanks.txt": " " * MEGABYTE + CLAIM,
    "front.md": "---\n" + "a: [" * 5_000 + f"\n---\n\n{CLAIM}",
    "front-open.md": f"---\ntitle: x\n\n{CLAIM}",
    "directives.html": f"<!-- kaplint: allow GU01 x --><p>{CLAIM}</p>\n" * 500,
    "claims.txt": f"{CLAIM} " * 1_000,
    "one-sentence.txt": "ketamine cures depression and " * 500,
}


@pytest.mark.parametrize("name", FLAGGED)
def test_a_claim_is_found_in_the_worst_of_company(kaplint: Kaplint, name: str) -> None:
    kaplint.write(name, FLAGGED[name])
    done = honest(kaplint.apart("check", "-q", name))
    assert done.code == 1
    assert ": CU01 " in done.out


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github"])
def test_every_report_survives_every_page(kaplint: Kaplint, form: str) -> None:
    for name, page in FLAGGED.items():
        if len(page) < 50_000:
            kaplint.write(name, page)
    done = honest(kaplint.apart("check", "--output-format", form, "--show-excused"))
    assert done.code == 1
    assert not set(done.out) & {"\x1b", "\0", "\u202e"}
    if form == "text":
        assert max(len(line) for line in done.out.splitlines()) < 250


SILENT: dict[str, str | bytes] = {
    "empty.md": "",
    "empty.html": "",
    "empty.txt": "",
    "blank.md": " \t\n\r\n \x0c",
    "blank.html": " \t\n\r\n ",
    "mark.md": "\ufeff",
    "mark.html": b"\xff\xfe",
    "mark.txt": b"\xff\xfe\0\0",
    "letters.txt": "a" * (5 * MEGABYTE),
    "letters.md": "a" * (5 * MEGABYTE),
    "letters.html": "<p>" + "a" * (5 * MEGABYTE),
    "full-stops.txt": "." * 200_000,
    "quotes.txt": '"' * 200_000,
    "attribute.html": "<a href='" + "x" * 200_000,
    "comment.html": "<!--" + "-" * 200_000,
    "comments.html": "<!--" * 50_000,
    "scripts.html": "<script>" * 20_000,
    "images.md": "![" * 20_000,
    "links.md": "[a](" * 20_000,
    "table.md": "|a" * 2_000 + "|\n" + "|-" * 2_000 + "|\n" + "|b" * 2_000 + "|\n",
    "definitions.md": "".join(f"[{n}]: /u\n" for n in range(5_000)),
    "entities.html": "&#1;&#x110000;&#xd800;&nosuch;&" * 5_000,
    "cdata.html": "<![CDATA[" * 10_000,
    "doctype.html": "<!" * 50_000,
}


@pytest.mark.parametrize("name", SILENT)
def test_where_nothing_stands_nothing_is_found(kaplint: Kaplint, name: str) -> None:
    kaplint.write(name, SILENT[name])
    done = honest(kaplint.apart("check", name))
    assert done.code == 0
    assert done.out.startswith("No problems in 1 file.\n")


UNREADABLE: dict[str, bytes] = {
    "image.html": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 20,
    "zeros.txt": b"\0" * 1_000,
    "utf16-without-mark.md": CLAIM.encode("utf-16-le"),
    "half.txt": b"\xff\xfeK",
    "half32.txt": b"\xff\xfe\0\0K",
    "page.pdf": b"%PDF-1.4",
    "page": CLAIM.encode(),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_is_no_text_is_never_called_clean(kaplint: Kaplint, name: str) -> None:
    path = kaplint.write(name, UNREADABLE[name])
    for arguments in (("check", name), ("check", name, "--exit-zero"), ("fix", name)):
        assert honest(kaplint.apart(*arguments)).code == 2
    done = kaplint.apart("check", "-", "--stdin-filename", name, stdin=path.read_bytes())
    if name != "page":  # without a suffix standard input is plain text
        assert honest(done).code == 2


def test_a_file_that_is_too_large_is_said_to_be(kaplint: Kaplint) -> None:
    path = kaplint.write("a.md", CURE)
    os.truncate(path, 100 * 1024 * 1024)
    done = honest(kaplint.apart("check"))
    assert done.code == 2
    assert "a.md: could not be read: larger than 32 MB" in done.out


def test_a_file_that_may_not_be_read_is_said_so(kaplint: Kaplint) -> None:
    kaplint.write("a.md", CURE)
    kaplint.write("b.md", CURE)

    def refuse(path: str, mode: str) -> IO[bytes]:
        if path == "a.md":
            raise PermissionError(13, "Permission denied", path)
        return open(path, mode)

    # The tests may run as somebody who may read everything.
    kaplint.monkeypatch.setattr("kaplint.files.open", refuse, raising=False)
    done = kaplint("check", "-q")
    assert done.code == 2
    assert "b.md:1:10: CU01" in done.out
    assert "a.md: could not be read: Permission denied" in done.out
    done = kaplint("fix")
    assert done.code == 2
    assert done.err.startswith("kaplint: a.md: Permission denied\n")


def test_a_folder_is_no_page(kaplint: Kaplint) -> None:
    (kaplint.folder / "a.md").mkdir()
    done = honest(kaplint.apart("check", "a.md"))
    assert (done.code, done.out) == (0, "No files were read.\n")
    assert "no file to read was found" in done.err


@pytest.mark.skipif(sys.platform != "linux", reason="devices of Linux")
@pytest.mark.parametrize("name", ["/dev/null", "/dev/zero"])
def test_a_device_is_no_page(kaplint: Kaplint, name: str) -> None:
    for command in ("check", "fix"):
        assert honest(kaplint.apart(command, name)).code == 2


@pytest.mark.skipif(sys.platform == "win32", reason="links want rights on Windows")
def test_links_in_a_circle(kaplint: Kaplint) -> None:
    (kaplint.folder / "a.md").symlink_to("b.md")
    (kaplint.folder / "b.md").symlink_to("a.md")
    (kaplint.folder / "self").symlink_to(".")
    for arguments in (("check",), ("check", "a.md"), ("fix",)):
        assert honest(kaplint.apart(*arguments)).code == 2


# Rules of one's own

PHRASE = {"phrase": ["wow"]}
WRONG: dict[str, tuple[dict[str, object], str]] = {
    "runaway regex": (rule("ZZ01", {"regex": ["(a+)+b"]}), "runs away"),
    "broken regex": (rule("ZZ01", {"regex": ["(a"]}), "cannot be compiled"),
    "empty regex": (rule("ZZ01", {"regex": ["a*"]}), "could match nothing at all"),
    "empty pattern": (rule("ZZ01", {"phrase": ["wow?"]}), "could match nothing at all"),
    "no pattern": (rule("ZZ01", {"phrase": [""]}), ""),
    "too many ways": (
        rule("ZZ01", {"phrase": ["a " + "..20 (b|c|d|e|f) " * 8 + "g"]}),
        "ways at one place",
    ),
    "open bracket": (rule("ZZ01", {"phrase": ["(wow"]}), "a ( has no )"),
    "100k brackets": (rule("ZZ01", {"phrase": ["(" * 100_000]}), ""),
    "unknown class": (rule("ZZ01", {"phrase": ["{nothing}"]}), "no such class: {nothing}"),
    "huge gap": (rule("ZZ01", {"phrase": ["a ..99999999999 b"]}), "at most 20"),
    "unknown key": (rule("ZZ01", PHRASE, sevrity="error"), "sevrity (did you mean severity?)"),
    "unknown kind": (rule("ZZ01", {"phrases": ["wow"]}), "phrases (did you mean phrase?)"),
    "two kinds": (rule("ZZ01", {"phrase": ["a"], "regex": ["b"]}), "takes one key"),
    "find is a list": (rule("ZZ01", ["wow"]), "write a mapping"),
    "find is nothing": (rule("ZZ01", None), ""),
    "phrase is a mapping": (rule("ZZ01", {"phrase": {"a": "b"}}), "write a list here"),
    "code is a list": (rule("ZZ01", PHRASE, code=["ZZ01"]), "write text here"),
    "code is odd": (rule("zz-1", PHRASE), "a code is"),
    "code is taken": (rule("CU01", PHRASE), "the code CU01 stands in"),
    "severity is odd": (rule("ZZ01", PHRASE, severity="grave"), "'grave' is none of"),
    "severity is a mapping": (rule("ZZ01", PHRASE, severity={"a": "b"}), "write text here"),
    "guard is odd": (rule("ZZ01", PHRASE, unless=["negatd"]), "(did you mean negated?)"),
    "guard is a number": (rule("ZZ01", PHRASE, unless=[3]), "'3' is none of"),
    "role is odd": (rule("ZZ01", PHRASE, unless=[{"role": ["hedding"]}]), "no such role"),
    "norm is odd": (rule("ZZ01", PHRASE, norms=["no-such-norm"]), "no such norm"),
    "examples are text": (rule("ZZ01", PHRASE, examples="wow"), "write a mapping"),
    "an example without marks": (
        rule("ZZ01", PHRASE, examples={"bad": ["a", "b"], "good": ["c", "d"]}),
        "mark the words that are flagged",
    ),
    "fix remembers nothing": (
        rule("ZZ01", PHRASE, fix=[{"for": "wow", "with": "{what}"}]),
        "nothing in 'for' is remembered as 'what'",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_rule_is_told_with_its_line(kaplint: Kaplint, name: str) -> None:
    kaplint.write("a.md", CURE)
    data, what = WRONG[name]
    write_rules(kaplint.folder / "own", {"hype/wow": data})
    for command in (("check", "--rules", "own", "a.md"), ("selftest", "own")):
        done = honest(kaplint.apart(*command))
        assert (done.code, done.out) == (2, "")
        lines = done.err.splitlines()
        assert all(line.startswith("kaplint: own/hype/wow.yaml:") for line in lines), done.err
        assert all(line.split(":")[2].isdigit() for line in lines)
        assert what in done.err


FILES: dict[str, tuple[str | bytes, str]] = {
    "syntax": ("code: [", "not valid YAML"),
    "tab": ("\tcode: x", "not valid YAML"),
    "two documents": ("a: b\n---\nc: d\n", "not valid YAML"),
    "no mapping": ("- a\n- b\n", "write a mapping"),
    "text": ("wow", "write a mapping"),
    "keys twice": ("code: ZZ01\ncode: ZZ02\n", "the key 'code' stands twice"),
    "keys missing": ("code: ZZ01\n", "the key 'find' is missing"),
    "key is a list": ("[a]: b\n", "a key must be a word"),
    "no UTF-8": (b"code: caf\xe9\n", "is not UTF-8"),
    "nul": (b"code: \0\n", "not valid YAML"),
    "alias of itself": ("code: &a [*a]\n", "write text here"),
    "aliases of aliases": (
        "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\ncode: *c\n",
        "write text here",
    ),
    "tag of Python": ("code: !!python/object/apply:os.system ['true']\n", "write text here"),
    "deep": ("code: " + "[" * 2_000 + "]" * 2_000 + "\n", ""),
}


@pytest.mark.parametrize("name", FILES)
def test_a_wrong_rule_file_is_told(kaplint: Kaplint, name: str) -> None:
    kaplint.write("a.md", CURE)
    text, what = FILES[name]
    kaplint.write("own/hype/wow.yaml", text)
    done = honest(kaplint.apart("check", "--rules", "own", "a.md"))
    assert (done.code, done.out) == (2, "")
    assert "kaplint: own/hype/wow.yaml:" in done.err
    assert what in done.err


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing yet\n"])
def test_an_empty_rule_file_is_told(kaplint: Kaplint, text: str) -> None:
    kaplint.write("own/hype/wow.yaml", text)
    done = honest(kaplint.apart("check", "--rules", "own"))
    assert done.code == 2
    assert "own/hype/wow.yaml:1: " in done.err


def test_every_mistake_of_every_file_is_told_at_once(kaplint: Kaplint) -> None:
    kaplint.write("own/hype/a.yaml", "code: [")
    write_rules(kaplint.folder / "own", {"hype/b": rule("ZZ01", {"phrase": ["(", "wow?"]})})
    kaplint.write("own/hipe/c.yaml", "")
    done = kaplint.apart("check", "--rules", "own")
    assert done.code == 2
    told = [line.split(":")[1].strip() for line in done.err.splitlines()]
    assert told == ["own/hipe", "own/hype/a.yaml", "own/hype/b.yaml", "own/hype/b.yaml"]
    assert "(did you mean hype?)" in done.err


def test_a_folder_of_rules_that_is_none(kaplint: Kaplint) -> None:
    kaplint.write("a.md", CURE)
    (kaplint.folder / "own/hype/wow.yaml").mkdir(parents=True)
    for name in ("a.md", "nowhere", "own"):
        done = honest(kaplint.apart("check", "--rules", name, "a.md"))
        assert (done.code, done.out) == (2, "")


def test_a_regex_that_runs_away_on_one_page_fails_that_page_only(kaplint: Kaplint) -> None:
    # Harmless on every text that a rule is tried with, but not on this one.
    slow = "(?:q|q)+(?:q|q)+(?:q|q)+z"
    write_rules(kaplint.folder / "own", {"hype/wow": rule("ZZ01", {"regex": [slow]})})
    kaplint.write("a.md", CURE)
    kaplint.write("b.md", CURE + "\n" + "q" * 30_000)
    done = honest(kaplint.apart("check", "-q", "--rules", "own", "."))
    assert done.code == 2
    assert "a.md:1:10: CU01" in done.out
    assert "b.md: could not be read: " in done.out
    assert "ZZ01" in done.out


# Configuration


@pytest.mark.parametrize(
    "text",
    [
        b"\xff\xfe\0",
        b"\0",
        b"select: [",
        b"select: " + b"[" * 2_000,
        b"a: &a [*a]\nselect: *a\n",
        b"select: &a [*a]\n",
        b"exclude: ['" + b"*" * 5_000 + b"', 3]\nselect: [XX]\n",
        b"reading-grade: 1e999\n",
        b"reading-grade: 0x10\n",
        b"rules: [/dev/null]\n",
        b"rules: [~nobody/x]\n",
        b"rules: ['']\nselect: [XX]\n",
        b"per-file-ignores: {'[': [XX]}\n",
    ],
)
def test_a_hostile_configuration_is_told(kaplint: Kaplint, text: bytes) -> None:
    kaplint.write("a.md", CURE)
    kaplint.write("kaplint.yaml", text)
    done = honest(kaplint.apart("check", "a.md"))
    assert (done.code, done.out) == (2, "")


def test_a_configuration_that_is_a_folder(kaplint: Kaplint) -> None:
    kaplint.write("a.md", CURE)
    (kaplint.folder / "folder").mkdir()
    for command in (("check", "a.md"), ("fix", "a.md"), ("rules",), ("explain", "CU01")):
        done = honest(kaplint.apart(*command, "--config", "folder"))
        assert done.code == 2
        assert done.err == "kaplint: folder: cannot be read: Is a directory\n"


def test_rules_that_are_written_by_a_program_are_read(kaplint: Kaplint) -> None:
    # What the tests above rely on: the rule itself is right.
    folder = write_rules(kaplint.folder / "own", {"hype/wow": rule("ZZ01", PHRASE)})
    assert isinstance(yaml.safe_load(Path(folder / "hype/wow.yaml").read_text("utf-8")), dict)
    kaplint.write("a.md", "Wow, ketamine.")
    assert kaplint("check", "--rules", "own", "--output-format", "json", "a.md").codes == ["ZZ01"]
