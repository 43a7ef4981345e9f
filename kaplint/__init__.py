"""kaplint: a linter for health marketing claims.

>>> import kaplint
>>> report = kaplint.lint_text("Ketamine cures depression.")
>>> [finding.rule for finding in report.reported][:1]
['CU01']

``lint_text`` and ``lint_paths`` return a ``Report`` of ``Finding``s; ``Config`` says which rules
run. What can go wrong is below ``KaplintError``.
"""

from __future__ import annotations

# "X as X" re-exports for type checkers; at run time names are imported when first asked for, so
# that ``import kaplint`` costs nothing before there is work to do.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from kaplint.api import Linter as Linter
    from kaplint.api import lint_paths as lint_paths
    from kaplint.api import lint_text as lint_text
    from kaplint.config import Config as Config
    from kaplint.errors import ConfigError as ConfigError
    from kaplint.errors import KaplintError as KaplintError
    from kaplint.errors import LoadError as LoadError
    from kaplint.errors import MatchTimeout as MatchTimeout
    from kaplint.errors import RuleError as RuleError
    from kaplint.model import Edit as Edit
    from kaplint.model import Excuse as Excuse
    from kaplint.model import Failure as Failure
    from kaplint.model import Finding as Finding
    from kaplint.model import Fix as Fix
    from kaplint.model import Report as Report

__version__ = "0.1.0"

_PUBLIC = {
    "Config": "config",
    "ConfigError": "errors",
    "Edit": "model",
    "Excuse": "model",
    "Failure": "model",
    "Finding": "model",
    "Fix": "model",
    "KaplintError": "errors",
    "Linter": "api",
    "LoadError": "errors",
    "MatchTimeout": "errors",
    "Report": "model",
    "RuleError": "errors",
    "lint_paths": "api",
    "lint_text": "api",
}
__all__ = [
    "Config",
    "ConfigError",
    "Edit",
    "Excuse",
    "Failure",
    "Finding",
    "Fix",
    "KaplintError",
    "Linter",
    "LoadError",
    "MatchTimeout",
    "Report",
    "RuleError",
    "__version__",
    "lint_paths",
    "lint_text",
]


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for."""
    if name in _PUBLIC:
        from importlib import import_module

        value: object = getattr(import_module(f"kaplint.{_PUBLIC[name]}"), name)
        globals()[name] = value
        return value
    message = f"module 'kaplint' has no attribute {name!r}"
    raise AttributeError(message)
