"""The command line: arguments and dispatch; the only place that catches, prints errors and exits."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module

from kaplint import __version__
from kaplint.commands.complaints import complain
from kaplint.errors import KaplintError

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeAlias

    _Commands: TypeAlias = "argparse._SubParsersAction[_Parser]"  # noqa: SLF001 (it has no other name)

__all__ = ["main", "parser"]

_EPILOG = """\
exit codes:
  0  everything was read, and nothing stands at or above --fail-on
  1  findings at or above --fail-on (default: warning)
  2  kaplint could not do its work: a file, an option or a rule is wrong

kaplint reads .md, .mdx, .html and .txt. It gives no legal or medical advice.
"""


class _Help(argparse.RawDescriptionHelpFormatter):
    """Help of one width everywhere: to ask the terminal for its own costs an import at each start."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=96)


class _Parser(argparse.ArgumentParser):
    """A parser of one command."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**({"formatter_class": _Help} | options))


def _common(sub: argparse.ArgumentParser, *, gate: bool = True) -> None:
    group = sub.add_argument_group("rules")
    group.add_argument(
        "--select",
        action="append",
        metavar="RULES",
        help="only these: codes, beginnings of codes, categories, comma-separated",
    )
    group.add_argument("--ignore", action="append", metavar="RULES", help="not these")
    group.add_argument(
        "--strict",
        action="store_true",
        help="also rules that want a reviewer's eye (low confidence)",
    )
    group.add_argument(
        "--rules", action="append", metavar="FOLDER", help="a further folder of rules"
    )
    group.add_argument(
        "--jurisdiction",
        action="append",
        metavar="PLACES",
        help="where the copy is published: us, us-ca, uk, au, ..., comma-separated",
    )
    group = sub.add_argument_group("configuration")
    group.add_argument(
        "--config",
        metavar="FILE",
        help="read this file instead of the nearest kaplint.yaml or pyproject.toml",
    )
    group.add_argument("--no-config", action="store_true", help="read no configuration file")
    group.add_argument(
        "--no-cache", action="store_true", help="do not read or write the cache of compiled rules"
    )
    group.add_argument(
        "--exclude",
        action="append",
        metavar="PATTERNS",
        help="skip these when walking folders (git's syntax)",
    )
    if not gate:
        sub.set_defaults(fail_on=None)
        return
    group.add_argument(
        "--fail-on",
        choices=("error", "warning", "info", "never"),
        help="the least severity that makes the exit code 1",
    )


def _count(text: str) -> int:
    """Return a number of processes; argparse turns the error into a message."""
    if not text.isdecimal() or int(text) < 1:
        message = f"a whole number from 1, not {text!r}"
        raise argparse.ArgumentTypeError(message)
    return int(text)


def _check(subs: _Commands) -> None:
    sub = subs.add_parser(
        "check",
        help="lint files and folders",
        description="Lint files and folders (default: this one). '-' reads standard input.",
    )
    sub.add_argument("paths", nargs="*", metavar="PATH", help="files and folders")
    group = sub.add_argument_group("output")
    group.add_argument(
        "--output-format",
        choices=("text", "json", "sarif", "github"),
        default="text",
        help="how to print (default: text)",
    )
    group.add_argument("--output-file", metavar="FILE", help="write there instead of printing")
    group.add_argument("--statistics", action="store_true", help="count the findings by rule")
    group.add_argument(
        "--show-excused", action="store_true", help="show what was excused, and by what"
    )
    group.add_argument(
        "--quiet", "-q", action="store_true", help="one line a finding, nothing else"
    )
    group.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        help="colours (default: on a terminal)",
    )
    group.add_argument(
        "--exit-zero", action="store_true", help="findings do not change the exit code"
    )
    group = sub.add_argument_group("input")
    group.add_argument(
        "--stdin-filename",
        metavar="NAME",
        help="what standard input is called; its suffix says how to read it",
    )
    group.add_argument(
        "--jobs",
        "-j",
        type=_count,
        default=1,
        metavar="N",
        help="processes for many files (default: 1)",
    )
    _common(sub)


def _fix(subs: _Commands) -> None:
    sub = subs.add_parser(
        "fix",
        help="take the rewordings of findings",
        description="Take the safe rewordings of findings, and write the files.",
    )
    sub.add_argument("paths", nargs="*", metavar="PATH", help="files and folders")
    sub.add_argument("--diff", action="store_true", help="show what would change and write nothing")
    sub.add_argument(
        "--unsafe",
        action="store_true",
        help="also rewordings that want a person's eye: read the result",
    )
    sub.add_argument(
        "-i",
        "--interactive",
        action="store_true",
        help="ask about one finding at a time: take, edit, skip, or allow it with a reason",
    )
    _common(sub)


def _diff(subs: _Commands) -> None:
    sub = subs.add_parser(
        "diff",
        help="say what became stronger between two versions",
        description="Compare two files or folders, the old and the new one, sentence by sentence, "
        "and say which statements became stronger; or, with --since, files with what they were.",
    )
    sub.add_argument(
        "paths", nargs="*", metavar="PATH", help="OLD and NEW; with --since, files and folders"
    )
    sub.add_argument(
        "--since", metavar="REVISION", help="compare with this revision of the git repository"
    )
    sub.add_argument("--all", action="store_true", help="also tell what became weaker")
    group = sub.add_argument_group("output")
    group.add_argument(
        "--output-format",
        choices=("text", "json", "github"),
        default="text",
        help="how to print (default: text)",
    )
    group.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        help="colours (default: on a terminal)",
    )
    group.add_argument(
        "--exit-zero",
        action="store_true",
        help="what became stronger does not change the exit code",
    )
    _common(sub, gate=False)


def _explain(subs: _Commands) -> None:
    sub = subs.add_parser(
        "explain",
        help="say what a rule finds, and why",
        description="Say what a rule finds, why, under which norms, with examples.",
    )
    sub.add_argument("code", metavar="CODE", help="a code (CU01), a rule's name or a category")
    _common(sub)


def _rules(subs: _Commands) -> None:
    sub = subs.add_parser("rules", help="list the rules", description="List the rules.")
    sub.add_argument(
        "--output-format",
        choices=("text", "json"),
        default="text",
        help="how to print (default: text)",
    )
    _common(sub)


def _why(subs: _Commands) -> None:
    sub = subs.add_parser(
        "why",
        help="say why words are flagged or spared",
        description="Say which rules matched, or nearly matched, at a place, and what spared it.",
    )
    sub.add_argument("place", metavar="FILE:LINE[:COLUMN]", help="a place in a file")
    _common(sub)


def _selftest(subs: _Commands) -> None:
    sub = subs.add_parser(
        "selftest",
        help="run the examples of rules",
        description="Run the examples that rules carry: the built-in ones, or a folder's.",
    )
    sub.add_argument("folder", nargs="?", metavar="FOLDER", help="a folder of rules of your own")
    sub.add_argument("--select", action="append", metavar="CODES", help="only these codes")
    sub.add_argument(
        "--no-cache", action="store_true", help="do not read or write the cache of compiled rules"
    )


def _init(subs: _Commands) -> None:
    sub = subs.add_parser(
        "init",
        help="write a configuration to start from",
        description="Write a commented kaplint.yaml.",
    )
    sub.add_argument(
        "folder", nargs="?", default=".", metavar="FOLDER", help="where (default: here)"
    )
    sub.add_argument("--force", action="store_true", help="overwrite one that is there")


def _evidence(subs: _Commands) -> None:
    sub = subs.add_parser(
        "evidence",
        help="look up studies and facts, and what may be said of them",
        description="Look up the register of evidence: studies and facts, and what may be said of them.",
    )
    actions = sub.add_subparsers(
        dest="action", metavar="ACTION", required=True, help="what to do with the register"
    )

    def action(name: str, about: str) -> argparse.ArgumentParser:
        made = actions.add_parser(name, help=about, description=f"{about.capitalize()}.")
        # What the settings of other commands have, and this one has no use for.
        made.set_defaults(select=None, ignore=None, strict=False, jurisdiction=None, exclude=None)
        made.set_defaults(fail_on=None)
        made.add_argument(
            "--rules", action="append", metavar="FOLDER", help="a further folder of rules"
        )
        made.add_argument("--config", metavar="FILE", help="read this configuration file")
        made.add_argument("--no-config", action="store_true", help="read no configuration file")
        made.add_argument("--no-cache", action="store_true", help="do not read or write the cache")
        return made

    made = action("list", "list the entries, one line each")
    made.add_argument("--status", action="append", metavar="STATUS", help="only of this status")
    made.add_argument("--kind", action="append", metavar="KIND", help="only of this kind")
    made = action("search", "list the entries that hold all of some words")
    made.add_argument("words", nargs="+", metavar="WORD", help="words, in any order")
    made = action("show", "print all that the register holds of an entry")
    made.add_argument("keys", nargs="+", metavar="KEY", help="keys, as list prints them")
    made = action("export", "print references of entries (default: of all)")
    made.add_argument("keys", nargs="*", metavar="KEY", help="keys, as list prints them")
    made.add_argument(
        "--format",
        choices=("plain", "bibtex", "csl-json"),
        default="plain",
        help="how to print (default: plain)",
    )
    _own_claims(action)


def _own_claims(action: Callable[[str, str], argparse.ArgumentParser]) -> None:
    made = action("add", "add a claim that was approved to evidence.yaml")
    made.add_argument("--key", required=True, metavar="KEY", help="what to call it")
    made.add_argument(
        "--claim", metavar="TEXT", help="the claim in free words (default: a wording)"
    )
    made.add_argument(
        "--wording",
        action="append",
        required=True,
        metavar="SENTENCE",
        help="a sentence that may be printed; several times for several",
    )
    made.add_argument("--population", required=True, metavar="TEXT", help="whom it is said of")
    made.add_argument(
        "--reference",
        action="append",
        metavar="REFERENCE",
        help="a key of the register, a citation or a link; several times for several",
    )
    made.add_argument(
        "--market",
        action="append",
        metavar="JURISDICTION",
        help="where it may be printed; several times for several (default: everywhere)",
    )
    made.add_argument("--owner", required=True, metavar="NAME", help="who answers for it")
    made.add_argument("--approved", metavar="DATE", help="when it was approved (default: today)")
    made.add_argument("--expires", required=True, metavar="DATE", help="the last day it holds")
    made.add_argument("--note", metavar="TEXT", help="anything else")
    made = action("check", "say which approved claims pages use, and which have drifted or expired")
    made.add_argument("paths", nargs="*", metavar="PATH", help="files and folders")
    made.add_argument(
        "--output-format",
        choices=("text", "json"),
        default="text",
        help="how to print (default: text)",
    )
    made.add_argument(
        "--exclude", action="append", metavar="PATTERNS", help="skip these (git's syntax)"
    )


_COMMANDS: dict[str, Callable[[_Commands], None]] = {
    "check": _check,
    "fix": _fix,
    "diff": _diff,
    "explain": _explain,
    "rules": _rules,
    "why": _why,
    "selftest": _selftest,
    "evidence": _evidence,
    "init": _init,
}


def parser(command: str = "") -> argparse.ArgumentParser:
    """Return the parser of the command line: of one command, or of all where none is named."""
    top = argparse.ArgumentParser(
        prog="kaplint",
        description="Find health marketing claims that outrun the evidence, and better words for them.",
        epilog=_EPILOG,
        formatter_class=_Help,
    )
    top.add_argument("--version", action="version", version=f"kaplint {__version__}")
    subs = top.add_subparsers(
        dest="command", metavar="COMMAND", prog="kaplint", parser_class=_Parser
    )
    for name in (command,) if command in _COMMANDS else _COMMANDS:
        _COMMANDS[name](subs)
    return top


def main(arguments: list[str] | None = None) -> int:
    """Run kaplint and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    if sys.stdout is None or sys.stderr is None:  # started with a closed stream: nobody listens
        return 2
    # Building the parsers of all commands takes longer than to lint a paragraph.
    given = sys.argv[1:] if arguments is None else arguments
    top = parser(given[0] if given else "")
    options = top.parse_args(arguments)
    if options.command is None:
        top.print_help()
        return 2
    try:
        code: int = import_module(f"kaplint.commands.{options.command}").run(options)
        sys.stdout.flush()
    except KaplintError as error:
        complain(str(error))
        return 2
    except BrokenPipeError:
        # The reader of a pipe has gone (| head): not an error of ours, and no traceback.
        _drop_output()
        return 1
    except OSError as error:
        if error.filename:
            complain(f"{error.filename}: {error.strerror}")
            return 2
        _drop_output()  # a full disk, say
        complain(f"the output cannot be written: {error.strerror or error}")
        return 2
    except KeyboardInterrupt:
        sys.stderr.write("kaplint: stopped\n")
        return 130
    return code


def _drop_output() -> None:
    """Send what is left to write nowhere, so that it is not tried again when Python ends."""
    import os

    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


if __name__ == "__main__":
    sys.exit(main())
