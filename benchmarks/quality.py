"""How well kaplint judges a labelled corpus: precision, recall and F1 by category and by rule.

    python benchmarks/quality.py my-corpus.jsonl [more.jsonl ...] [--strict] [--misses N] [--extras N]

A corpus has one JSON object a line::

    {"id": "page-1", "kind": "clinic", "text": "...",
     "labels": [{"quote": "cures depression", "category": "cure", "nth": 0, "optional": false}],
     "document_labels": ["no-risks"]}

A quote stands in the text letter for letter; ``nth`` (from 0) picks one of several places. An
optional label is a matter of judgement: missing it costs nothing, finding it is right.

detected   share of the firm labels that a finding overlaps, whatever its category
recall     share of the firm labels that a finding of the same category overlaps
precision  share of the findings that overlap a label, whatever its category
exact      share of the findings that overlap a label of the same category; F1 joins it and recall
extra/kw   findings that overlap no label, per 1,000 words
doc F1     of the duties of the page, on documents of 150 words or more whose kind is not "clean"

Intervals are Wilson's, at 95 %. ``--measured FILE`` writes what was counted by rule, as YAML: the
figures that ``kaplint explain`` prints come from there.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kaplint.api import Linter
from kaplint.config import Config
from kaplint.measured import interval
from kaplint.rulepack import DUTIES


@dataclass(frozen=True, slots=True)
class Label:
    """A stretch of a text and what is wrong with it."""

    start: int
    end: int
    category: str
    optional: bool


@dataclass(frozen=True, slots=True)
class Labelled:
    """A document of a corpus."""

    name: str
    kind: str
    text: str
    labels: tuple[Label, ...]
    duties: frozenset[str]


def read(path: Path) -> Iterator[Labelled]:
    """Yield the documents of a corpus. Raises ValueError where a quote is not in its text."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        document = json.loads(line)
        labels = []
        for label in document.get("labels", []):
            at = -1
            for _ in range(label.get("nth", 0) + 1):
                at = document["text"].find(label["quote"], at + 1)
            if at < 0:
                message = f"{path}:{number}: not in the text: {label['quote']!r}"
                raise ValueError(message)
            end = at + len(label["quote"])
            labels.append(Label(at, end, label["category"], label.get("optional", False)))
        yield Labelled(
            document["id"],
            document.get("kind", ""),
            document["text"],
            tuple(labels),
            frozenset(document.get("document_labels", [])),
        )


class Count:
    """What one run over some corpora counted."""

    def __init__(self) -> None:
        """Start from nothing."""
        self.all: Counter[str] = Counter()
        self.category: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.rule: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.misses: list[str] = []
        self.extras: list[str] = []

    def add(self, document: Labelled, linter: Linter) -> None:
        """Lint a document and compare the findings with its labels."""
        findings = [f for f in linter.text(document.text, document.name, ".txt") if not f.excuse]
        spans = [f for f in findings if f.scope == "span"]
        words = len(document.text.split())
        self.all["words"] += words
        for label in document.labels:
            over = [f for f in spans if f.start < label.end and label.start < f.end]
            if label.optional:
                continue
            same = any(f.category == label.category for f in over)
            for counter in (self.all, self.category[label.category]):
                counter["labels"] += 1
                counter["detected"] += bool(over)
                counter["recalled"] += same
            if not over:
                quote = document.text[label.start : label.end]
                self.misses.append(f"{document.name} {label.category}: {quote!r}")
        for finding in spans:
            hit = [x for x in document.labels if finding.start < x.end and x.start < finding.end]
            exact = any(x.category == finding.category for x in hit)
            for counter in (self.all, self.category[finding.category], self.rule[finding.rule]):
                counter["found"] += 1
                counter["right"] += bool(hit)
                counter["exact"] += exact
            if not hit:
                self.extras.append(f"{document.name} {finding.rule}: {finding.text!r}")
        if words >= 150 and document.kind != "clean":
            said = {f.category for f in findings if f.scope == "document"} & set(DUTIES)
            self.all["duties said"] += len(said)
            self.all["duties owed"] += len(document.duties)
            self.all["duties both"] += len(said & document.duties)


def share(part: int, whole: int) -> float:
    """Return a share, 0 of nothing."""
    return part / whole if whole else 0.0


def f1(one: float, other: float) -> float:
    """Return the harmonic mean."""
    return 2 * one * other / (one + other) if one + other else 0.0


def report(count: Count) -> Iterator[str]:
    """Yield the figures as lines."""
    c = count.all
    recall, exact = share(c["recalled"], c["labels"]), share(c["exact"], c["found"])
    said, owed, both = c["duties said"], c["duties owed"], c["duties both"]
    yield (
        f"{c['words']} words, {c['labels']} firm labels, {c['found']} findings: "
        f"detected {share(c['detected'], c['labels']):.3f}, recall {recall:.3f}, "
        f"precision {share(c['right'], c['found']):.3f}, exact {exact:.3f}, F1 {f1(recall, exact):.3f}, "
        f"extra/kw {1000 * share(c['found'] - c['right'], c['words']):.2f}, "
        f"doc F1 {f1(share(both, said), share(both, owed)):.3f}"
    )
    yield ""
    yield (
        f"{'category':<22}{'labels':>7}{'detected':>10}{'recall':>8}"
        f"{'found':>7}{'precision':>11}{'exact':>7}{'F1':>7}"
    )
    for name in sorted(count.category):
        k = count.category[name]
        recall, exact = share(k["recalled"], k["labels"]), share(k["exact"], k["found"])
        yield (
            f"{name:<22}{k['labels']:>7}{share(k['detected'], k['labels']):>10.2f}{recall:>8.2f}"
            f"{k['found']:>7}{share(k['right'], k['found']):>11.2f}{exact:>7.2f}{f1(recall, exact):>7.2f}"
        )
    yield ""
    yield f"{'rule':<6}{'found':>7}{'precision':>11}  interval"
    for code in sorted(count.rule):
        k = count.rule[code]
        low, high = interval(k["right"], k["found"])
        yield f"{code:<6}{k['found']:>7}{share(k['right'], k['found']):>11.2f}  {low:.2f}-{high:.2f}"


def measured(count: Count) -> str:
    """Return what was counted by rule, as the YAML of rules/measured.yaml."""
    lines = [
        "# How often each rule was right on labelled copy, part of which the rules were tuned on; see",
        "# benchmarks/quality.py, which writes this file. found: its findings, right: those that",
        "# overlap a stretch that a reviewer labelled.",
    ]
    lines += [
        f"{code}: {{found: {k['found']}, right: {k['right']}}}"
        for code, k in sorted(count.rule.items())
    ]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Run over the corpora that are named and print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpora", nargs="+", type=Path)
    parser.add_argument("--strict", action="store_true", help="also rules of low confidence")
    parser.add_argument("--misses", type=int, default=0, metavar="N", help="print N missed labels")
    parser.add_argument("--extras", type=int, default=0, metavar="N", help="print N wrong findings")
    parser.add_argument("--measured", type=Path, metavar="FILE", help="write the counts by rule")
    options = parser.parse_args()
    linter = Linter(Config(strict=options.strict), proposals=False)
    count = Count()
    for path in options.corpora:
        for document in read(path):
            count.add(document, linter)
    print("\n".join(report(count)))
    for title, rows, most in (
        ("missed", count.misses, options.misses),
        ("extra", count.extras, options.extras),
    ):
        if most:
            print(f"\n{title} ({len(rows)}):")
            print("\n".join(f"  {row}" for row in rows[:most]))
    if options.measured:
        options.measured.write_text(measured(count), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
