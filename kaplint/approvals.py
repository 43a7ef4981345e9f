"""The clinic's own register: claims that somebody approved, in which words, and until when.

The file, ``evidence.yaml``, is strict YAML: each of its keys is an entry. What an approval does to
findings is said in ``kaplint/drift.py``.
"""

from __future__ import annotations

import re
from datetime import date

from kaplint.errors import ConfigError
from kaplint.records import dataclass
from kaplint.sentences import split
from kaplint.tokens import fold
from kaplint.yamlfile import MappingNode, YamlFile, suggestion

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from kaplint.yamlfile import Node

__all__ = ["KEYS", "STATES", "Approval", "load", "parse_date", "read", "render"]

KEYS = {
    "claim": True,
    "wordings": True,
    "population": True,
    "references": False,
    "markets": False,
    "owner": True,
    "approved": True,
    "expires": True,
    "note": False,
}
# What an entry is on a day and in the places where copy is published.
STATES = ("current", "expiring", "expired", "pending", "elsewhere")
_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Approval:
    """A claim that was approved.

    ``wordings`` are the sentences that may be printed; ``references`` are keys of the register of
    evidence, citations or links; ``markets`` are jurisdictions (none: all). It holds from
    ``approved`` to ``expires``, both days included. ``path`` and ``line`` say where it is written.
    """

    key: str
    claim: str
    wordings: tuple[str, ...]
    population: str
    owner: str
    approved: date
    expires: date
    references: tuple[str, ...] = ()
    markets: tuple[str, ...] = ()
    note: str = ""
    path: str = ""
    line: int = 0

    def state(self, today: date, notice: int) -> str:
        """Return what it is on a day: current, expiring (within ``notice`` days), expired, pending."""
        if today > self.expires:
            return "expired"
        if today < self.approved:
            return "pending"
        return "expiring" if (self.expires - today).days <= notice else "current"


def load(
    path: str,
    *,
    markets: Callable[[], Collection[str]],
    at_hand: Collection[str] = (),
    references: Collection[str] | None = None,
) -> tuple[Approval, ...]:
    """Read a file. Raises ConfigError with every mistake, each with its line. See ``read``."""
    try:
        with open(path, encoding="utf-8-sig") as file:
            text = file.read()
    except OSError as error:
        message = f"{path}: cannot be read: {error.strerror or error}"
        raise ConfigError(message) from None
    except ValueError:
        message = f"{path}: is not UTF-8: save it in that encoding"
        raise ConfigError(message) from None
    return read(path, text, markets=markets, at_hand=at_hand, references=references)


def read(
    path: str,
    text: str,
    *,
    markets: Callable[[], Collection[str]],
    at_hand: Collection[str] = (),
    references: Collection[str] | None = None,
) -> tuple[Approval, ...]:
    """Return the entries of a text, in its order.

    ``markets`` returns the jurisdictions there are; it is asked only for one that is not among
    those ``at_hand``. ``references`` are the keys of the register of evidence, where those that
    entries name are to be looked up. Raises ConfigError with every mistake, each with its line.
    """
    problems: list[str] = []
    file = YamlFile(path, text, problems)
    entries: list[Approval] = []
    if file.root is not None and file.root.tag != "tag:yaml.org,2002:null":
        reader = _Reader(file, markets, at_hand, references)
        entries = [reader.entry(key, node) for key, node in file.mapping(file.root).items()]
    if problems:
        raise ConfigError("\n".join(problems))
    return tuple(entries)


def parse_date(text: str) -> date | None:
    """Return the date of a text such as 2027-03-31, None where it is none."""
    if _DATE.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass  # the 31st of a short month
    return None


class _Reader:
    """Reads the entries of one file."""

    def __init__(
        self,
        file: YamlFile,
        markets: Callable[[], Collection[str]],
        at_hand: Collection[str],
        references: Collection[str] | None,
    ) -> None:
        self.file = file
        self.markets = markets
        self.at_hand = at_hand
        self.references = references
        root = file.root
        self.lines = {
            str(key.value): key.start_mark.line + 1
            for key, _ in (root.value if isinstance(root, MappingNode) else ())
        }

    def entry(self, key: str, node: Node) -> Approval:
        file = self.file
        if not _KEY.fullmatch(key):
            file.problem(node, f"'{key}' is no key: small letters, digits and hyphens")
        # A wrong value leaves a day that no comparison below complains about once more.
        entries = file.mapping(node, KEYS)
        approved = self.day(entries.get("approved"), date.min)
        expires = self.day(entries.get("expires"), date.max)
        if expires < approved:
            file.problem(entries["expires"], f"it expires before it was approved ({approved})")
        return Approval(
            key=key,
            claim=self.text(entries.get("claim")),
            wordings=self.wordings(entries.get("wordings")),
            population=self.text(entries.get("population")),
            owner=self.text(entries.get("owner")),
            approved=approved,
            expires=expires,
            references=self.cited(entries.get("references")),
            markets=self.places(entries.get("markets")),
            note=self.text(entries.get("note")),
            path=file.path,
            line=self.lines.get(key, 1),
        )

    def text(self, node: Node | None) -> str:
        if node is None:
            return ""
        before = len(self.file.problems)
        text = " ".join(self.file.text(node).split())
        if not text and len(self.file.problems) == before:
            self.file.problem(node, "write text here, not nothing")
        return text

    def several(self, node: Node | None) -> list[tuple[str, Node]]:
        """Return texts with their nodes; one text alone counts as a list of one."""
        if node is None:
            return []
        alone = getattr(node, "value", None)
        nodes = [node] if isinstance(alone, str) else self.file.items(node)
        return [(self.text(item), item) for item in nodes]

    def wordings(self, node: Node | None) -> tuple[str, ...]:
        found: list[str] = []
        for text, item in self.several(node):
            if text and not any(letter.isalnum() for letter in text):
                self.file.problem(item, "a wording has words")
            elif len(split(fold(text), 0, len(text))) > 1:
                self.file.problem(item, "a wording is one sentence: write each by itself")
            elif text in found:
                self.file.problem(item, "this wording stands twice")
            found.append(text)
        if node is not None and not found:
            self.file.problem(node, "write at least one wording")
        return tuple(found)

    def cited(self, node: Node | None) -> tuple[str, ...]:
        found = self.several(node)
        for text, item in found:
            if self.references is None or not _KEY.fullmatch(text) or text in self.references:
                continue
            near = suggestion(text, self.references)
            self.file.problem(item, f"no entry of the register of evidence is called {text}{near}")
        return tuple(text for text, _ in found)

    def places(self, node: Node | None) -> tuple[str, ...]:
        found = self.several(node)
        for text, item in found:
            if text and text not in self.at_hand and text not in self.markets():
                known = sorted(self.markets())
                near = suggestion(text, known)
                self.file.problem(
                    item, f"no jurisdiction is called {text}{near}; there are {', '.join(known)}"
                )
        return tuple(text for text, _ in found)

    def day(self, node: Node | None, otherwise: date) -> date:
        if node is None:
            return otherwise
        found = parse_date(str(getattr(node, "value", "")))
        if found is None:
            self.file.problem(node, "write a date here, such as 2027-03-31")
        return found or otherwise


def render(approval: Approval) -> str:
    """Return an entry as it stands in a file, with a newline at its end."""
    import yaml

    class _Indented(yaml.SafeDumper):
        """Puts the items of a list below their key, two columns in."""

        def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002
            super().increase_indent(flow, indentless=False)

    fields: dict[str, object] = {
        "claim": approval.claim,
        "wordings": list(approval.wordings),
        "population": approval.population,
        "references": list(approval.references),
        "markets": list(approval.markets),
        "owner": approval.owner,
        "approved": approval.approved,
        "expires": approval.expires,
        "note": approval.note,
    }
    kept = {name: value for name, value in fields.items() if value}
    return str(
        yaml.dump(
            {approval.key: kept},
            Dumper=_Indented,
            sort_keys=False,
            allow_unicode=True,
            default_flow_style=False,
            width=88,
        )
    )
