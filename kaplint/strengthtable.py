"""The words of strength (``strength.yaml``): scales, times and sets, and every form of every word.

Read when a pack is built. What leaves this module is one table of terms, by first word, that
``kaplint diff`` looks a sentence up in; ``strength.py`` says what the scales and sets are for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kaplint.inflect import Irregular, plural, verb_forms
from kaplint.yamlfile import MappingNode, Node, YamlFile

__all__ = ["StrengthTable"]

_WORD_KEYS = {"about": False, "words": False, "nouns": False, "verbs": False, "includes": False}
_FORMS = ("base", "s", "past", "participle", "ing")


class StrengthTable:
    """Collects the files of all rule folders; a later one adds words to what is there."""

    def __init__(
        self,
        irregular: Irregular,
        cut: Callable[[str], str],
        named: Callable[[str], Iterator[tuple[str, str]] | None],
    ) -> None:
        """Take what makes forms, what cuts a term into words, and what gives a class's terms."""
        self.irregular = irregular
        self.cut = cut
        self.named = named
        self.scales: dict[str, tuple[int, list[str]]] = {}
        self.times: dict[str, dict[str, float]] = {}
        # First word: the others, joined: what the term means, as (group, level, plain form).
        self.terms: dict[str, dict[str, list[tuple[str, float, str]]]] = {}

    def data(self) -> dict[str, object]:
        """Return the table as it stands in the pack."""
        terms = {
            first: [[rest, entries] for rest, entries in options.items()]
            for first, options in self.terms.items()
        }
        return {"scales": self.scales, "times": self.times, "terms": terms}

    def read(self, file: YamlFile) -> None:
        """Read one file; its mistakes become problems of it."""
        entries = file.mapping(file.root, {"scales": False, "times": False, "sets": False})
        if "scales" in entries:
            for name, node in file.mapping(entries["scales"]).items():
                self._read_scale(name, node, file)
        if "times" in entries:
            self._read_times(entries["times"], file)
        if "sets" in entries:
            for name, node in file.mapping(entries["sets"]).items():
                self._read_words(name, 0, node, file)
                self._read_includes(name, 0, node, file)

    def _read_scale(self, name: str, node: Node, file: YamlFile) -> None:
        entries = file.mapping(node, {"about": True, "plain": True, "levels": True})
        if "levels" not in entries:
            return
        levels = file.mapping(entries["levels"])
        _, known = self.scales.get(name, (-1, list(levels)))
        plain = file.text(entries["plain"]) if "plain" in entries else ""
        if plain and plain not in known:
            file.problem(entries["plain"], f"no such level: {plain}")
        self.scales[name] = (known.index(plain) if plain in known else -1, known)
        for level, words in levels.items():
            if level in known:
                self._read_words(name, known.index(level), words, file)
            else:
                file.problem(words, f"no such level of {name}: {level}")
        # A class that is taken in comes last: a level that names a word itself has it.
        for level, words in levels.items():
            if level in known:
                self._read_includes(name, known.index(level), words, file)

    def _read_times(self, node: Node, file: YamlFile) -> None:
        keys = ("onset", "duration", "units", "counted", "onset-before", "duration-before")
        entries = file.mapping(node, dict.fromkeys(keys, False))
        for name in ("onset", "duration"):
            if name not in entries:
                continue
            inner = ("about", "fast", "plain", "long", "levels")
            about = file.mapping(entries[name], dict.fromkeys(inner, False))
            self.times.setdefault(name, {}).update(
                {key: days(file, about[key]) for key in ("fast", "plain", "long") if key in about}
            )
            for level, words in file.mapping(about.get("levels")).items():
                try:
                    self._read_words(name, float(level), words, file)
                except ValueError:
                    file.problem(words, f"'{level}' is no number of days")
        if "units" in entries:
            for unit, value in file.mapping(entries["units"]).items():
                for form in (unit, plural(unit, self.irregular)):
                    self._add(form, ("unit", days(file, value), unit))
        for name in ("counted", "onset-before", "duration-before"):
            for word in file.texts(entries[name]) if name in entries else ():
                self._add(self.cut(word), (name, 0, word))
                if name == "counted":
                    self._add(plural(word, self.irregular), (name, 0, word))

    def _read_words(self, group: str, level: float, node: Node, file: YamlFile) -> None:
        """Read the words of a level or a set, in all their forms."""
        entries = file.mapping(node, _WORD_KEYS)

        def texts(key: str) -> Iterator[str]:
            yield from map(self.cut, file.texts(entries[key]) if key in entries else ())

        for word in texts("words"):
            self._add(word, (group, level, word))
        for noun in texts("nouns"):
            for form in (noun, plural(noun, self.irregular)):
                self._add(form, (group, level, noun))
        for verb in texts("verbs"):
            forms = verb_forms(verb, self.irregular)
            for name in _FORMS:
                self._add(getattr(forms, name), (group, level, verb))

    def _read_includes(self, group: str, level: float, node: Node, file: YamlFile) -> None:
        """Read the classes of the vocabulary that a level or a set takes in."""
        if not isinstance(node, MappingNode):
            return  # told before
        includes = [value for key, value in node.value if key.value == "includes"]
        for name in file.texts(includes[0]) if includes else ():
            terms = self.named(name)
            if terms is None:
                file.problem(includes[0], f"no such class: {name}")
                continue
            for form, base in terms:
                self._add(form, (group, level, base))

    def _add(self, term: str, meaning: tuple[str, float, str]) -> None:
        first, _, rest = term.partition(" ")
        entries = self.terms.setdefault(first, {}).setdefault(rest, [])
        # A word has one place in a group, the first that names it.
        if first and all(group != meaning[0] for group, _, _ in entries):
            entries.append(meaning)


def days(file: YamlFile, node: Node) -> float:
    """Return a number of days, or 0 with a problem."""
    text = file.text(node)
    try:
        return float(text)
    except ValueError:
        file.problem(node, "write a number here")
        return 0.0
