"""``find: absence:`` a duty of the whole page: it says one thing and never another."""

from __future__ import annotations

from collections.abc import Iterator

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from kaplint.documents import Document, Hit, Match
    from kaplint.matchers.interface import PackWriter
    from kaplint.rulebook import PlacePattern, Rule
    from kaplint.yamlfile import Node, YamlFile

__all__ = ["Absence", "says"]


class Absence:
    """Set off by ``where`` or ``after``, on pages with each of ``with``, quieted by any of ``lacks``.

    ``after`` names categories: a claim of one of them, flagged or merely hedged or cited, sets the
    duty off (``least`` so many of them, of which hedged ones, those that rules of low confidence
    find and those of the categories ``half`` count half); with ``where`` too, the page needs both. Words within one
    of the ``denied`` patterns quiet nothing: "no side effects" tells of no side effect.
    ``cites: true`` is quieted by any reference. Only text that a reader can see counts. ``words``
    is the least length of a page that owes the duty.
    """

    scope = "document"

    def read(self, file: YamlFile, node: Node, pack: PackWriter) -> object:
        """Read the patterns."""
        entries = file.mapping(
            node,
            {
                "where": False,
                "after": False,
                "half": False,
                "least": False,
                "with": False,
                "lacks": True,
                "denied": False,
                "words": False,
                "cites": False,
            },
        )
        if "where" in entries:
            for item in file.items(entries["where"]):
                pack.scan(file.text(item), file, item)
        after = file.texts(entries["after"]) if "after" in entries else []
        half = file.texts(entries["half"]) if "half" in entries else []
        for key, named in (("after", after), ("half", half)):
            for category in named:
                if category not in pack.categories:
                    file.problem(entries[key], f"no such category: {category}")
        if not {"where", "after"} & entries.keys():
            file.problem(node, "say what sets the duty off: 'where', 'after', or both")
        company = [
            pack.place(file, item, [file.text(item)])
            for item in (file.items(entries["with"]) if "with" in entries else [])
        ]
        lacks: list[object] = []
        if "lacks" in entries:
            lacks = pack.place(file, entries["lacks"], file.texts(entries["lacks"]))
        denied: list[object] = []
        if "denied" in entries:
            denied = pack.place(file, entries["denied"], file.texts(entries["denied"]))
        return {
            "where": "where" in entries,
            "after": after,
            "half": half,
            "least": file.number(entries["least"]) if "least" in entries else 1,
            "with": company,
            "lacks": lacks,
            "denied": denied,
            "words": file.number(entries["words"]) if "words" in entries else 0,
            "cites": file.flag(entries["cites"]) if "cites" in entries else False,
        }

    def find(self, rule: Rule, hits: list[Hit], document: Document) -> Iterator[Match]:
        """Return the places that set the duty off, if nothing on the page meets it."""
        duty = rule.duty
        if duty is None or (duty.where and not hits):
            return
        if document.words < duty.words and not document.excerpt:
            return
        wanted = duty.after | duty.half
        claims = [
            (match, plain and category in duty.after)
            for category, match, plain in document.claims
            if category in wanted
        ]
        halves = sum(2 if whole else 1 for _, whole in claims)
        if duty.after and halves < (1 if document.excerpt else 2 * duty.least):
            return
        if duty.cites and document.has_reference():
            return
        if any(says(document, pattern, duty.denied) for pattern in duty.lacks):
            return
        if not all(document.shows(pattern) for pattern in duty.company):
            return
        if duty.where:
            for hit in sorted(hits, key=lambda h: (h.sentence, h.start, h.end)):
                yield document.match(hit)
        else:
            # The page is best reminded of its duty at its plainest claim.
            yield from (
                match
                for match, whole in sorted(
                    claims, key=lambda pair: (not pair[1], pair[0].prose_start, pair[0].prose_end)
                )
            )


def says(document: Document, pattern: PlacePattern, denied: tuple[PlacePattern, ...]) -> bool:
    """Tell whether a reader sees the pattern in words that no denial covers."""
    if not document.shows(pattern):
        return False
    if not any(document.shows(denial) for denial in denied):
        return True
    for sentence in document.sentences:
        if document.holds(pattern, sentence) is None or document.hidden(sentence):
            continue
        covered = [
            found.span()
            for denial in denied
            for found in denial.compiled.finditer(sentence.encoded)
        ]
        for found in pattern.compiled.finditer(sentence.encoded):
            if not any(start < found.end() and found.start() < end for start, end in covered):
                return True
    return False
