"""English inflection for vocabulary: plurals, verb forms, and every form of a word.

The rules of spelling are here; the words that break them come from ``vocabulary/irregular.yaml``.
Linting looks forms up and never makes them: only the building of a rule pack and rewordings do.
"""

from __future__ import annotations

from kaplint.records import dataclass

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from collections.abc import Container, Iterator

__all__ = [
    "Irregular",
    "VerbForms",
    "base_form",
    "form_name",
    "is_plural",
    "plural",
    "singular",
    "verb_forms",
]

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


# Backwards: from a form to the word


# What a form ends in, and what its base then ends in.
_ENDINGS = (
    ("ies", ("y",)),
    ("es", ("", "e")),
    ("s", ("",)),
    ("ied", ("y",)),
    ("ed", ("", "e")),
    ("ying", ("ie", "y")),
    ("ing", ("", "e")),
)


def base_form(form: str, irregular: Irregular, known: Container[str]) -> str:
    """Return the base of a verb or verb phrase in any form, in lower case: relieves, relieve.

    ``known`` are verbs that are sure to exist; of several bases that fit, one of them is taken.
    A word that is no form of any verb is returned as it is.
    """
    word, space, rest = form.lower().partition(" ")
    return _base(word, irregular, known) + space + rest


def _base(word: str, irregular: Irregular, known: Container[str]) -> str:
    if word in ("is", "are", "am", "was", "were", "been", "being"):
        return "be"
    if word in irregular.verbs or word in known:
        return word
    for base, forms in irregular.verbs.items():
        if word in forms:
            return base
    fitting = list(_bases(word, irregular))
    for base in fitting:
        if base in known or base in irregular.verbs:
            return base
    if not fitting:
        return word
    # No word that anyone listed: "rebalanced" lost an e, "retreated" did not.
    stem = fitting[0].removesuffix("e")
    wants_e = stem.endswith(("v", "c", "u", "z", "g", "iat", "ulat", "orat", "enat", "bl", "tl"))
    wants_e = wants_e or (stem.endswith("s") and not stem.endswith("ss"))
    for base in fitting:
        if base.endswith("e") == wants_e:
            return base
    return fitting[0]


def _bases(word: str, irregular: Irregular) -> Iterator[str]:
    """Yield what a form may be a form of."""
    for ending, bases in _ENDINGS:
        stem = word.removesuffix(ending)
        if stem == word or not any(letter in VOWELS + "y" for letter in stem):
            continue
        options = [stem + base for base in bases]
        if len(stem) > 2 and stem[-1] == stem[-2]:
            # stopped, stop; but filled, fill and pressed, press.
            options.insert(len(options) if stem[-1] in "lsfz" else 0, stem[:-1])
        for base in options:
            forms = verb_forms(base, irregular)
            if word in (forms.s, forms.past, forms.participle, forms.ing):
                yield base


def form_name(form: str, base: str, irregular: Irregular) -> str:
    """Return which form of a verb a word is: base, s, past, participle or ing ("" for none).

    Where past and participle are one word it is the past.
    """
    word, first = form.lower().partition(" ")[0], base.partition(" ")[0]
    if word == first:
        return "base"
    if first == "be":
        return {"is": "s", "are": "base", "am": "base", "being": "ing", "been": "participle"}.get(
            word, "past"
        )
    forms = verb_forms(first, irregular)
    for name in ("s", "past", "participle", "ing"):
        if getattr(forms, name) == word:
            return name
    return ""


# Words in -s that are no plurals, and words that are plurals without one.
_SINGULAR_ENDINGS = ("ss", "us", "is", "ness", "ics", "itis", "osis")
_PLURALS = frozenset(("people", "we", "they", "these", "those", "both", "many", "you", "some"))


def is_plural(noun: str, irregular: Irregular) -> bool:
    """Tell whether a noun phrase is plural by the look of its last word, or of its first two."""
    words = noun.lower().split()
    if not words:
        return False
    # "most of our patients", "results of treatment": what stands before "of" decides.
    head = noun.lower().partition(" of ")[0].split()
    last = (head or words)[-1].strip(".,;:!?'\u2019\")")
    if " and " in f" {noun.lower()} " and " of " not in noun.lower():
        return True
    if last in _PLURALS or last in irregular.nouns.values():
        return True
    return last.endswith("s") and not last.endswith(_SINGULAR_ENDINGS) and len(last) > 3


def singular(noun: str, irregular: Irregular) -> str:
    """Return the singular of a noun phrase; the last word is the one that changes."""
    head, space, last = noun.rpartition(" ")
    low = last.lower()
    for one, many in irregular.nouns.items():
        if low == many:
            return head + space + one
    if not is_plural(low, irregular) or not low.endswith("s"):
        return noun
    for ending, one in (("ies", "y"), ("sses", "ss"), ("ches", "ch"), ("shes", "sh"), ("xes", "x")):
        if low.endswith(ending) and len(low) > len(ending) + 1:
            return head + space + last[: -len(ending)] + one
    return head + space + last[:-1]
