"""What ``kaplint evidence`` does with the clinic's own register: show, add and check its entries."""

from __future__ import annotations

import os
import sys

from kaplint import config as configs
from kaplint import rulebook
from kaplint.errors import ConfigError
from kaplint.records import dataclass

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator
    from datetime import date

    from kaplint.api import Linter
    from kaplint.approvals import Approval
    from kaplint.config import Config
    from kaplint.model import Failure
    from kaplint.register import Register

__all__ = ["add", "check", "own", "page", "row", "searched", "shown"]


def own(config: Config, register: Register, *, cache: bool) -> tuple[Approval, ...]:
    """Return the clinic's own entries, none where there is no file. Raises ConfigError."""
    if not config.evidence:
        return ()
    from kaplint.approvals import load

    return load(
        config.evidence,
        markets=lambda: tuple(rulebook.load_docs(config.rules, cache=cache)["profiles"]),
        references=register.entries,
    )


def searched(approval: Approval) -> str:
    """Return what a search looks through, in lower case."""
    parts = (
        *(approval.key, approval.claim, *approval.wordings, approval.population),
        *(approval.owner, *approval.references, *approval.markets, approval.note),
    )
    return "\n".join(parts).casefold()


def row(approval: Approval) -> str:
    """Return an entry in one line."""
    from textwrap import shorten

    says = shorten(approval.claim, 60, placeholder=" ...")
    return f"  {approval.key:<36} {'own':<11} to {approval.expires}  {says}\n"


def page(approval: Approval, register: Register) -> Iterator[tuple[str, str]]:
    """Yield what shows all of an entry, by lines: a label, and what is to be folded behind it."""
    from kaplint.references import plain

    span = f"{approval.approved} to {approval.expires}"
    yield "", f"own claim · approved by {approval.owner} · {span}"
    yield "", ""
    yield "Claim: ", approval.claim
    yield "People: ", approval.population
    yield "Markets: ", ", ".join(approval.markets) or "all"
    if approval.note:
        yield "Note: ", approval.note
    yield "", ""
    yield "", "Approved wordings:"
    for wording in approval.wordings:
        yield "  - ", wording
    if approval.references:
        yield "", ""
        yield "", "References:"
    for reference in approval.references:
        known = register.entries.get(reference)
        cited = f": {plain(known.citation)}" if known and known.citation else ""
        yield "  - ", f"{reference}{cited}"
    yield "", ""
    yield "", f"Register file: {shown(approval.path)}:{approval.line}"


def shown(path: str) -> str:
    """Return a path as short as it is from here."""
    here = os.path.relpath(path)
    return path if here.startswith(os.pardir) else here


# Adding


def add(options: Namespace, config: Config, register: Register) -> int:
    """Append an entry to the file, which is made where there is none."""
    from datetime import date

    from kaplint.approvals import Approval, parse_date, read, render

    path = config.evidence or os.path.join(config.root, configs.EVIDENCE)
    days: list[date] = []
    for option, given in (("--approved", options.approved), ("--expires", options.expires)):
        found = parse_date(given) if given is not None else date.today()
        if found is None:
            message = f"{option}: write a date here, such as 2027-03-31, not {given}"
            raise ConfigError(message)
        days.append(found)
    if options.key in register.entries:
        message = f"the register of evidence has an entry called {options.key}: take another key"
        raise ConfigError(message)
    entry = Approval(
        key=options.key,
        claim=options.claim or options.wording[0],
        wordings=tuple(options.wording),
        population=options.population,
        owner=options.owner,
        approved=days[0],
        expires=days[1],
        references=tuple(options.reference or ()),
        markets=tuple(options.market or ()),
        note=options.note or "",
    )
    before = _text(path)
    text = before
    if text and not text.endswith("\n"):
        text += "\n"
    text += "\n" * bool(text.strip()) + render(entry)
    read(
        path,
        text,
        markets=lambda: tuple(
            rulebook.load_docs(config.rules, cache=not options.no_cache)["profiles"]
        ),
        references=register.entries,
    )
    _write(path, text)
    sys.stdout.write(f"{'Added to' if before else 'Wrote'} {shown(path)}: {entry.key}\n")
    return 0


def _text(path: str) -> str:
    """Return what a file holds, with its line ends as newlines; "" where there is none."""
    if not os.path.exists(path):
        return ""
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except ValueError:
        message = f"{path}: is not UTF-8: save it in that encoding"
        raise ConfigError(message) from None


def _write(path: str, text: str) -> None:
    """Write a file anew, all at once, its line ends as they were."""
    newline = "\n"
    if os.path.exists(path):
        with open(path, "rb") as old:
            newline = "\r\n" if old.readline().endswith(b"\r\n") else "\n"
    real = os.path.realpath(path)  # a link stays a link
    part = f"{real}.kaplint-{os.getpid()}"
    try:
        with open(part, "x", encoding="utf-8", newline=newline) as file:
            file.write(text)
        if os.path.exists(real):
            os.chmod(part, os.stat(real).st_mode & 0o7777)
        os.replace(part, real)
    finally:
        if os.path.exists(part):
            os.unlink(part)


# Checking


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a page uses a claim, or has drifted from it; lines and columns count from 1."""

    path: str
    line: int
    column: int
    text: str
    told: str = ""


@dataclass(slots=True)
class _Standing:
    """An entry, what it is today, and where pages use it."""

    approval: Approval
    state: str
    used: list[_Place]
    drifted: list[_Place]


def check(options: Namespace, config: Config, register: Register) -> int:
    """Say which approved claims pages use; return 1 where one has drifted or is used though expired."""
    from kaplint.api import Linter

    if not config.evidence:
        message = (
            f"there is no {configs.EVIDENCE} beside the configuration, and none is named there; "
            "'kaplint evidence add' writes one"
        )
        raise ConfigError(message)
    own(config, register, cache=not options.no_cache)  # looks references up, too
    linter = Linter(config, cache=not options.no_cache)
    standings, failures, files = _survey(linter, options.paths or ["."])
    if options.output_format == "json":
        sys.stdout.write(_json(standings, failures, files, linter))
    else:
        sys.stdout.writelines(line + "\n" for line in _report(standings, failures, files, config))
    if failures or not files:
        return 2
    return int(any(s.drifted or (s.state == "expired" and s.used) for s in standings))


def _survey(linter: Linter, paths: list[str]) -> tuple[list[_Standing], list[Failure], int]:
    """Read all pages; return how each entry stands, what could not be read, and how much was."""
    from kaplint import files as sources
    from kaplint.discovery import Missing, discover
    from kaplint.errors import KaplintError
    from kaplint.model import Failure

    approvals = linter.approvals
    assert approvals is not None  # the configuration names a file
    standings = {e.key: _Standing(e, approvals.states[e.key], [], []) for e in approvals.entries}
    failures: list[Failure] = []
    read = 0
    for name in discover(paths, linter.config.exclude, linter.config.root):
        if isinstance(name, Missing):
            failures.append(Failure(str(name), "no such file or folder"))
            continue
        try:
            document = linter.open(sources.read(name).text, name)
            for use in approvals.uses(document):
                line, column = document.position(use.source_start)
                words = " ".join(document.prose.text[use.start : use.end].split())
                standings[use.approval.key].used.append(_Place(name, line, column, words))
            for drift in approvals.drifts(document, linter.judge(document)):
                found = drift.finding
                standings[drift.approval.key].drifted.append(
                    _Place(name, found.line, found.column, " ".join(found.text.split()), drift.told)
                )
            read += 1
        except OSError as error:
            failures.append(Failure(name, error.strerror or str(error)))
        except (KaplintError, ValueError) as error:
            failures.append(Failure(name, str(error)))
    linter.rulebook.compiled.save()
    return list(standings.values()), failures, read


_STATES = {
    "current": "",
    "expiring": ", expires soon",
    "expired": ", expired",
    "pending": ", not yet approved",
    "elsewhere": ", for other markets",
}


def _report(
    standings: list[_Standing], failures: list[Failure], files: int, config: Config
) -> Iterator[str]:
    for standing in standings:
        entry = standing.approval
        span = f"{entry.approved} to {entry.expires}"
        yield f"{entry.key} ({entry.owner}, {span}{_STATES[standing.state]})"
        for place in standing.used:
            yield f'  in use   {place.path}:{place.line}:{place.column}  "{_cut(place.text)}"'
        for place in standing.drifted:
            yield f"  drifted  {place.path}:{place.line}:{place.column}  {place.told}"
        if not standing.used and not standing.drifted and standing.state != "elsewhere":
            yield "  no page uses it"
        yield ""
    for failure in failures:
        yield f"{failure.path}: could not be read: {failure.reason}"
    counts = _summary(standings)
    entries = f"{counts['entries']} {'entry' if counts['entries'] == 1 else 'entries'}"
    yield (
        f"{entries}, {files} file{'s' * (files != 1)}: {counts['in_use']} in use, "
        f"{counts['drifted']} drifted, {counts['expired']} expired "
        f"({counts['expired_in_use']} in use), {counts['expiring']} within "
        f"{config.evidence_notice_days} days of the end, {counts['unused']} that no page uses."
    )


def _cut(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"


def _summary(standings: list[_Standing]) -> dict[str, int]:
    return {
        "entries": len(standings),
        "in_use": sum(bool(s.used) for s in standings),
        "drifted": sum(bool(s.drifted) for s in standings),
        "expired": sum(s.state == "expired" for s in standings),
        "expired_in_use": sum(s.state == "expired" and bool(s.used) for s in standings),
        "expiring": sum(s.state == "expiring" for s in standings),
        "unused": sum(not s.used and not s.drifted and s.state != "elsewhere" for s in standings),
    }


def _json(standings: list[_Standing], failures: list[Failure], files: int, linter: Linter) -> str:
    import json

    approvals = linter.approvals
    assert approvals is not None

    def places(found: list[_Place], *, told: bool) -> list[dict[str, object]]:
        return [
            {"path": p.path, "line": p.line, "column": p.column, "text": p.text}
            | ({"told": p.told} if told else {})
            for p in found
        ]

    report = {
        "version": "1",
        "register": shown(linter.config.evidence),
        "today": str(approvals.today),
        "entries": [
            {
                "key": s.approval.key,
                "owner": s.approval.owner,
                "approved": str(s.approval.approved),
                "expires": str(s.approval.expires),
                "markets": list(s.approval.markets),
                "state": s.state,
                "used": places(s.used, told=False),
                "drifted": places(s.drifted, told=True),
            }
            for s in standings
        ],
        "failures": [{"path": f.path, "reason": f.reason} for f in failures],
        "files": files,
        "summary": _summary(standings),
    }
    return json.dumps(report, indent=2, ensure_ascii=False) + "\n"
