"""What commands tell a person on standard error."""

from __future__ import annotations

import re
import sys

__all__ = ["complain"]

# A file name may hold what moves a cursor or colours a terminal; a complaint must not.
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]")


def complain(text: str) -> None:
    """Write each line of a complaint, with the program's name before it."""
    for line in text.split("\n"):
        safe = _CONTROL.sub(lambda found: f"\\x{ord(found.group()):02x}", line)
        sys.stderr.write(f"kaplint: {safe}\n")
