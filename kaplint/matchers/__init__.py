"""Kinds of finding: one module for each key that ``find:`` takes.

A matcher reads its part of a rule when a pack is built (``read``) and, when a page is linted,
turns what the shared scan hit into matches (``find``).
"""

from __future__ import annotations

from kaplint.matchers import absence, fact, phrase, readability, regex, relation, statistic

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from kaplint.matchers.interface import Matcher

__all__ = ["MATCHERS"]

MATCHERS: dict[str, Matcher] = {
    "absence": absence.Absence(),
    "fact": fact.Fact(),
    "phrase": phrase.Phrase(),
    "readability": readability.Readability(),
    "regex": regex.Regex(),
    "relation": relation.Relation(),
    "statistic": statistic.Statistic(),
}
