"""``kaplint evidence``: the register of evidence, and beside it the clinic's own approved claims."""

from __future__ import annotations

import sys

from kaplint import rulebook
from kaplint.commands import approved
from kaplint.commands.settings import configure
from kaplint.errors import ConfigError

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable, Iterator

    from kaplint.approvals import Approval
    from kaplint.config import Config
    from kaplint.register import Entry, Register

__all__ = ["run"]


def run(options: Namespace) -> int:
    """Do what the action of the command says with the register of the rule folders in use."""
    config = configure(options)
    register = rulebook.load_evidence(config.rules, cache=not options.no_cache)
    return _ACTIONS[options.action](options, config, register)


def _own(options: Namespace, config: Config, register: Register) -> tuple[Approval, ...]:
    return approved.own(config, register, cache=not options.no_cache)


def _list(options: Namespace, config: Config, register: Register) -> int:
    from kaplint.register import KINDS, STATUSES

    _known(options.status, STATUSES, "status")
    _known(options.kind, KINDS, "kind")
    # Claims of the clinic are of no kind and status of the register's.
    asked = options.status or options.kind
    _table(
        [
            entry
            for entry in register.entries.values()
            if (not options.status or entry.status in options.status)
            and (not options.kind or entry.kind in options.kind)
        ],
        () if asked else _own(options, config, register),
    )
    return 0


def _search(options: Namespace, config: Config, register: Register) -> int:
    words = [word.casefold() for text in options.words for word in text.split()]
    texts = {key: _text(entry) for key, entry in register.entries.items()}
    _table(
        [register.entries[key] for key, text in texts.items() if all(w in text for w in words)],
        tuple(
            claim
            for claim in _own(options, config, register)
            if all(word in approved.searched(claim) for word in words)
        ),
    )
    return 0


def _show(options: Namespace, config: Config, register: Register) -> int:
    claims = {claim.key: claim for claim in _own(options, config, register)}
    _named([key for key in options.keys if key not in claims], register, claims)
    for number, key in enumerate(options.keys):
        if number:
            sys.stdout.write("\n" + "-" * 72 + "\n\n")
        lines = (
            _own_page(claims[key], register)
            if key in claims
            else _page(register.entries[key], register)
        )
        sys.stdout.writelines(line + "\n" for line in lines)
    return 0


def _export(options: Namespace, _config: Config, register: Register) -> int:
    from kaplint.references import FORMATS

    named = _named(options.keys, register)
    for entry in named:
        if entry.citation is None:
            message = f"{entry.key} has no citation to export"
            raise ConfigError(message)
    chosen = named or [entry for entry in register.entries.values() if _published(entry)]
    sys.stdout.write(FORMATS[options.format](chosen))
    return 0


_ACTIONS = {
    "list": _list,
    "search": _search,
    "show": _show,
    "export": _export,
    "add": approved.add,
    "check": approved.check,
}


def _named(keys: list[str], register: Register, others: Iterable[str] = ()) -> list[Entry]:
    """Return the entries of some keys. Raises ConfigError where there is none.

    ``others`` are keys that may have been meant as well.
    """
    for key in keys:
        if key not in register.entries:
            from kaplint.yamlfile import suggestion

            near = suggestion(key, (*register.entries, *others))
            message = f"no entry is called {key}{near}; 'kaplint evidence search' finds one"
            raise ConfigError(message)
    return [register.entries[key] for key in keys]


def _known(words: list[str] | None, known: tuple[str, ...], what: str) -> None:
    for word in words or []:
        if word not in known:
            from kaplint.yamlfile import suggestion

            message = f"no {what} is called {word}{suggestion(word, known)}"
            raise ConfigError(f"{message}; there are {', '.join(known)}")


def _published(entry: Entry) -> bool:
    """Tell whether an entry has more of a citation than the address where a fact was read."""
    cited = entry.citation
    return cited is not None and bool(cited.title or cited.authors or cited.journal or cited.doi)


def _text(entry: Entry) -> str:
    """Return what a search looks through, in lower case."""
    cited = entry.citation
    parts: list[str] = [
        *(entry.key, entry.kind, entry.topic, entry.design, entry.population, entry.route),
        *(entry.say, entry.says_of_it, *entry.limits),
        *(*entry.names, *entry.journals, *entry.institutions, *entry.aliases, *entry.topics),
        *(*entry.treatments, *entry.comparators, *entry.conditions, *entry.outcomes),
        *(f"{figure.value} {figure.means}" for figure in entry.figures),
        *(*entry.sizes, *entry.studies, *(str(year) for year in entry.years)),
    ]
    if cited:
        parts += [*cited.authors, cited.title, cited.journal, str(cited.year or "")]
        parts += [cited.doi, cited.pmid, cited.pmcid, *cited.registry]
    return "\n".join(parts).casefold()


def _table(entries: list[Entry], claims: tuple[Approval, ...] = ()) -> None:
    from textwrap import shorten

    topic = ""
    for entry in entries:
        if entry.topic != topic:
            topic = entry.topic
            sys.stdout.write(f"\n{topic}\n")
        says = shorten(entry.says_of_it or entry.say, 70, placeholder=" ...")
        sys.stdout.write(f"  {entry.key:<36} {entry.kind:<11} {entry.status:<11} {says}\n")
    if claims:
        sys.stdout.write("\nclaims of your own\n")
        sys.stdout.writelines(approved.row(claim) for claim in claims)
    count = len(entries) + len(claims)
    sys.stdout.write(f"\n{count} {'entry' if count == 1 else 'entries'}\n")


def _page(entry: Entry, register: Register) -> Iterator[str]:
    from kaplint.references import plain

    yield entry.key
    yield ""
    if entry.citation:
        yield from _folded("", plain(entry.citation))
        yield ""
    yield f"  {entry.kind} · {entry.status}"
    yield ""
    if entry.say:
        yield from _folded("Say: ", entry.say)
    else:
        yield "  Say: nothing; leave the claim out"
    yield from _folded("In short: ", entry.says_of_it)
    yield from _listed("Do not say", entry.not_say)
    about = {
        "Design: ": entry.design,
        "People: ": entry.population,
        "Dose: ": ", ".join(part for part in (entry.dose, entry.route) if part),
        "Compared with: ": ", ".join(entry.comparators),
    }
    if any(about.values()):
        yield ""
    for label, text in about.items():
        yield from _folded(label, text)
    yield from _listed("Limits", entry.limits)
    yield from _figures(entry)
    yield from _listed(
        "May be cited for",
        [f"{item.treatment}, {item.condition}: {item.strength}" for item in entry.supports],
    )
    known = (*entry.names, *entry.journals, *entry.institutions, *entry.aliases)
    if known:
        yield ""
        yield from _folded("Known in copy by: ", "; ".join(known))
    resting = [s.sentence for s in register.statements if entry.key in s.entries]
    resting += [d.sentence for d in register.disclosures if entry.key in d.entries]
    yield from _listed("Ready sentences that rest on it", resting)
    yield ""
    if entry.citation and entry.citation.url:
        yield f"  Read at: {entry.citation.url}"
    yield f"  Register file: {entry.place}"


def _own_page(claim: Approval, register: Register) -> Iterator[str]:
    yield claim.key
    yield ""
    for label, text in approved.page(claim, register):
        yield from _folded(label, text) if text else ("",)


def _figures(entry: Entry) -> Iterator[str]:
    if not (entry.figures or entry.sizes or entry.studies or entry.durations):
        return
    yield ""
    yield "  What may be quoted:"
    if entry.sizes:
        yield from _folded("  people: ", "; ".join(entry.sizes))
    if entry.studies:
        yield from _folded("  studies: ", "; ".join(entry.studies))
    if entry.durations:
        yield from _folded("  lengths of time: ", "; ".join(entry.durations))
    for figure in entry.figures:
        yield from _folded(f"  {figure.value}: ", figure.means)


def _listed(title: str, items: Iterable[str]) -> Iterator[str]:
    items = list(items)
    if items:
        yield ""
        yield f"  {title}:"
        for item in items:
            yield from _folded("  - ", item)


def _folded(label: str, text: str) -> Iterator[str]:
    from textwrap import wrap

    if text:
        yield from wrap(
            label + text,
            88,
            initial_indent="  ",
            subsequent_indent="  " + " " * len(label),
            break_long_words=False,
            break_on_hyphens=False,
        )
