"""Ways to print a report: one module for each output format, each with ``render``."""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kaplint.model import Report
    from kaplint.reporters.options import RenderOptions, RuleInfo

__all__ = ["REPORTERS", "reporter"]

# Output format to module; a module is imported when its format is asked for.
REPORTERS = {"text": "text", "json": "json", "sarif": "sarif", "github": "github"}


def reporter(name: str) -> Callable[[Report, Mapping[str, RuleInfo], RenderOptions], str]:
    """Return the ``render`` function of an output format. Raises KeyError for an unknown one."""
    module = import_module(f"kaplint.reporters.{REPORTERS[name]}")
    render: Callable[[Report, Mapping[str, RuleInfo], RenderOptions], str] = module.render
    return render
