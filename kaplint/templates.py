"""What a rewording is written in: templates with inflected words, and the seams around them.

A template is text with parts that its pattern remembered:

=====================  ========================================================================
``{x}``                the words as they stand
``{x:base}``           the verb in this form (``base``, ``s``, ``past``, ``participle``, ``ing``)
``{x:as help}``        another verb in the form that x has: cures, helps; curing, helping
``{x:one}, {x:many}``  the noun in the singular, the plural
``{x:agree help}``     a verb in the present that x is the subject of: helps, help; is, are
``{x:it}, {x:them}``   the pronoun for x: it, they; it, them
``{x:bare}``           x without the article or the possessive it begins with
``[in some people]``   at the end: left out where the sentence goes on in a way that it would cut
=====================  ========================================================================

What is put in a sentence is mended where it meets the rest: a or an, doubled blanks, commas and
articles left over, the capital that begins a sentence, the capitals of a heading.
"""

from __future__ import annotations

import re

from kaplint.inflect import (
    Irregular,
    base_form,
    form_name,
    is_plural,
    plural,
    singular,
    verb_forms,
)
from kaplint.lazy import lazy
from kaplint.records import dataclass

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = [
    "Words",
    "article",
    "cased",
    "fill",
    "is_title",
    "mend",
    "mistakes",
    "template_problems",
    "tidy",
]

_TAIL = lazy(r"\s*\[([^\[\]]*)\]\s*\Z")
# After these words may be added: at the end of a clause.
_CLAUSE_ENDS = lazy(
    r"\s*(?:\Z|[.;:!?)\u2014\u2013]|--|,\s+(?:but|so|which|who|while|although|though|because|especially"
    r"|with|without|according|and (?:it|they|we|you|he|she|the|our|this|that|these))\b"
    r"|(?:but|while|because|although|when|if|so)\b)",
    re.IGNORECASE,
)
_SLOT = lazy(r"\{([a-z][a-z_]*)(?::([a-z]+)(?: ([a-z]+))?)?\}")
_BRACE = lazy(r"[{}]")
_VERBS = ("base", "s", "past", "participle", "ing")
_NOUNS = ("one", "many")
_PLAIN = ("it", "them", "bare")
_WITH_WORD = ("as", "agree")

_DETERMINER = lazy(
    r"(?:an?|the|this|that|these|those|our|your|their|his|her|its|my|any|some|every|each)\s+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Words:
    """What is known of words: those that break the rules, known verbs, British to American."""

    irregular: Irregular
    known: frozenset[str]
    spelling: dict[str, str]


def template_problems(template: str, names: Iterable[str]) -> list[str]:
    """Return what is wrong with a template whose pattern remembers these names."""
    problems = []
    known = {*names, "match"}
    for name, form, word in _SLOT.findall(template):
        if name not in known:
            problems.append(f"nothing in 'for' is remembered as '{name}'")
        if form in _WITH_WORD and not word:
            problems.append(f"'{{{name}:{form}}}' wants a verb: {{{name}:{form} help}}")
        elif form and form not in (*_VERBS, *_NOUNS, *_PLAIN, *_WITH_WORD):
            forms = ", ".join((*_VERBS, *_NOUNS, *_PLAIN, *_WITH_WORD))
            problems.append(f"no such form: {form} (there are {forms})")
    rest = _SLOT.sub("", template)
    if ("[" in rest or "]" in rest) and not _TAIL.search(template):
        problems.append(f"'{template}': a part in [ ] stands at the end")
    if _BRACE.search(rest):
        problems.append(f"'{template}' has a brace that belongs to no part")
    return problems


def fill(template: str, parts: Mapping[str, str], words: Words, after: str = "") -> str:
    """Return a template with its parts filled in, on one line, blanks single.

    ``after`` is what follows in the sentence.
    """
    tail = _TAIL.search(template)
    if tail:
        template = template[: tail.start()]
        if _CLAUSE_ENDS.match(after):
            template = f"{template} {tail[1]}"

    def part(slot: re.Match[str]) -> str:
        name, form, word = slot.groups()
        return _form(" ".join(parts.get(name, "").split()), form or "", word or "", words)

    return tidy(_SLOT.sub(part, template))


def _form(text: str, form: str, word: str, words: Words) -> str:
    irregular = words.irregular
    if not form or not text:
        return text
    if form in _VERBS:
        found: str = getattr(verb_forms(base_form(text, irregular, words.known), irregular), form)
        return found
    if form == "as":
        name = form_name(text, base_form(text, irregular, words.known), irregular)
        other: str = getattr(verb_forms(word, irregular), name or "base")
        return other
    many = is_plural(text, irregular)
    if form == "agree":
        if word == "be":
            return "are" if many else "is"
        return word if many else verb_forms(word, irregular).s
    if form == "it":
        return "they" if many else "it"
    if form == "them":
        return "them" if many else "it"
    if form == "bare":
        return _DETERMINER.sub("", text, count=1) if _DETERMINER.match(text) else text
    if form == "one":
        return singular(text, irregular)
    return text if many else plural(text, irregular)


_BLANKS = lazy(r"\s+")
# ". . ." stands for words left out.
_BEFORE_MARK = lazy(r"(?<!\.) +(?=[,;:!?%)\]]|\.(?! ?\.))")
_COMMAS = lazy(r",(?:\s*,)+")
_COMMA_STOP = lazy(r"[,;]\s*(?=[.!?])")


def tidy(text: str) -> str:
    """Return a text with single blanks, none before a mark, and no comma left over."""
    text = _BLANKS.sub(" ", text).strip()
    text = _BEFORE_MARK.sub("", text)
    text = _COMMA_STOP.sub("", _COMMAS.sub(",", text))
    return _ARTICLE.sub(_right_article, text)


_ARTICLE = lazy(r"\b([Aa]n?) ([^\W_][\w-]*)")


def _right_article(match: re.Match[str]) -> str:
    given, word = match.groups()
    if word.isupper() and len(word) > 4 and word.isalpha():
        word = word.lower()  # a heading in capitals, not letters read one by one
    if given == "A" and match.start() and match.string[match.start() - 1] not in " (\"'\u201c":
        return match.group()  # vitamin A, hepatitis A
    right = article(word)
    return f"{right.capitalize() if given[0] == 'A' else right} {match[2]}"


# Words that sound other than they are spelled.
_VOWEL_SOUND = lazy(r"(?:hour|honest|honou?r|heir)|[aefhilmnorsx](?:-|[A-Z0-9]|$)", re.IGNORECASE)
_CONSONANT_SOUND = lazy(
    r"(?:uni(?!n|m)|use|usu|uti|ura|ure|eu|one(?![a-z])|once|ubiq|u[a-z]$|u-)", re.IGNORECASE
)
# Read letter by letter: an FDA, an MRI; a US.
_LETTERS = lazy(r"[A-Z][A-Z0-9]+(?:-|s?$)")


def article(word: str) -> str:
    """Return the article, a or an, that goes before a word."""
    if _LETTERS.match(word):
        return "an" if word[0] in "AEFHILMNORSX" else "a"
    if word[0].isdigit():
        return "an" if word.startswith(("8", "11", "18")) and not word.startswith("110") else "a"
    low = word.lower()
    if _CONSONANT_SOUND.match(low):
        return "a"
    if len(low) > 1 and re.match(r"hour|honest|honou?r|heir", low):
        return "an"
    return "an" if low[0] in "aeiou" else "a"


# Capitals

_SMALL = frozenset("a an the and or of for in to with on some as at by from but nor per vs".split())
_WORD = lazy(r"[^\W\d_][\w'\u2019]*")


def is_title(text: str) -> bool:
    """Tell whether a text is in Title Case: most of its long words after the first are capitals."""
    found = [word for word in _WORD.findall(text)[1:] if len(word) > 3]
    capitals = sum(1 for word in found if word[0].isupper())
    return len(found) > 0 and capitals * 10 >= len(found) * 7


def is_shouted(text: str) -> bool:
    """Tell whether a text is in capitals."""
    letters = [letter for letter in text if letter.isalpha()]
    return len(letters) > 3 and all(letter.isupper() for letter in letters)


def cased(text: str, like: str, around: str, *, begins: bool) -> str:
    """Give new words the capitals of those they replace.

    ``around`` is the sentence of the old words, ``like``; ``begins`` says that they begin it.
    """
    if is_shouted(like) and (is_shouted(around) or len(like.split()) > 1):
        return text.upper()
    if is_title(around) and any(word[0].isupper() for word in _WORD.findall(like)):

        def capital(match: re.Match[str]) -> str:
            word = match.group()
            if word in _SMALL and match.start() and len(word) < 5:
                return word
            return word[:1].upper() + word[1:]

        text = _WORD.sub(capital, text)
    elif like[:1].isupper() and like.lower() in ("can", "will") and not begins:
        text = text[:1].upper() + text[1:]
    if begins:
        return capitalised(text)
    return text


def capitalised(text: str) -> str:
    """Return a text with its first letter a capital, whatever marks stand before it."""
    for at, letter in enumerate(text):
        if letter.isalpha():
            # "mTOR", "iPhone", "pH" begin small wherever they stand.
            if text[at + 1 : at + 2].isupper():
                return text
            return text[:at] + letter.upper() + text[at + 1 :]
        if letter.isdigit():
            return text
    return text


# Seams

_LAST_WORD = lazy(r"(\S+)([ \t\u00a0]*)\Z")
_LAST_ARTICLE = lazy(r"(?<![\w'\u2019-])([Aa]n?)([ \t\n\u00a0]*)\Z")
_LAST_DETERMINER = lazy(r"(?<![\w'\u2019-])(an?|the)[ \t\n\u00a0]+\Z", re.IGNORECASE)
_FIRST_WORD = lazy(r"\s*([^\W_][\w-]*)")
_ADJECTIVE_BEFORE = lazy(
    r"(?<![\w-])(?:\w+(?:ive|al|ful|ous|ic|ed|ent|ant|able|ible|ing|est|ly)|safe|new|fast|quick|simple|gentle|true|real|rare"
    r"|great|good|modern|deep)[ \t\n]*(and|or|&|,)[ \t\n]*\Z",
    re.IGNORECASE,
)
# What an adjective follows: the first of several may go with the comma behind it.
_OPENS_PHRASE = lazy(
    r"(?<![\w'\u2019-])(?:an?|the|our|your|their|its|his|her|my|this|that|these|those|is|are|was|were|be|been|of|for|with"
    r"|in|by|to|very|more|most|such|some|any|no|as|offers?|provides?)\s+\Z",
    re.IGNORECASE,
)
_JOINS = lazy(r"[ \t\n]*(?:,[ \t\n]*(?:and[ \t\n]+)?|(?:and|or|yet|but|&)[ \t\n]+)", re.IGNORECASE)


def mend(prose: str, start: int, end: int, text: str, low: int, high: int) -> tuple[int, int, str]:
    """Return the range to replace and the new words, mended where they meet the rest.

    ``low`` and ``high`` bound the sentence; offsets are those of ``prose``.
    """
    if not text:
        start, end = _close(prose, start, end, low, high)
    before, after = prose[low:start], prose[end:high]
    if text:
        determiner = _LAST_DETERMINER.search(before)
        if determiner and re.match(r"(?:an?|the|some|one|our|no) ", text, re.IGNORECASE):
            start = low + determiner.start()
            before = prose[low:start]
        if before[-1:].isalnum() and text[:1].isalnum():
            text = f" {text}"
        elif before[-1:].isspace() and text[:1] in ",;:.!?":
            start -= len(before) - len(before.rstrip())
            before = prose[low:start]
        if text[-1:].isalnum() and after[:1].isalnum():
            text = f"{text} "
        elif text[-1:] in ",;:.!?" and after.lstrip()[:1] in (",", ";", ":", ".", "!", "?"):
            text = text.rstrip(",;:.!?")
    # The article before, by the first word after it.
    given = _LAST_ARTICLE.search(before)
    first = _FIRST_WORD.match(text if text.strip() else after)
    if given and first:
        right = article(first[1])
        if right != given[1].lower():
            right = right.capitalize() if given[1][0] == "A" else right
            start = low + given.start()
            text = f"{right}{given[2]}{text}"
            before = prose[low:start]
    if not before.strip("\"'\u201c\u2018([*_ ") and (text.strip() or after.strip()):
        if text.strip():
            text = capitalised(text)
        else:
            letter = re.match(r"\W*([a-z])(?![A-Z])", after)
            if letter:
                text = prose[end : end + letter.end(1) - 1] + letter[1].upper()
                end += letter.end(1)
    return start, end, text


def _close(prose: str, start: int, end: int, low: int, high: int) -> tuple[int, int]:
    """Return the range to delete, with the blank, the comma or the "and" that would be left over."""
    before, after = prose[low:start], prose[end:high]
    joined = _ADJECTIVE_BEFORE.search(before)
    joins = _JOINS.match(after)
    if joined and not (joins and after.lstrip()[:1] == ","):
        # "safe and revolutionary treatment": the "and" goes, too.
        start = low + joined.start(1)
        before = prose[low:start]
    elif (
        joins
        and (not before.strip() or _OPENS_PHRASE.search(before))
        and re.match(r"[ \t\n]*[^\W\d_]", after[joins.end() :])
        and not before.rstrip().endswith(",")
    ):
        # "a revolutionary, safe treatment", "Revolutionary and safe": the join after it goes.
        return start, end + joins.end()
    if before.rstrip().endswith(",") and re.match(r"\s*[,.;:!?]", after):
        start = low + len(before.rstrip()) - 1
        before = prose[low:start]
    if before[-1:].isspace() and (not after or after[:1].isspace() or after[:1] in ",.;:!?)"):
        start -= len(before) - len(before.rstrip())
        if start < low or start == low:
            blanks = len(after) - len(after.lstrip())
            return low, end + blanks
        if not after[:1].isspace() and after[:1] not in ",.;:!?)" and after:
            start += 1
    elif not before.strip():
        end += len(after) - len(after.lstrip())
    return start, end


# Grammar: pairs of words that no edit may leave behind.

# Words that end like an adverb.
_NO_ADVERBS = "family|early|july|only|fly|supply|reply|assembly|anomaly|jelly|belly"
# "may ease pain and restores sleep": verbs of a row take one form.
_PRAISING = (
    "reduces|blocks|promotes|brings|thickens|improves|strengthens|increases|boosts|enhances|restores|lowers|relieves|eases|firms"
    "|stimulates|repairs|calms|prevents|regulates|activates|releases|accelerates|heals|rejuvenates|stabilizes|induces|eliminates"
    "|gets|treats|adds|makes|burns|keeps|takes|gives|lets|leaves|allows|helps|clears|opens|slows|feeds|fights|provides|offers"
    "|encourages|triggers|lifts|sharpens|soothes|protects|cleanses|nourishes|renews|revives|speeds|tightens|lowers|raises|impacts"
)
_WRONG = lazy(
    r"(?:"
    # to may, can may, is may, the may
    r"\b(?:to|can|could|will|would|should|must|may|might|shall|do|does|did|the|an?|our|your|their|its|into"
    r"|be|been|being|is|are|was|were|has|have|had|not to|{no}) (?:may|might)\b(?! \d)"
    r"|\b(?:of|for|with|by|in|at|from) (?-i:may|might)\b"
    r"|\b(?:to|can|could|will|would|should|must|may|might) [a-z]+ly (?:may|might)\b"
    # the and, a for, our .
    r"|(?<![\w'\u2019-])(?:the|an|a(?<!vitamin a)(?<!hepatitis a)|our|your|their|its|my)"
    r"(?: (?:and|or|but|of|for|in|to|with|is|are|was|were|that|which|by|on|at|from)\b"
    r"|[,;:.!?)](?!\w)|\Z)"
    # may relieves, to relieves is left to the reader; may is, may are, may been
    r"|\b(?:(?-i:may|might)|can|could) (?:is|are|was|were|has|been|being|to|of|for|the|an?"
    r"|may|might|can|could|will|would)\b"
    # in in, of with, for to
    r"|\b(?:of|for|with|by|in|from|at|into|than) (?:of|for|with|by|from|at|to|is|are|was|were|and|or)\b"
    r"|\b(?:and|or) (?:and|or|but)\b|\b(?:and|or|the|an|a|of|to|with|that|which|is|are|may|for)\s*[.!?]"
    # with results, delivers outcomes: nothing is left to say
    r"|\b(?:with|for|of|sees?|gets?|offers?|delivers?|produces?|brings?) (?:results|outcomes|benefits|effects)"
    r"(?=[.,;!]|\Z)"
    # these it is possible
    r"|\b(?:these|this|those|the|an?|our|recent|several|many|some|most|all|current|such|new) it (?:is|may)\b"
    r"|[,;:] ?[,;:.!?]| [,.;!?](?!\w|\.)"
    r"|\b(?:has|have|offers?|provides?|gives?|shows?|brings?)(?: (?!that|which|who|and|but|or|may)[\w-]+){1,3} may\b"
    # effectively may, full may, how may it; been to ease
    r"|(?<=[a-z] )(?!{ly})[a-z]+ly (?:may|might|(?:is|are) (?:also )?thought to)\b"
    r"|\b(?:full|overall|quick|fast|improvement|healthy|significant|real|clinical|positive|key|main|help|helps|also|even|very|or"
    r"|but not|not only|but also) may\b(?! \d)"
    r"|\b(?:how|why) may\b|\b(?:has|have|had) (?:\w+ )?been to (?!the|an?)[a-z]+"
    # through and, it was it is, can it is
    r"|\b(?:through|via|about|between) (?:and|or|of|to)\b|\b(?:is|was|are|were) (?:it|they|we) (?:is|are|may)\b"
    r"|(?<=[a-z] )(?:can|may|will|could) (?:it|they|we) (?:is|are|may|can)\b"
    # how the brain may work, which may work cartilage; may cause of, may result that
    r"|\bhow [^.,;:]{0,30} (?:(?:is|are) thought to|may) work\b|\bwhich may work (?!in|by|with|on|to|as|for)"
    r"|\bmay (?:cause|benefit|result|effect|support|work|function|target|report) of\b"
    r"|\bmay (?:process|result|practice) that\b"
    # -acting, more-results that, clinically-methods
    r"| -[a-z]|-(?:results|may) that\b|\b(?:clinically|scientifically)-(?!proven|tested|validated|studied)[a-z]"
    # may ease pain and restores sleep
    r"|\b(?:may|thought to) [a-z]+ "
    r"(?:[^.;:\u2013\u2014]{1,90}?(?:, | and )|[^.,;:\u2013\u2014]{1,60} )"
    r"(?:and )?(?:also )?(?:{s})\b"
    # feel and great, some population, a natural, and effective way
    r"|\b(?:experience|see|get|feel|deliver|offer|be|is|are) and\b|\bsome population\b"
    r"|\b(?:an?|as) [\w-]+, and [\w-]+ (?:treatment|therapy|option|way)\b"
    # helps you may, guarantee that you may, may ease your body of
    r"|\b(?:helps?|helping|lets?|letting) (?:you|patients|people|us|them|clients) (?:may|might)\b"
    r"|\bguarantee (?:that )?\w+ (?:\w+ )?may\b|\bmay ease (?:your|the) body\b"
    # said twice: it is possible that relief is possible
    r"|\bpossible that [^.;]{0,40} possible\b|\bpossibly possibl[ey]\b"
    r"|\b(?:some|many) (?:patients|people) [^.,;]{0,60}\bin some people\b"
    # potentially treatment, ketamine's some effect
    r"|\b(?:potentially|truly|really) (?:treatments?|therap(?:y|ies)|options?)\b|\w['\u2019]s some\b"
    # proven possible ability, a promise that no "may" makes good
    r"|\bproven (?:possible|some|may)\b|\b(?:own|inborn|innate|natural|inherent) possible\b"
    # until they may, some patients usually, makes you may, a recovery
    r"|\b(?:until|once|before|unless|showing that|shows that) (?:it|they|you|we|he|she) may\b"
    r"|\bsome \w+ (?:usually|typically|always|generally)\b"
    r"|\b(?:makes?|making) (?:you|them|people|it) may\b|,? and a (?:recovery|relief)\b"
    r"|\b(?:may|might) \w+ (?:and|or) (?:even )?(?:eliminate|cure)\b"
    r"|\b(?:results|effects|outcomes) may help some people\b|\bin (?:research|studies|trials) may help\b"
    r"|\b(?:may|might|could) (?:cure|eradicate|eliminate)\b"
    r"|\b(?:with|for) (?:free|away|to)\b|\bthe [a-z]+ ever [a-z]+ed\b"
    r"|\b(?:you|patients|people) (?:may )?help some people\b|\bmay (?:may|not only may)\b"
    r")".replace("{no}", "cannot")
    .replace("{s}", _PRAISING)
    .replace("{ly}", _NO_ADVERBS),
    re.IGNORECASE,
)
_TWICE = lazy(r"\b([a-z]+) \1\b", re.IGNORECASE)
_MAY_BE_TWICE = frozenset(("had", "that", "very", "long", "no", "ha", "so", "do"))
_SOME = lazy(
    r"\ban? (?:some|may|results|outcomes|benefits|effects|studies|people|patients|treatments)\b",
    re.IGNORECASE,
)


def mistakes(text: str) -> int:
    """Return how many slips of grammar stand in a sentence, of those that edits can leave behind."""
    twice = sum(1 for m in _TWICE.finditer(text) if m[1].lower() not in _MAY_BE_TWICE)
    open_quote = text.count('"') % 2 + abs(text.count("\u201c") - text.count("\u201d"))
    slips = sum(1 for _ in _WRONG.finditer(text)) + sum(1 for _ in _SOME.finditer(text))
    return slips + twice + open_quote
