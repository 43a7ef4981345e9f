"""Rule folders (YAML) to a rule pack (JSON): checked, inflected, compiled and indexed.

The pack is what linting reads. It is built once: into the wheel by the build hook, or into the
user's cache for a checkout or for rule folders of the user's own. Every mistake in every file is
collected and raised together as one RuleError.
"""

from __future__ import annotations

import gc
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from kaplint import __version__, register
from kaplint.errors import RuleError
from kaplint.inflect import Irregular, plural, verb_forms
from kaplint.patterns import PatternError, Vocabulary, compile_pattern
from kaplint.register import Entry, Register
from kaplint.strengthtable import StrengthTable
from kaplint.templates import template_problems
from kaplint.tokens import CAPITAL, FIRST_CLASS, LARGE, NUMBER, PUNCTUATION, encode_tags, fold
from kaplint.yamlfile import Node, YamlFile, suggestion

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["CATEGORIES", "DUTIES", "FORMAT", "Pack", "build", "files"]

# Changes whenever the shape of the pack does, so that an old cache is never read.
FORMAT = 1

CATEGORIES = (
    "cure",
    "guarantee",
    "hype",
    "unhedged-efficacy",
    "speed-durability",
    "comparative",
    "disparagement",
    "unsourced-statistic",
    "vague-authority",
    "misreported-evidence",
    "mechanism-error",
    "mechanism-overreach",
    "safety-minimising",
    "regulatory-status",
    "testimonial",
    "pressure",
)
DUTIES = ("no-off-label", "no-risks", "no-variation", "no-crisis-line", "no-references")
PAGE = ("readability",)

SEVERITIES = ("error", "warning", "info")
CONFIDENCES = ("high", "medium", "low")
NAMED_GUARDS = (
    "negated",
    "negated-before",
    "hedged",
    "cited",
    "quoted",
    "reported",
    "question",
    "term-of-art",
    "faithful",
)
PLACE_GUARDS = ("before", "after", "inside", "clause", "sentence", "context", "page", "role")
ROLES = (
    "title",
    "heading",
    "paragraph",
    "list-item",
    "table-cell",
    "quote",
    "caption",
    "button",
    "label",
    "option",
    "alt",
    "tooltip",
    "placeholder",
    "meta",
)
_BUILT_IN = {
    "number": NUMBER,
    "large-number": LARGE,
    "capital": CAPITAL,
    "punctuation": PUNCTUATION,
}
_RULE_KEYS = {
    "code": True,
    "summary": True,
    "severity": True,
    "confidence": True,
    "message": True,
    "advice": True,
    "why": True,
    "norms": True,
    "find": True,
    "needs": False,
    "unless": False,
    "fix": False,
    "anywhere": False,
    "leaflets": False,
    "jurisdictions": False,
    "duties": False,
    "examples": True,
}
_CLASS_KEYS = {
    "about": True,
    "nouns": False,
    "mass": False,
    "verbs": False,
    "words": False,
    "includes": False,
    "pattern": False,
}
_FORM_WORD = re.compile(
    r"[^\W_]+n't|'(?:s|ll|ve|re|m|d)\b|[^\W\d_][^\W_]*|[0-9]+(?:[.,][0-9]+)*|[%$£€&+/]"
)
_MARKED = re.compile("[«»]")
REWORDING_KINDS = ("edit", "rewrite", "insert", "delete", "question")
REWORDING_PLACES = ("match", "inside", "clause", "sentence")


@dataclass(slots=True)
class Pack:
    """A built pack: ``core`` is read by every run, ``docs`` by explain, rules and selftest.

    ``regexes`` are the expressions that the core names by number; a run that finds them compiled
    in the cache never reads them. ``evidence`` is the register, read by what asks for it,
    ``strength`` is read by diff alone (see strengthtable.py), ``rewordings`` where something was
    found.
    """

    core: dict[str, object]
    regexes: list[str]
    docs: dict[str, object]
    evidence: dict[str, object]
    strength: dict[str, object]
    rewordings: dict[str, object]


@dataclass(slots=True)
class _Class:
    name: str
    file: YamlFile
    node: Node
    about: str
    terms: dict[str, list[str]] = field(default_factory=dict)  # form -> terms
    includes: list[str] = field(default_factory=list)
    pattern: str | None = None


class _Builder:
    categories: tuple[str, ...] = CATEGORIES

    def __init__(self, folders: tuple[Path, ...]) -> None:
        self.folders = folders
        self.problems: list[str] = []
        self.classes: dict[str, _Class] = {}
        self.irregular = Irregular({}, {}, frozenset())
        self.words: dict[str, str] = {}
        self.phrases: dict[str, dict[tuple[str, ...], tuple[str, str]]] = {}
        self.globs: dict[tuple[str, str], str] = {}
        self.tags: dict[tuple[str, str], tuple[str, str]] = {}
        self.weights: dict[str, float] = {}
        self.common: dict[str, float] = {}
        self.next = FIRST_CLASS
        self.proper: set[str] = set()  # words that the vocabulary writes with a capital
        self.formed: set[str] = set()  # words of which patterns want every form
        self.norms: set[str] = set()
        self.profiles: set[str] = set()
        self.codes: dict[str, str] = {}
        self.names: dict[str, str] = {}
        self.rules: list[dict[str, object]] = []
        self.patterns: list[list[object]] = []
        self.index: dict[str, list[int]] = {}  # rarest key to the patterns that need one like it
        self.regexes: dict[str, int] = {}
        self.sources: list[str] = []  # of the patterns, as the rules write them
        self.docs: dict[str, dict[str, object]] = {}
        self.tables: dict[str, dict[str, object]] = {}
        self.register: Register | None = None
        self.fidelity: dict[str, object] = {}
        self.vocabulary = Vocabulary(self.tag, self.forms, self.shape, self.glob, self.weight, {})

    # Reading files

    def open(self, path: Path, root: Path) -> YamlFile:
        shown = f"{root.name}/{path.relative_to(root).as_posix()}"
        try:
            text = path.read_text(encoding="utf-8")
        except OSError as error:
            self.problems.append(f"{shown}:1: cannot be read: {error.strerror or error}")
            return YamlFile(shown, "{}", [])
        except UnicodeDecodeError:
            self.problems.append(f"{shown}:1: is not UTF-8: save it in that encoding")
            return YamlFile(shown, "{}", [])
        return YamlFile(shown, text, self.problems)

    def read_irregular(self) -> None:
        path = self.folders[0] / "vocabulary" / "irregular.yaml"
        if not path.exists():
            return
        file = self.open(path, self.folders[0])
        entries = file.mapping(file.root, {"verbs": True, "nouns": True, "doubling": True})
        verbs: dict[str, tuple[str, str]] = {}
        for base, node in file.mapping(entries.get("verbs")).items():
            forms = file.texts(node)
            if len(forms) == 2:
                verbs[base] = (forms[0], forms[1])
            else:
                file.problem(node, "write [past, participle] here")
        nouns = {k: file.text(v) for k, v in file.mapping(entries.get("nouns")).items()}
        self.irregular = Irregular(verbs, nouns, frozenset(file.texts(entries.get("doubling"))))

    def read_frequency(self) -> None:
        path = self.folders[0] / "vocabulary" / "frequency.yaml"
        if not path.exists():
            return
        file = self.open(path, self.folders[0])
        for count, node in file.mapping(file.root).items():
            for word in file.texts(node):
                self.common[word] = float(count)

    def read_vocabulary(self) -> None:
        for folder in self.folders:
            for path in sorted((folder / "vocabulary").glob("*.yaml")):
                if path.name in ("irregular.yaml", "frequency.yaml"):
                    continue
                file = self.open(path, folder)
                if file.root is None:
                    continue
                for name, node in file.mapping(file.root).items():
                    if name in self.classes:
                        other = self.classes[name].file.path
                        file.problem(node, f"the class {{{name}}} stands in {other} already")
                        continue
                    self.classes[name] = self.read_class(name, node, file)
        for group in self.classes.values():
            for other in group.includes:
                if other not in self.classes:
                    near = suggestion(other, self.classes)
                    group.file.problem(group.node, f"no such class: {other}{near}")

    def read_class(self, name: str, node: Node, file: YamlFile) -> _Class:
        entries = file.mapping(node, _CLASS_KEYS)
        group = _Class(name, file, node, file.text(entries["about"]) if "about" in entries else "")
        if "pattern" in entries:
            group.pattern = file.text(entries["pattern"])
            return group
        add = group.terms.setdefault
        for key in ("mass", "words"):
            if key in entries:
                add("", []).extend(self.cut(t) for t in file.texts(entries[key]))
        if "nouns" in entries:
            for noun in file.texts(entries["nouns"]):
                one = self.cut(noun)
                add("one", []).append(one)
                add("many", []).append(plural(one, self.irregular))
        if "verbs" in entries:
            for verb in file.texts(entries["verbs"]):
                # Cut only now: "jump-start" gives "jump starts", "switch off" gives "switches off".
                forms = verb_forms(fold(verb).lower(), self.irregular)
                add("base", []).append(self.cut(forms.base))
                add("s", []).append(self.cut(forms.s))
                add("past", []).append(self.cut(forms.past))
                add("participle", []).append(self.cut(forms.participle))
                add("ing", []).append(self.cut(forms.ing))
                if forms.base == "be":
                    add("", []).extend(("am", "are", "were"))
        if "includes" in entries:
            group.includes = file.texts(entries["includes"])
        return group

    def cut(self, term: str) -> str:
        """Return a term as the tokeniser would cut it, a space between words."""
        if not term.islower():
            self.proper.update(w.lower() for w in _FORM_WORD.findall(term) if w[0].isupper())
        return " ".join(_FORM_WORD.findall(fold(term).lower())).replace("/", "\u2044")

    def read_strength(self) -> dict[str, object]:
        """Return the words of strength.yaml, with those of the vocabulary that it takes in."""
        table = StrengthTable(self.irregular, self.cut, self.named_terms)
        for folder in self.folders:
            path = folder / "strength.yaml"
            if path.exists():
                table.read(self.open(path, folder))
        return table.data()

    def named_terms(self, name: str) -> Iterator[tuple[str, str]] | None:
        """Return the terms of a class, each with its plain form; None where there is no such class."""
        return self.plain_terms(name, frozenset()) if name in self.classes else None

    def plain_terms(self, name: str, seen: frozenset[str]) -> Iterator[tuple[str, str]]:
        group = self.classes[name]
        for form, terms in group.terms.items():
            plain = {"": "", "one": "one", "many": "one"}.get(form, "base")
            # Every form of a noun or a verb stands in the order of the plain one.
            yield from zip(terms, group.terms[plain] if plain and plain != form else terms)
        for other in group.includes:
            if other in self.classes and other not in seen:
                yield from self.plain_terms(other, seen | {name})

    # The vocabulary, as patterns see it

    def terms(self, name: str, form: str, seen: frozenset[str] = frozenset()) -> list[str]:
        group = self.classes[name]
        found = [
            term
            for kind, terms in group.terms.items()
            if not form or kind == form
            for term in terms
        ]
        for other in group.includes:
            if other in self.classes and other not in seen:
                found += self.terms(other, form, seen | {name})
        return found

    def tag(self, name: str, form: str) -> tuple[str, str]:
        if name in _BUILT_IN and not form:
            return _BUILT_IN[name], ""
        if (name, form) in self.tags:
            return self.tags[name, form]
        if name not in self.classes:
            message = f"no such class: {{{name}}}{suggestion(name, self.classes)}"
            raise KeyError(message)
        terms = sorted(set(self.terms(name, form)) - {""})
        if not terms:
            message = f"{{{name}:{form}}} has no words" if form else f"{{{name}}} has no words"
            raise KeyError(message)
        begin = chr(self.next)
        inside = ""
        self.next += 1
        if any(" " in term for term in terms):
            inside = chr(self.next)
            self.next += 1
        self.tags[name, form] = (begin, inside)
        weight = 0.0
        # A word that the table does not name stands in less than one of 10,000.
        common, rare = self.common, 0.2
        for term in terms:
            if " " not in term:
                weight += common.get(term, rare)
                self.words[term] = self.words.get(term, "") + begin
                continue
            first, *rest = term.split(" ")
            weight += (
                min([common.get(first, rare), *[common.get(word, rare) for word in rest]]) * 0.2
            )
            further = tuple(rest)
            table = self.phrases.setdefault(first, {})
            old = table.get(further, ("", ""))
            table[further] = (old[0] + begin, old[1] + inside)
        self.weights[begin] = weight
        return begin, inside

    def forms(self, word: str) -> list[str]:
        made = verb_forms(word, self.irregular)
        self.formed.add(word)
        found = {word, made.s, made.past, made.participle, made.ing, plural(word, self.irregular)}
        if word == "be":
            found |= {"am", "are", "were"}
        return sorted(found)

    def shape(self, name: str) -> str | None:
        group = self.classes.get(name)
        return group.pattern if group else None

    def glob(self, start: str, end: str) -> str:
        if (start, end) not in self.globs:
            self.globs[start, end] = chr(self.next)
            self.weights[chr(self.next)] = 3.0
            self.next += 1
        return self.globs[start, end]

    def weight(self, key: str) -> float:
        if key in self.weights:
            return self.weights[key]
        if key in _BUILT_IN.values():
            return 500.0
        return self.common.get(key, 0.2)

    def pattern(
        self, text: str, file: YamlFile, node: Node, *, may_be_empty: bool = False
    ) -> tuple[str, tuple[tuple[str, ...], ...], tuple[str, ...]] | None:
        try:
            made = compile_pattern(text, self.vocabulary, may_be_empty=may_be_empty)
        except PatternError as error:
            file.problem(node, str(error))
            return None
        except RecursionError:
            file.problem(node, f"'{text[:40]}...' has too many brackets within brackets")
            return None
        return made.regex, made.needs, made.groups

    def number(self, regex: str) -> int:
        """Return the number of an expression in the pack; equal ones share it."""
        return self.regexes.setdefault(regex, len(self.regexes))

    # Rules

    def read_norms(self) -> dict[str, dict[str, str]]:
        norms: dict[str, dict[str, str]] = {}
        for folder in self.folders:
            path = folder / "norms.yaml"
            if not path.exists():
                continue
            file = self.open(path, folder)
            for name, node in file.mapping(file.root).items():
                entries = file.mapping(node)
                norms[name] = {
                    key: file.text(entries[key])
                    for key in ("title", "jurisdiction", "requires", "confirmed", "url")
                    if key in entries
                }
                norms[name]["sections"] = "; ".join(
                    file.texts(entries["sections"]) if "sections" in entries else []
                )
        self.norms = set(norms)
        return norms

    def read_profiles(self) -> dict[str, dict[str, object]]:
        """Return the jurisdictions: what each includes, and severity and norms by category."""
        profiles: dict[str, dict[str, object]] = {}
        for folder in self.folders:
            for path in sorted((folder / "profiles").glob("*.yaml")):
                file = self.open(path, folder)
                keys = {
                    "name": True,
                    "about": False,
                    "includes": True,
                    "categories": True,
                    "note": False,
                }
                entries = file.mapping(file.root, keys)
                categories: dict[str, list[object]] = {}
                for category, node in file.mapping(entries.get("categories")).items():
                    if category not in (*CATEGORIES, *DUTIES):
                        file.problem(node, f"no such category: {category}")
                    about = file.mapping(
                        node, {"severity": True, "norms": True, "by_reading": False, "note": False}
                    )
                    if not {"severity", "norms"} <= about.keys():
                        continue
                    norms = file.texts(about["norms"])
                    for norm in norms:
                        if norm not in self.norms:
                            file.problem(about["norms"], f"no such norm: {norm}")
                    categories[category] = [file.choice(about["severity"], SEVERITIES), norms]
                profiles[path.stem] = {
                    "name": file.text(entries.get("name")),
                    "includes": file.texts(entries["includes"]) if "includes" in entries else [],
                    "categories": categories,
                }
        return profiles

    def read_precedence(self) -> dict[str, list[str]]:
        """Return the categories whose findings stand in place of a more general one."""
        found: dict[str, list[str]] = {}
        for folder in self.folders:
            path = folder / "precedence.yaml"
            if not path.exists():
                continue
            file = self.open(path, folder)
            for general, node in file.mapping(file.root, dict.fromkeys(CATEGORIES, False)).items():
                for special in (names := file.texts(node)):
                    if special not in CATEGORIES or special == general:
                        file.problem(node, f"no such category: {special}")
                found[general] = names
        return found

    def read_measured(self) -> dict[str, list[int]]:
        """Return what was counted of each rule on labelled copy: right findings, all findings."""
        counted: dict[str, list[int]] = {}
        for folder in self.folders:
            path = folder / "measured.yaml"
            if not path.exists():
                continue
            file = self.open(path, folder)
            for code, node in file.mapping(file.root).items():
                entries = file.mapping(node, {"found": True, "right": True})
                if len(entries) == 2:
                    counted[code] = [file.number(entries["right"]), file.number(entries["found"])]
        return counted

    def evidence(self, file: YamlFile, node: Node) -> bool:
        """Make classes of the vocabulary that tell where a page may speak of an entry.

        ``evidence-word`` sets off a rule; of its words, ``evidence-mention`` are those for research,
        ``evidence-name`` surnames, ``evidence-handle`` journals, institutions and other ways to
        refer to an entry. ``evidence-treatment`` is what was studied. Returns False where there is no
        register, or no words to compare it by.
        """
        entries = self.read_evidence().entries.values()
        tables = self.read_fidelity()
        mentions, treatments = tables.get("mentions"), tables.get("treatments")
        if not entries or not isinstance(mentions, dict) or not isinstance(treatments, dict):
            file.problem(
                node, "there is no register of evidence, or no fidelity.yaml, to compare with"
            )
            return False
        terms = {
            "mention": [term for found in mentions.values() for term in found],
            "name": [name for entry in entries for name in entry.names],
            "handle": [
                phrase
                for entry in entries
                for phrase in (*entry.journals, *entry.institutions, *entry.aliases)
            ],
            "treatment": [term for name, found in treatments.items() for term in (name, *found)],
        }
        terms["word"] = [*terms["mention"], *terms["name"], *terms["handle"]]
        for name, found in terms.items():
            words = [self.cut(term) for term in found]
            forms = {"": [word for word in words if word]}
            self.classes.setdefault(
                f"evidence-{name}", _Class(f"evidence-{name}", file, node, "", forms)
            )
            self.tag(f"evidence-{name}", "")
        return True

    def compared(self, evidence: Register) -> dict[str, object]:
        """Return the register as the pack keeps it: with the words and the index to compare it by."""
        from kaplint.fidelity.entries import indexed

        words = self.read_fidelity()
        found = register.to_json(evidence)
        return {**found, "words": words, "index": indexed(evidence, words)} if words else found

    def read_fidelity(self) -> dict[str, object]:
        """Return the words by which pages are compared with the register (``fidelity.yaml``)."""
        from kaplint.fidelity.entries import NAMES, TABLES, WORDS

        if self.fidelity:
            return self.fidelity
        naming: list[tuple[YamlFile, Node, str]] = []
        for folder in self.folders:
            path = folder / "fidelity.yaml"
            if not path.exists():
                continue
            file = self.open(path, folder)
            keys = dict.fromkeys((*WORDS, *TABLES), False)
            for key, node in file.mapping(file.root, keys).items():
                # What names entries of another table stays as it is written.
                cut = str if key in NAMES else self.term
                if key in WORDS:
                    self.fidelity[key] = [cut(term) for term in file.texts(node)]
                else:
                    self.fidelity[key] = {
                        name: [cut(term) for term in file.texts(value)]
                        for name, value in file.mapping(node).items()
                    }
                if key in NAMES:
                    naming.append((file, node, key))
        for file, node, key in naming:
            found, known = self.fidelity[key], self.fidelity.get(NAMES[key])
            names = list(found) if isinstance(found, list | dict) else []
            for others in found.values() if isinstance(found, dict) else ():
                names += others
            for name in names:
                if not isinstance(known, dict) or name not in known:
                    file.problem(node, f"'{key}' names {name}, which '{NAMES[key]}' lacks")
        return self.fidelity

    def term(self, text: str) -> str:
        """Return a term of fidelity.yaml as the tokeniser cuts it; marks stay as they are."""
        return self.cut(text) or text

    def read_evidence(self) -> Register:
        """Return the register of evidence of all folders."""
        if self.register is not None:
            return self.register
        found = [
            self.open(path, folder)
            for folder in self.folders
            for path in sorted((folder / "evidence").glob("*.yaml"))
        ]
        self.register = register.read(found, DUTIES)
        return self.register

    def read_rules(self) -> None:
        known = (*CATEGORIES, *DUTIES, *PAGE)
        for folder in self.folders:
            for category in known:
                for path in sorted((folder / category).glob("*.yaml")):
                    told = len(self.problems)
                    file = self.open(path, folder)
                    if file.root is not None:
                        self.read_rule(file, category, path.stem)
                    elif len(self.problems) == told:
                        file.problem(None, "the file is empty: write a rule here")
            for path in sorted(folder.iterdir()):
                hidden = path.name.startswith((".", "_"))
                if (
                    path.is_dir()
                    and not hidden
                    and path.name
                    not in (
                        *known,
                        "vocabulary",
                        "profiles",
                        "evidence",
                        "rewording",
                    )
                ):
                    near = suggestion(path.name, known)
                    self.problems.append(
                        f"{folder.name}/{path.name}:1: a rule folder bears the name of a category{near}"
                    )

    def read_rule(self, file: YamlFile, category: str, name: str) -> None:
        entries = file.mapping(file.root, _RULE_KEYS)

        def text(key: str) -> str:
            return file.text(entries[key]) if key in entries else ""

        code = text("code")
        if code and not re.fullmatch(r"[A-Z]{2,4}[0-9]{2,3}", code):
            file.problem(
                entries["code"], f"a code is two letters and two digits, like CU01, not {code}"
            )
        if code and code in self.codes:
            file.problem(entries["code"], f"the code {code} stands in {self.codes[code]} already")
        self.codes[code] = file.path
        rule: dict[str, object] = {
            "code": code,
            "name": name,
            "category": category,
            "severity": file.choice(entries.get("severity"), SEVERITIES)
            if "severity" in entries
            else "",
            "confidence": (
                file.choice(entries.get("confidence"), CONFIDENCES)
                if "confidence" in entries
                else ""
            ),
            "summary": text("summary"),
            "message": text("message"),
            "advice": text("advice"),
            "anywhere": file.flag(entries["anywhere"]) if "anywhere" in entries else False,
            "leaflets": file.flag(entries["leaflets"]) if "leaflets" in entries else False,
            "sets_off_duties": file.flag(entries["duties"]) if "duties" in entries else True,
            "jurisdictions": self.read_jurisdictions(file, entries.get("jurisdictions")),
            "path": file.path,
        }
        norms = file.texts(entries["norms"]) if "norms" in entries else []
        for norm in norms:
            if self.norms and norm not in self.norms:
                file.problem(
                    entries["norms"], f"no such norm: {norm}{suggestion(norm, self.norms)}"
                )
        rule["norms"] = norms
        rule["scope"] = "span"
        if "find" in entries:
            self.read_find(rule, file, entries["find"])
        rule["needs"] = self.read_guards(file, entries["needs"]) if "needs" in entries else []
        rule["unless"] = self.read_guards(file, entries["unless"]) if "unless" in entries else []
        rule["fix"] = self.read_fix(file, entries["fix"]) if "fix" in entries else []
        self.read_examples(rule, file, entries, text("why"))
        self.rules.append(rule)

    def read_jurisdictions(self, file: YamlFile, node: Node | None) -> list[str]:
        """Return where alone a rule holds; an empty list means everywhere."""
        names = file.texts(node) if node is not None else []
        for name in names:
            if node is not None and name not in self.profiles:
                near = suggestion(name, self.profiles)
                file.problem(node, f"no profile for the jurisdiction {name}{near}")
        return names

    def scan(self, text: str, file: YamlFile, node: Node) -> None:
        """Add a pattern that is looked for in every page, for the rule that is being read."""
        made = self.pattern(text, file, node)
        if made:
            regex, needs, _ = made
            first, *others = needs
            for key in first:
                self.index.setdefault(key, []).append(len(self.patterns))
            self.patterns.append(
                [self.number(regex), len(self.rules), [list(keys) for keys in others]]
            )
            self.sources.append(text)

    def facts(self, file: YamlFile, node: Node, table: str) -> dict[str, object]:
        """Compile a table of facts, as matchers/fact.py reads it.

        Its entities and relations become classes of the vocabulary, so that tagging finds them;
        ``<table>-object-<verdict>`` and the like are classes for the rule's patterns.
        """
        from kaplint.facttable import VERDICTS, read_tables
        from kaplint.matchers.fact import AGENTS

        if table in self.tables:
            return self.tables[table]
        paths = [folder / f"{table}.yaml" for folder in self.folders]
        files = [self.open(path, path.parent) for path in paths if path.exists()]
        if not files:
            file.problem(node, f"there is no table {table}.yaml in the rule folder")
            return {}
        known = read_tables(files, self.irregular)

        def tags(name: str, forms: dict[str, list[str]], form: str = "") -> list[str]:
            self.classes.setdefault(name, _Class(name, file, node, "", forms))
            return list(self.tag(name, form))

        rows, triples = known.rows()
        relations: dict[str, dict[str, object]] = {}
        for name, shape in known.relations.items():
            verbs = {form: tags(f"{table}-{name}", shape.verbs, form) for form in shape.verbs}
            relations[name] = {
                "verbs": verbs,
                "nouns": tags(f"{table}-{name}-noun", {"": shape.nouns}) if shape.nouns else [],
                "events": tags(f"{table}-{name}-event", {"": shape.events}) if shape.events else [],
                "tails": shape.tails,
                "loose": shape.loose,
                "apposition": shape.apposition,
            }
        plain = {name for name, shape in known.relations.items() if not shape.apposition}
        for verdict in VERDICTS:
            for apposed in (False, True):
                names = {
                    thing
                    for (_, relation, thing), fact in known.facts.items()
                    if fact.verdict == verdict
                    and (relation not in plain) == apposed
                    # A drug as an object is a relation read from its other end.
                    and (apposed or known.kinds.get(thing) not in AGENTS)
                }
                terms = [term for name in names for term in known.names.get(name, [])]
                kind = "class" if apposed else "object"
                if terms:
                    tags(f"{table}-{kind}-{verdict}", {"": terms})
        tags(f"{table}-entity", {"": [term for terms in known.names.values() for term in terms]})
        self.tables[table] = {
            "entities": {
                name: [*tags(f"{table}-is-{name}", {"": terms}), known.kinds[name]]
                for name, terms in known.names.items()
            },
            "relations": relations,
            "rows": rows,
            "triples": triples,
        }
        return self.tables[table]

    def read_find(self, rule: dict[str, object], file: YamlFile, node: Node) -> None:
        from kaplint.matchers import MATCHERS, matcher

        entries = file.mapping(node)
        if len(entries) != 1:
            file.problem(node, f"'find' takes one key, one of {', '.join(MATCHERS)}")
            return
        kind, value = next(iter(entries.items()))
        if kind not in MATCHERS:
            near = suggestion(kind, MATCHERS)
            file.problem(
                node, f"no such kind of finding: {kind}{near}; there are {', '.join(MATCHERS)}"
            )
            return
        rule["kind"] = kind
        rule["scope"] = matcher(kind).scope
        rule["data"] = matcher(kind).read(file, value, self)

    def place(self, file: YamlFile, node: Node, texts: list[str], end: str = "") -> list[object]:
        """Compile patterns that are looked for around a match: [regex, needs] each."""
        found: list[object] = []
        for text in texts:
            made = self.pattern(text, file, node)
            if made:
                found.append(
                    [
                        self.number(f"(?:{made[0]}){end}" if end else made[0]),
                        [list(keys) for keys in made[1]],
                        text,
                    ]
                )
        return found

    def read_guards(self, file: YamlFile, node: Node) -> list[object]:
        guards: list[object] = []
        for item in file.items(node):
            if hasattr(item, "value") and isinstance(item.value, str):
                name = file.choice(item, NAMED_GUARDS)
                guards.append([name, []])
                continue
            for name, value in file.mapping(item, dict.fromkeys(PLACE_GUARDS, False)).items():
                texts = file.texts(value)
                if name == "role":
                    for role in texts:
                        if role not in ROLES:
                            file.problem(value, f"no such role: {role}{suggestion(role, ROLES)}")
                    guards.append([name, texts])
                else:
                    end = r" \Z" if name == "before" else ""
                    guards.append([name, self.place(file, value, texts, end)])
        return guards

    def read_fix(self, file: YamlFile, node: Node) -> list[object]:
        fixes: list[object] = []
        for item in file.items(node):
            entries = file.mapping(item, {"for": True, "with": True, "safe": False})
            if "for" not in entries or "with" not in entries:
                continue
            made = self.pattern(file.text(entries["for"]), file, entries["for"])
            template = file.text(entries["with"])
            if made is None:
                continue
            for what in template_problems(template, made[2]):
                file.problem(entries["with"], what)
            safe = file.flag(entries["safe"]) if "safe" in entries else False
            fixes.append([self.number(rf"\A{made[0]} ?\Z"), template, safe])
        return fixes

    def read_rewordings(self, evidence: Register) -> dict[str, object]:
        """Return the rewordings that any finding of a category may take, in order, and spelling.

        Rewordings of the user's own folders come before the built-in ones.
        """
        categories: dict[str, list[object]] = {}
        spelling: dict[str, str] = {}
        for folder in reversed(self.folders):
            for path in sorted((folder / "rewording").glob("*.yaml")):
                file = self.open(path, folder)
                if file.root is None:
                    continue
                if path.stem == "spelling":
                    for british, node in file.mapping(file.root).items():
                        spelling[british] = file.text(node)
                elif path.stem in (*CATEGORIES, *DUTIES, *PAGE, "any"):
                    found = categories.setdefault(path.stem, [])
                    found += [
                        r for item in file.items(file.root) for r in self.rewording(file, item)
                    ]
                else:
                    near = suggestion(path.stem, (*CATEGORIES, *DUTIES, *PAGE))
                    file.problem(None, f"a file of rewordings bears the name of a category{near}")
        names = {s.treatment for s in evidence.statements} | {
            s.condition for s in evidence.statements
        }
        names |= {d.treatment for d in evidence.disclosures if d.treatment}
        verbs = {
            word
            for group in self.classes.values()
            for verb in group.terms.get("base", ())
            if (word := verb.partition(" ")[0])
        }
        return {
            "verbs": self.irregular.verbs,
            "nouns": self.irregular.nouns,
            "doubling": sorted(self.irregular.doubling),
            "known": sorted(verbs | self.formed),
            "proper": sorted(self.proper),
            "terms": {
                name: self.number(_any_of(self.spoken_terms(name))) for name in sorted(names)
            },
            "evidence": register.to_json(_slim(evidence)),
            "spelling": spelling,
            "categories": categories,
        }

    def spoken_terms(self, name: str) -> list[str]:
        """Return the words that stand for a treatment or a condition of a statement."""
        group = name.replace(" ", "-")
        if group not in self.classes or self.classes[group].pattern is not None:
            return [name]
        return sorted({name, *self.terms(group, "")})

    def rewording(self, file: YamlFile, item: Node) -> Iterator[object]:
        """Read one rewording; one for each pattern under ``for``."""
        keys = {
            "for": False,
            "with": False,
            "over": False,
            "when": False,
            "kind": False,
            "safe": False,
            "needs": False,
            "unless": False,
        }
        entries = file.mapping(item, keys)
        kind = file.choice(entries["kind"], REWORDING_KINDS) if "kind" in entries else "edit"
        # A rewrite without words of its own says what the register of evidence says.
        if "with" not in entries and kind not in ("delete", "rewrite"):
            file.problem(item, "the key 'with' is missing")
        template = file.text(entries["with"]) if "with" in entries else ""
        over = file.choice(entries["over"], REWORDING_PLACES) if "over" in entries else "match"
        when = file.texts(entries["when"]) if "when" in entries else []
        for role in when:
            if role not in (*ROLES, "opening"):
                near = suggestion(role, (*ROLES, "opening"))
                file.problem(entries["when"], f"no such role: {role}{near}")
        safe = file.flag(entries["safe"]) if "safe" in entries else False
        guards = {
            key: self.read_guards(file, entries[key]) if key in entries else []
            for key in ("needs", "unless")
        }
        about = {
            "over": over,
            "when": when,
            "template": template,
            "kind": kind,
            "safe": safe,
            **guards,
        }
        if "for" not in entries:
            for what in template_problems(template, ()):
                file.problem(entries.get("with"), what)
            yield {"pattern": [], **about}
            return
        texts = file.texts(entries["for"])
        patterns = [self.pattern(t, file, entries["for"], may_be_empty=True) for t in texts]
        # What one of the patterns remembers may be missing from the others: it is then nothing.
        names = {name for made in patterns if made for name in made[2]}
        for what in template_problems(template, names) if None not in patterns else ():
            file.problem(entries.get("with"), what)
        for text, made in zip(texts, patterns):
            if made is None:
                continue
            regex, needs, _ = made
            if over == "match":
                regex = rf"\A{regex} ?\Z"
            needed = [list(group) for group in needs]
            yield {"pattern": [self.number(regex), needed, text], **about}

    def read_examples(
        self, rule: dict[str, object], file: YamlFile, entries: dict[str, Node], why: str
    ) -> None:
        bad: list[dict[str, object]] = []
        good: list[dict[str, object]] = []
        if "examples" in entries:
            examples = file.mapping(entries["examples"], {"bad": True, "good": True})
            for name, found in (("bad", bad), ("good", good)):
                items = file.items(examples[name]) if name in examples else []
                if name in examples and len(items) < 2:
                    file.problem(examples[name], f"give at least two {name} examples")
                for item in items:
                    found.append(self.read_example(file, item, name))
        self.docs[str(rule["code"])] = {
            "why": why,
            "summary": rule["summary"],
            "path": file.path,
            "bad": bad,
            "good": good,
        }

    def read_example(self, file: YamlFile, item: Node, kind: str) -> dict[str, object]:
        fixed: str | None = None
        if hasattr(item, "value") and isinstance(item.value, str):
            text = file.text(item)
        else:
            parts = file.mapping(item, {"text": True, "fixed": False})
            text = file.text(parts.get("text"))
            fixed = file.text(parts["fixed"]) if "fixed" in parts else None
        if kind == "bad" and text.count("«") != text.count("»"):
            file.problem(item, "« and » do not pair")
        if kind == "bad" and "«" not in text:
            file.problem(item, "mark the words that are flagged with « and »")
        if kind == "good" and _MARKED.search(text):
            file.problem(item, "a good example has nothing to mark with « »")
        line = item.start_mark.line + 1
        example: dict[str, object] = {"text": text, "line": line}
        if fixed is not None:
            example["fixed"] = fixed
        return example

    def lexicon(self) -> dict[str, object]:
        """Return the lexicon, small and quick to read; Lexicon says how it is laid out."""
        sets: dict[tuple[str, str], int] = {}

        def number(begin: str, inside: str) -> int:
            return sets.setdefault((begin, inside), len(sets))

        by_letter: dict[str, dict[str, list[str]]] = {}
        for word, tags in self.words.items():
            by_letter.setdefault(word[0], {})[word] = [str(number(tags, ""))]
        for first, options in self.phrases.items():
            entry = by_letter.setdefault(first[0], {}).setdefault(first, [""])
            entry += [
                f"{' '.join(rest)}={number(begin, inside)}"
                for rest, (begin, inside) in options.items()
            ]
        lexicon = {
            letter: "|"
            + "|".join(f"{word}:{';'.join(entry)}" for word, entry in words.items())
            + "|"
            for letter, words in by_letter.items()
        }
        pairs = [[encode_tags(begin), encode_tags(inside)] for begin, inside in sets]
        return {"tags": pairs, "lexicon": lexicon}

    def build(self) -> Pack:
        self.read_irregular()
        self.read_frequency()
        self.read_vocabulary()
        norms = self.read_norms()
        profiles = self.read_profiles()
        self.profiles = set(profiles)
        self.read_rules()
        measured = self.read_measured()
        evidence = self.read_evidence()
        strength = self.read_strength()
        rewordings = self.read_rewordings(evidence)
        # Classes that the guards of the engine know by name.
        guard_classes: dict[str, str] = {}
        from kaplint.guards import CLASSES, EVIDENCE

        for name in EVIDENCE:
            if (name, "") in self.tags:
                guard_classes[name] = "".join(self.tag(name, ""))
        for name in CLASSES:
            if name in self.classes:
                guard_classes[name] = "".join(self.tag(name, ""))
            else:
                self.problems.append(
                    f"{self.folders[0].name}/vocabulary:1: the class {{{name}}} is missing; the guards need it"
                )
        if self.problems:
            raise RuleError(tuple(sorted(set(self.problems), key=_by_line)))
        core: dict[str, object] = {
            "format": FORMAT,
            "version": __version__,
            **self.lexicon(),
            "globs": [[start, end, tag] for (start, end), tag in self.globs.items()],
            "classes": guard_classes,
            "precedence": self.read_precedence(),
            "index": self.index,
            "patterns": self.patterns,
            "rules": self.rules,
        }
        tags = {
            begin: f"{name}:{form}" if form else name
            for (name, form), (begin, _) in self.tags.items()
        }
        tags |= {tag: f"{start}*{end}" for (start, end), tag in self.globs.items()}
        return Pack(
            core,
            list(self.regexes),
            {
                "rules": self.docs,
                "norms": norms,
                "patterns": self.sources,
                "tags": tags,
                "measured": measured,
                "profiles": profiles,
            },
            self.compared(evidence),
            strength,
            rewordings,
        )


def _any_of(terms: list[str]) -> str:
    """Return an expression for whole words: any of the terms, hyphens as good as blanks."""
    body = "|".join(
        re.escape(term).replace(r"\ ", "[ -]").replace(r"\-", "[ -]")
        for term in sorted(terms, key=lambda term: (-len(term), term))
    )
    return rf"(?i)(?<![\w-])(?:{body})(?!\w)"


def _slim(evidence: Register) -> Register:
    """Return what rewordings need of the register: what may be said, and where it is from."""
    keys = {key for statement in evidence.statements for key in statement.entries}
    keys |= {key for disclosure in evidence.disclosures for key in disclosure.entries}
    entries = {
        key: Entry(key=key, kind=entry.kind, status=entry.status, citation=entry.citation)
        for key, entry in evidence.entries.items()
        if key in keys
    }
    return Register(entries, evidence.statements, evidence.disclosures)


def _by_line(problem: str) -> tuple[str, int]:
    path, _, rest = problem.partition(":")
    line = rest.partition(":")[0]
    return path, int(line) if line.isdigit() else 0


def build(folders: tuple[Path, ...]) -> Pack:
    """Build the pack of one or more rule folders, the built-in one first.

    Raises RuleError with every problem of every file.
    """
    # What is built is kept, a million small objects: looking among them for rubbish is a third of the time.
    collects = gc.isenabled()
    gc.disable()
    try:
        return _Builder(folders).build()
    finally:
        if collects:
            gc.enable()


def files(pack: Pack) -> dict[str, str]:
    """Return the files of a pack by name, each as one line of JSON."""
    return {
        "rulepack.json": dumps(pack.core),
        "rulepack-regexes.json": dumps(pack.regexes),
        "rulepack-docs.json": dumps(pack.docs),
        "rulepack-evidence.json": dumps(pack.evidence),
        "rulepack-strength.json": dumps(pack.strength),
        "rulepack-rewordings.json": dumps(pack.rewordings),
    }


def dumps(pack: dict[str, object] | list[str]) -> str:
    """Return a part of a pack as JSON, in one line."""
    return json.dumps(pack, ensure_ascii=True, separators=(",", ":"))
