"""Strict YAML: every mistake of a file is collected with its line and with what to do.

Values are read from the node tree by the type that is wanted, so nothing untyped leaves this
module: a bare ``no`` is never a surprise, an unknown or repeated key is a problem, not a silence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

__all__ = ["MappingNode", "Node", "ScalarNode", "SequenceNode", "YamlFile", "suggestion"]

_LOADER: type[yaml.SafeLoader] | type[yaml.CSafeLoader] = getattr(
    yaml, "CSafeLoader", yaml.SafeLoader
)


def suggestion(word: str, known: Iterable[str]) -> str:
    """Return `` (did you mean x?)`` for the known word nearest to a wrong one, or nothing."""
    near = get_close_matches(word, list(known), n=1)
    return f" (did you mean {near[0]}?)" if near else ""


class YamlFile:
    """One YAML document, read by the types its reader expects.

    ``problems`` is shared by the caller: each is ``path:line: what to do``.
    """

    def __init__(self, path: str, text: str, problems: list[str]) -> None:
        """Parse the text; a syntax error becomes a problem and leaves ``root`` None."""
        self.path = path
        self.problems = problems
        self.root: Node | None = None
        try:
            self.root = yaml.compose(text, Loader=_LOADER)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = mark.line + 1 if mark else 1
            problems.append(f"{path}:{line}: not valid YAML: {error.problem or error.context}")
        except (yaml.YAMLError, RecursionError, ValueError) as error:
            problems.append(f"{path}:1: not valid YAML: {str(error).splitlines()[0]}")

    def problem(self, node: Node | None, text: str) -> None:
        """Add a problem at the line of a node."""
        line = node.start_mark.line + 1 if node is not None else 1
        self.problems.append(f"{self.path}:{line}: {text}")

    def mapping(self, node: Node | None, keys: Mapping[str, bool] | None = None) -> dict[str, Node]:
        """Return the entries of a mapping; ``keys`` are those allowed, True for those required."""
        if not isinstance(node, MappingNode):
            self.problem(node, f"write a mapping (key: value) here, not {_kind(node)}")
            return {}
        entries: dict[str, Node] = {}
        for key, value in node.value:
            if not isinstance(key, ScalarNode):
                self.problem(key, "a key must be a word")
            elif key.value in entries:
                self.problem(key, f"the key '{key.value}' stands twice")
            elif keys is not None and key.value not in keys:
                near = suggestion(key.value, keys)
                self.problem(
                    key, f"no such key: {key.value}{near or '; there are ' + ', '.join(keys)}"
                )
            else:
                entries[key.value] = value
        for key, required in (keys or {}).items():
            if required and key not in entries:
                self.problem(node, f"the key '{key}' is missing")
        return entries

    def items(self, node: Node | None) -> list[Node]:
        """Return the nodes of a list."""
        if not isinstance(node, SequenceNode):
            self.problem(node, f"write a list here, not {_kind(node)}")
            return []
        return list(node.value)

    def text(self, node: Node | None) -> str:
        """Return a string as it was written."""
        if not isinstance(node, ScalarNode):
            self.problem(node, f"write text here, not {_kind(node)}")
            return ""
        # What YAML takes for a number or a truth value is text here; an empty value is a slip.
        if not node.style and node.tag == "tag:yaml.org,2002:null":
            self.problem(
                node, f"write text here, not {node.value or 'nothing'}, or put it in quotes"
            )
        return str(node.value)

    def texts(self, node: Node | None) -> list[str]:
        """Return a list of strings; one string alone counts as a list of one."""
        if isinstance(node, ScalarNode):
            return [self.text(node)]
        return [self.text(item) for item in self.items(node)]

    def flag(self, node: Node | None) -> bool:
        """Return a truth value: true or false."""
        if isinstance(node, ScalarNode) and node.value in ("true", "false"):
            return str(node.value) == "true"
        self.problem(node, "write true or false here")
        return False

    def number(self, node: Node | None) -> int:
        """Return a whole number."""
        if isinstance(node, ScalarNode):
            try:
                return int(node.value)
            except ValueError:
                pass
        self.problem(node, "write a whole number here")
        return 0

    def choice(self, node: Node | None, options: Iterable[str]) -> str:
        """Return a string that must be one of the options."""
        value = self.text(node)
        known = list(options)
        if value and value not in known:
            near = suggestion(value, known)
            self.problem(node, f"'{value}' is none of {', '.join(known)}{near}")
        return value


def _kind(node: Node | None) -> str:
    if node is None:
        return "nothing"
    if isinstance(node, MappingNode):
        return "a mapping"
    if isinstance(node, SequenceNode):
        return "a list"
    return f"'{node.value}'"
