"""The command line: exit codes, options, where output goes, and what a person is told."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys

import pytest
from running import CURE, SILENT, START, Kaplint, rule, write_rules

from kaplint import __version__
from kaplint.cli import parser

COMMANDS = ("check", "fix", "diff", "explain", "rules", "why", "selftest", "evidence", "init")
GUARANTEED = "Guaranteed results with ketamine.\n"
MIRACLE = "A miracle for depression.\n"
ESCAPE = "\x1b"


def commands() -> dict[str, argparse.ArgumentParser]:
    """Return the parsers of the commands, by name."""
    for action in parser()._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}


# Exit codes


def test_a_page_without_findings_is_0(kaplint: Kaplint) -> None:
    kaplint.write("a.md", SILENT)
    done = kaplint("check", "a.md")
    assert (done.code, done.out, done.err) == (0, "No problems in 1 file.\n", "")


def test_a_finding_is_1_and_stands_with_its_place(kaplint: Kaplint) -> None:
    kaplint.write("a.md", CURE)
    done = kaplint("check", "a.md")
    assert done.code == 1
    assert done.out.startswith("a.md:1:10  error[CU01] cures\n")
    assert "may ease depression" in done.out
    assert done.err == ""


def test_what_cannot_be_read_is_2_and_the_rest_is_told(kaplint: Kaplint) -> None:
    kaplint.write("a.md", CURE)
    done = kaplint("check", "a.md", "nowhere.md")
    assert done.code == 2
    assert "error[CU01]" in done.out
    assert "nowhere.md: could not be read: no such file or folder" in done.out


@pytest.mark.parametrize("name", ["json", "sarif", "github"])
def test_what_cannot_be_read_is_told_on_stderr_where_a_machine_reads(
    kaplint: Kaplint, name: str
) -> None:
    done = kaplint("check", "nowhere.md", "--output-format", name)
    assert done.code == 2
    assert done.err == "kaplint: nowhere.md: no such file or folder\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "--no-such-option"),
        ("check", "--fail-on", "panic"),
        ("check", "--output-format", "xml"),
        ("check", "--jobs", "many"),
        ("check", "--jobs", "0"),
        ("check", "--select"),
        ("explain",),
        ("chekc",),
        ("fix", "--statistics"),
    ],
)
def test_an_option_that_is_wrong_is_2_with_the_usage(
    kaplint: Kaplint, arguments: tuple[str, ...]
) -> None:
    done = kaplint(*arguments)
    assert done.code == 2
    assert done.out == ""
    assert done.err.startswith("usage: kaplint")
    assert "error: " in done.err


def test_kaplint_alone_shows_the_help(kaplint: Kaplint) -> None:
    done = kaplint()
    assert done.code == 2
    assert all(f"    {name}" in done.out for name in COMMANDS)
    assert "exit codes:" in done.out


def test_an_unknown_command_names_those_there_are(kaplint: Kaplint) -> None:
    done = kaplint("lint")
    assert done.code == 2
    assert all(name in done.err for name in ("lint", *COMMANDS))


def test_version(kaplint: Kaplint) -> None:
    assert kaplint("--version").out == f"kaplint {__version__}\n"


def test_an_empty_folder_is_said_to_be_empty(kaplint: Kaplint) -> None:
    done = kaplint("check")
    assert (done.code, done.out) == (0, "No files were read.\n")
    assert done.err == "kaplint: no file to read was found (.md, .mdx, .html, .txt)\n"


# Help


def test_the_commands_are_these() -> None:
    assert tuple(commands()) == COMMANDS


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_help_and_says_what_it_does(kaplint: Kaplint, name: str) -> None:
    done = kaplint(name, "--help")
    assert done.code == 0
    assert done.out.startswith(f"usage: kaplint {name} ")
    assert (commands()[name].description or "").split()[0] in done.out
    assert done.err == ""


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_described(name: str) -> None:
    for option in commands()[name]._actions:
        label = "/".join(option.option_strings) or option.dest
        assert option.help, f"{name} {label} has no description"
        assert not option.help.endswith("."), f"{name} {label}: a phrase, not a sentence"


# Which rules


def test_select_takes_codes_beginnings_categories_and_lists(kaplint: Kaplint) -> None:
    kaplint.write("a.md", CURE + "\n" + GUARANTEED + "\n" + MIRACLE)

    def codes(*arguments: str) -> list[str]:
        return kaplint("check", "--output-format", "json", *arguments).codes

    assert codes() == ["CU01", "GU01", "HY01"]
    assert codes("--select", "CU01") == ["CU01"]
    assert codes("--select", "C") == ["CU01"]
    assert codes("--select", "hype") == ["HY01"]
    assert codes("--select", "miracle") == ["HY01"]
    assert codes("--select", "CU01,HY") == ["CU01", "HY01"]
    assert codes("--select", "CU", "--select", "guarantee") == ["CU01", "GU01"]
    assert codes("--ignore", "CU01, hype") == ["GU01"]
    assert codes("--select", "CU,GU", "--ignore", "CU") == ["GU01"]
    assert codes("--select", "ALL", "--ignore", "G,H") == ["CU01"]


@pytest.mark.parametrize("option", ["--select", "--ignore"])
@pytest.mark.parametrize(("wrong", "meant"), [("CU10", "CU01"), ("gaurantee", "guarantee")])
def test_a_selector_that_means_nothing_is_2_with_what_was_meant(
    kaplint: Kaplint, option: str, wrong: str, meant: str
) -> None:
    kaplint.write("a.md", SILENT)
    done = kaplint("check", option, wrong)
    assert done.code == 2
    assert f"no rule or category is called {wrong} (did you mean {meant}?)" in done.err
    assert done.out == ""


def test_an_empty_selection_is_refused(kaplint: Kaplint) -> None:
    kaplint.write("a.md", CURE)
    done = kaplint("check", "--select", "")
    assert done.code == 2
    assert "--select names no rule" in done.err


def test_strict_adds_rules_of_low_confidence_and_so_does_their_code(kaplint: Kaplint) -> None:
    kaplint.write("a.md", "We are the best clinic for anxiety.\n")
    assert kaplint("check").code == 0
    for arguments in (("--strict",), ("--select", "CO01")):
        assert kaplint("check", "--output-format", "json", *arguments).codes == ["CO01"]
    assert kaplint("check", "--select", "comparative").code == 0


def test_rules_adds_a_folder(kaplint: Kaplint) -> None:
    kaplint.write("a.md", "Wow, ketamine.\n")
    write_rules(kaplint.folder / "own", {"hype/wow": rule("ZZ01", {"phrase": ["wow"]})})
    assert kaplint("check", "a.md").code == 0
    done = kaplint("check", "a.md", "--rules", "own", "--output-format", "json")
    assert (done.code, done.codes) == (1, ["ZZ01"])
    done = kaplint("check", "a.md", "--rules", "elsewhere")
    assert done.code == 2
    assert done.err.endswith("elsewhere: no such rule folder\n")


# What stops a build


@pytest.mark.parametrize(
    ("page", "gate", "code"),
    [
        (CURE, "error", 1),
        (CURE, "warning", 1),
        (CURE, "info", 1),
        (CURE, "never", 0),
        (GUARANTEED, "error", 0),
        (GUARANTEED, "warning", 1),
        (GUARANTEED, "info", 1),
        (MIRACLE, "error", 0),
        (MIRACLE, "warning", 0),
        (MIRACLE, "info", 1),
        (MIRACLE, None, 0),
    ],
)
def test_fail_on_is_the_least_severity_that_stops(
    kaplint: Kaplint, page: str, gate: str | None, code: int
) -> None:
    kaplint.write("a.md", page)
    done = kaplint("check", *(("--fail-on", gate) if gate else ()))
    assert done.code == code
    assert "Found 1 problem" in done.out


def test_exit_zero_is_for_findings_and_not_for_failures(kaplint: Kaplint) -> None:
    kaplint.write("a.md", CURE)
    done = kaplint("check", "--exit-zero", "a.md")
    assert done.code == 0
    assert "error[CU01]" in done.out
    assert kaplint("check", "--exit-zero", "a.md", "b.md").code == 2


# Output


def test_quiet_is_one_line_a_finding_and_nothing_else(kaplint: Kaplint) -> None:
    kaplint.write("a.md", CURE + "\n" + GUARANTEED)
    kaplint.write("b.md", SILENT)
    done = kaplint("check", "-q", "a.md", "b.md", "c.md")
    first, second, third = done.out.splitlines()
    assert first.startswith("a.md:1:10: CU01 ")
    assert second.startswith("a.md:3:1: GU01 ")
    assert third == "c.md: could not be read: no such file or folder"
    done = kaplint("check", "--quiet", "b.md")
    assert (done.code, done.out, done.err) == (0, "", "")


def test_statistics_counts_by_rule(kaplint: Kaplint) -> None:
    kaplint.write("a.md", CURE + "\n" + CURE + "\n" + MIRACLE)
    lines = kaplint("check", "--statistics").out.splitlines()
    assert "  2  CU01  cures    cure" in lines
    assert "  1  HY01  miracle  hype" in lines


def test_show_excused_says_what_by_and_does_not_stop(kaplint: Kaplint) -> None:
    kaplint.write("a.md", "It does not cure depression.\n")
    done = kaplint("check")
    assert (done.code, done.out) == (0, "No problems in 1 file.\n1 excused.\n")
    done = kaplint("check", "--show-excused")
    assert done.code == 0
    assert "excused[CU01]" in done.out
    assert "excused by negated (not)" in done.out
    data = json.loads(kaplint("check", "--show-excused", "--output-format", "json").out)
    assert data["findings"] == []
    assert [finding["excuse"]["by"] for finding in data["excused"]] == ["negated"]


def test_each_output_format_tells_of_the_finding(kaplint: Kaplint) -> None:
    kaplint.write("a.md", CURE)
    text, plain, sarif, github = (
        kaplint("check", "--output-format", name) for name in ("text", "json", "sarif", "github")
    )
    assert {done.code for done in (text, plain, sarif, github)} == {1}
    assert "error[CU01]" in text.out
    assert json.loads(plain.out)["findings"][0]["rule"] == "CU01"
    assert json.loads(sarif.out)["runs"][0]["results"][0]["ruleId"] == "CU01"
    assert github.out.startswith("::error file=a.md,line=1,col=10,")


def test_output_file_takes_the_report_and_stdout_stays_empty(kaplint: Kaplint) -> None:
    kaplint.write("a.md", CURE)
    for name in ("text", "json", "sarif", "github"):
        printed = kaplint("check", "a.md", "--output-format", name).out
        done = kaplint("check", "a.md", "--output-format", name, "--output-file", "report")
        assert (done.code, done.out, done.err) == (1, "", "")
        assert (kaplint.folder / "report").read_text(encoding="utf-8") == printed
    done = kaplint("check", "b.md", "--output-file", "report")
    assert (done.code, done.err) == (2, "kaplint: b.md: no such file or folder\n")


def test_output_file_that_cannot_be_written_is_2(kaplint: Kaplint) -> None:
    kaplint.write("a.md", CURE)
    for name in ("nowhere/report", "."):
        done = kaplint("check", "a.md", "--output-file", name)
        assert done.code == 2
        assert done.err.startswith(f"kaplint: {name}: cannot be written: ")


@pytest.mark.parametrize("name", ["text", "json", "sarif", "github"])
def test_a_pipe_gets_no_escape_codes(kaplint: Kaplint, name: str) -> None:
    kaplint.write("a.md", CURE)
    done = kaplint.apart("check", "--output-format", name, "a.md", "b.md")
    assert done.code == 2
    assert ESCAPE not in done.out + done.err


def test_color_is_for_who_asks_for_it(kaplint: Kaplint) -> None:
    kaplint.write("a.md", CURE)
    plain = kaplint("check", "--color", "never").out
    colored = kaplint("check", "--color", "always").out
    assert ESCAPE not in plain
    assert ESCAPE in colored
    kaplint.monkeypatch.setenv("FORCE_COLOR", "1")
    assert kaplint("check").out == colored
    assert kaplint("check", "--color", "never").out == plain
    kaplint.monkeypatch.setenv("NO_COLOR", "1")
    assert kaplint("check").out == plain
    kaplint("check", "--output-file", "report")
    assert ESCAPE not in (kaplint.folder / "report").read_text(encoding="utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal of POSIX")
@pytest.mark.parametrize(
    ("environment", "colored"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "dumb"}, False)],
)
def test_a_terminal_gets_color_unless_the_environment_says_no(
    kaplint: Kaplint, environment: dict[str, str], *, colored: bool
) -> None:
    import pty

    kaplint.write("a.md", CURE)
    main_end, far_end = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", START, kaplint.rules, "check", "a.md"],
        cwd=kaplint.folder,
        stdout=far_end,
        env={**os.environ, "TERM": "xterm", **environment},
    ) as process:
        os.close(far_end)
        out = b""
        while True:
            try:
                part = os.read(main_end, 4096)
            except OSError:  # Linux says so that the other end is closed
                break
            if not part:
                break
            out += part
        os.close(main_end)
    assert process.returncode == 1
    assert b"CU01" in out
    assert (b"\x1b[" in out) == colored


@pytest.mark.skipif(sys.platform == "win32", reason="pipes of POSIX")
@pytest.mark.parametrize("arguments", [("check",), ("rules",), ("explain", "cure")])
def test_a_pipe_whose_reader_has_gone_is_no_traceback(
    kaplint: Kaplint, arguments: tuple[str, ...]
) -> None:
    for number in range(300):  # more than a pipe holds
        kaplint.write(f"{number}.md", CURE)
    read_end, write_end = os.pipe()
    os.close(read_end)
    done = subprocess.run(
        [sys.executable, "-c", START, kaplint.rules, *arguments],
        cwd=kaplint.folder,
        stdout=write_end,
        stderr=subprocess.PIPE,
        check=False,
        timeout=60,
    )
    os.close(write_end)
    assert (done.returncode, done.stderr) == (1, b"")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a full disk")
def test_a_full_disk_is_2_and_a_message(kaplint: Kaplint) -> None:
    kaplint.write("a.md", SILENT)
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-c", START, kaplint.rules, "check", "a.md"],
            cwd=kaplint.folder,
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            timeout=60,
        )
    assert done.returncode == 2
    assert done.stderr.startswith(b"kaplint: the output cannot be written: ")
    assert b"Traceback" not in done.stderr


def test_a_file_name_cannot_move_the_cursor(kaplint: Kaplint) -> None:
    name = "a\x1b[2J\x07.md"
    for arguments in (("check",), ("check", "-q"), ("check", "--output-format", "json"), ("fix",)):
        done = kaplint(*arguments, name)
        assert done.code == 2
        assert not set(done.out + done.err) & {"\x1b", "\x07"}


@pytest.mark.skipif(sys.platform != "linux", reason="file names are bytes")
@pytest.mark.parametrize("name", ["text", "json", "sarif", "github"])
def test_a_file_name_may_be_no_utf_8(kaplint: Kaplint, name: str) -> None:
    path = os.fsencode(kaplint.folder) + b"/caf\xe9.md"
    with open(path, "wb") as file:
        file.write(CURE.encode())
    done = kaplint.apart("check", "--output-format", name)
    assert done.code == 1
    assert "Traceback" not in done.err
    done = kaplint.apart("check", "--output-format", name, "--output-file", "report")
    assert (done.code, done.err) == (1, "")
    assert "CU01" in (kaplint.folder / "report").read_text(encoding="utf-8")


# Standard input


def test_standard_input_is_plain_text_called_by_its_sign(kaplint: Kaplint) -> None:
    done = kaplint("check", "-", stdin=CURE.encode())
    assert done.code == 1
    assert done.out.startswith("-:1:10  error[CU01]")
    assert kaplint("check", "-").code == 0


@pytest.mark.parametrize(
    ("name", "codes"), [("page.html", ["CU01"]), ("page.md", ["CU01"]), ("page.txt", [])]
)
def test_the_name_of_standard_input_says_how_to_read_it(
    kaplint: Kaplint, name: str, codes: list[str]
) -> None:
    source = b"<p>It <b>cures</b> depression.</p>"
    done = kaplint("check", "-", "--stdin-filename", name, "--output-format", "json", stdin=source)
    assert done.codes == codes
    assert all(f["path"] == name for f in json.loads(done.out)["findings"])


def test_the_name_of_standard_input_counts_for_ignores_by_file(kaplint: Kaplint) -> None:
    kaplint.write("kaplint.yaml", "per-file-ignores: {'press/*': [cure]}\n")
    source = CURE.encode()
    assert kaplint("check", "-", "--stdin-filename", "press/a.md", stdin=source).code == 0
    assert kaplint("check", "-", "--stdin-filename", "other/a.md", stdin=source).code == 1


@pytest.mark.parametrize(
    ("source", "name", "reason"),
    [
        (b"\0" * 100, "a.md", "a.md: could not be read: not a text file"),
        (b"Text.", "a.docx", "a.docx: could not be read: no reader for .docx"),
    ],
)
def test_standard_input_that_cannot_be_read_is_2(
    kaplint: Kaplint, source: bytes, name: str, reason: str
) -> None:
    done = kaplint("check", "-", "--stdin-filename", name, stdin=source)
    assert done.code == 2
    assert done.out.startswith(reason)


def test_the_sign_of_standard_input_stands_alone(kaplint: Kaplint) -> None:
    kaplint.write("a.md", CURE)
    done = kaplint("check", "a.md", "-")
    assert (done.code, done.out) == (2, "")
    assert "stands alone" in done.err
    done = kaplint("check", "a.md", "--stdin-filename", "b.md")
    assert done.code == 2
    assert "--stdin-filename goes with '-'" in done.err


@pytest.mark.skipif(sys.platform == "win32", reason="a shell of POSIX")
@pytest.mark.parametrize("closing", ["<&-", ">&-", "2>&-"])
def test_a_closed_stream_is_no_traceback_and_not_0(kaplint: Kaplint, closing: str) -> None:
    kaplint.write("a.md", SILENT)
    done = subprocess.run(
        [
            "sh",
            "-c",
            f'"$@" {closing}',
            "sh",
            sys.executable,
            "-c",
            START,
            kaplint.rules,
            "check",
            "-",
        ],
        cwd=kaplint.folder,
        input=CURE,
        capture_output=True,
        check=False,
        timeout=60,
        text=True,
    )
    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stdout + done.stderr


# Configuration


def test_config_names_the_file_and_no_config_takes_none(kaplint: Kaplint) -> None:
    kaplint.write("a.md", CURE)
    kaplint.write("kaplint.yaml", "ignore: [cure]\n")
    kaplint.write("other.yaml", "severity: {cure: info}\n")
    assert kaplint("check", "a.md").out == "No problems in 1 file.\n"
    assert "info[CU01]" in kaplint("check", "a.md", "--config", "other.yaml").out
    assert "error[CU01]" in kaplint("check", "a.md", "--no-config").out


def test_options_go_before_the_file(kaplint: Kaplint) -> None:
    kaplint.write("a.md", CURE + "\n" + GUARANTEED + "\n" + MIRACLE)
    kaplint.write("kaplint.yaml", "select: [cure]\nignore: [hype]\nfail-on: never\n")

    def codes(*arguments: str) -> list[str]:
        return kaplint("check", "a.md", "--output-format", "json", *arguments).codes

    assert codes() == ["CU01"]
    assert codes("--select", "ALL") == ["CU01", "GU01"]
    assert codes("--select", "ALL", "--ignore", "CU01") == ["GU01"]
    assert kaplint("check", "a.md").code == 0
    assert kaplint("check", "a.md", "--fail-on", "error").code == 1


def test_exclude_adds_to_the_file(kaplint: Kaplint) -> None:
    for name in ("a.md", "old/b.md", "drafts/c.md"):
        kaplint.write(name, SILENT)
    kaplint.write("kaplint.yaml", "exclude: [old/]\n")
    done = kaplint("check", "--exclude", "drafts/")
    assert (done.code, done.out) == (0, "No problems in 1 file.\n")


def test_no_cache_reads_and_writes_none(kaplint: Kaplint) -> None:
    kaplint.write("a.md", CURE)
    kept = kaplint.folder / "kept"
    kaplint.monkeypatch.setenv("KAPLINT_CACHE_DIR", str(kept))
    assert kaplint("check", "a.md", "--no-cache").code == 1
    assert not kept.exists()
    assert kaplint("check", "a.md").code == 1
    assert list(kept.iterdir())


@pytest.mark.parametrize("damage", [b"", b"{damaged", b"{}", b"[]", b"null", b"\xff\xfe\0"])
def test_a_damaged_cache_is_built_anew(kaplint: Kaplint, damage: bytes) -> None:
    kaplint.write("a.md", CURE)
    kept = kaplint.folder / "kept"
    kaplint.monkeypatch.setenv("KAPLINT_CACHE_DIR", str(kept))
    whole = kaplint("check", "a.md")
    for path in kept.iterdir():
        path.write_bytes(damage)
    assert kaplint("check", "a.md") == whole
    kaplint.monkeypatch.setenv("KAPLINT_CACHE_DIR", str(kaplint.folder / "a.md"))  # no folder
    assert kaplint("check", "a.md") == whole


def test_jobs_give_the_same_report(kaplint: Kaplint) -> None:
    for number in range(70):
        kaplint.write(f"{number}.md", CURE)
    assert kaplint("check", "-j", "2") == kaplint("check")


# explain


def test_explain_says_what_why_and_with_which_examples(kaplint: Kaplint) -> None:
    done = kaplint("explain", "CU01")
    assert (done.code, done.err) == (0, "")
    for part in (
        "CU01 cures\n",
        "category cure · severity error · confidence high, in the default set",
        "Why: A test wants it.",
        "Do: Say less.",
        "Spared where it is: negated",
        "- It «cures depression».",
        "- It may ease anxiety.",
        "Rule file: rules/cure/cures.yaml",
    ):
        assert part in done.out


def test_explain_takes_names_categories_and_beginnings(kaplint: Kaplint) -> None:
    assert kaplint("explain", "miracle").out == kaplint("explain", "HY01").out
    assert kaplint("explain", "hype").out == kaplint("explain", "HY01").out
    both = kaplint("explain", "C").out
    assert "CU01 cures" in both
    assert "CO01 best" in both
    assert "with --strict only" in both


def test_explain_knows_the_findings_about_directives(kaplint: Kaplint) -> None:
    assert kaplint("explain", "KL01").out.startswith("KL01 unused-directive\n")
    assert kaplint("explain", "KL02").code == 0


def test_explain_of_nothing_is_2_with_what_was_meant(kaplint: Kaplint) -> None:
    for wrong, meant in (("miracles", "miracle"), ("CU02", "CU01")):
        done = kaplint("explain", wrong)
        assert (done.code, done.out) == (2, "")
        assert done.err == (
            f"kaplint: no rule or category is called {wrong} (did you mean {meant}?)\n"
        )
    assert kaplint("explain", "").code == 2


def test_explain_knows_folders_of_rules(kaplint: Kaplint) -> None:
    write_rules(kaplint.folder / "own", {"hype/wow": rule("ZZ01", {"phrase": ["wow"]})})
    assert kaplint("explain", "ZZ01").code == 2
    assert "Rule file: own/hype/wow.yaml" in kaplint("explain", "ZZ01", "--rules", "own").out
    kaplint.write("kaplint.yaml", "rules: [own]\n")
    assert kaplint("explain", "ZZ01").code == 0


# rules


def test_rules_lists_all_and_marks_what_is_off(kaplint: Kaplint) -> None:
    done = kaplint("rules")
    assert done.code == 0
    lines = done.out.splitlines()
    assert "   CU01  error    cures                    Says what CU01 looks for" in lines
    assert " - CO01  warning  best                     Says what CO01 looks for" in lines
    assert lines[-1].startswith("6 rules, 2 of them (-) off")
    assert " - CO01" not in kaplint("rules", "--strict").out


def test_rules_takes_selectors_and_severities(kaplint: Kaplint) -> None:
    kaplint.write("kaplint.yaml", "severity: {cure: info}\n")
    out = kaplint("rules", "--select", "CU,hype", "--ignore", "miracle").out
    assert "CU01  info " in out
    assert out.endswith("\n1 rule\n")


def test_rules_as_json(kaplint: Kaplint) -> None:
    data = json.loads(kaplint("rules", "--output-format", "json").out)
    assert data["version"] == "1"
    by_code = {entry["code"]: entry for entry in data["rules"]}
    assert sorted(by_code) == ["CO01", "CU01", "GU01", "HY01", "NR01", "RG01"]
    assert by_code["CU01"] == {
        "code": "CU01",
        "name": "cures",
        "category": "cure",
        "scope": "span",
        "severity": "error",
        "confidence": "high",
        "active": True,
        "summary": "Says what CU01 looks for",
        "advice": "Say less.",
        "norms": [],
        "jurisdictions": [],
        "rewords": True,
    }
    assert by_code["NR01"]["scope"] == "document"
    assert not by_code["CO01"]["active"]


# why


def test_why_says_what_was_flagged_and_what_was_spared(kaplint: Kaplint) -> None:
    kaplint.write(
        "a.md", "# Depression\n\nKetamine cures depression.\n\nIt does not cure depression.\n"
    )
    done = kaplint("why", "a.md:3")
    assert done.code == 0
    assert '"cures depression" is flagged (cure, error)' in done.out
    assert "is spared: negated (not)" in kaplint("why", "a.md:5:3").out
    assert kaplint("why", "a.md:4").out == "No prose stands there.\n"


@pytest.mark.parametrize(
    "place", ["a.md", "a.md:x", ":3", "b.md:1", "a.docx:1", "a.md:0", "a.md:99999999999"]
)
def test_why_of_no_place_is_no_traceback(kaplint: Kaplint, place: str) -> None:
    kaplint.write("a.md", CURE)
    kaplint.write("a.docx", CURE)
    done = kaplint("why", place)
    assert done.code == 2
    assert done.err.startswith("kaplint: ")


# selftest


def test_selftest_runs_the_built_in_examples(kaplint: Kaplint) -> None:
    done = kaplint("selftest")
    assert (done.code, done.out) == (0, "6 rules, every example holds\n")
    assert kaplint("selftest", "--select", "CU,hype").out == "2 rules, every example holds\n"


@pytest.mark.parametrize("name", ["own", "rules"])
def test_selftest_runs_the_examples_of_a_folder_only(kaplint: Kaplint, name: str) -> None:
    good = {"bad": ["«Wow», that works.", "«Wow»!"], "good": ["It may work.", "It works."]}
    find = {"phrase": ["wow"]}
    write_rules(kaplint.folder / name, {"hype/wow": rule("ZZ01", find, examples=good)})
    done = kaplint("selftest", name)
    assert (done.code, done.out) == (0, "1 rule, every example holds\n")


def test_selftest_names_the_file_and_line_of_what_fails(kaplint: Kaplint) -> None:
    wrong = {"bad": ["«Wow», that works.", "Oh «my»!"], "good": ["Wow, it may.", "It works."]}
    find = {"phrase": ["wow"]}
    write_rules(kaplint.folder / "own", {"hype/wow": rule("ZZ01", find, examples=wrong)})
    text = (kaplint.folder / "own/hype/wow.yaml").read_text(encoding="utf-8").splitlines()
    my = next(n for n, line in enumerate(text, 1) if "«my»" in line)
    wow = next(n for n, line in enumerate(text, 1) if "Wow, it may" in line)
    done = kaplint("selftest", "own")
    assert done.code == 1
    assert done.out.splitlines() == [
        f"own/hype/wow.yaml:{my}: ZZ01: 'my' should be flagged in 'Oh my!': the rule finds nothing",
        f"own/hype/wow.yaml:{wow}: ZZ01: 'Wow' should not be flagged in 'Wow, it may.'",
        "1 rule, 2 examples do not hold",
    ]


def test_selftest_of_nothing_is_2_not_a_success(kaplint: Kaplint) -> None:
    (kaplint.folder / "empty").mkdir()
    for arguments in (("nowhere",), ("empty",), ("--select", "ZZ")):
        done = kaplint("selftest", *arguments)
        assert (done.code, done.out) == (2, "")
        assert done.err.startswith("kaplint: ")


# init


def test_init_writes_a_configuration_that_changes_nothing(kaplint: Kaplint) -> None:
    kaplint.write("a.md", CURE + "\n" + GUARANTEED + "\n" + MIRACLE)
    before = kaplint("check", "a.md")
    done = kaplint("init")
    assert done.code == 0
    assert "kaplint.yaml" in done.out
    assert kaplint("check", "a.md") == before


def test_init_leaves_one_that_is_there_unless_forced(kaplint: Kaplint) -> None:
    path = kaplint.write("site/kaplint.yaml", "ignore: [cure]\n")
    done = kaplint("init", "site")
    assert done.code == 2
    assert "is there already; --force overwrites it" in done.err
    assert path.read_text(encoding="utf-8") == "ignore: [cure]\n"
    assert kaplint("init", "site", "--force").code == 0
    assert "select: [ALL]" in path.read_text(encoding="utf-8")


def test_init_where_nothing_can_be_written_is_2(kaplint: Kaplint) -> None:
    kaplint.write("a.md", CURE)
    for folder in ("nowhere", "a.md"):
        done = kaplint("init", folder)
        assert done.code == 2
        assert done.err.startswith(f"kaplint: {folder}")
