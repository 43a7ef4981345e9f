"""English inflection for vocabulary: plurals, verb forms, and every form of a word.

The rules of spelling are here; the words that break them come from ``vocabulary/irregular.yaml``.
Used only when a rule pack is built, so that linting looks forms up and never makes them.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Irregular", "VerbForms", "plural", "verb_forms"]

VOWELS = "aeiou"


@dataclass(frozen=True, slots=True)
class Irregular:
    """Words that break the spelling rules.

    ``verbs`` maps a base form to its past and its participle, ``nouns`` a singular to its plural;
    ``doubling`` names verbs of several syllables that double their last letter (prefer, occur).
    """

    verbs: dict[str, tuple[str, str]]
    nouns: dict[str, str]
    doubling: frozenset[str]


@dataclass(frozen=True, slots=True)
class VerbForms:
    """The five forms of a verb."""

    base: str
    s: str
    past: str
    participle: str
    ing: str


def plural(noun: str, irregular: Irregular) -> str:
    """Return the plural of a noun or noun phrase; the last word is the one that changes."""
    head, space, last = noun.rpartition(" ")
    if last in irregular.nouns:
        return head + space + irregular.nouns[last]
    return head + space + _add_s(last)


def verb_forms(verb: str, irregular: Irregular) -> VerbForms:
    """Return the forms of a verb or verb phrase; the first word is the one that changes.

    Of a hyphenated word ("jump-start") the last part changes.
    """
    whole, space, rest = verb.partition(" ")
    front, hyphen, word = whole.rpartition("-")
    head, tail = front + hyphen, space + rest
    past, participle = irregular.verbs.get(word, ("", ""))
    if not past:
        past = participle = _add_ed(word, irregular)
    return VerbForms(
        base=verb,
        s=head
        + {"have": "has", "do": "does", "be": "is", "go": "goes"}.get(word, _add_s(word))
        + tail,
        past=head + past + tail,
        participle=head + participle + tail,
        ing=head + _add_ing(word, irregular) + tail,
    )


def _add_s(word: str) -> str:
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return word + "es"
    if word.endswith("y") and word[-2:-1] not in VOWELS:
        return word[:-1] + "ies"
    return word + "s"


def _doubles(word: str, irregular: Irregular) -> bool:
    if word in irregular.doubling:
        return True
    if len(word) < 3 or word[-1] in VOWELS + "wxyh" or word[-2] not in VOWELS:
        return False
    stem = word[:-2]
    # One syllable, one vowel: stop, plan; not help, treat, offer.
    return not any(letter in VOWELS for letter in stem.replace("qu", "q"))


def _add_ed(word: str, irregular: Irregular) -> str:
    if word.endswith("e"):
        return word + "d"
    if word.endswith("y") and word[-2:-1] not in VOWELS:
        return word[:-1] + "ied"
    if _doubles(word, irregular):
        return word + word[-1] + "ed"
    return word + "ed"


def _add_ing(word: str, irregular: Irregular) -> str:
    if word.endswith("ie"):
        return word[:-2] + "ying"
    if word.endswith("e") and not word.endswith(("ee", "ye", "oe")) and word != "be":
        return word[:-1] + "ing"
    if _doubles(word, irregular):
        return word + word[-1] + "ing"
    return word + "ing"
