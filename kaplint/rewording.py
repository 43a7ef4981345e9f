"""Proposals: how the words that a finding points at could read, each checked before it is offered.

A proposal that breaks one of these is not offered: applied, it raises no finding anew; it never
strengthens a claim; it keeps the numbers and names that nobody objected to; it raises the reading
grade by one at most.
"""

from __future__ import annotations

import re
from collections import Counter

from kaplint import citing
from kaplint.documents import Document
from kaplint.guards import holds, reach
from kaplint.inflect import Irregular
from kaplint.lazy import lazy
from kaplint.linter import counter
from kaplint.model import Block, Edit, Fix, Mark, Piece, Prose
from kaplint.records import dataclass, replace
from kaplint.rulebook import Rewording, rewordings
from kaplint.templates import Words, cased, fill, is_title, mend, mistakes
from kaplint.tokens import BREAK, CAPITAL, PUNCTUATION

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kaplint.documents import Match, Sentence
    from kaplint.model import Finding
    from kaplint.register import Disclosure, Register, Statement
    from kaplint.rulebook import Rule, Rulebook

__all__ = ["MOST", "Proposer"]

# So many proposals are offered for a finding.
MOST = 3

_WORD = lazy(r"[^\W\d_]+")
_NUMBER = lazy(r"\d+(?:[.,]\d+)*")
# Vowels that are heard: not the e that ends a word.
_SYLLABLE = lazy(r"(?:(?!e(?![^\W\d_]))[aeiouy])+|(?<=l)e(?![^\W\d_])", re.IGNORECASE)
# A sentence that begins so leans on the one before it.
_LEANS = lazy(
    r"\W*(?:it|its|this|these|they|their|them|that|those|such|he|she|his|her|both|however|but|and|so|then|also|here"
    r"|there|instead|as a result|for example|for instance|in fact|unlike|others?|another|thus"
    r"|the (?:result|same|other|latter)|therefore|hence|in other words|even so|nor|yet|because|more(?:over)?"
    r"|furthermore|in addition|besides)\b",
    re.IGNORECASE,
)
# A bullet that was typed, and what an item is called: "- Fast relief: ...".
_LABEL = lazy(r"[\s\u2022*\u2013\u25aa\u25e6\u2713\u2714>-]*(?:[A-Z0-9][^.!?:]{0,40}: )?")
# What joins words to those before them.
_JOINED = lazy(r"\A[\s,;:\u2013\u2014-]*(?:and\s+)?", re.IGNORECASE)
# Roles of text that is read as sentences, and of text that stands for a heading.
_PROSE = frozenset(("paragraph", "list-item", "quote"))
_HEADINGS = frozenset(("heading", "title"))
# A grade may rise by so much.
MOST_GRADE = 1.0
# So many words are a text that can be graded.
SHORTEST = 100
# So many sources are cited for a statement.
MOST_SOURCES = 2


@dataclass(frozen=True, slots=True)
class _Change:
    """New words for a range of the prose, and how the matched words would read."""

    start: int
    end: int
    text: str
    shown: str


@dataclass(frozen=True, slots=True)
class _Offer:
    """A proposal, and the change of the prose that it makes."""

    fix: Fix
    change: _Change | None


_NO_WORDS = Words(Irregular({}, {}, frozenset()), frozenset(), {})


class Proposer:
    """Makes the proposals for what was found on a page; keeps what it read for the next page."""

    def __init__(
        self,
        book: Rulebook,
        rules: Iterable[tuple[int, Rule]],
        *,
        jurisdiction: str = "us",
        disclosures: tuple[tuple[str, str], ...] = (),
    ) -> None:
        """Take the rules that proposals must not set off; data is read when a finding wants it.

        ``disclosures`` are a clinic's own words for the duties of a page.
        """
        self.book = book
        self.rules = list(rules)
        self.by_code = {rule.code: rule for rule in book.rules}
        self.jurisdiction = jurisdiction
        self.disclosures = dict(disclosures)
        self._terms: dict[str, int] = {}
        self._evidence: dict[str, object] = {}
        self._register: Register | None = None
        self._statements: list[tuple[re.Pattern[str], re.Pattern[str], int, Statement]] | None = (
            None
        )
        self._words: Words | None = None
        self._proper: frozenset[str] = frozenset()
        self._rewordings: dict[str, tuple[Rewording, ...]] = {}

    def propose(self, document: Document, findings: Sequence[Finding]) -> list[Finding]:
        """Return the findings, those that nothing excuses with up to three proposals each."""
        if not any(finding.excuse is None for finding in findings):
            return list(findings)
        page = _Page(self, document, findings)
        return [
            replace(finding, fixes=tuple(page.fixes(finding)))
            if finding.excuse is None
            else finding
            for finding in findings
        ]

    def read(self) -> None:
        """Read the data of proposals, once."""
        if self._words is not None:
            return
        data = self.book.rewordings()
        irregular = Irregular(
            {base: (forms[0], forms[1]) for base, forms in data["verbs"].items()},
            data["nouns"],
            frozenset(data["doubling"]),
        )
        self._words = Words(irregular, frozenset(data["known"]), data["spelling"])
        self._proper = frozenset(data["proper"])
        self._terms = data["terms"]
        self._evidence = data["evidence"]
        self._rewordings = rewordings(data, self.book)

    @property
    def words(self) -> Words:
        """Return what is known of words."""
        self.read()
        return self._words or _NO_WORDS

    @property
    def proper(self) -> frozenset[str]:
        """Return the words, in lower case, that are written with a capital everywhere."""
        self.read()
        return self._proper

    def rewordings(self, category: str) -> tuple[Rewording, ...]:
        """Return the rewordings that findings of a category may take, in order."""
        self.read()
        return self._rewordings.get(category, ()) + self._rewordings.get("any", ())

    @property
    def register(self) -> Register:
        """Return the register of evidence, as far as proposals need it."""
        if self._register is None:
            from kaplint import register

            self.read()
            self._register = register.from_json(self._evidence)
        return self._register

    def named(self, name: str) -> re.Pattern[str]:
        """Return the pattern of a treatment or a condition that the register speaks of."""
        return self.book.compiled.get(self._terms[name])

    @property
    def statements(self) -> list[tuple[re.Pattern[str], re.Pattern[str], int, Statement]]:
        """Return the statements with patterns of their treatments and conditions, longest first."""
        if self._statements is None:
            made = [
                (
                    self.named(statement.treatment),
                    self.named(statement.condition),
                    2 * len(statement.treatment) + len(statement.condition),
                    statement,
                )
                for statement in self.register.statements
            ]
            self._statements = sorted(made, key=lambda entry: -entry[2])
        return self._statements


class _Page:
    """One page and its findings, while proposals are made for them."""

    def __init__(self, proposer: Proposer, document: Document, findings: Sequence[Finding]) -> None:
        self.proposer = proposer
        self.document = document
        # A general finding that a special one covers has no proposals of its own, but what it
        # objects to is mended with the rest of the sentence.
        self.findings = [
            finding
            for finding in findings
            if finding.excuse is None or finding.excuse.by == "more-specific"
        ]
        self.matches = {
            id(finding): document.found.get((finding.rule, finding.start, finding.end))
            for finding in self.findings
        }
        self.count = counter(document, proposer.rules)
        self._before: dict[int, tuple[dict[str, int], int]] = {}
        self._names: frozenset[str] | None = None
        self._american: bool | None = None
        self._curly: bool | None = None
        self._offers: dict[int, list[_Offer]] = {}
        self._joint: dict[int, tuple[Fix | None, frozenset[int]]] = {}
        self._clauses: dict[tuple[int, int], tuple[int, int]] = {}
        self._inserts: dict[str, list[Fix]] = {}
        self._said: dict[int, _Offer | None] = {}
        self._tally: tuple[float, float, float] | None = None
        self.groups: dict[int, list[Finding]] = {}
        for finding in self.findings:
            match = self.matches[id(finding)]
            if match is not None and finding.scope == "span":
                self.groups.setdefault(match.sentence.index, []).append(finding)

    def fixes(self, finding: Finding) -> list[Fix]:
        """Return up to three proposals for a finding, best first."""
        match = self.matches[id(finding)]
        rule = self.proposer.by_code.get(finding.rule)
        if match is None or rule is None:
            return []
        if rule.scope != "span":
            return self.inserts(rule, match)[:MOST]
        offers = self.offers(finding)
        edits = [
            offer.fix
            for offer in offers
            if offer.fix.kind == "edit" and self.settles(finding, match.sentence, offer.change)
        ]
        joint, joined = self.joint(match.sentence)
        if joint is not None and id(finding) in joined:
            edits = [joint, *(fix for fix in edits if fix.text != joint.text)]
        rewrites = [offer.fix for offer in offers if offer.fix.kind == "rewrite"]
        deletes = [offer.fix for offer in offers if offer.fix.kind == "delete"]
        # A question is for where no edit reads well; what else could be done comes after it.
        questions = [
            offer.fix for offer in offers[:1] if offer.fix.kind == "question" and not edits
        ]
        found = [
            *questions,
            *edits[: 1 if rewrites and deletes else 2],
            *rewrites[:1],
            *deletes[:1],
        ]
        return found[:MOST] or self.asked(rule, match)

    def asked(self, rule: Rule, match: Match) -> list[Fix]:
        """Return the first question that fits a match, for want of anything better."""
        for rewording in (*rule.fixes, *self.proposer.rewordings(rule.category)):
            offer = self.reword(rule, rewording, match) if rewording.kind == "question" else None
            if offer is not None:
                return [offer.fix]
        return []

    def covered(self, finding: Finding) -> list[str]:
        """Return the rules that a finding stands in place of: they must fall silent with it."""
        match = self.matches[id(finding)]
        group = self.groups.get(match.sentence.index, ()) if match is not None else ()
        return [
            other.rule
            for other in group
            if other.excuse is not None and other.start < finding.end and finding.start < other.end
        ]

    def settles(self, finding: Finding, sentence: Sentence, change: _Change | None) -> bool:
        """Tell whether a change leaves nothing of what the finding stands in place of."""
        codes = self.covered(finding)
        if not codes or change is None:
            return True
        before, _ = self.counts(sentence)
        after = self.count(*self.part(sentence, [change]))
        return all(after.get(code, 0) < before.get(code, 0) for code in codes)

    def offers(self, finding: Finding) -> list[_Offer]:
        """Return the proposals for one finding by itself that keep what proposals promise."""
        known = self._offers.get(id(finding))
        if known is not None:
            return known
        found: list[_Offer] = []
        match = self.matches[id(finding)]
        rule = self.proposer.by_code[finding.rule]
        for rewording in (*rule.fixes, *self.proposer.rewordings(rule.category)):
            kind = rewording.kind
            # Enough of one kind is enough, and a question is asked where nothing can be said.
            enough = 2 if kind == "edit" else 1
            if sum(1 for offer in found if offer.fix.kind == kind) >= enough or (
                kind == "question" and found
            ):
                continue
            # Nor are the words edited where a question came first.
            if found and found[0].fix.kind == "question" and kind not in ("rewrite", "delete"):
                continue
            offer = match and self.reword(rule, rewording, match)
            if offer and not any(_alike(offer.fix, other.fix) for other in found):
                found.append(offer)
        self._offers[id(finding)] = found
        return found

    def joint(self, sentence: Sentence) -> tuple[Fix | None, frozenset[int]]:
        """Return the smallest edits of the findings of a sentence as one, and whose they are."""
        if sentence.index in self._joint:
            return self._joint[sentence.index]
        self._joint[sentence.index] = made = self._join(sentence)
        return made

    def _join(self, sentence: Sentence) -> tuple[Fix | None, frozenset[int]]:
        group = self.groups.get(sentence.index, [])
        joined: list[int] = []
        taken: list[_Change] = []
        edits: list[Edit] = []
        codes: list[str] = []
        safe = True
        for finding in group if len(group) > 1 else ():
            for offer in self.offers(finding):
                change = offer.change
                if change is None or offer.fix.kind not in ("edit", "delete"):
                    continue
                if sum(1 for other in taken if " in some people" in other.text):
                    change = replace(change, text=change.text.replace(" in some people", ""))
                clear = all(change.end < other.start or other.end < change.start for other in taken)
                edit = self.edit(change) if clear else None
                if edit is not None:
                    taken.append(change)
                    edits.append(edit)
                    codes.append(finding.rule)
                    joined.append(id(finding))
                    safe = safe and offer.fix.safe
                    break
        codes += [
            code for finding in group if id(finding) in joined for code in self.covered(finding)
        ]
        if len(taken) < 2 or not self.keeps(codes, sentence, taken):
            return None, frozenset()
        text = _changed(self.document.prose.text, taken, sentence.start, sentence.end)
        fix = Fix(tuple(sorted(edits, key=lambda e: e.start)), safe, " ".join(text.split()))
        return fix, frozenset(joined)

    # What the register says

    def statement(self, sentence: Sentence) -> Statement | None:
        """Return what may be said of the treatment and for the condition of a sentence.

        What the sentence does not name is taken from the heading above it, or from the title.
        """
        around = [self.document.prose.text[sentence.start : sentence.end]]
        if sentence.heading >= 0:
            above = self.document.sentences[sentence.heading]
            around.append(self.document.prose.text[above.start : above.end])
        for other in self.document.sentences[:40]:
            if other.role in _HEADINGS and other.index != sentence.index:
                around.append(self.document.prose.text[other.start : other.end])
                break
        best: tuple[int, int, Statement] | None = None
        for treatment, condition, rank, statement in self.proposer.statements:
            near = next((n for n, text in enumerate(around) if treatment.search(text)), -1)
            # A sentence is about a condition if it, or the heading above it, names that.
            about = next((n for n, text in enumerate(around[:2]) if condition.search(text)), -1)
            if min(near, about) < 0:
                continue
            score = (-near - 2 * about, rank, statement)
            if best is None or score[:2] > best[:2]:
                best = score
        return best[2] if best else None

    def said(self, rule: Rule, match: Match) -> _Offer | None:
        """Return the sentence of a match said anew, as the register has it, with its source."""
        sentence = match.sentence
        if sentence.index not in self._said:
            self._said[sentence.index] = self._say(sentence)
        offer = self._said[sentence.index]
        if offer is None or offer.change is None:
            return None
        return offer if self.keeps([rule.code], sentence, [offer.change]) else None

    def _say(self, sentence: Sentence) -> _Offer | None:
        statement = self.statement(sentence)
        register = self.proposer.register
        document = self.document
        if statement is None:
            return None
        block = document.prose.blocks[sentence.block]
        old = document.prose.text[sentence.start : sentence.end]
        if old.rstrip().endswith(":"):
            return None  # what it announces would hang in the air
        alone = document.prose.text[block.start : block.end].strip() == old
        # A headline may stand in a paragraph of its own.
        heading = (
            sentence.role in _HEADINGS
            or (alone and old[-1:] not in ".!" and is_title(old))
            or (sentence.role == "meta" and alone and old[-1:] not in ".!?")
        )
        if not heading and (sentence.role not in (*_PROSE, "meta") or is_title(old)):
            return None
        label = _LABEL.match(old)
        start = sentence.start + (label.end() if label else 0)
        named = statement.treatment[:1].upper() + statement.treatment[1:]
        options = (
            [statement.headline] if heading else [statement.sentence, f"{named} {statement.short}."]
        )
        entries = [
            entry
            for key in statement.entries
            if (entry := register.entries.get(key)) and entry.status == "confirmed"
        ]
        for text in options:
            plain = self.spelled(text)
            if plain in document.prose.text:
                return None  # the page says so already
            if heading:
                plain = cased(plain, old, old, begins=True)
            change = _Change(start, sentence.end, plain, plain)
            edit = self.edit(change, plainly=True)
            codes = [f.rule for f in self.groups.get(sentence.index, ())]
            if edit is None or not self.keeps(codes[:1], sentence, [change]):
                continue
            edits: tuple[Edit, ...] = (edit,)
            keys: tuple[str, ...] = ()
            if sentence.role in _PROSE and not heading:
                cited = citing.cite(document.source, document.format, plain, entries[:MOST_SOURCES])
                if cited is not None:
                    edits = (Edit(edit.start, edit.end, cited.text), *cited.edits)
                    keys = tuple(entry.key for entry in entries[:MOST_SOURCES])
            return _Offer(Fix(edits, safe=False, text=plain, kind="rewrite", sources=keys), change)
        return None

    # Duties of the page

    def inserts(self, rule: Rule, match: Match) -> list[Fix]:
        """Return what fulfils a duty of the page, put where it belongs; else a question."""
        if rule.category in self._inserts:
            return self._inserts[rule.category]
        found = [self.insert(match, text, keys) for text, keys in self.disclosures(rule)][:1]
        for rewording in self.proposer.rewordings(rule.category) if not found else ():
            if rewording.kind not in ("insert", "question") or not self.fits(rewording, match):
                continue
            parts = {"match": self.words(match)}
            text = _upper(self.spelled(fill(rewording.template, parts, self.proposer.words)))
            if rewording.kind == "question":
                found = [Fix((), safe=False, text=text, kind="question")]
            elif self.fulfils(rule, text):
                found = [self.insert(match, text, ())]
            if found:
                break
        self._inserts[rule.category] = found
        return found

    def words(self, match: Match) -> str:
        """Return the words of a match as a reader sees them."""
        return self.document.prose.text[match.prose_start : match.prose_end]

    def quoted(self, match: Match) -> str:
        """Return the words of a match without what only joins them to others."""
        return _JOINED.sub("", self.words(match)).rstrip(" ,;:\u2013\u2014-")

    def disclosures(self, rule: Rule) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield words that fulfil a duty: the clinic's own, then those of the register."""
        own = self.proposer.disclosures.get(rule.category)
        if own:
            yield own, ()
            return
        register = self.proposer.register
        country = self.proposer.jurisdiction.partition("-")[0]
        text = self.document.text

        def fit(disclosure: Disclosure) -> int:
            if disclosure.country and disclosure.country.lower() != country:
                return -1
            if disclosure.treatment and not self.proposer.named(disclosure.treatment).search(text):
                return -1
            return 2 * bool(disclosure.treatment) + bool(disclosure.country)

        fitting = [d for d in register.disclosures if d.duty == rule.category and fit(d) >= 0]
        for disclosure in sorted(fitting, key=fit, reverse=True):
            # That it fulfils its duty and sets nothing off is a test of the register.
            yield self.spelled(disclosure.sentence), disclosure.entries

    def fulfils(self, rule: Rule, text: str) -> bool:
        """Tell whether words, added to the page, fulfil a duty and set nothing off themselves."""
        from kaplint.matchers.absence import says

        prose = Prose(
            text, (Piece(0, len(text), 0, len(text)),), (Block(0, len(text), "paragraph"),)
        )
        part = Document("", text, prose, self.document.rulebook, excerpt=True)
        if self.count(part, 0):
            return False
        duty = rule.duty
        return duty is not None and any(says(part, p, duty.denied) for p in duty.lacks)

    def insert(self, match: Match, text: str, keys: tuple[str, ...]) -> Fix:
        """Return the insertion of a paragraph behind that of a match, or at the end of the text."""
        document = self.document
        source, kind = document.source, document.format
        block = document.prose.blocks[match.sentence.block]
        at = -1
        if block.role == "paragraph":
            at = _behind(source, kind, document.prose.source_span(block.start, block.end).end)
        end = citing.end_of_text(source, kind)
        behind = 0 <= at <= end
        at = at if behind else end
        new = citing.escaped(text, kind)
        if kind == "html":
            line = source[:at].rpartition("\n")[2]
            indent = line[: len(line) - len(line.lstrip())]
            element = f"<p>{new}</p>"
            new = f"\n{indent}{element}" if behind else f"{element}\n{indent}"
        else:
            new = f"\n\n{new}"
        return Fix((Edit(at, at, new),), safe=False, text=text, kind="insert", sources=keys)

    def reword(self, rule: Rule, rewording: Rewording, match: Match) -> _Offer | None:
        """Return what a rewording makes of a match, or None where it does not apply or break."""
        if not self.fits(rewording, match):
            return None
        found = self.apply(rewording, match)
        if found is None:
            return None
        first, last, text = found
        kind, sentence = rewording.kind, match.sentence
        if kind == "question":
            return _Offer(Fix((), safe=False, text=_upper(text), kind="question"), None)
        if kind == "rewrite" and not rewording.template:
            return self.said(rule, match)
        tags = self.document.tokens.tags
        if kind == "delete" and all(PUNCTUATION in tags[at] for at in range(last, sentence.last)):
            last = sentence.last  # the mark that ends the sentence goes with it
        whole = (first, last) == (sentence.first, sentence.last)
        if kind == "delete" and whole and not self.stands_alone(sentence):
            return None
        change: _Change | None = self.without(sentence) if kind == "delete" and whole else None
        change = change or self.change(sentence, first, last, text)
        if change is None or not self.keeps([rule.code], sentence, [change], drops=whole):
            return None
        edit = self.edit(change)
        if edit is None:
            return None
        return _Offer(Fix((edit,), rewording.safe, change.shown, kind), change)

    def without(self, sentence: Sentence) -> _Change:
        """Return the deletion of a sentence, with the blank beside it."""
        prose = self.document.prose
        block = prose.blocks[sentence.block]
        start, end = sentence.start, sentence.end
        if start > block.start:
            start -= len(prose.text[block.start : start]) - len(
                prose.text[block.start : start].rstrip()
            )
        else:
            end += len(prose.text[end : block.end]) - len(prose.text[end : block.end].lstrip())
        return _Change(start, end, "", "")

    def stands_alone(self, sentence: Sentence) -> bool:
        """Tell whether a sentence can go: not alone in its block, and nothing leans on it."""
        document = self.document
        sentences, text = document.sentences, document.prose.text
        here = text[sentence.start : sentence.end]
        before = sentences[sentence.index - 1] if sentence.index else None
        after = sentences[sentence.index + 1] if sentence.index + 1 < len(sentences) else None
        beside = [s for s in (before, after) if s is not None and s.block == sentence.block]
        if not beside or sentence.role not in _PROSE or here.rstrip()[-1:] in (":", "?"):
            return False
        if before is not None and text[before.start : before.end].rstrip().endswith((":", "?")):
            return False
        if after is None:
            return True
        if after.block != sentence.block:
            return after.role != "list-item"
        return _LEANS.match(text[after.start : after.end]) is None

    def fits(self, rewording: Rewording, match: Match) -> bool:
        """Tell whether a rewording is for this place of the page, its guards included."""
        when = rewording.when
        if when:
            if "opening" in when and match.start != match.sentence.first:
                return False
            roles = [role for role in when if role != "opening"]
            if roles and match.sentence.role not in roles:
                return False
        document = self.document
        return all(holds(guard, match, document) for guard in rewording.needs) and not any(
            holds(guard, match, document) for guard in rewording.unless
        )

    def apply(self, rewording: Rewording, match: Match) -> tuple[int, int, str] | None:
        """Return the tokens that a rewording replaces, and the words it puts there."""
        document = self.document
        sentence = match.sentence
        place = rewording.applies
        low, high = match.start, match.end
        if rewording.over == "sentence":
            low, high = sentence.first, sentence.last
        elif rewording.over == "clause":
            low, high = self.clause(match)
        if place is None:
            parts = {"match": self.quoted(match)}
            return low, high, self.spelled(fill(rewording.template, parts, self.proposer.words))
        if place.keys:
            keys = document.keys(sentence)
            if any(need.isdisjoint(keys) for need in place.keys):
                return None
        tokens = document.tokens
        encoded = (
            "".join([f" {t}/{w}" for t, w in zip(tokens.tags[low:high], tokens.words[low:high])])
            + " "
        )
        for found in place.compiled.finditer(encoded):
            span = found.span("_span" if "_span" in found.re.groupindex else 0)
            first = low + encoded.count(" ", 0, span[0])
            last = low + encoded.count(" ", 0, span[1])
            if rewording.over == "match" and "_span" not in found.re.groupindex:
                first, last = match.start, match.end
            start, end = found.span()
            touches = low + encoded.count(
                " ", 0, start
            ) < match.end and match.start < low + encoded.count(" ", 0, end)
            if first >= last or not touches:
                continue
            parts = {"match": self.quoted(match)}
            for name in found.re.groupindex:
                start, end = found.span(name)
                if end > start:
                    one = low + encoded.count(" ", 0, start)
                    two = low + encoded.count(" ", 0, end)
                    parts[name] = self.piece(sentence, one, two)
            after = document.prose.text[tokens.end(last - 1) : sentence.end]
            text = fill(rewording.template, parts, self.proposer.words, after)
            return first, last, self.spelled(text)
        return None

    def clause(self, match: Match) -> tuple[int, int]:
        """Return the tokens of the clause of a match."""
        key = (match.start, match.end)
        if key in self._clauses:
            return self._clauses[key]
        tags = self.document.tokens.tags
        opener = self.document.rulebook.classes["clause-opener"][0]
        low = min(reach(match, self.document), default=match.start)
        high = match.end
        while high < match.sentence.last and not (BREAK in tags[high] or opener in tags[high]):
            high += 1
        self._clauses[key] = low, high
        return low, high

    def piece(self, sentence: Sentence, first: int, last: int) -> str:
        """Return the words of some tokens, small where only the sentence gave them a capital."""
        document = self.document
        tokens = document.tokens
        text = document.prose.text[tokens.start(first) : tokens.end(last - 1)]
        begins = first == sentence.first and text[:1].isupper()
        whole = document.prose.text[sentence.start : sentence.end]
        if begins and not self.named(tokens.words[first], text) and not is_title(whole):
            return text[0].lower() + text[1:]
        return text

    def named(self, word: str, raw: str) -> bool:
        """Tell whether a word is a name, or else written with a capital in a sentence."""
        letters = _WORD.match(raw)
        form = letters.group() if letters else raw
        if form == "I" or form[1:] != form[1:].lower():
            return True
        if word in self.proposer.proper:
            return True
        if self._names is None:
            tokens = self.document.tokens
            names: set[str] = set()
            plain: set[str] = set()
            for sentence in self.document.sentences:
                tags = tokens.tags[sentence.first : sentence.last]
                capitals = [CAPITAL in tag for tag in tags]
                if 2 * sum(capitals) > len(tags):
                    continue  # Title Case tells nothing
                words = tokens.words[sentence.first : sentence.last]
                names.update(w for w, capital in zip(words[1:], capitals[1:]) if capital)
                plain.update(w for w, capital in zip(words[1:], capitals[1:]) if not capital)
            self._names = frozenset(names - plain)
        return word in self._names

    def spelled(self, text: str) -> str:
        """Return new words in the spelling and with the apostrophes of the page."""
        spelling = self.proposer.words.spelling
        if self._american is None:
            words = set(self.document.tokens.words)
            british = sum(1 for word in spelling if word in words)
            american = sum(1 for word in spelling.values() if word in words)
            home = self.proposer.jurisdiction.startswith("us")
            self._american = home if british == american else american > british
            text_all = self.document.prose.text
            self._curly = text_all.count("\u2019") > text_all.count("'")
        table = spelling if self._american else {a: b for b, a in spelling.items()}

        def word(match: re.Match[str]) -> str:
            given = match.group()
            other = table.get(given.lower())
            if other is None:
                return given
            return other.capitalize() if given[0].isupper() else other

        text = _WORD.sub(word, text)
        return text.replace("'", "\u2019") if self._curly else text

    # From new words to an edit

    def change(self, sentence: Sentence, first: int, last: int, text: str) -> _Change | None:
        """Return the smallest change of the prose that puts words in place of some tokens."""
        prose = self.document.prose.text
        tokens = self.document.tokens
        start, end = tokens.start(first), tokens.end(last - 1)
        old, around = prose[start:end], prose[sentence.start : sentence.end]
        begins = first == sentence.first or (
            (old[:1].isupper() or old[:1].isdigit())
            and prose[:start].rstrip()[-1:]
            in (":", ".", "\u2022", '"', "\u201c", "\u2014", "-", "")
            and not prose[start + 1 : start + 2].isupper()
        )
        text = cased(text, old, around, begins=begins)
        shown = text
        start, end, text = mend(prose, start, end, text, sentence.start, sentence.end)
        old = prose[start:end]
        # What stays is no part of the edit.
        same = _same(old, text)
        start, old, text = start + same, old[same:], text[same:]
        same = _same(old[::-1], text[::-1])
        if same:
            end, old, text = end - same, old[:-same], text[:-same]
        if old == text:
            return None
        return _Change(start, end, text, shown)

    def edit(self, change: _Change, *, plainly: bool = False) -> Edit | None:
        """Return a change of the prose as an edit of the source, where that is letter for letter.

        ``plainly`` lets emphasis within the words go.
        """
        prose = self.document.prose
        start, end, text = change.start, change.end, change.text
        if start == end:  # an insertion stands beside a letter that is in the source
            if start and not prose.text[start - 1].isspace():
                start -= 1
                text = prose.text[start] + text
            elif end < len(prose.text):
                text += prose.text[end]
                end += 1
        try:
            span = prose.source_span(start, end)
        except ValueError:
            return None
        # Where a line of the source ends is all that may differ.
        source = self.document.source[span.start : span.end]
        if plainly:
            source = _unstressed(source, self.document.format)
        if source.split() != prose.text[start:end].split():
            return None
        text = citing.escaped(text, self.document.format) if "&" in text or "<" in text else text
        if change.start == change.end:  # and takes that letter off again
            if start < change.start:
                return Edit(span.end, span.end, change.text)
            return Edit(span.start, span.start, change.text)
        return Edit(span.start, span.end, text)

    # What a proposal promises

    def keeps(
        self,
        codes: Sequence[str],
        sentence: Sentence,
        changes: list[_Change],
        *,
        drops: bool = False,
    ) -> bool:
        """Tell whether changes of a sentence keep what every proposal promises.

        ``codes`` are the rules whose findings are to go; ``drops`` says that the sentence goes.
        """
        prose = self.document.prose.text
        old = prose[sentence.start : sentence.end]
        new = _changed(prose, changes, sentence.start, sentence.end)
        if mistakes(new) > mistakes(old):
            return False
        if not drops and self.alters_speech(sentence, changes):
            return False
        if not self.keeps_facts(sentence, new) or not self.keeps_grade(sentence, old, new):
            return False
        before, hedges = self.counts(sentence)
        part, start = self.part(sentence, changes)
        if not drops and self.hedges(part) < hedges:
            return False
        after = self.count(part, start)
        untouched = Counter(
            finding.rule for finding in self.beside(codes, sentence, changes) if not drops
        )
        return (
            all(after.get(code, 0) < before.get(code, 0) for code in codes)
            and not any(count > before.get(code, 0) for code, count in after.items())
            and not any(after.get(code, 0) < count for code, count in untouched.items())
        )

    def beside(
        self, codes: Sequence[str], sentence: Sentence, changes: list[_Change]
    ) -> Iterator[Finding]:
        """Yield the findings of a sentence that changes are not about and whose words they leave.

        A hedge that is put in for one claim must not silence another of a different kind: "may ease
        pain with no side effects" still says that there are none.
        """
        by_code = self.proposer.by_code
        kinds = {by_code[code].category for code in codes}
        for finding in self.groups.get(sentence.index, ()):
            match = self.matches[id(finding)]
            if (
                match is not None
                and finding.excuse is None
                and finding.category not in kinds
                and not any(
                    change.start < match.prose_end and match.prose_start < change.end
                    for change in changes
                )
            ):
                yield finding

    def alters_speech(self, sentence: Sentence, changes: list[_Change]) -> bool:
        """Tell whether a change falls into somebody's words, which are not ours to alter."""
        prose = self.document.prose
        start = prose.blocks[sentence.block].start
        for change in changes:
            before = prose.text[start : change.start]
            if before.count('"') % 2 or before.count("\u201c") > before.count("\u201d"):
                return True
        return False

    def keeps_facts(self, sentence: Sentence, new: str) -> bool:
        """Tell whether the numbers and names of a sentence that nothing flags are still there."""
        document = self.document
        text = document.prose.text
        flagged = [
            match
            for finding in self.groups.get(sentence.index, ())
            if (match := self.matches[id(finding)]) is not None
        ]

        def clear(start: int, end: int) -> bool:
            return not any(m.prose_start < end and start < m.prose_end for m in flagged)

        wanted = Counter(
            number.group()
            for number in _NUMBER.finditer(text, sentence.start, sentence.end)
            if clear(*number.span())
        )
        if wanted - Counter(_NUMBER.findall(new)):
            return False
        if is_title(text[sentence.start : sentence.end]):
            return True
        tokens, low = document.tokens, new.lower()
        spelled = [
            text[tokens.start(at) : tokens.end(at)] for at in range(sentence.first, sentence.last)
        ]
        if any(len(w) > 2 and w.isupper() and w.isalpha() and w not in new for w in spelled):
            return False  # an abbreviation is no verb: cancer and AIDS
        return not any(
            CAPITAL in tokens.tags[at]
            and clear(tokens.start(at), tokens.end(at))
            and self.named(tokens.words[at], text[tokens.start(at) : tokens.end(at)])
            and tokens.words[at] not in low
            for at in range(sentence.first + 1, sentence.last)
        )

    def keeps_grade(self, sentence: Sentence, old: str, new: str) -> bool:
        """Tell whether the school grade of the page rises by no more than one."""
        if sentence.role not in _PROSE:
            return True
        if self._tally is None:
            text = self.document.prose.text
            read = [s for s in self.document.sentences if s.role in _PROSE and s.last - s.first > 3]
            counted = [_tally(text[s.start : s.end]) for s in read]
            words = sum(count for count, _ in counted)
            # A grade means little for a few words: they are judged among plain ones.
            plain = max(SHORTEST - words, 0)
            self._tally = (
                len(read) + plain / 15,
                words + plain,
                sum(syllables for _, syllables in counted) + plain * 1.5,
            )
        sentences, total, syllables = self._tally
        (words_old, syllables_old), (words_new, syllables_new) = _tally(old), _tally(new)
        before = _grade(sentences, total, syllables)
        after = _grade(
            sentences, total - words_old + words_new, syllables - syllables_old + syllables_new
        )
        return after - before <= MOST_GRADE

    def hedges(self, part: Document) -> int:
        """Return how many hedges, limits and denials stand in a part of the page."""
        classes = part.rulebook.classes
        signs = [classes[name][0] for name in ("hedge", "hedge-after", "negator")]
        return sum(1 for tags in part.tokens.tags if any(sign in tags for sign in signs))

    def counts(self, sentence: Sentence) -> tuple[dict[str, int], int]:
        """Return how often each rule finds something in and behind a sentence, and the hedges."""
        if sentence.index not in self._before:
            part, start = self.part(sentence, [])
            self._before[sentence.index] = self.count(part, start), self.hedges(part)
        return self._before[sentence.index]

    def part(self, sentence: Sentence, changes: list[_Change]) -> tuple[Document, int]:
        """Return a sentence, changed, and what guards see of its block, as a page of its own.

        With it comes the place from which on the changes may show.
        """
        prose, sentences = self.document.prose, self.document.sentences
        block = sentence.block
        here = prose.blocks[block]
        near = [
            s
            for s in sentences[max(sentence.index - 2, 0) : sentence.index + 3]
            if s.block == block
        ]
        low = near[0].start if near[0].index < sentence.index else here.start
        high = near[-1].end if near[-1].index > sentence.index else here.end
        text = prose.text[low:high]
        marks = [m for m in prose.marks if low <= m.start <= high and m.end <= high]
        moved = [(m.start - low, m.end - low) for m in marks]
        for change in sorted(changes, key=lambda c: c.start, reverse=True):
            start, end = change.start - low, change.end - low
            text = text[:start] + change.text + text[end:]
            grown = len(change.text) - (end - start)
            moved = [
                (a + grown if a >= end else min(a, start), b + grown if b >= end else min(b, start))
                for a, b in moved
            ]
        blocks: list[Block] = []
        lead = ""
        if sentence.heading >= 0:
            above = sentences[sentence.heading]
            lead = prose.text[above.start : above.end] + "\n\n"
            blocks.append(Block(0, len(lead) - 2, "heading"))
        at = len(lead)
        blocks.append(Block(at, at + len(text), here.role))
        whole = lead + text
        made = Prose(
            whole,
            (Piece(0, len(whole), 0, len(whole)),),
            tuple(blocks),
            tuple(
                Mark(m.kind, at + a, at + b, at + a, at + b, m.value)
                for m, (a, b) in zip(marks, moved)
            ),
        )
        part = Document(self.document.path, whole, made, self.document.rulebook, excerpt=True)
        part.page = self.document
        return part, at + sentence.start - low


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _tally(text: str) -> tuple[int, int]:
    """Return words and syllables of a text, near enough to compare two readings of it."""
    return len(_WORD.findall(text)), len(_SYLLABLE.findall(text))


def _grade(sentences: float, words: float, syllables: float) -> float:
    if not words:
        return 0.0
    return 0.39 * words / sentences + 11.8 * syllables / words - 15.59


_CLOSING = lazy(
    r"(?:\s*</(?:a|b|i|em|strong|span|sup|small|u)\s*>)*\s*</(?:p|blockquote)\s*>", re.IGNORECASE
)


_STRESS_HTML = lazy(r"<(/?)(?:em|strong|b|i|u|span|small|mark)\b[^<>]*>", re.IGNORECASE)
_STRESS_MARKDOWN = lazy(r"(?<!\w)(\*{1,3}|_{1,3})(?=\S)(.+?)(?<=\S)\1(?!\w)", re.DOTALL)


def _unstressed(source: str, kind: str) -> str:
    """Return a stretch of source without emphasis, if every mark of it is closed in the stretch."""
    if kind == "html":
        depth = 0
        for tag in _STRESS_HTML.finditer(source):
            depth += -1 if tag[1] else 1
            if depth < 0:
                return source
        return source if depth else _STRESS_HTML.sub("", source)
    return _STRESS_MARKDOWN.sub(r"\2", source) if kind == "markdown" else source


def _behind(source: str, kind: str, at: int) -> int:
    """Return where a paragraph ends that ends at or soon after a place, -1 where that is unsure."""
    if kind == "html":
        closing = _CLOSING.match(source, at)
        return closing.end() if closing else -1
    end = re.compile(r"\r?\n[ \t]*\r?\n|\s*\Z").search(source, at)
    return end.start() if end else -1


def _alike(one: Fix, two: Fix) -> bool:
    """Tell whether a proposal is another again, or only a little more or less of it."""
    if bool(one.edits) != bool(two.edits):
        return False
    if one.edits == two.edits and (one.edits or one.text == two.text):
        return True
    if not one.text.strip() or not two.text.strip():
        return one.text.strip() == two.text.strip()
    return one.text.startswith(two.text) or two.text.startswith(one.text)


def _changed(text: str, changes: list[_Change], low: int, high: int) -> str:
    """Return the range of a text with the changes in it made."""
    for change in sorted(changes, key=lambda c: c.start, reverse=True):
        text = text[: change.start] + change.text + text[change.end :]
        high += len(change.text) - (change.end - change.start)
    return text[low:high]


def _same(one: str, two: str) -> int:
    """Return how many characters two texts begin with in common, whole words only."""
    count = 0
    for a, b in zip(one, two):
        if a != b:
            break
        count += 1
    if count in (len(one), len(two)):
        rest = one[count:] or two[count:]
        if not rest or not (rest[0].isalnum() and count and one[count - 1].isalnum()):
            return count
    while count and (one[count - 1].isalnum() or one[count - 1] in "'\u2019-"):
        count -= 1
    return count
