"""``kaplint init``: write a configuration to start from."""

from __future__ import annotations

import os
import sys

from kaplint.errors import ConfigError

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from argparse import Namespace

__all__ = ["TEMPLATE", "run"]

TEMPLATE = """\
# kaplint: which rules run on this site's copy, and what stops a build.
# Every key may be left out; what stands here is the default.

# Which rules: codes (CU01), beginnings of codes (CU), categories (cure) or ALL.
# `kaplint rules` lists them, `kaplint explain CU01` explains one.
select: [ALL]
ignore: []

# Rules that are off or on by file (patterns as in a shell, relative to this file).
per-file-ignores: {}
#  "blog/press-*.md": [testimonial, HY]

# How grave a rule is here: error, warning, info or off.
severity: {}
#  no-references: info

# The least severity that fails a build: error, warning, info or never.
fail-on: warning

# Also run the rules that want a reviewer's eye (more is found, more of it is arguable).
strict: false

# Files to skip when folders are walked (git's syntax). What .gitignore names is skipped anyway.
exclude: []
#  - drafts/

# Folders with rules of your own, relative to this file. `kaplint selftest FOLDER` tries them.
rules: []

# Where the copy is published.
jurisdiction: [us]

# Your own words for what a page must say; proposals insert them where they are missing.
disclosures: {}
#  no-variation: Results differ from person to person.

# The file of claims that somebody approved; evidence.yaml beside this file, if it is there.
# evidence: evidence.yaml
# So many days before an approval expires, check and evidence check say so.
evidence-notice-days: 30

# The school grade that pages should not exceed; leave it out to leave reading level alone.
# reading-grade: 9
"""


def run(options: Namespace) -> int:
    """Write kaplint.yaml; one that is there stays unless --force says otherwise."""
    path = os.path.join(options.folder, "kaplint.yaml")
    if os.path.exists(path) and not options.force:
        message = f"{path} is there already; --force overwrites it"
        raise ConfigError(message)
    try:
        with open(path, "w", encoding="utf-8", newline="\n") as file:
            file.write(TEMPLATE)
    except OSError as error:
        message = f"{path}: {error.strerror}"
        raise ConfigError(message) from None
    sys.stdout.write(f"Wrote {path}\n")
    return 0
