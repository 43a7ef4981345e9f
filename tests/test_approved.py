"""The clinic's own claims on the command line: found, listed, shown, added, checked and reported."""

from __future__ import annotations

import json
import os
from datetime import date, timedelta
from pathlib import Path

import pytest
from running import CURE, SILENT, Kaplint

from kaplint.api import Linter
from kaplint.approvals import load
from kaplint.codes import CODES
from kaplint.config import Config, read

TODAY = date.today()
LATER = TODAY + timedelta(400)
SOON = TODAY + timedelta(10)
PAST = TODAY - timedelta(1)
OLD = TODAY - timedelta(500)
SURE = "Ketamine cures depression in seven of ten people in our clinic."
DRIFTED = "Ketamine cures depression in nine of ten people in our clinic."


def entry(wording: str, key: str = "mood", expires: date = LATER, more: str = "") -> str:
    return (
        f"{key}:\n  claim: It cures.\n  wordings: ['{wording}']\n  population: adults\n"
        f"  owner: Dr Osei\n  approved: {OLD}\n  expires: {expires}\n{more}"
    )


def add(kaplint: Kaplint, key: str, *more: str) -> tuple[int, str, str]:
    done = kaplint(
        *("evidence", "add", "--key", key, "--population", "adults", "--owner", "Dr Osei"),
        *more,
    )
    return done.code, done.out, done.err


# Where the file is


def test_it_is_found_beside_the_configuration(kaplint: Kaplint) -> None:
    page = kaplint.write("site/a.md", CURE)
    assert kaplint("check", page).code == 1
    path = kaplint.write("evidence.yaml", entry(CURE.strip()))
    assert kaplint("check", page).code == 0  # no configuration: in the working folder
    assert kaplint("check", "--no-config", page).code == 1
    config = kaplint.write("conf/kaplint.yaml", "strict: false\n")
    assert kaplint("check", "--config", config, page).code == 1
    os.rename(path, config.parent / "evidence.yaml")
    assert kaplint("check", "--config", config, page).code == 0
    assert kaplint("check", page).code == 1


@pytest.mark.parametrize("name", ["kaplint.yaml", "pyproject.toml"])
def test_the_configuration_names_it(kaplint: Kaplint, name: str) -> None:
    texts = {
        "kaplint.yaml": "evidence: legal/claims.yaml\nevidence-notice-days: 5\n",
        "pyproject.toml": '[tool.kaplint]\nevidence = "legal/claims.yaml"\nevidence-notice-days = 5\n',
    }
    path = kaplint.write(name, texts[name])
    done = kaplint("check", ".")
    assert (done.code, done.out) == (2, "")
    line = 1 if name == "kaplint.yaml" else 2
    assert f"{name}:{line}: there is no file legal/claims.yaml" in done.err
    own = kaplint.write("legal/claims.yaml", entry(CURE.strip(), expires=SOON))
    kaplint.write("evidence.yaml", "this is: not read\n")
    config = read(str(path))
    assert (config.evidence, config.evidence_notice_days) == (str(own), 5)
    kaplint.write("a.md", CURE)
    done = kaplint("check", "a.md", "--output-format", "json", "--show-excused")
    assert (done.code, done.codes) == (0, [])
    kaplint.write(
        name, texts[name].replace('"legal/claims.yaml"', '""').replace("legal/claims.yaml", '""')
    )
    assert read(str(path)).evidence == ""


@pytest.mark.parametrize("value", ["-1", "soon", "1.5", "[3]", "1000000"])
def test_days_of_notice_are_a_number(kaplint: Kaplint, value: str) -> None:
    kaplint.write("kaplint.yaml", f"strict: false\nevidence-notice-days: {value}\n")
    done = kaplint("check", ".")
    assert done.code == 2
    assert "kaplint.yaml:2: write a number of days here, such as 30" in done.err


def test_mistakes_are_2_with_their_lines(kaplint: Kaplint) -> None:
    kaplint.write("evidence.yaml", entry("x y").replace("owner", "ownr") + "  markets: [mars]\n")
    kaplint.write("a.md", SILENT)
    for command in (("check", "a.md"), ("evidence", "check", "a.md"), ("evidence", "list")):
        done = kaplint(*command)
        assert (done.code, done.out) == (2, "")
        assert "evidence.yaml:5: no such key: ownr (did you mean owner?)" in done.err
        assert "evidence.yaml:8: no jurisdiction is called mars" in done.err


def test_a_library_reads_none_that_is_not_named(kaplint: Kaplint) -> None:
    path = kaplint.write("evidence.yaml", entry(CURE.strip()))
    assert Linter(Config()).approvals is None
    named = Linter(Config(evidence=str(path)), today=LATER + timedelta(1))
    assert [f.rule for f in named.text(CURE, suffix=".md") if not f.excuse] == ["KL04", "CU01"]


def test_many_processes_know_the_day(kaplint: Kaplint) -> None:
    path = kaplint.write("evidence.yaml", entry(CURE.strip()))
    for number in range(70):
        kaplint.write(f"site/{number}.md", CURE)
    linter = Linter(Config(evidence=str(path)), today=LATER + timedelta(1))
    report = linter.paths(["site"], jobs=2)
    assert len([f for f in report.reported if f.rule == "KL04"]) == 70


# Reports


def test_every_format_tells_what_is_excused_and_what_is_not(kaplint: Kaplint) -> None:
    kaplint.write("evidence.yaml", entry(SURE) + entry(CURE.strip(), "old", PAST))
    page = kaplint.write("a.md", f"{SURE}\n\n{DRIFTED}\n\n{CURE}")

    def told(form: str) -> str:
        return kaplint("check", page, "--show-excused", "--output-format", form).out

    text = told("text")
    assert "excused by evidence (mood, approved by Dr Osei)" in text
    assert "'seven' became 'nine'" in text
    assert f"The approval of old expired on {PAST}." in text
    found = json.loads(told("json"))
    codes = [f["rule"] for f in found["findings"]]
    assert sorted(codes) == ["CU01", "CU01", "KL03", "KL04"]
    assert [f["excuse"] for f in found["excused"]] == [
        {"by": "evidence", "detail": "mood, approved by Dr Osei"}
    ]
    run = json.loads(told("sarif"))["runs"][0]
    rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
    for code in ("KL03", "KL04"):
        assert CODES[code].advice in rules[code]["help"]["text"]
        assert rules[code]["properties"]["tags"] == ["evidence"]
    kinds = [s["kind"] for result in run["results"] for s in result["suppressions"]]
    assert kinds == ["external"]
    github = told("github")
    assert "KL03" in github
    assert "KL04" in github
    statistics = kaplint("check", page, "--statistics").out
    assert "claim-drifted" in statistics


def test_explain_knows_the_findings_about_claims(kaplint: Kaplint) -> None:
    for code, about in CODES.items():
        done = kaplint("explain", code)
        assert done.out.startswith(f"{code} {about.name}\n")
        assert about.advice.split()[0] in done.out
        assert kaplint("explain", about.name).out == done.out


def test_why_names_the_entry(kaplint: Kaplint) -> None:
    kaplint.write("evidence.yaml", entry(CURE.strip()))
    page = kaplint.write("a.md", CURE)
    out = kaplint("why", f"{page}:1").out
    assert "is spared: evidence (mood, approved by Dr Osei)" in out


# List, search, show


def test_own_claims_are_listed_and_marked(kaplint: Kaplint) -> None:
    kaplint.write("evidence.yaml", entry(CURE.strip()))
    done = kaplint("evidence", "list")
    assert done.out == (
        "\nclaims of your own\n"
        f"  mood                                 own         to {LATER}  It cures.\n"
        "\n1 entry\n"
    )
    assert "mood" not in kaplint("evidence", "list", "--kind", "trial").out
    assert "mood" not in kaplint("evidence", "list", "--no-config").out
    assert "  mood " in kaplint("evidence", "search", "OSEI", "ketamine").out
    assert "mood" not in kaplint("evidence", "search", "osei", "tms").out


def test_own_claims_are_shown(kaplint: Kaplint) -> None:
    more = "  references: ['https://a.org/1']\n  markets: [us]\n  note: Ask again.\n"
    kaplint.write("evidence.yaml", "# first\n\n" + entry(CURE.strip(), more=more))
    assert kaplint("evidence", "show", "mood").out == (
        f"mood\n\n  own claim · approved by Dr Osei · {OLD} to {LATER}\n\n"
        "  Claim: It cures.\n  People: adults\n  Markets: us\n  Note: Ask again.\n\n"
        "  Approved wordings:\n    - Ketamine cures depression.\n\n"
        "  References:\n    - https://a.org/1\n\n  Register file: evidence.yaml:3\n"
    )
    done = kaplint("evidence", "show", "moods")
    assert done.code == 2
    assert "did you mean mood?" in done.err
    assert kaplint("evidence", "export", "mood").code == 2


# Adding


def test_add_makes_a_file_and_appends_to_it(kaplint: Kaplint) -> None:
    path = kaplint.folder / "evidence.yaml"
    options = ("--wording", CURE.strip(), "--expires", str(LATER))
    assert add(kaplint, "mood", *options) == (0, "Wrote evidence.yaml: mood\n", "")
    first = path.read_text(encoding="utf-8")
    path.write_text("# by hand\n" + first.rstrip("\n") + "  # to stay", encoding="utf-8")
    several = (
        *("--wording", "It helps.", "--wording", "It may help.", "--claim", "A help"),
        *("--reference", "https://a.org/1", "--reference", "Jones 2020", "--market", "us"),
        *("--market", "uk", "--approved", "2020-02-29", "--expires", str(LATER), "--note", "n"),
    )
    assert add(kaplint, "help", *several) == (0, "Added to evidence.yaml: help\n", "")
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# by hand\n" + first.rstrip("\n") + "  # to stay\n\nhelp:\n")
    one, two = load(str(path), markets=lambda: ("us", "uk"))
    assert (one.claim, one.wordings, one.approved) == (CURE.strip(), (CURE.strip(),), TODAY)
    assert (two.claim, two.wordings) == ("A help", ("It helps.", "It may help."))
    assert (two.references, two.markets) == (("https://a.org/1", "Jones 2020"), ("us", "uk"))
    assert (two.approved, two.expires, two.note) == (date(2020, 2, 29), LATER, "n")
    kaplint.write("a.md", CURE)
    assert kaplint("check", "a.md").code == 0


def test_add_keeps_line_ends_mode_and_links(kaplint: Kaplint) -> None:
    real = kaplint.write("real.yaml", entry(CURE.strip()).replace("\n", "\r\n"))
    real.chmod(0o640)
    (kaplint.folder / "evidence.yaml").symlink_to(real)
    assert add(kaplint, "b", "--wording", "It helps.", "--expires", str(LATER))[0] == 0
    data = real.read_bytes()
    assert b"\r\n\r\nb:\r\n" in data
    assert data.count(b"\n") == data.count(b"\r\n")
    assert real.stat().st_mode & 0o777 == 0o640
    assert (kaplint.folder / "evidence.yaml").is_symlink()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--wording", "It helps.", "--expires", "soon"), "--expires: write a date here"),
        (("--wording", "It helps.", "--expires", str(PAST)), "it expires before it was approved"),
        (("--wording", "One. Two."), "a wording is one sentence"),
        (("--wording", "It helps.", "--market", "mars"), "no jurisdiction is called mars"),
        (("--wording", "It helps.", "--reference", "smith-2020"), "is called smith-2020"),
        (("--wording", "It helps.", "--approved", "1"), "--approved: write a date here"),
        (("--wording", " "), "write text here, not nothing"),
    ],
)
def test_add_writes_nothing_that_is_wrong(
    options: tuple[str, ...], told: str, kaplint: Kaplint
) -> None:
    before = entry(CURE.strip())
    path = kaplint.write("evidence.yaml", before)
    if "--expires" not in options:
        options = (*options, "--expires", str(LATER))
    code, out, err = add(kaplint, "new", *options)
    assert (code, out) == (2, "")
    assert told in err
    assert path.read_text(encoding="utf-8") == before
    assert os.listdir(kaplint.folder) == ["evidence.yaml"]


@pytest.mark.parametrize("key", ["mood", "Bad Key"])
def test_add_wants_a_new_and_proper_key(key: str, kaplint: Kaplint) -> None:
    kaplint.write("evidence.yaml", entry(CURE.strip()))
    code, _, err = add(kaplint, key, "--wording", "It helps.", "--expires", str(LATER))
    assert code == 2
    assert f"'{key}'" in err


# Checking


@pytest.fixture
def site(kaplint: Kaplint) -> Path:
    kaplint.write(
        "evidence.yaml",
        entry(SURE)
        + entry("It is a miracle.", "wonder", SOON)
        + entry(CURE.strip(), "old", PAST)
        + entry("Nobody says this.", "unused")
        + entry("Only said in Britain.", "british", more="  markets: [uk]\n"),
    )
    kaplint.write("site/a.md", f"# Hello\n\nWelcome. {SURE} Bye.\n")
    kaplint.write("site/b.html", f"<p>It is a <b>miracle</b>.</p>\n<p>{SURE}</p>\n")
    return kaplint.folder / "site"


def test_check_tells_how_each_claim_stands(kaplint: Kaplint, site: Path) -> None:
    done = kaplint("evidence", "check", "site")
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        f"mood (Dr Osei, {OLD} to {LATER})\n"
        '  in use   site/a.md:3:10  "Ketamine cures depression in seven of ten people in our cli…"\n'
        '  in use   site/b.html:2:4  "Ketamine cures depression in seven of ten people in our cli…"\n'
        "\n"
        f"wonder (Dr Osei, {OLD} to {SOON}, expires soon)\n"
        '  in use   site/b.html:1:4  "It is a miracle"\n'
        "\n"
        f"old (Dr Osei, {OLD} to {PAST}, expired)\n"
        "  no page uses it\n"
        "\n"
        f"unused (Dr Osei, {OLD} to {LATER})\n"
        "  no page uses it\n"
        "\n"
        f"british (Dr Osei, {OLD} to {LATER}, for other markets)\n"
        "\n"
        "5 entries, 2 files: 2 in use, 0 drifted, 1 expired (0 in use), 1 within 30 days of the "
        "end, 2 that no page uses.\n"
    )


def test_check_fails_where_a_claim_has_drifted(kaplint: Kaplint, site: Path) -> None:
    page = kaplint.write("site/c.md", DRIFTED)
    done = kaplint("evidence", "check", "site")
    assert done.code == 1
    assert "  drifted  site/c.md:1:1  'seven' became 'nine'\n" in done.out
    # Whether check tells it is no matter here; what is allowed on the page is.
    kaplint.write("kaplint.yaml", "ignore: [evidence]\n")
    assert kaplint("evidence", "check", "site").code == 1
    assert kaplint("evidence", "check", "site", "--exclude", "c.md").code == 0
    page.write_text(f"{DRIFTED} <!-- kaplint: allow CU01,KL03 agreed -->\n", encoding="utf-8")
    assert kaplint("evidence", "check", "site").code == 0


def test_check_fails_where_an_expired_claim_is_used(kaplint: Kaplint, site: Path) -> None:
    kaplint.write("site/c.md", CURE)
    done = kaplint("evidence", "check", "site")
    assert done.code == 1
    assert '  in use   site/c.md:1:1  "Ketamine cures depression"\n' in done.out
    assert "1 expired (1 in use)" in done.out


def test_check_as_json(kaplint: Kaplint, site: Path) -> None:
    kaplint.write("site/c.md", DRIFTED)
    kaplint.write("site/d.md", b"\0" * 99)
    done = kaplint("evidence", "check", "site", "--output-format", "json")
    assert done.code == 2
    found = json.loads(done.out)
    assert list(found) == [
        *("version", "register", "today", "entries", "failures", "files", "summary"),
    ]
    assert (found["register"], found["today"], found["files"]) == ("evidence.yaml", str(TODAY), 3)
    assert [failure["path"] for failure in found["failures"]] == ["site/d.md"]
    assert {e["key"]: e["state"] for e in found["entries"]} == {
        "mood": "current",
        "wonder": "expiring",
        "old": "expired",
        "unused": "current",
        "british": "elsewhere",
    }
    mood = found["entries"][0]
    assert [(p["path"], p["line"], p["column"]) for p in mood["used"]] == [
        ("site/a.md", 3, 10),
        ("site/b.html", 2, 4),
    ]
    assert mood["drifted"] == [
        {
            "path": "site/c.md",
            "line": 1,
            "column": 1,
            "text": DRIFTED[:-1],
            "told": "'seven' became 'nine'",
        }
    ]
    assert found["summary"] == {
        "entries": 5,
        "in_use": 2,
        "drifted": 1,
        "expired": 1,
        "expired_in_use": 0,
        "expiring": 1,
        "unused": 2,
    }


def test_check_without_a_file_or_pages_is_2(kaplint: Kaplint) -> None:
    done = kaplint("evidence", "check")
    assert (done.code, done.out) == (2, "")
    assert "there is no evidence.yaml beside the configuration" in done.err
    kaplint.write("evidence.yaml", entry(CURE.strip()))
    assert kaplint("evidence", "check").code == 2
    done = kaplint("evidence", "check", "nowhere")
    assert done.code == 2
    assert "nowhere: could not be read: no such file or folder" in done.out


def test_check_looks_references_up(kaplint: Kaplint) -> None:
    kaplint.write("evidence.yaml", entry(CURE.strip(), more="  references: smith-2020\n"))
    kaplint.write("a.md", SILENT)
    assert kaplint("check", "a.md").code == 0
    done = kaplint("evidence", "check", "a.md")
    assert done.code == 2
    assert "evidence.yaml:8: no entry of the register of evidence is called smith-2020" in done.err
