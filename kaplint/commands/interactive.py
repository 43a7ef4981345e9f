"""``kaplint fix --interactive``: one finding at a time, with its proposals, decided by a person.

A file is written once, after its last question, and only if it has not changed meanwhile; what a
person took before stopping is kept.
"""

from __future__ import annotations

import sys

from kaplint import files as sources
from kaplint.commands.complaints import complain
from kaplint.discovery import Missing, discover
from kaplint.errors import KaplintError
from kaplint.fixes import apply
from kaplint.records import dataclass

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kaplint.api import Linter
    from kaplint.model import Finding

    # Asks a question and returns the answer; raises EOFError where nobody answers any more.
    Ask = Callable[[str], str]
    Tell = Callable[[str], None]

__all__ = ["Stopped", "Tally", "go_through", "review", "terminal"]

_HELP = """\
  1-3  take that proposal
  e    write other words for what is flagged
  s    skip this finding (or press Enter)
  a    allow it, with a reason, in a comment on the page
  f    skip the rest of this file
  q    stop; what was taken is kept
"""

_NOT_ALLOWED = (
    "Nothing was allowed: it takes a reason, and a page that can hold a comment. For plain text "
    "write per-file-ignores into kaplint.yaml.\n"
)


class Stopped(Exception):
    """The person wants no more questions; ``text`` is the file as far as they came."""

    def __init__(self, text: str) -> None:
        """Keep what was done to the file."""
        super().__init__()
        self.text = text


@dataclass(slots=True)
class Tally:
    """What was decided so far."""

    taken: int = 0
    edited: int = 0
    allowed: int = 0
    skipped: int = 0

    def __str__(self) -> str:
        """Return it as a sentence."""
        return (
            f"Took {self.taken}, wrote {self.edited} anew, allowed {self.allowed}, "
            f"skipped {self.skipped}.\n"
        )


def go_through(
    linter: Linter, paths: list[str], show: Callable[[Finding], str], ask: Ask, tell: Tell
) -> int:
    """Go through files; return 0, or 2 where one could not be read or written."""
    code = 0
    tally = Tally()
    for path in discover(paths, linter.config.exclude, linter.config.root):
        if isinstance(path, Missing):
            complain(f"{path}: no such file or folder")
            code = 2
            continue
        stopped = False
        try:
            file = sources.read(path)
            try:
                text = review(linter, file.text, path, show, ask, tell, tally)
            except Stopped as done:
                text, stopped = done.text, True
            if text != file.text and not sources.write(file, text):
                complain(f"{path}: changed meanwhile, left alone")
                code = 2
        except OSError as error:
            complain(f"{path}: {error.strerror or error}")
            code = 2
        except (KaplintError, ValueError) as error:
            complain(f"{path}: {error}")
            code = 2
        if stopped:
            break
    tell(str(tally))
    return code


def review(
    linter: Linter,
    text: str,
    path: str,
    show: Callable[[Finding], str],
    ask: Ask,
    tell: Tell,
    tally: Tally,
) -> str:
    """Ask about each finding of a text in turn and return the text as decided.

    Raises Stopped where the person, or the end of the input, ends the questions; LoadError or
    MatchTimeout as ``Linter.text``.
    """
    left: set[tuple[str, int, int]] = set()  # what was skipped, as long as it stands where it did
    at = 0
    while True:
        finding = _next(linter, text, path, at, left)
        if finding is None:
            return text
        tell("\n" + show(finding))
        place = (finding.rule, finding.start, finding.end)
        try:
            answer = _answer(finding, ask, tell)
            if answer == "q":
                raise Stopped(text)
            if answer == "f":
                tally.skipped += 1
                return text
            if answer.isdigit():
                text = apply(text, [finding.fixes[int(answer) - 1]]).text
                tally.taken += 1
                at = finding.start
                continue
            if answer == "e":
                words = ask(f"New words for “{text[finding.start : finding.end]}”: ")
                if words.strip():
                    text = text[: finding.start] + words + text[finding.end :]
                    # The person's own words are not objected to at once.
                    at = finding.start + len(words)
                    tally.edited += 1
                    continue
            elif answer == "a":
                allowed = allow(linter, text, path, finding, ask("Reason: "))
                if allowed is not None:
                    text = allowed
                    tally.allowed += 1
                    continue
                tell(_NOT_ALLOWED)
        except EOFError:
            raise Stopped(text) from None
        tally.skipped += 1
        left.add(place)
        at = finding.start


def _next(
    linter: Linter, text: str, path: str, at: int, left: set[tuple[str, int, int]]
) -> Finding | None:
    for finding in linter.text(text, path):
        place = (finding.rule, finding.start, finding.end)
        if finding.excuse is None and finding.start >= at and place not in left:
            return finding
    return None


def _answer(finding: Finding, ask: Ask, tell: Tell) -> str:
    """Return the number of a proposal, or one of e, s, a, f, q."""
    numbers = [str(n) for n, fix in enumerate(finding.fixes, 1) if fix.edits]
    span = "" if not numbers else f"{numbers[0]}-{numbers[-1]}, " if numbers[1:] else "1, "
    letters = "e, s, a, f, q" if finding.category != "directive" else "e, s, f, q"
    while True:
        answer = ask(f"Take [{span}{letters}, ?]: ").strip().lower() or "s"
        if answer in numbers or answer in letters.split(", "):
            return answer
        tell(_HELP)


def allow(linter: Linter, text: str, path: str, finding: Finding, reason: str) -> str | None:
    """Return the text with a comment that allows a finding, or None where none can be set.

    The comment is tried behind the words, before their line, and for the whole file; the first
    place where it allows the finding and changes no other is taken.
    """
    reason = " ".join(reason.replace("--", "–").split())
    if not reason:
        return None
    before = _standing(linter, text, path)
    for candidate in _comments(text, finding, reason):
        after = _standing(linter, candidate, path)
        gone = before - after
        if (finding.rule, finding.text) in gone and not after - before:
            return candidate
    return None


def _standing(linter: Linter, text: str, path: str) -> set[tuple[str, str]]:
    return {(f.rule, f.text) for f in linter.text(text, path) if f.excuse is None}


def _comments(text: str, finding: Finding, reason: str) -> Iterator[str]:
    comment = f"<!-- kaplint: allow {finding.rule} {reason} -->"
    whole = f"<!-- kaplint: allow-file {finding.rule} {reason} -->"
    if finding.scope == "span":
        yield f"{text[: finding.end]}{comment}{text[finding.end :]}"
        line = text.rfind("\n", 0, finding.start) + 1
        indent = text[line : line + len(text[line:]) - len(text[line:].lstrip())]
        yield f"{text[:line]}{indent}{comment}\n{text[line:]}"
    yield f"{text.rstrip()}\n\n{whole}\n"
    yield f"{whole}\n\n{text}"


def terminal() -> bool:
    """Tell whether a person can answer: both sides are a terminal."""
    return bool(sys.stdin and sys.stdin.isatty() and sys.stdout.isatty())
