"""One mention of a study against one entry: what the page says and the record does not."""

from __future__ import annotations

from kaplint.fidelity.entries import SMALL, Known, TermSpan, stem_of
from kaplint.fidelity.figures import (
    LARGE,
    UNITS,
    Count,
    fits,
    is_year,
    lengths,
    same_length,
    value_of,
)
from kaplint.records import dataclass
from kaplint.tokens import BREAK

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from kaplint.documents import Sentence
    from kaplint.fidelity.pages import Page

__all__ = [
    "COMPARE",
    "FAVOURS",
    "FOLLOWERS",
    "MOST_FOLLOWING",
    "THAN",
    "TIMES_WHAT",
    "Comparison",
    "Difference",
]

# Who is named with the first author.
FOLLOWERS = frozenset(
    {"colleagues", "others", "coworkers", "team", "co", "collaborators", "associates"}
)
# So many sentences may carry on what one says of a study.
MOST_FOLLOWING = 3
THAN = frozenset({"than", "versus", "vs", "v", "against"})
# What one scale of several may do in a study that found no difference.
FAVOURS = frozenset({"over", "favour", "favor", "favoured", "favored"})
COMPARE = frozenset({"compared", "compares", "compare", "relative", "comparison"})
TIMES_WHAT = frozenset({"more", "as", "higher", "greater", "likelier"})


@dataclass(frozen=True, slots=True)
class Difference:
    """Words of a page that the entry does not bear out, and what the entry has in their place."""

    kind: str
    start: int
    end: int
    record: str


class Comparison:
    """One mention against one entry."""

    def __init__(self, page: Page, known: Known, first: int, last: int, sentence: Sentence) -> None:
        self.page = page
        self.own = page.own
        self.words = page.words
        self.tags = page.document.tokens.tags
        self.known = known
        self.entry = known.entry
        self.first = first
        self.last = last
        self.anchor = sentence
        # A word in the name of a journal or in a title says nothing.
        named = [
            span
            for span in self.own.phrases.find(self.words, first, last, all_of=True)
            if span.end - span.start > 1
            and not span.table.startswith("topic")
            and (span.table.startswith("journal") or span.end - span.start >= 5)
        ]
        self.spans = [
            span
            for span in self.own.terms.find(self.words, first, last, all_of=False)
            if not any(other.start <= span.start < other.end for other in named)
        ]
        self.found: list[Difference] = []

    def run(self) -> list[Difference]:
        """Return the differences, in order of place."""
        if self.entry.kind == "untraced":
            self._untraced()
            return self.found
        self._sizes()
        self._figures()
        self._years()
        self._lengths()
        self._treatments()
        self._populations()
        self._outcomes()
        self._designs()
        self._comparators()
        self._misuse()
        self.found = [found for found in self.found if not self._as_said(found)]
        self.found.sort(key=lambda difference: (difference.start, difference.end))
        return self.found

    def add(self, kind: str, start: int, end: int, record: str = "") -> None:
        """Note that some tokens differ from the record."""
        self.found.append(Difference(kind, start, end, record))

    def _as_said(self, found: Difference) -> bool:
        """Tell whether a sentence says no more than what the register has to say."""
        if found.kind in ("size", "figure", "year"):
            return False
        low, high = self._sentence(found.start)
        stems = {
            stem_of(word)
            for word in self.words[low:high]
            if (len(word) > 2 or word.isdigit()) and word not in SMALL and not is_year(word)
        }
        if not stems - self.known.names:
            return False
        stems -= self.known.names
        return any(len(stems & said) >= 0.85 * len(stems) for said in self.known.said)

    # Context

    def clause(self, at: int) -> tuple[int, int]:
        """Return the stretch between breaks and commas around a token."""
        start = at
        while start > self.first and not self._breaks(start - 1):
            start -= 1
        end = at
        while end < self.last and not self._breaks(end):
            end += 1
        return start, end

    def _breaks(self, at: int) -> bool:
        if BREAK in self.tags[at] and self.words[at] not in ("(", ")", "[", "]"):
            return True
        if self.words[at] == "but":
            return True
        return any(
            sentence.first == at + 1
            for sentence in self.page.document.sentences[
                self.anchor.index : self.anchor.index + MOST_FOLLOWING + 2
            ]
        )

    def negated(self, at: int, end: int, reach: int = 9) -> bool:
        """Tell whether a negation reaches a term: before it in its clause, or right behind it."""
        start, stop = self.clause(at)
        before = self.words[max(start, at - reach) : at]
        negators = self.own.sets["negators"]
        if negators.intersection(before):
            return True
        behind = self.words[end : min(end + 4, stop)]
        return bool(
            {
                "not",
                "n't",
                "unchanged",
                "untested",
                "didn't",
                "wasn't",
                "weren't",
                "unproven",
            }.intersection(behind)
        )

    def near(self, names: frozenset[str], start: int, end: int, before: int, after: int) -> bool:
        """Tell whether one of some words stands near a term, in the same sentence."""
        low, high = self.first, self.last
        for sentence in self.page.document.sentences[
            self.anchor.index : self.anchor.index + MOST_FOLLOWING + 1
        ]:
            if sentence.first <= start < sentence.last:
                low, high = max(low, sentence.first), min(high, sentence.last)
        return bool(
            names.intersection(self.words[max(low, start - before) : start])
            or names.intersection(self.words[end : min(end + after, high)])
        )

    # Kinds

    def _untraced(self) -> None:
        handles = [
            span
            for span in self.own.phrases.find(self.words, self.first, self.last, all_of=True)
            if span.name == self.entry.key and span.table.startswith("alias")
        ]
        if handles:
            best = max(handles, key=lambda span: span.end - span.start)
            self.add("untraced", best.start, best.end)

    def _sizes(self) -> None:
        known, own = self.known, self.own
        if not (self.entry.sizes or self.entry.studies):
            return
        review = bool(self.entry.studies)
        for count, noun in self.page.counts(self.first, self.last):
            if noun in own.sets["studies"] and not review:
                continue
            small = count.value < 6 and noun not in own.sets["studies"]
            if small or any(fits(count, value) for value in known.counts):
                continue
            record = self.entry.studies if noun in own.sets["studies"] else self.entry.sizes
            self.add("size", count.start, count.end, ", ".join(record))

    def _figures(self) -> None:
        known = self.known
        allowed = known.percents
        whole = {100 - value for value in allowed}
        for count in self.page.percents(self.first, self.last):
            words = self.words
            behind = words[count.end : count.end + 3]
            ahead = words[max(self.first, count.start - 2) : count.start]
            if count.value == 50 and (
                "least" in ahead
                or "more" in behind[:2]
                or {
                    "fall",
                    "drop",
                    "reduction",
                    "better",
                    "lower",
                    "improvement",
                    "cut",
                }.intersection(behind[:2])
            ):
                continue
            if count.start >= self.anchor.last and not allowed:
                continue
            if any(fits(count, value) for value in allowed):
                self._arm(count)
                continue
            if count.loose == "share" and (
                not allowed or any(fits(count, value) for value in whole)
            ):
                continue
            if (
                count.end < self.last
                and words[count.end] in ("point", "points")
                and any(fits(count, value) for value in known.numbers)
            ):
                continue
            record = ", ".join(f.value for f in self.entry.figures if "%" in f.value)
            self.add("figure", count.start, count.end, record)
        for at in range(self.first, self.last - 2):
            found = self.page.count(at, self.first)
            if found is None:
                continue
            unit = self.words[at + 1]
            if unit in LARGE and known.money:
                scaled = [value / LARGE[unit] for value in known.money]
                if not any(fits(found, value) for value in scaled):
                    self.add(
                        "figure",
                        found.start,
                        at + 2,
                        ", ".join(f.value for f in self.entry.figures),
                    )
                continue
            fold = unit == "fold" or (unit == "times" and self.words[at + 2] in TIMES_WHAT)
            points = unit in ("points", "point") and self.words[at - 1 : at] != ["%"]
            if not (fold or points) or not self.entry.figures:
                continue
            if not any(fits(found, value) for value in known.numbers):
                figures = ", ".join(figure.value for figure in self.entry.figures)
                self.add("figure", found.start, at + 2, figures)

    def _arm(self, count: Count) -> None:
        """Report a figure of one arm that is given to the other."""
        arms = {
            figure.arm
            for figure, values in self.known.figures
            if any(fits(count, value) for value in values)
        }
        if len(arms) != 1 or not arms & {"treatment", "comparator"}:
            return
        _, stop = self.clause(count.end - 1)
        near: str | None = None
        for span in self.spans:
            if span.table != "treatments" or not count.end <= span.start < min(stop, count.end + 8):
                continue
            between = self.words[count.end : span.start]
            if {
                "versus",
                "vs",
                "v",
                "than",
                "and",
                "against",
                "compared",
                "%",
                ",",
                "over",
            }.intersection(between):
                break
            near = span.name
            break
        if near is None:
            return
        own = near in self.known.treatments and near not in self.known.comparators
        other = near in self.known.comparators and near not in self.known.treatments
        if ("comparator" in arms and own) or ("treatment" in arms and other):
            right = ", ".join(f"{f.value} {f.means}" for f in self.entry.figures if f.arm)
            self.add("figure", count.start, count.end, right)

    def _years(self) -> None:
        known, words = self.known, self.words
        if not known.years:
            return
        for at in range(self.anchor.first, self.anchor.last):
            if not is_year(words[at]) or int(words[at]) in known.years or self._in_number(at):
                continue
            before = [w for w in words[max(self.first, at - 4) : at] if w not in ("(", ",")]
            behind = [w for w in words[at + 1 : at + 7] if w not in (")", ",")]
            last = before[-1] if before else ""
            if (
                last in ("since", "between", "until", "to", "and", "\u2013", "$", "early")
                or (behind[:1] in (["to"], ["and"], ["\u2013"]) and is_year("".join(behind[1:2])))
                or behind[:1] == ["dollars"]
            ):
                continue
            named = bool(
                last == "al"
                or last in known.names
                or last in FOLLOWERS
                or self.own.mentions.intersection(behind)
                or {"published", "reported"}.intersection(before)
                or self.own.mentions.intersection(before[-2:])
                or (last in ("in", "from") and at - self.anchor.first <= 3)
                or (last == "in" and self.entry.kind in ("statistic", "analysis", "regulation"))
                or (
                    last in ("in", "of")
                    and self.own.sets["published"].intersection(words[self.anchor.first : at])
                )
                or words[at - 1 : at] == ["("]
                or words[at + 1 : at + 2] == [")"]
                or any(
                    span.end <= at <= span.end + 3
                    for span in self.own.phrases.find(words, self.anchor.first, at, all_of=True)
                    if span.table.startswith(("journal", "institution", "alias"))
                )
            )
            if named and not self._of_another(at):
                self.add("year", at, at + 1, ", ".join(map(str, sorted(known.years))))

    def _of_another(self, at: int) -> bool:
        """Tell whether a year dates the next source of a list: "(Lim 2016; another journal, 2015)"."""
        words, first = self.words, self.anchor.first
        parts = [n for n in range(first, at) if words[n] == ";"]
        return bool(parts) and not self.known.names.intersection(words[parts[-1] : at])

    def _in_number(self, at: int) -> bool:
        """Tell whether a year is part of an identifier: "ajp.2017.17060647"."""
        text, tokens = self.page.document.text, self.page.document.tokens
        before = text[max(tokens.start(at) - 1, 0) : tokens.start(at)]
        behind = text[tokens.end(at) : tokens.end(at) + 2]
        return before in (".", "/", "-") or (behind[:1] == "." and behind[1:].isalnum())

    def _lengths(self) -> None:
        known = self.known
        month = 28 * UNITS["day"]
        for length, start, end in lengths(self.words, self.first, self.last):
            if self.negated(start, end, 3) or any(
                same_length(length, other) for other in known.lengths
            ):
                continue
            # Of an entry without a length of time, only one that is long is certain to be wrong.
            if known.lengths or (length.hours >= month and self.entry.kind in ("trial", "review")):
                self.add("duration", start, end, ", ".join(self.entry.durations))
        if not known.lengths:
            return
        longest = max(length.hours for length in known.lengths)
        if longest >= UNITS["year"]:
            return
        told = next(
            (at for at in range(self.first, self.last) if self.words[at] in self.own.mentions),
            self.first,
        )
        for span in self.own.lasting.find(self.words, self.first, self.last, all_of=False):
            if span.name in known.words or self.words[span.start] in known.words:
                continue
            # "For those who want lasting relief, research suggests": said of others.
            if span.start < told:
                continue
            if self.negated(span.start, span.end):
                continue
            if self.near(self.own.sets["change"], span.start, span.end, 3, 3):
                self.add("duration", span.start, span.end, ", ".join(self.entry.durations))

    def _treatments(self) -> None:
        known, words = self.known, self.words
        if not known.treatments:
            return
        own = any(
            span.table == "treatments" and span.name in known.treatments for span in self.spans
        )
        for span in self.spans:
            if span.table == "routes":
                self._route(span)
            if span.table != "treatments" or span.name in known.terms["treatments"]:
                continue
            behind = words[span.end : span.end + 1]
            if behind and behind[0] in (
                "effect",
                "effects",
                "response",
                "action",
                "efficacy",
                "properties",
                "benefit",
                "benefits",
                "withdrawal",
                "experience",
            ):
                continue
            start, _ = self.clause(span.start)
            place = span.start - 1
            while place >= start and words[place] in self.own.sets["passed-over"]:
                place -= 1
            before = words[place] if place >= start else ""
            ahead = words[max(start, span.start - 12) : span.start]
            than = any(word in THAN for word in ahead[-4:])
            if not than and self.negated(span.start, span.end, 3):
                continue
            if span.name == "placebo" and (
                words[span.start - 1 : span.start] == ["active"] or behind == ["controlled"]
            ):
                continue
            if span.name in ("usual-care", "education") and (
                not known.comparators
                or before
                not in (
                    "than",
                    "versus",
                    "vs",
                    "with",
                    "to",
                    "against",
                )
            ):
                continue
            verbs = [at for at, word in enumerate(ahead) if word in COMPARE]
            if verbs and self.own.sets["negators"].intersection(
                ahead[max(0, verbs[-1] - 3) : verbs[-1]]
            ):
                continue  # "did not compare it with placebo"
            between = COMPARE
            if before == "and":
                between = frozenset({"between"})
            if (
                before in THAN
                or (than and span.name != "antidepressant")
                or before in self.own.sets["beats"]
                or (before in ("with", "to", "and") and between.intersection(ahead))
                or (behind == ["over"] and self.own.sets["beats"].intersection(ahead))
            ):
                self.add(
                    "comparator",
                    span.start,
                    span.end,
                    ", ".join(self.entry.comparators) or "no comparison",
                )
                continue
            if span.name == "antidepressant" or (own and before in self.own.sets["asides"]):
                continue
            if span.name == "ketamine" and own:
                continue  # "esketamine, which is derived from ketamine"
            self.add("treatment", span.start, span.end, ", ".join(self.entry.treatments))

    def _route(self, span: TermSpan) -> None:
        allowed = self.known.terms["routes"]
        if not self.entry.route or not allowed or span.name in allowed:
            return
        if span.name == "home" and self.entry.settings and "home" in " ".join(self.entry.settings):
            return
        if self.negated(span.start, span.end, 8):
            return
        given = ", ".join((self.entry.route, *self.entry.treatments))
        self.add("treatment", span.start, span.end, given)

    def _allowed(self, name: str, allowed: frozenset[str]) -> bool:
        return name in allowed or any(name in self.own.wider.get(other, ()) for other in allowed)

    def _populates(self, span: TermSpan) -> bool:
        """Tell whether a condition is that of the people who were studied."""
        words, people = self.words, self.own.sets["people"]
        start, end = span.start, span.end
        counted = people.intersection(words[end : end + 2]) or words[start] in people
        if counted and "," not in words[end : end + 1]:
            return True
        lead = self.own.sets["population-lead"]
        place = start - 1
        steps = 0
        while place >= self.first and steps < 4:
            word = words[place]
            if word in lead:
                if word == "from" and words[place - 1 : place] == ["abstinent"]:
                    return False
                return not (
                    word in ("in", "of", "for")
                    and self.own.sets["change"].intersection(
                        words[max(self.first, place - 2) : place]
                    )
                    and not people.intersection(words[max(self.first, place - 2) : place])
                )
            if word == "the" or word in self.own.sets["change"]:
                return False
            place -= 1
            steps += 1
        return False

    def _populations(self) -> None:
        known = self.known
        allowed = known.terms["conditions"]
        if not known.conditions and not self.entry.population:
            return
        named: list[TermSpan] = []
        for span in self.spans:
            if span.table != "conditions" or self.negated(span.start, span.end, 4):
                continue
            if not self._populates(span):
                continue
            named.append(span)
            sure = bool(known.conditions) or span.name in self.own.sets["kinds-of-people"]
            if sure and not self._allowed(span.name, allowed):
                self.add(
                    "population",
                    span.start,
                    span.end,
                    self.entry.population or ", ".join(self.entry.conditions),
                )
        # A review of several diagnoses, told as a review of one.
        families = {
            name
            for name in known.conditions
            if not any(name in self.own.wider.get(other, ()) for other in known.conditions)
        }
        kinds = {
            span.name
            for span in self.spans
            if span.table == "conditions" and span.start < self.anchor.last
        }
        if len(families) >= 3 and len(kinds) == 1 and self.entry.kind in ("review", "cohort"):
            only = [span for span in named if span.name in kinds]
            if not only:
                return
            span = only[0]
            before = self.words[max(self.first, span.start - 5) : span.start]
            if span.name in families and not {
                "including",
                "such",
                "most",
                "mostly",
                "mainly",
                "some",
                "several",
                "and",
            }.intersection(before):
                self.add(
                    "population",
                    span.start,
                    span.end,
                    self.entry.population or ", ".join(self.entry.conditions),
                )

    def _outcomes(self) -> None:
        known, words = self.known, self.words
        allowed = known.terms["outcomes"]
        if not allowed and not self.entry.outcomes:
            return
        if known.nothing:
            self._nothing()
        self._figure_outcomes()
        plain = self.own.sets["sure-outcomes"]
        for span in self.spans:
            if span.table != "outcomes":
                continue
            if span.name in allowed:
                if span.name in known.null:
                    self._null_outcome(span)
                continue
            if self.negated(span.start, span.end, 5) and not self._denied(span):
                continue
            same = next(
                (
                    other
                    for other in self.spans
                    if other.table == "conditions"
                    and other.start <= span.start
                    and span.end <= other.end
                ),
                None,
            )
            if same is not None and (
                self._populates(same)
                or (same.end > span.end and same.name in known.terms["conditions"])
            ):
                continue
            if (
                span.name not in plain
                and self.own.sets["change"].isdisjoint(words[span.start : span.end])
                and not self.near(self.own.sets["change"], span.start, span.end, 5, 4)
            ):
                continue
            behind = words[span.end : span.end + 2]
            if behind[:1] in (["trial"], ["trials"], ["study"], ["scale"], ["prevention"]):
                continue
            self.add("outcome", span.start, span.end, ", ".join(self.entry.outcomes))

    def _denied(self, span: TermSpan) -> bool:
        """Tell whether a sentence says that a treatment did not change an outcome: so it was measured."""
        start, _ = self.clause(span.start)
        before = frozenset(self.words[max(start, span.start - 5) : span.start])
        own = self.own.sets
        return (
            span.name in own["sure-outcomes"]
            and bool(before & own["change"])
            and not before & own["measuring"]
        )

    def _null_outcome(self, span: TermSpan) -> None:
        """Report a difference on an outcome where the record says that there was none."""
        start, _ = self.clause(span.start)
        low = max(start, span.start - 6)
        for at in range(low, span.start):
            weak = self.words[at] in ("effect", "effects", "symptoms", "rate")
            told = self.words[at] in self.own.sets["comparative"] | self.own.sets["change"]
            if told and not weak and not self.negated(span.start, span.end, 14):
                self.add("outcome", at, span.end, "no difference")
                return

    def _nothing(self) -> None:
        """Report "more than", "better than" of a study that found no difference."""
        words = self.words[self.first : self.last]
        if self.own.sets["negators"].intersection(words) or "difference" in words:
            return
        for at in range(self.first, self.last):
            if self.words[at] in self.own.sets["comparative"] | (self.own.sets["beats"] - FAVOURS):
                end = next(
                    (
                        place + 1
                        for place in range(at, min(at + 4, self.last))
                        if self.words[place] == "than"
                    ),
                    at + 1,
                )
                self.add("outcome", at, end, "no difference")
                return

    def _figure_outcomes(self) -> None:
        """Report a percentage of one outcome that is given as that of another: response, remission."""
        plain = self.own.sets["sure-outcomes"]
        counts = [
            count for count in self.page.percents(self.first, self.last) if count.loose != "share"
        ]
        counts += [
            count
            for at in range(self.first, self.last)
            if (count := self.page.count(at, self.first)) and count.decimals == 2
        ]
        for count in counts:
            owners = [
                figure
                for figure, values in self.known.figures
                if any(fits(count, value) for value in values)
                or (count.decimals == 2 and value_of(figure.value) == count.value)
            ]
            rights = self.own.outcomes_of(figure.outcome for figure in owners)
            if not owners or not rights & plain:
                continue
            low, high = self._sentence(count.start)
            near = [
                span
                for span in self.spans
                if span.table == "outcomes" and low <= span.start < high and span.name in plain
            ]
            if not near or any(span.name in rights for span in near):
                continue
            span = min(near, key=lambda span: abs(span.start - count.start))
            if abs(span.start - count.start) <= 16 and not self.negated(span.start, span.end, 5):
                self.add(
                    "outcome",
                    span.start,
                    span.end,
                    "; ".join(f"{f.value} {f.means}" for f in owners),
                )

    def _sentence(self, at: int) -> tuple[int, int]:
        for sentence in self.page.document.sentences[
            self.anchor.index : self.anchor.index + MOST_FOLLOWING + 1
        ]:
            if sentence.first <= at < sentence.last:
                return sentence.first, sentence.last
        return self.first, self.last

    def _designs(self) -> None:
        allowed = self.known.terms["designs"]
        if not allowed:
            return
        for span in self.spans:
            if span.table != "designs" or span.name not in self.own.sets["strong-designs"]:
                continue
            if span.name in allowed or self.negated(span.start, span.end):
                continue
            before = self.words[max(self.first, span.start - 5) : span.start]
            if {
                "for",
                "need",
                "needs",
                "needed",
                "further",
                "larger",
                "more",
                "future",
                "await",
            }.intersection(before):
                continue
            if self.entry.kind == "review" and span.name in (
                "randomised",
                "double-blind",
                "placebo-controlled",
                "crossover",
            ):
                continue
            self.add("design", span.start, span.end, self.entry.design)

    def _compares(self) -> bool:
        """Tell whether a mention says what the treatment was compared with."""
        known = self.known
        for span in self.spans:
            if span.table == "treatments" and span.name in known.comparators - known.treatments:
                return True
        for at in range(self.first, self.last):
            if self.words[at] in self.own.sets["comparison"]:
                if (
                    self.words[at] == "than"
                    and at + 1 < self.last
                    and value_of(self.words[at + 1]) is not None
                ):
                    continue
                return True
        return False

    def _comparators(self) -> None:
        known, words = self.known, self.words
        if not known.comparators and not self.entry.comparators:
            self._invented()
            return
        if self._compares():
            return
        other = [f for f in self.entry.figures if f.arm == "comparator"]
        others = [p for f, values in known.figures if f.arm == "comparator" for p in values]
        counts = list(self.page.percents(self.first, self.last))
        if any(
            fits(count, value) for count in counts for value in others if count.loose != "share"
        ):
            return
        record = "; ".join(f"{f.value} {f.means}" for f in other) or ", ".join(
            self.entry.comparators
        )
        for count in counts:
            for figure, values in known.figures:
                if figure.arm == "treatment" and any(fits(count, v) for v in values):
                    rivals = [
                        f
                        for f in other
                        if not f.outcome or not figure.outcome or f.outcome == figure.outcome
                    ]
                    if rivals:
                        self.add("comparator", count.start, count.end, record)
                        return
        if not known.compares:
            return
        allowed = known.terms["outcomes"]
        for at in range(self.first, self.last):
            word = words[at]
            if words[at - 1 : at] in (["or"], ["and"]):
                continue  # "4 points or more"
            comparative = word in self.own.sets["comparative"]
            change = word in self.own.sets["change"] and word.endswith(
                ("ed", "fell", "cut", "rose")
            )
            if not (comparative or change) or self.negated(at, at + 1):
                continue
            for span in self.spans:
                if span.table != "outcomes" or span.name not in allowed:
                    continue
                if not (
                    at < span.start <= at + 7
                    or (not comparative and span.end <= at <= span.end + 4)
                ):
                    continue
                if {"research", "trials", "studies", "evidence"}.intersection(
                    words[at + 1 : at + 3]
                ):
                    continue
                self.add("comparator", min(at, span.start), max(at + 1, span.end), record)
                return

    def _invented(self) -> None:
        """Report a comparison with something else where the study compared nothing."""
        if any(f.arm == "comparator" for f in self.entry.figures) or self.entry.kind not in (
            "trial",
            "review",
            "cohort",
        ):
            return
        words = self.words
        for at in range(self.first, self.last):
            if words[at] != "than" or (at + 1 < self.last and value_of(words[at + 1]) is not None):
                continue
            low, _ = self.clause(at)
            start = next(
                (
                    place
                    for place in range(at - 1, max(low, at - 5) - 1, -1)
                    if words[place] in self.own.sets["comparative"]
                ),
                -1,
            )
            if start < 0 or self.negated(start, at + 1):
                continue
            end = min(at + 4, self.clause(at)[1])
            self.add("comparator", start, end, "no comparison")

    def _misuse(self) -> None:
        """Report a sentence that says what the register warns against, nearly word for word."""
        for sentence in self.page.document.sentences[
            self.anchor.index : self.anchor.index + MOST_FOLLOWING + 1
        ]:
            if sentence.last > self.last:
                break
            words = self.words[sentence.first : sentence.last]
            if self.own.sets["negators"].intersection(words):
                continue
            here = {stem_of(word): at for at, word in enumerate(words, sentence.first)}
            if "50" in here and "%" in here:
                here["half"] = here["50"]
            for misuse, stems in self.known.misuses:
                shared = stems & here.keys()
                if len(shared) >= 5 and len(shared) >= 0.85 * len(stems):
                    places = sorted(here[stem] for stem in shared)
                    self.add("misuse", places[0], places[-1] + 1, misuse)
