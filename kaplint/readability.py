"""Grade a page by its words and sentences; the only importer of textstat."""

from __future__ import annotations

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from kaplint.documents import Document

__all__ = ["grade"]

_PROSE = frozenset({"paragraph", "list-item", "quote"})


def grade(document: Document) -> float:
    """Return the Flesch-Kincaid grade of the page's sentences (0 where it has none).

    Headings, labels and cells are no sentences and do not count. Syllables come from hyphenation
    patterns that textstat ships: its pronunciation corpus would have to be fetched at run time,
    and a linter does not go to the network.
    """
    import textstat
    from textstat.backend import counts

    sentences = [s for s in document.sentences if s.role in _PROSE and s.last - s.first > 3]
    words = sum(s.last - s.first for s in sentences)
    if not sentences or not words:
        return 0.0
    module = getattr(counts, "_count_syllables", None)
    if module is not None and hasattr(module, "get_cmudict"):
        module.get_cmudict = lambda lang: None  # noqa: ARG005
    text = " ".join(document.text[s.start : s.end] for s in sentences)
    syllables = int(textstat.syllable_count(text))
    return 0.39 * words / len(sentences) + 11.8 * syllables / words - 15.59
