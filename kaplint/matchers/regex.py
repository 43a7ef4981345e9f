"""``find: regex:`` raw regular expressions over the prose, for what patterns cannot say.

They run in the ``regex`` engine with a time limit: one that runs away ends in MatchTimeout, which
names the rule, and never in a hang.
"""

from __future__ import annotations

from collections.abc import Iterator

from kaplint.errors import MatchTimeout

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from kaplint.documents import Document, Hit, Match
    from kaplint.matchers.interface import PackWriter
    from kaplint.rulebook import Rule
    from kaplint.yamlfile import Node, YamlFile

__all__ = ["Regex"]

# Seconds for one expression on each 100,000 characters of a page. A page needs a thousandth of this.
TIME_LIMIT = 1.0
_HOSTILE = ("a" * 3000 + "!", "ab " * 1200 + "!", "1" * 3000 + "x", "(" * 2000)


class Regex:
    """Regular expressions, case ignored; lookaround and the rest of ``regex`` syntax allowed."""

    scope = "span"

    def read(self, file: YamlFile, node: Node, pack: PackWriter) -> object:
        """Read a list of expressions; each is tried on hostile text here."""
        del pack
        import regex

        found: list[str] = []
        for item in file.items(node):
            source = file.text(item)
            try:
                compiled = regex.compile(source, regex.IGNORECASE)
            except regex.error as error:
                file.problem(item, f"'{source}' cannot be compiled: {error}")
                continue
            if compiled.search("") is not None:
                file.problem(item, f"'{source}' could match nothing at all")
                continue
            try:
                for text in _HOSTILE:
                    compiled.search(text, timeout=TIME_LIMIT / 4)
            except TimeoutError:
                file.problem(
                    item, f"'{source}' runs away on long text: avoid a repeat within a repeat"
                )
                continue
            found.append(source)
        return found

    def find(self, rule: Rule, hits: list[Hit], document: Document) -> Iterator[Match]:
        """Search the page; a match is cut at the end of its sentence.

        Raises MatchTimeout where an expression exceeds the time limit.
        """
        del hits
        import regex

        sources = rule.data
        if not isinstance(sources, list):
            return
        limit = TIME_LIMIT * max(1.0, len(document.text) / 100_000)
        for source in sources:
            compiled = regex.compile(str(source), regex.IGNORECASE)
            try:
                for found in compiled.finditer(document.text, timeout=limit):
                    match = document.match_at(found.start(), found.end())
                    if match is not None:
                        yield match
            except TimeoutError:
                message = f"rule {rule.code}: '{source}' took over {limit:g} s: make it simpler"
                raise MatchTimeout(message) from None
