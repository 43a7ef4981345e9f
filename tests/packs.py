"""Rule packs of few rules, so that a test of the engine does not depend on the shipped rules."""

from __future__ import annotations

import json
from pathlib import Path

from kaplint.compiled import PatternCache
from kaplint.documents import Document, open_document
from kaplint.guards import CLASSES
from kaplint.linter import lint, scan
from kaplint.model import Finding
from kaplint.rulebook import Rulebook, rules_folder
from kaplint.rulepack import build

# Words that the guards know, taken from the shipped rules: that file is part of the engine.
GUARDS = (Path(rules_folder()) / "vocabulary" / "guards.yaml").read_text(encoding="utf-8")

VOCABULARY = """\
condition:
  about: Conditions.
  nouns: [migraine, panic attack]
  mass: [depression, anxiety, PTSD, pain, chronic pain, "women's health worries"]
named-treatment: {about: Treatments., words: [ketamine, esketamine, acupuncture]}
clinician: {about: Clinicians., words: [doctor, therapist]}
relieve:
  about: Verbs that say a complaint gets less.
  verbs: [ease, relieve, stop, get rid of]
named-thing:
  about: All that has a name.
  includes: [condition, named-treatment]
conditions:
  about: One condition or two.
  pattern: '{condition} ((and|,) {condition})?'
"""
IRREGULAR = """\
verbs: {get: [got, gotten], be: [was, been]}
nouns: {man: men}
doubling: [prefer]
"""
EXAMPLES = """\
examples:
  bad: ['«One».', '«Two».']
  good: ['Three.', 'Four.']
"""


def rule(find: str, *, code: str = "CU01", more: str = "") -> str:
    """Return the text of a rule with the given ``find`` part, its examples not true to it."""
    return (
        f"code: {code}\nsummary: Says so\nseverity: error\nconfidence: high\n"
        f"message: '\"{{match}}\" says so.'\nadvice: Say less.\nwhy: It is a test.\nnorms: []\n"
        f"find:\n  {find}\n{more}{EXAMPLES}"
    )


def phrase(*patterns: str, code: str = "CU01", more: str = "") -> str:
    """Return the text of a rule that looks for patterns."""
    return rule(f"phrase: {json.dumps(patterns, ensure_ascii=False)}", code=code, more=more)


def write(
    folder: Path, files: dict[str, str], *, guards: bool = False, vocabulary: str = VOCABULARY
) -> Path:
    """Write a rule folder: the vocabulary, and files by their path without suffix.

    The guards' classes are those shipped in their own file; the others that the engine knows, and
    for speed all where ``guards`` is not asked for, have one word each that no text holds.
    """
    words = GUARDS if guards else ""
    for at, name in enumerate(CLASSES):
        if f"\n{name}:" not in "\n" + words + vocabulary:
            words += f"{name}: {{about: None., words: [zz{chr(97 + at)}]}}\n"
    whole = {
        "vocabulary/guards": words,
        "vocabulary/own": vocabulary,
        "vocabulary/irregular": IRREGULAR,
        **files,
    }
    for name, text in whole.items():
        path = folder / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def book(
    folder: Path, files: dict[str, str], *, guards: bool = False, vocabulary: str = VOCABULARY
) -> Rulebook:
    """Build the rulebook of such a folder, by way of JSON as the command does."""
    pack = build((write(folder, files, guards=guards, vocabulary=vocabulary),))
    cache = PatternCache(None, lambda: pack.regexes)
    data = json.loads(json.dumps(pack.rewordings))
    return Rulebook(json.loads(json.dumps(pack.core)), cache, rewordings=lambda: data)


def page(text: str, rules: Rulebook, suffix: str = ".txt") -> Document:
    """Read a text as a whole page."""
    return open_document(f"page{suffix}", text, rules, excerpt=True)


def findings(text: str, rules: Rulebook, suffix: str = ".txt") -> list[Finding]:
    """Return everything found on a page, excused or not."""
    return list(lint(page(text, rules, suffix), list(enumerate(rules.rules))))


def matched(text: str, rules: Rulebook, number: int) -> list[str]:
    """Return the words that the patterns of one rule hit, guards left aside."""
    document = page(text, rules)
    hits = scan(document, frozenset((number,))).get(number, [])
    matches = [document.match(hit) for hit in hits]
    return [document.prose.text[m.prose_start : m.prose_end] for m in matches]
