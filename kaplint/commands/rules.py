"""``kaplint rules``: list the rules, as a table or as JSON."""

from __future__ import annotations

import sys

from kaplint.api import Linter
from kaplint.commands.settings import configure
from kaplint.rulebook import matches

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from argparse import Namespace

__all__ = ["run"]


def run(options: Namespace) -> int:
    """Print every rule that the selectors mean, on or off."""
    config = configure(options)
    linter = Linter(config, cache=not options.no_cache, proposals=False)
    active = {rule.code for _, rule in linter.rules}
    rules = [
        rule
        for rule in linter.rulebook.rules
        if any(matches(s, rule) for s in config.select)
        and not any(matches(s, rule) for s in config.ignore)
    ]
    if options.output_format == "json":
        import json

        listed = [
            {
                "code": rule.code,
                "name": rule.name,
                "category": rule.category,
                "scope": rule.scope,
                "severity": linter.severity.get(rule.code, rule.severity),
                "confidence": rule.confidence,
                "active": rule.code in active,
                "summary": rule.summary,
                "advice": rule.advice,
                "norms": list(rule.norms),
                "jurisdictions": list(rule.jurisdictions),
                "rewords": bool(rule.fixes),
            }
            for rule in rules
        ]
        sys.stdout.write(json.dumps({"version": "1", "rules": listed}, indent=2) + "\n")
        return 0
    category = ""
    for rule in rules:
        if rule.category != category:
            category = rule.category
            sys.stdout.write(f"\n{category}\n")
        severity = linter.severity.get(rule.code, rule.severity)
        mark = " " if rule.code in active else "-"
        sys.stdout.write(f" {mark} {rule.code:<5} {severity:<8} {rule.name:<24} {rule.summary}\n")
    off = sum(rule.code not in active for rule in rules)
    sys.stdout.write(
        f"\n{len(rules)} rule{'s' * (len(rules) != 1)}{f', {off} of them (-) off: see --strict' if off else ''}\n"
    )
    return 0
