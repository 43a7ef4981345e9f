"""What can go wrong, as one tree of exceptions.

::

    KaplintError            something the user can mend; its text says what, where and how
    ├── ConfigError         a configuration file or an option is wrong
    ├── RuleError           a rule, vocabulary or fact file is wrong; holds every problem of it
    ├── MatchTimeout        a rule's pattern took longer than its time limit on some text
    └── LoadError           a document cannot be read

A bug is not a KaplintError and is never caught.
"""

from __future__ import annotations

__all__ = ["ConfigError", "KaplintError", "LoadError", "MatchTimeout", "RuleError"]


class KaplintError(Exception):
    """Something the user can mend."""


class ConfigError(KaplintError):
    """A configuration file or a command line option is wrong."""


class LoadError(KaplintError):
    """A document cannot be read; the report lists it as a failure."""


class MatchTimeout(KaplintError):
    """A rule's pattern ran longer than its time limit."""


class RuleError(KaplintError):
    """Rule files are wrong; ``problems`` holds each as ``path:line: what to do``."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        """Keep all problems, one line each."""
        super().__init__("\n".join(problems))
        self.problems = problems
