"""What excuses a match: one function for each name under ``unless:``.

A guard reaches over the clause of the match, not over its sentence. Each takes a match and its
document and returns the words that excuse it, or "" where nothing does. To add one, write the
function, name it in GUARDS, and add the name to NAMED_GUARDS in rulepack.py.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable

from kaplint.lazy import lazy
from kaplint.tokens import BREAK, NUMBER

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from kaplint.documents import Document, Match
    from kaplint.rulebook import Guard, PlacePattern

__all__ = ["CLASSES", "EVIDENCE", "GUARDS", "excuse", "holds", "is_source"]

# Vocabulary classes that the engine knows by name: those of rules/vocabulary/guards.yaml, and the
# treatments, since what is approved of one is not approved of another.
CLASSES = (
    "negator",
    "false-negator",
    "denial",
    "hedge",
    "hedge-after",
    "clause-opener",
    "new-subject",
    "relative",
    "critic",
    "term-of-art",
    "finite-verb",
    "modal",
    "health-topic",
    "interrogative",
    "number-word",
    "rhetorical",
    "named-treatment",
    "leaflet-voice",
    "sales-voice",
    "builder-voice",
)

# The same, where the rules have a register of evidence (fidelity/).
EVIDENCE = ("evidence-mention", "evidence-name", "evidence-handle", "evidence-treatment")

_CITATION = lazy(
    # (1), [2, 3] after a word or a mark; superscript digits; et al.; (Author 2013); doi, PMID
    r"[A-Za-z)\"'%.,;0-9][ \u00a0]?"
    r"(?:\[[A-Z]?\d{1,3}(?:\s*[,\u2013-]\s*[A-Z]?\d{1,3})*\]|\(\d{1,2}(?:\s*[,\u2013-]\s*\d{1,2})*\)(?![\s-]*\d))"
    r"|[a-z)][.,]\d{1,2}(?:[,\u2013-]\d{1,2})*(?=\s|$)"
    r"|[A-Za-z.,)%][\u00b9\u00b2\u00b3\u2070-\u2079]"
    r"|\bet al\b\.?"
    r"|\((?:see |e\.g\. )?[A-Z][\w'\u2019.-]+(?:[^()]{0,80}?)\b(?:19|20)\d\d[a-z]?\)"
    r"|\bdoi:?\s?10\.|\bPMID\b|https?://"
    r"|\b[A-Z][\w'-]+ (?:and|&) [A-Z][\w'-]+,? \(?(?:19|20)\d\d\b",
)
_SOURCE_PATH = lazy(
    r"pubmed|ncbi|doi\.org|/doi/|nejm|jama|lancet|nature\.com|sciencedirect|springer|wiley|cochrane|clinicaltrials"
    r"|fda\.gov|nih\.gov|cdc\.gov|who\.int|\.gov(?:/|$)|\.edu(?:/|$)|study|studies|trial|research|evidence|reference"
    r"|source|journal|article|paper|report|guideline|data|statistic|survey|leaflet",
    re.IGNORECASE,
)
_NOTE_ADDRESS = lazy(
    r"^#(?:fn|ref|cite|note|n\d|source|r?\d|_ftn|bib|endnote|footnote)", re.IGNORECASE
)
_SOCIAL = lazy(
    r"facebook|instagram|twitter|x\.com|tiktok|linkedin|youtube|yelp|google\.com/maps|goo\.gl|wa\.me|calendly"
    r"|booking|mailto:|tel:|/contact|/book|/about|/services|/pricing|/faq",
    re.IGNORECASE,
)
_QUOTES = lazy('["\u201c\u201d\u201e\u00ab\u00bb]')


def is_source(address: str) -> bool:
    """Tell whether a link may lead to a source: a note, another site, a page that reports research."""
    if _NOTE_ADDRESS.search(address):
        return True
    if _SOCIAL.search(address):
        return False
    if _SOURCE_PATH.search(address):
        return True
    return address.startswith(("http://", "https://", "//"))


# How guards see a match: the tokens of its clause


def _is(tags: str, group: str) -> bool:
    """Tell whether a token belongs to a class, as the first or a further word of a term."""
    return any(tag in tags for tag in group)


def _starts(tags: str, group: str) -> bool:
    """Tell whether a term of a class begins with a token."""
    return group[0] in tags


def reach(match: Match, document: Document) -> list[int]:
    """Return the tokens before the match that share its clause, nearest first.

    Going left, a clause ends at ; : ( ) a dash or a sentence end, at a word that opens one (but,
    while, because), and at "and", "or" or a comma that a new subject or a verb follows; one set between
    commas ("which may cause nausea,") is stepped over, one that leads ("Although it may ...,") is
    left outside.
    """
    classes = document.rulebook.classes
    words, tags = document.tokens.words, document.tokens.tags
    opener, relative = classes["clause-opener"], classes["relative"]
    subject, finite = classes["new-subject"], classes["finite-verb"]
    first = match.sentence.first
    found: list[int] = []
    at = match.start - 1
    while at >= first:
        word, tag = words[at], tags[at]
        if BREAK in tag or _starts(tag, opener):
            break
        if _starts(tag, relative):
            found.append(at)
            break
        if word in ("and", "or", ",", "&", "then"):
            after = tags[at + 1]
            if _starts(after, subject) or _starts(after, finite):
                break
            if word == ",":
                inner = _aside(at, first, document)
                if inner < -1:
                    break
                if inner >= 0:
                    at = inner
                    continue
        found.append(at)
        at -= 1
    return found


# A clause before a comma: beside the match, set between commas, or leading the sentence.
_BESIDE, _LEADING = -1, -2


def _aside(comma: int, first: int, document: Document) -> int:
    """Return the token before a clause that ends at a comma, or how the clause stands."""
    classes = document.rulebook.classes
    words, tags = document.tokens.words, document.tokens.tags
    subordinate = (classes["relative"], classes["clause-opener"])
    start = first
    for at in range(comma - 1, max(first, comma - 20) - 1, -1):
        if BREAK in tags[at]:
            start = at + 1
            break
        if words[at] == ",":
            opens = any(_starts(tags[at + 1], group) for group in subordinate)
            return at - 1 if opens else _BESIDE
    else:
        if comma - first > 20:
            return _BESIDE
    opens = any(_starts(tags[start], group) for group in subordinate)
    return _LEADING if opens and words[start] not in ("so", "as", "still") else _BESIDE


def negated(match: Match, document: Document) -> str:
    """A negation covers the match: before it in its clause, or inside it."""
    before = negated_before(match, document)
    if before:
        return before
    classes, tags = document.rulebook.classes, document.tokens.tags
    for at in range(match.start, match.end):
        if _starts(tags[at], classes["negator"]) and not _is(tags[at], classes["false-negator"]):
            return document.tokens.words[at]
    return ""


def negated_before(match: Match, document: Document) -> str:
    """A negation covers the match from outside; for claims that hold a negative word themselves."""
    classes, tags = document.rulebook.classes, document.tokens.tags
    words = document.tokens.words
    for distance, at in enumerate(reach(match, document)):
        negates = _starts(tags[at], classes["negator"]) and distance < 9
        if negates and not _is(tags[at], classes["false-negator"]):
            return words[at]
        if _denies(at, document):
            return words[at]
    # A denial may stand anywhere before in the sentence: "It is a myth that ...".
    for at in range(match.sentence.first, match.start):
        if _denies(at, document):
            return words[at]
    # "That X cures PTSD is a myth": after the match, in its clause.
    for at in range(match.end, min(match.end + 8, match.sentence.last)):
        if BREAK in tags[at]:
            break
        if _denies(at, document):
            return words[at]
    return ""


def _denies(at: int, document: Document) -> bool:
    """Tell whether a denial begins at a token: "there is no ...", but not "there is no doubt"."""
    classes, tags = document.rulebook.classes, document.tokens.tags
    if not _starts(tags[at], classes["denial"]):
        return False
    return not any(_is(tag, classes["false-negator"]) for tag in tags[at : at + 4])


def hedged(match: Match, document: Document) -> str:
    """A hedge covers the match: may, might, is thought to; or limits it: in some people."""
    classes = document.rulebook.classes
    hedge, after = classes["hedge"], classes["hedge-after"]
    words, tags = document.tokens.words, document.tokens.tags
    for at in range(match.start, match.end):
        if _starts(tags[at], hedge) or _starts(tags[at], after):
            return words[at]
    crossed = distant = False
    for at in reach(match, document):
        if _starts(tags[at], hedge):
            # "may ease pain and improves sleep", "you may be surprised that it cures": a modal
            # governs the base form beside it.
            modal = _starts(tags[at], classes["modal"])
            if words[at + 1 : at + 3] == ["be", "that"]:  # "it may be that": all that follows
                return words[at]
            if modal and (
                distant or (crossed and _starts(tags[match.start], classes["finite-verb"]))
            ):
                return ""
            return words[at]
        crossed = crossed or words[at] in ("and", "or", ",")
        distant = distant or words[at] == "that"
    for at in range(match.end, match.sentence.last):
        if _starts(tags[at], after):
            return words[at]
        parts = BREAK in tags[at] and words[at] not in ("(", ")")
        if parts or _starts(tags[at], classes["clause-opener"]):
            break
    # "For some people, it ...", "In animal studies, ..." at the head of the sentence.
    for at in range(match.sentence.first, min(match.sentence.first + 6, match.start)):
        if _starts(tags[at], after):
            return words[at]
    return ""


def cited(match: Match, document: Document) -> str:
    """A citation stands in the sentence of the match or in the one beside it."""
    sentences = document.sentences
    index = match.sentence.index
    # The source of a figure may stand in the sentence before it; that of other claims may not.
    figure = document.rulebook.classes["number-word"]
    tags = document.tokens.tags[match.start : match.end]
    counts = any(NUMBER in tag or _is(tag, figure) for tag in tags)
    for near in (index, index + 1, index - 1) if counts else (index, index + 1):
        if not 0 <= near < len(sentences) or sentences[near].block != match.sentence.block:
            continue
        in_text, notes, links = _sources(document, near)
        if in_text and (near <= index or _refers_back(document, near)):
            return in_text
        if notes:
            return notes
        if links and near == index:
            return links
    return ""


def _sources(document: Document, index: int) -> tuple[str, str, str]:
    """Return the first citation in the words of a sentence, the first note, and the first link."""
    if index in document.sources:
        return document.sources[index]
    sentence = document.sentences[index]
    text = document.prose.text
    cited = _CITATION.search(text, sentence.start, sentence.end)
    note = link = ""
    for mark in document.prose.marks:
        if not sentence.start <= mark.start <= sentence.end:
            continue
        raised = text[mark.start : mark.end].strip("[]() ") if mark.kind == "superscript" else ""
        if mark.kind == "footnote" or raised[:1].isdigit():
            note = note or f"note {raised or mark.value}"
        elif mark.kind == "link" and is_source(mark.value):
            link = link or mark.value
    found = (cited.group().strip() if cited else "", note, link)
    document.sources[index] = found
    return found


def _refers_back(document: Document, near: int) -> bool:
    """Tell whether a following sentence gives the source of what was said: short, or "see", "it is at"."""
    sentence = document.sentences[near]
    if sentence.last - sentence.first <= 14:
        return True
    return bool(
        re.match(
            r"\W*(?:see|source|it is|the (?:study|trial|review|figure)|this (?:figure|study|trial|number))\b",
            document.text[sentence.start : sentence.end],
            re.IGNORECASE,
        )
    )


def _inside_quotes(match: Match, document: Document) -> bool:
    number = match.sentence.block
    places = document.quotes.get(number)
    if places is None:
        block = document.prose.blocks[number]
        found = _QUOTES.finditer(document.prose.text, block.start, block.end)
        places = document.quotes[number] = [quote.start() for quote in found]
    before = bisect_left(places, match.prose_start)
    after = len(places) - bisect_left(places, match.prose_end)
    return before % 2 == 1 and after % 2 == 1


def _criticised(match: Match, document: Document) -> str:
    critic = document.rulebook.classes["critic"]
    sentences, tokens = document.sentences, document.tokens
    here = match.sentence
    for at in range(here.first, here.last):
        if _starts(tokens.tags[at], critic):
            return tokens.words[at]
    # What a sentence before says counts where it introduces: "Beware of lines such as:".
    if here.index:
        before = sentences[here.index - 1]
        introduces = document.text[before.start : before.end].endswith(":")
        if introduces or (before.block == here.block and _inside_quotes(match, document)):
            for at in range(before.first, before.last):
                if _starts(tokens.tags[at], critic):
                    return tokens.words[at]
    return ""


def quoted(match: Match, document: Document) -> str:
    """The words are quoted, and the page finds fault with them."""
    return _criticised(match, document) if _inside_quotes(match, document) else ""


def reported(match: Match, document: Document) -> str:
    """The sentence reports what others say and keeps its distance: claims that, beware of."""
    return _criticised(match, document)


def question(match: Match, document: Document) -> str:
    """The sentence asks and does not assert."""
    sentence = match.sentence
    tokens = document.tokens
    if not document.text[sentence.start : sentence.end].rstrip("\"' )\u201d\u00bb").endswith("?"):
        return ""
    classes = document.rulebook.classes
    if any(
        _is(tags, classes["rhetorical"])
        for tags in tokens.tags[sentence.first : sentence.first + 4]
    ):
        return ""  # "Ready to end your pain?" asks nothing
    interrogative = classes["interrogative"]
    for at in range(sentence.first, match.start + 1):
        if _starts(tokens.tags[at], interrogative) and at < sentence.first + 4:
            return tokens.words[at]
    return ""


def term_of_art(match: Match, document: Document) -> str:
    """The words belong to a term of art: breakthrough therapy designation."""
    art = document.rulebook.classes["term-of-art"]
    for at in range(match.start, match.end):
        if _is(document.tokens.tags[at], art):
            return document.tokens.words[at]
    return ""


def faithful(match: Match, document: Document) -> str:
    """The words report a study of the register as it is, and say which."""
    if "evidence-mention" not in document.rulebook.classes:
        return ""
    # Few pages need these.
    from kaplint.fidelity.comparison import MOST_FOLLOWING
    from kaplint.fidelity.pages import may_mention, mentions

    index = match.sentence.index
    near = document.sentences[max(0, index - MOST_FOLLOWING) : index + 1]
    if not any(may_mention(document, sentence) for sentence in near):
        return ""
    for mention in mentions(document):
        if mention.entry is None or not mention.first <= index <= mention.last:
            continue
        if mention.traceable and not mention.differences:
            return mention.entry.key
    return ""


GUARDS: dict[str, Callable[[Match, Document], str]] = {
    "negated": negated,
    "negated-before": negated_before,
    "hedged": hedged,
    "cited": cited,
    "quoted": quoted,
    "reported": reported,
    "question": question,
    "term-of-art": term_of_art,
    "faithful": faithful,
}


# Guards that take patterns


def _encoded(document: Document, start: int, end: int) -> str:
    tokens = document.tokens
    return (
        "".join([f" {t}/{w}" for t, w in zip(tokens.tags[start:end], tokens.words[start:end])])
        + " "
    )


def _words(text: str) -> str:
    """Return the words of a tagged stretch."""
    return " ".join(part.rpartition("/")[2] for part in text.split())


def _place(guard: str, pattern: PlacePattern, match: Match, document: Document) -> str:
    sentence = match.sentence
    if guard == "before":
        left = pattern.compiled.search(_encoded(document, sentence.first, match.start))
        return _words(left.group()) if left else ""
    if guard == "after":
        right = _encoded(document, match.end, sentence.last)
        start = pattern.compiled.match(right)
        return _words(start.group()) if start else ""
    if guard == "inside":
        inner = pattern.compiled.search(_encoded(document, match.start, match.end))
        return _words(inner.group()) if inner else ""
    if guard == "clause":
        left_end = min(reach(match, document), default=match.start)
        stop = match.end
        while stop < sentence.last and BREAK not in document.tokens.tags[stop]:
            stop += 1
        clause = pattern.compiled.search(_encoded(document, left_end, stop))
        return _words(clause.group()) if clause else ""
    if guard == "sentence":
        whole = document.holds(pattern, sentence)
        return _words(whole.group()) if whole else ""
    if guard == "context":
        near = [sentence.index, sentence.index - 1, sentence.index - 2, sentence.heading]
        for index in near:
            if 0 <= index < len(document.sentences):
                around = document.holds(pattern, document.sentences[index])
                if around:
                    return _words(around.group())
        return ""
    return pattern.text if document.shows(pattern) else ""


def holds(guard: Guard, match: Match, document: Document) -> str:
    """Return the words by which one guard applies to a match, or ""."""
    if guard.name in GUARDS:
        return GUARDS[guard.name](match, document)
    if guard.name == "role":
        return match.sentence.role if match.sentence.role in guard.roles else ""
    for pattern in guard.patterns:
        found = _place(guard.name, pattern, match, document)
        if found:
            return found
    return ""


def excuse(guards: tuple[Guard, ...], match: Match, document: Document) -> tuple[str, str] | None:
    """Return the name and the words of the first guard that excuses a match, or None."""
    for guard in guards:
        found = holds(guard, match, document)
        if found:
            return guard.name, found
    return None
