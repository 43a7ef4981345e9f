"""From the options of the command line to a configuration."""

from __future__ import annotations

import os

from kaplint import config as configs
from kaplint.errors import ConfigError
from kaplint.records import replace

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from argparse import Namespace

__all__ = ["configure"]


def configure(options: Namespace) -> configs.Config:
    """Return the configuration that governs a run: the file's, with the options over it.

    Raises ConfigError where the file is missing or wrong.
    """
    if options.no_config:
        found = configs.Config()
    elif options.config is not None:
        found = configs.read(str(options.config))
    else:
        path = configs.find(os.getcwd())
        here = os.getcwd()
        found = configs.read(path) if path else configs.Config(evidence=configs.approved_in(here))
    if options.select:
        found = replace(found, select=_split(options.select))
        if not found.select:
            message = "--select names no rule: a run without rules would find everything clean"
            raise ConfigError(message)
    if options.ignore:
        found = replace(found, ignore=(*found.ignore, *_split(options.ignore)))
    if options.fail_on:
        found = replace(found, fail_on=str(options.fail_on))
    if options.strict:
        found = replace(found, strict=True)
    if options.jurisdiction:
        found = replace(found, jurisdiction=_split(options.jurisdiction))
        if not found.jurisdiction:
            message = "--jurisdiction names no place: write us, uk, au or another profile"
            raise ConfigError(message)
    if options.rules:
        extra = tuple(os.path.abspath(folder) for folder in options.rules)
        found = replace(found, rules=(*found.rules, *extra))
    if options.exclude:
        found = replace(found, exclude=(*found.exclude, *_split(options.exclude)))
    return found


def _split(values: list[str]) -> tuple[str, ...]:
    return tuple(part.strip() for value in values for part in value.split(",") if part.strip())
