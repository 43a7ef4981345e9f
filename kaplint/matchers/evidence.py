"""``find: evidence:`` what a page says of a study of the register and the study does not bear out.

What is compared, and how, is in ``kaplint/fidelity/``; a rule names the kinds of difference that
it reports. A page that refers to no research costs nothing, and the register is read only where a
sentence may speak of one of its entries.
"""

from __future__ import annotations

from collections.abc import Iterator

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from kaplint.documents import Document, Hit, Match
    from kaplint.matchers.interface import PackWriter
    from kaplint.register import Entry
    from kaplint.rulebook import Rule
    from kaplint.yamlfile import Node, YamlFile

__all__ = ["Evidence"]


class Evidence:
    """Differences from the register of evidence."""

    scope = "span"

    def read(self, file: YamlFile, node: Node, pack: PackWriter) -> object:
        """Read the kinds of difference to report."""
        from kaplint.fidelity.entries import KINDS

        entries = file.mapping(node, {"differs": True})
        if "differs" not in entries:
            return None
        kinds = [file.choice(item, KINDS) for item in file.items(entries["differs"])]
        if pack.evidence(file, node):
            pack.scan("{evidence-word}", file, node)
        return kinds

    def find(self, rule: Rule, hits: list[Hit], document: Document) -> Iterator[Match]:
        """Return the words that differ from the record.

        ``{study}``, ``{says}`` and ``{record}`` tell which study it is, what it says, and what it
        has in place of these words.
        """
        if not hits or not isinstance(rule.data, list):
            return
        from kaplint.fidelity.pages import mentions  # few pages refer to research

        sentences = document.sentences
        for mention in mentions(document, [sentences[i] for i in {h.sentence for h in hits}]):
            entry = mention.entry
            taken: list[tuple[int, int]] = []
            for found in mention.differences:
                if found.kind not in rule.data:
                    continue
                if any(start < found.end and found.start < end for start, end in taken):
                    continue
                taken.append((found.start, found.end))
                for sentence in document.sentences[mention.first : mention.last + 1]:
                    if sentence.first <= found.start < sentence.last:
                        groups = {
                            "study": label(entry) if entry else "",
                            "says": entry.says_of_it.rstrip(".") if entry else "",
                            "record": found.record,
                        }
                        end = min(found.end, sentence.last)
                        yield document.match_tokens(sentence, found.start, end, groups)


def label(entry: Entry) -> str:
    """Return a short name for an entry: "Kew and others 2023"."""
    cited = entry.citation
    if cited is None or not (cited.authors or cited.title):
        return entry.key
    if not cited.authors:
        return f"{cited.title} {cited.year or ''}".strip()
    first = cited.authors[0].rpartition(" ")[0] or cited.authors[0]
    more = " and others" if cited.et_al or len(cited.authors) > 1 else ""
    return f"{first}{more} {cited.year or ''}".strip()
