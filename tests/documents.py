"""Pages of documentation, as tests read them: their blocks of code, and the commands in them.

``python tests/documents.py`` writes what kaplint prints today into the pages that show it.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kaplint.cli import main

ROOT = Path(__file__).parent.parent
PAGES = (
    "README.md",
    "CONTRIBUTING.md",
    "docs/diff.md",
    "docs/evidence.md",
    "docs/json.md",
    "docs/rules.md",
    "examples/README.md",
)

_BLOCK = re.compile(r"^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Block:
    """A block of code of a page."""

    page: str
    language: str
    text: str

    def commands(self) -> Iterator[list[str]]:
        """Yield the arguments of each ``kaplint`` command of the block, what it prints left aside."""
        for line in self.text.splitlines():
            if self.language == "console" and not line.startswith("$ "):
                continue
            words = shlex.split(line.removeprefix("$ "), comments=True)
            for start, word in enumerate(words):
                if word == "kaplint" or word.endswith("/kaplint"):
                    stop = next((i for i in range(start, len(words)) if words[i] == "&&"), None)
                    yield words[start + 1 : stop]


def blocks(page: str) -> list[Block]:
    """Return the blocks of code of a page."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return [Block(page, found["language"], found["text"]) for found in _BLOCK.finditer(text)]


def shown(block: Block) -> str:
    """Return a console block as it would read today: its command, and what kaplint prints."""
    command = block.text.partition("\n")[0]
    printed = io.StringIO()
    before = os.getcwd()
    os.chdir(ROOT)
    try:
        with contextlib.redirect_stdout(printed):
            main(next(block.commands()))
    finally:
        os.chdir(before)
    return f"{command}\n{printed.getvalue()}"


def _write() -> None:
    os.environ.pop("FORCE_COLOR", None)
    for page in PAGES:
        path = ROOT / page
        text = path.read_text(encoding="utf-8")
        for block in blocks(page):
            if block.language == "console":
                text = text.replace(block.text, shown(block))
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    _write()
