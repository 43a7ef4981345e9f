"""Kinds of finding: one module for each key that ``find:`` takes.

A matcher reads its part of a rule when a pack is built (``read``) and, when a page is linted,
turns what the shared scan hit into matches (``find``).
"""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from kaplint.matchers.interface import Matcher

__all__ = ["MATCHERS", "matcher"]

# Key to class; its module is the key. A module is imported when a page needs it.
MATCHERS = {
    "absence": "Absence",
    "evidence": "Evidence",
    "fact": "Fact",
    "phrase": "Phrase",
    "readability": "Readability",
    "regex": "Regex",
    "relation": "Relation",
    "statistic": "Statistic",
}
_made: dict[str, Matcher] = {}


def matcher(kind: str) -> Matcher:
    """Return the matcher for a key of ``find:``. Raises KeyError for an unknown one."""
    found = _made.get(kind)
    if found is None:
        module = import_module(f"kaplint.matchers.{kind}")
        made: Matcher = getattr(module, MATCHERS[kind])()
        found = _made[kind] = made
    return found
