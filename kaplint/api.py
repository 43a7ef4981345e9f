"""Lint text and files: what the command line and other programs call."""

from __future__ import annotations

import os
from fnmatch import fnmatch

from kaplint import files as sources
from kaplint import jurisdictions
from kaplint import rulebook as rulebooks
from kaplint.codes import CODES, means
from kaplint.config import Config, place
from kaplint.discovery import Missing, discover
from kaplint.documents import open_document
from kaplint.errors import ConfigError, KaplintError, RuleError
from kaplint.linter import lint, most_specific
from kaplint.model import Failure, Report
from kaplint.rulebook import matches

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date

    from kaplint.documents import Document
    from kaplint.drift import Approvals
    from kaplint.model import Finding
    from kaplint.rewording import Proposer
    from kaplint.rulebook import DocsData, Rule, Rulebook

__all__ = ["Linter", "lint_paths", "lint_text"]

# From so many files on, a second process pays for its start.
MANY = 64


class Linter:
    """A configuration and its rules, ready for any number of texts."""

    def __init__(
        self,
        config: Config | None = None,
        *,
        cache: bool = True,
        proposals: bool = True,
        today: date | None = None,
    ) -> None:
        """Load the rules, and the approved claims where the configuration names a file of them.

        ``proposals`` False leaves ``fixes`` of all findings empty and saves the time. ``today`` is
        the day on which approvals are looked at (None: the day it is). Raises RuleError where a
        rule folder is wrong, ConfigError where a selector means no rule or the file of approved
        claims is wrong.
        """
        self.config = config or Config()
        self.folders = tuple(
            os.path.join(self.config.root, os.path.expanduser(name)) for name in self.config.rules
        )
        for name, folder in zip(self.config.rules, self.folders):
            if not os.path.isdir(folder):
                raise RuleError((f"{place(self.config, name)}{folder}: no such rule folder",))
        self.cache = cache
        self.rulebook: Rulebook = rulebooks.load(self.folders, cache=cache)
        self._check_selectors()
        self.proposals = proposals
        self._proposer: Proposer | None = None
        self.severity: dict[str, str] = {}
        self.norms: dict[str, tuple[str, ...]] = {}
        # Where copy is published in several jurisdictions: which of them hold a rule so grave.
        self.strictest: dict[str, tuple[str, ...]] = {}
        self.reach: tuple[str, ...] = jurisdictions.DEFAULT
        if self.config.jurisdiction != jurisdictions.DEFAULT:
            self._publish_in(self.config.jurisdiction)
        self.rules = tuple(self._chosen())
        for selector, level in self.config.severity:
            self.severity |= {r.code: level for r in self.rulebook.rules if matches(selector, r)}
            self.severity |= {code: level for code in CODES if means(selector, code)}
        self.today = today
        self.approvals: Approvals | None = self._approvals() if self.config.evidence else None

    def _approvals(self) -> Approvals:
        """Read the file of approved claims. Raises ConfigError with every mistake in it."""
        from datetime import date

        from kaplint.approvals import load
        from kaplint.drift import Approvals

        names = self.config.jurisdiction
        # What holds where copy is published by default needs no table.
        published = (
            (self.reach,)
            if len(names) == 1
            else tuple(jurisdictions.reach((name,), self.docs()["profiles"]) for name in names)
        )
        return Approvals(
            load(
                self.config.evidence,
                markets=lambda: tuple(self.docs()["profiles"]),
                at_hand=self.reach,
            ),
            self.rulebook,
            today=self.today or date.today(),
            notice=self.config.evidence_notice_days,
            published=published,
            strength=lambda: rulebooks.load_strength(self.folders, cache=self.cache),
        )

    def _publish_in(self, names: tuple[str, ...]) -> None:
        """Take severities and norms from where the copy is published."""
        docs = self.docs()
        profiles = docs["profiles"]
        self.reach = jurisdictions.reach(names, profiles)
        by_category = jurisdictions.resolve(names, profiles)
        for rule in self.rulebook.rules:
            standing = by_category.get(rule.category)
            if standing is None:
                # No law of these places speaks of it: other places' laws are not cited.
                rest = [
                    norm
                    for norm in rule.norms
                    if docs["norms"].get(norm, {}).get("jurisdiction") not in profiles
                ]
                if len(rest) < len(rule.norms):
                    self.norms[rule.code] = tuple(rest)
                    if not rest:
                        self.severity[rule.code] = "info"
                continue
            self.norms[rule.code] = standing.norms
            # What is only worth a note stays one everywhere.
            if rule.severity == "info" and rule.confidence != "low":
                continue
            # A rule that asks for a reviewer's eye does not fail a build by itself.
            uncertain = rule.confidence == "low" and standing.severity == "error"
            self.severity[rule.code] = "warning" if uncertain else standing.severity
            if len(names) > 1:
                self.strictest[rule.code] = standing.strictest

    def docs(self) -> DocsData:
        """Return why each rule exists, its examples, and the norms."""
        return rulebooks.load_docs(self.folders, cache=self.cache)

    def _check_selectors(self) -> None:
        from_file = [
            *self.config.select,
            *self.config.ignore,
            *(selector for selector, _ in self.config.severity),
            *(selector for _, group in self.config.per_file_ignores for selector in group),
        ]
        wrong = [
            selector
            for selector in dict.fromkeys(from_file)
            if not any(matches(selector, rule) for rule in self.rulebook.rules)
            and not any(means(selector, code) for code in CODES)
        ]
        if wrong:
            from kaplint.yamlfile import suggestion

            rules = self.rulebook.rules
            known = {r.code for r in rules} | {r.category for r in rules}
            known |= {*CODES} | {about.category for about in CODES.values()}
            raise ConfigError(
                "\n".join(
                    f"{place(self.config, selector)}no rule or category is called {selector}"
                    f"{suggestion(selector, known)}"
                    for selector in wrong
                )
            )

    def _chosen(self) -> Iterator[tuple[int, Rule]]:
        config = self.config
        named = [s for s in config.select if s != "ALL"]
        for number, rule in enumerate(self.rulebook.rules):
            # A rule of low confidence runs where --strict or its own code asks for it.
            wanted = (
                rule.confidence != "low"
                or config.strict
                or any(matches(s, rule) and s[:2].isupper() and s[-1:].isdigit() for s in named)
            )
            if (
                wanted
                and any(matches(selector, rule) for selector in config.select)
                and not any(matches(selector, rule) for selector in config.ignore)
                and not (rule.kind == "readability" and config.reading_grade is None)
                and (not rule.jurisdictions or not set(rule.jurisdictions).isdisjoint(self.reach))
            ):
                yield number, rule

    def text(self, source: str, path: str = "<text>", suffix: str = "") -> tuple[Finding, ...]:
        """Return the findings in a text, the excused ones with their excuse.

        ``suffix`` (".md", ".html", ".txt") says how to read it where the path does not. Raises
        LoadError where no reader knows it, MatchTimeout where a rule runs away.
        """
        document = self.open(source, path, suffix)
        findings = [
            finding
            for finding in self.judge(document)
            if finding.rule not in CODES or self._tells(finding.rule, path)
        ]
        if self.proposals and any(finding.excuse is None for finding in findings):
            findings = self.proposer.propose(document, findings)
        return tuple(findings)

    def open(self, source: str, path: str, suffix: str = "") -> Document:
        """Read a text as ``text`` does. Raises LoadError where no reader knows it."""
        return open_document(
            path, source, self.rulebook, suffix=suffix, target_grade=self.config.reading_grade
        )

    def judge(self, document: Document) -> list[Finding]:
        """Return all findings on a page, without proposals: of rules, directives, approved claims.

        The last two are there whether or not the configuration selects them; see ``text``.
        """
        rules = self._for(document.path)
        findings = self.settle(lint(document, rules))
        uses = None
        if self.approvals is not None:
            uses = self.approvals.uses(document)
            about = self._graded(list(self.approvals.findings(document, findings, uses)))
            if about:
                findings = sorted(findings + about, key=lambda f: (f.start, f.end, f.rule))
        if any("kaplint:" in mark.value for mark in document.prose.marks if mark.kind == "comment"):
            from kaplint.directives import apply

            ran = frozenset(rule.code for _, rule in rules)
            findings = [
                graded
                for finding in apply(document, findings, self.rulebook, ran)
                for graded in (
                    self._graded([finding]) if finding.category == "directive" else [finding]
                )
            ]
            if self.approvals is not None and uses is not None:
                # What is allowed is no sign that a sentence has drifted.
                told = {
                    (f.rule, f.start) for f in self.approvals.findings(document, findings, uses)
                }
                findings = [
                    f for f in findings if f.category != "evidence" or (f.rule, f.start) in told
                ]
        if uses:
            from kaplint.drift import excused

            findings = list(excused(findings, uses, document))
        return findings

    @property
    def proposer(self) -> Proposer:
        """Return what makes proposals; it is loaded for the first finding."""
        if self._proposer is None:
            from kaplint.rewording import Proposer

            self._proposer = Proposer(
                self.rulebook,
                self.rules,
                jurisdiction=next(iter(self.config.jurisdiction), "us"),
                disclosures=self.config.disclosures,
            )
        return self._proposer

    def approved(self, document: Document, findings: list[Finding]) -> list[Finding]:
        """Return findings on a page, and those about approved claims, as approvals have them."""
        if self.approvals is None:
            return findings
        from kaplint.drift import excused

        uses = self.approvals.uses(document)
        about = self.approvals.findings(document, findings, uses)
        told = sorted([*findings, *about], key=lambda f: (f.start, f.end, f.rule))
        return list(excused(told, uses, document))

    def settle(self, findings: Iterable[Finding]) -> list[Finding]:
        """Return findings with the severities and norms of this configuration.

        Those that are switched off are gone; a general one that a more special one covers is excused.
        """
        graded = self._graded(findings) if self.severity else list(findings)
        return most_specific(graded, self.rulebook.precedence)

    def _graded(self, findings: Iterable[Finding]) -> list[Finding]:
        """Return findings as grave as the configuration and the jurisdictions have them."""
        from kaplint.records import replace

        return [
            replace(
                finding,
                severity=self.severity.get(finding.rule, finding.severity),
                norms=self.norms.get(finding.rule, finding.norms),
                strictest=self.strictest.get(finding.rule, ()),
            )
            for finding in findings
            if self.severity.get(finding.rule) != "off"
        ]

    def _tells(self, code: str, path: str) -> bool:
        """Tell whether findings of a code that is no rule's are wanted on a page."""
        wanted = any(s == "ALL" or means(s, code) for s in self.config.select)
        ignored = (*self.config.ignore, *self._ignored(path))
        return wanted and not any(s == "ALL" or means(s, code) for s in ignored)

    def _ignored(self, path: str) -> list[str]:
        """Return the selectors that per-file-ignores has for a page."""
        if not self.config.per_file_ignores:
            return []
        relative = os.path.relpath(path, self.config.root).replace(os.sep, "/")
        name = os.path.basename(path)
        return [
            selector
            for pattern, group in self.config.per_file_ignores
            if fnmatch(relative, pattern) or fnmatch(name, pattern)
            for selector in group
        ]

    def _for(self, path: str) -> Iterable[tuple[int, Rule]]:
        ignored = self._ignored(path)
        if not ignored:
            return self.rules
        return [(n, r) for n, r in self.rules if not any(matches(s, r) for s in ignored)]

    def file(self, path: str) -> tuple[tuple[Finding, ...], Failure | None]:
        """Return the findings in a file, or why it could not be linted."""
        try:
            return self.text(sources.read(path).text, path), None
        except OSError as error:
            return (), Failure(path, error.strerror or str(error))
        except (KaplintError, ValueError) as error:
            return (), Failure(path, str(error))

    def paths(
        self,
        paths: list[str],
        *,
        jobs: int = 1,
        progress: Callable[[int, int], None] | None = None,
    ) -> Report:
        """Lint files and folders; ``progress`` is told how many of how many are done."""
        findings: list[Finding] = []
        failures: list[Failure] = []
        files: list[str] = []
        others: dict[str, int] = {}
        for name in discover(paths, self.config.exclude, self.config.root, others):
            if isinstance(name, Missing):
                failures.append(Failure(str(name), "no such file or folder"))
            else:
                files.append(name)
        read: list[str] = []
        for done, (name, (found, failure)) in enumerate(self._each(files, jobs), 1):
            findings += found
            if failure is None:
                read.append(name)
            else:
                failures.append(failure)
            if progress is not None:
                progress(done, len(files))
        self.rulebook.compiled.save()
        by_count = sorted(others.items(), key=lambda pair: (-pair[1], pair[0]))
        return Report(tuple(findings), tuple(failures), tuple(read), tuple(by_count))

    def _each(
        self, files: list[str], jobs: int
    ) -> Iterator[tuple[str, tuple[tuple[Finding, ...], Failure | None]]]:
        if jobs < 2 or len(files) < MANY:
            for name in files:
                yield name, self.file(name)
            return
        from multiprocessing import get_context

        with get_context().Pool(
            jobs, _start_worker, (self.config, self.proposals, self.today)
        ) as pool:
            yield from zip(files, pool.imap(_work, files, chunksize=16))


_worker: list[Linter] = []


def _start_worker(config: Config, proposals: bool, today: date | None) -> None:  # noqa: FBT001 (as Pool passes it)
    _worker[:] = [Linter(config, proposals=proposals, today=today)]


def _work(path: str) -> tuple[tuple[Finding, ...], Failure | None]:
    return _worker[0].file(path)


def lint_text(
    text: str, *, path: str = "<text>", suffix: str = "", config: Config | None = None
) -> Report:
    """Lint one text and return its report.

    ``suffix`` (".md", ".html" or ".txt") says how to read it; without one the path's decides, and
    plain text is assumed where there is none. Offsets in the findings are those of ``text``.
    Raises LoadError, RuleError or ConfigError.
    """
    from kaplint.loaders import suffix_of

    linter = Linter(config)
    findings = linter.text(text, path, suffix or suffix_of(path) or ".txt")
    return Report(findings, (), (path,))


def lint_paths(paths: Iterable[str | os.PathLike[str]], *, config: Config | None = None) -> Report:
    """Lint files and folders and return one report.

    A file that cannot be read is a failure of the report, not an exception. Raises RuleError or
    ConfigError.
    """
    return Linter(config).paths([os.fspath(path) for path in paths])
