"""What a reporter is told besides the report: how to print, and what each rule says of itself."""

from __future__ import annotations

from kaplint.records import dataclass

__all__ = ["RenderOptions", "RuleInfo"]


@dataclass(frozen=True, slots=True)
class RenderOptions:
    """How to print a report.

    ``width`` counts terminal columns, ``version`` is that of kaplint, and ``base`` is the folder
    that the paths of the report are relative to.
    """

    color: bool
    width: int
    show_excused: bool
    statistics: bool
    quiet: bool
    version: str
    base: str


@dataclass(frozen=True, slots=True)
class RuleInfo:
    """What a rule says of itself, without the patterns it searches for."""

    code: str
    name: str
    category: str
    scope: str
    severity: str
    confidence: str
    summary: str
    message: str
    advice: str
    why: str
    norms: tuple[str, ...]
    example_bad: str
    example_good: str
    help_uri: str
