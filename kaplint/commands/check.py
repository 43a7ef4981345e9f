"""``kaplint check``: lint files and print what was found."""

from __future__ import annotations

import os
import sys

from kaplint import __version__
from kaplint.api import Linter
from kaplint.codes import CODES
from kaplint.commands.complaints import complain
from kaplint.commands.settings import configure
from kaplint.errors import ConfigError
from kaplint.model import Report
from kaplint.reporters import reporter
from kaplint.reporters.options import RenderOptions, RuleInfo

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Mapping

    from kaplint.config import Config

__all__ = ["exit_code", "rule_infos", "run", "wants_color"]

RANK = {"info": 1, "warning": 2, "error": 3, "never": 4}
# Progress is shown from so many files on.
LONG = 40


def run(options: Namespace) -> int:
    """Lint what was named and return the exit code: 0 clean, 1 findings at the gate, 2 not done."""
    config = configure(options)
    # One line a finding has no room for proposals.
    quiet = options.quiet and options.output_format == "text"
    linter = Linter(config, cache=not options.no_cache, proposals=not quiet)
    if "-" in options.paths and len(options.paths) > 1:
        message = "'-' (standard input) stands alone: name files in a run of their own"
        raise ConfigError(message)
    if options.stdin_filename and options.paths != ["-"]:
        message = "--stdin-filename goes with '-' in place of a path"
        raise ConfigError(message)
    if options.paths == ["-"]:
        report = _standard_input(linter, options)
    else:
        report = linter.paths(
            options.paths or ["."], jobs=options.jobs, progress=_progress(options)
        )
    if not report.files and not report.failures:
        complain("no file to read was found (.md, .mdx, .html, .txt)")
    text = _render(report, linter, options)
    if options.output_file:
        _write(options.output_file, text)
    else:
        sys.stdout.write(text)
    if options.output_file or options.output_format != "text":
        for failure in report.failures:
            complain(f"{failure.path}: {failure.reason}")
    return exit_code(report, config, exit_zero=options.exit_zero)


def _write(path: str, text: str) -> None:
    try:
        # A file name that is no UTF-8 still leaves a report that is.
        with open(path, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            file.write(text)
    except OSError as error:
        message = f"{path}: cannot be written: {error.strerror or error}"
        raise ConfigError(message) from None


def exit_code(report: Report, config: Config, *, exit_zero: bool = False) -> int:
    """Return 2 where anything could not be read, 1 for findings at the gate, else 0."""
    if report.failures:
        return 2
    gate = RANK[config.fail_on]
    if not exit_zero and any(RANK[f.severity] >= gate for f in report.reported):
        return 1
    return 0


def _standard_input(linter: Linter, options: Namespace) -> Report:
    from kaplint.errors import KaplintError
    from kaplint.files import decode
    from kaplint.loaders import suffix_of
    from kaplint.model import Failure

    name = options.stdin_filename or "-"
    if sys.stdin is None:
        return Report((), (Failure(name, "standard input is closed"),), ())
    try:
        source, _ = decode(sys.stdin.buffer.read())
        findings = linter.text(source, name, suffix_of(name) or ".txt")
    except (KaplintError, ValueError) as error:
        return Report((), (Failure(name, str(error)),), ())
    return Report(findings, (), (name,))


def _progress(options: Namespace) -> Callable[[int, int], None] | None:
    if options.quiet or options.output_format != "text" or not sys.stderr.isatty():
        return None

    def show(done: int, total: int) -> None:
        if total < LONG:
            return
        if done == total:
            sys.stderr.write("\r\x1b[K")
        elif done % 10 == 0:
            sys.stderr.write(f"\rReading {done} of {total} files")
        sys.stderr.flush()

    return show


def rule_infos(linter: Linter, *, explain: bool) -> Mapping[str, RuleInfo]:
    """Return what the rules say of themselves; with their reasons only where a format prints them."""
    docs = linter.docs()["rules"] if explain else {}
    infos: dict[str, RuleInfo] = {}
    for rule in linter.rulebook.rules:
        entry = docs.get(rule.code, {})
        infos[rule.code] = RuleInfo(
            code=rule.code,
            name=rule.name,
            category=rule.category,
            scope=rule.scope,
            severity=linter.severity.get(rule.code, rule.severity),
            confidence=rule.confidence,
            summary=rule.summary,
            message=rule.message,
            advice=rule.advice,
            why=str(entry.get("why", "")),
            norms=rule.norms,
            example_bad=_example(entry.get("bad")),
            example_good=_example(entry.get("good")),
            help_uri="",
        )
    for code, about in CODES.items():
        infos[code] = RuleInfo(
            code=code,
            name=about.name,
            category=about.category,
            scope="span",
            severity=linter.severity.get(code, about.severity),
            confidence="high",
            summary=about.summary,
            message="",
            advice=about.advice,
            why=about.why,
            norms=(),
            example_bad="",
            example_good="",
            help_uri="",
        )
    return infos


def _example(examples: object) -> str:
    if isinstance(examples, list) and examples and isinstance(examples[0], dict):
        return str(examples[0].get("text", "")).replace("«", "").replace("»", "")
    return ""


def _render(report: Report, linter: Linter, options: Namespace) -> str:
    color = wants_color(options.color, to_file=bool(options.output_file))
    width = 100
    if not options.output_file and sys.stdout.isatty():
        import shutil

        width = shutil.get_terminal_size().columns
    explain = options.output_format == "sarif"
    infos = rule_infos(linter, explain=explain) if explain or options.statistics else {}
    return reporter(options.output_format)(
        report,
        infos,
        RenderOptions(
            color=color,
            width=width,
            show_excused=options.show_excused,
            statistics=options.statistics,
            quiet=options.quiet,
            version=__version__,
            base=os.getcwd(),
        ),
    )


def wants_color(choice: str, *, to_file: bool = False) -> bool:
    """Tell whether to colour: as chosen, else where a terminal shows it and nothing forbids it."""
    if choice != "auto":
        return choice == "always"
    if to_file or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return bool(os.environ.get("FORCE_COLOR")) or sys.stdout.isatty()
