"""Every mistake in a rule folder is told as path:line: what to do, all of them at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from packs import EXAMPLES, phrase, rule, write

from kaplint.errors import RuleError
from kaplint.rulepack import Pack, build

NORMS = """\
us-ftc-act-5: {title: Act, jurisdiction: us, requires: Truth., confirmed: 'yes', url: u, sections: []}
"""


def problems(folder: Path, files: dict[str, str]) -> list[str]:
    """Return the problems of a rule folder, without its name."""
    with pytest.raises(RuleError) as raised:
        build((write(folder / "rules", files),))
    assert str(raised.value) == "\n".join(raised.value.problems)
    for problem in raised.value.problems:
        path, line, _ = problem.split(":", 2)
        assert path.startswith("rules/")
        assert line.isdigit()
    return [problem.removeprefix("rules/") for problem in raised.value.problems]


def of_rule(folder: Path, text: str) -> list[str]:
    """Return the problems of a rule as ``line: text``."""
    found = problems(folder, {"cure/a": text, "norms": NORMS})
    assert all(problem.startswith("cure/a.yaml:") for problem in found), found
    return [problem.removeprefix("cure/a.yaml:") for problem in found]


def good(folder: Path, files: dict[str, str]) -> Pack:
    return build((write(folder / "rules", files),))


GOOD = phrase("cures {condition}")


def test_a_good_rule_builds(tmp_path: Path) -> None:
    pack = good(tmp_path, {"cure/a": GOOD, "norms": NORMS})
    assert list(pack.docs["rules"]) == ["CU01"]  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("advice:", "advise:", ["6: no such key: advise (did you mean advice?)"]),
        ("severity: error", "severity: eror", ["3: 'eror' is none of error, warning, info (did"]),
        ("severity: error", "severity: no", ["3: 'no' is none of"]),
        ("confidence: high", "confidence: sure", ["4: 'sure' is none of high, medium, low"]),
        ("code: CU01", "code: cure1", ["1: a code is two letters and two digits"]),
        ("code: CU01", "code: C1", ["1: a code is two letters and two digits"]),
        ("why: It is a test.\n", "", ["1: the key 'why' is missing"]),
        ("why: It is a test.", "why:", ["7: write text here, not nothing"]),
        ("why: It is a test.", "why: [a]", ["7: write text here, not a list"]),
        ("why: It", "code: CU02\nwhy: It", ["7: the key 'code' stands twice"]),
        ("norms: []", "norms: [us-ftc-act]", ["8: no such norm: us-ftc-act (did you mean us-ftc"]),
        ("norms: []", "norms: {a: b}", ["8: write a list here, not a mapping"]),
        ("find:", "anywhere: maybe\nfind:", ["9: write true or false here"]),
        (
            "  phrase:",
            "  phrases:",
            ["10: no such kind of finding: phrases (did you mean phrase?)"],
        ),
        ("find:\n  phrase:", "find:\n  regex: [a]\n  phrase:", ["10: 'find' takes one key"]),
        ('["cures', '"x" #["cures', ["10: write a list here, not 'x'"]),
        ("{condition}", "{conditio}", ["10: no such class: {conditio} (did you mean condition?)"]),
        ("{condition}", "{condition:ings}", ["10: no such form: ings"]),
        ("{condition}", "{condition:past}", ["10: {condition:past} has no words"]),
        ("{condition}", "{conditions:ing}", ["10: {conditions} is short for a pattern"]),
        ("cures {condition}", "cures (a", ["10: a ( has no )"]),
        ("cures {condition}", "cures?", ["10: 'cures?' could match nothing at all"]),
        ("cures {condition}", "a ..20 b ..20 c ..20 d ..20 e", ["10: 'a ..20 b ..20 c ..20 d"]),
        ("cures {condition}", "((a)+)+", ["10: a repeat of a repeat"]),
        ("examples:", "unless: [negatd]\nexamples:", ["11: 'negatd' is none of negated,"]),
        ("examples:", "unless: negated\nexamples:", ["11: write a list here, not 'negated'"]),
        (
            "examples:",
            "unless: [{befor: a}]\nexamples:",
            ["11: no such key: befor (did you mean b"],
        ),
        ("examples:", "unless: [{before: '(a'}]\nexamples:", ["11: a ( has no )"]),
        ("examples:", "unless: [{role: headings}]\nexamples:", ["11: no such role: headings (did"]),
        ("examples:", "needs: [{after: a?}]\nexamples:", ["11: 'a?' could match nothing"]),
        ("examples:", "unless: [[a]]\nexamples:", ["11: write a mapping"]),
        ("examples:", "fix: [{for: a}]\nexamples:", ["11: the key 'with' is missing"]),
        ("examples:", "fix: [{for: '(', with: b}]\nexamples:", ["11: nothing stands here"]),
        ("examples:", "fix: [{for: a, with: '{b}'}]\nexamples:", ["11: nothing in 'for' is remem"]),
        ("examples:", "fix: {a: b}\nexamples:", ["11: write a list here, not a mapping"]),
        ("['«One».', '«Two».']", "['«One».']", ["12: give at least two bad examples"]),
        ("['Three.', 'Four.']", "['Three.']", ["13: give at least two good examples"]),
        ("['Three.', 'Four.']", "Three.", ["13: write a list here", "13: give at least two good"]),
        ("'«Two».'", "'«Two.'", ["12: « and » do not pair"]),
        ("'«Two».'", "'Two.'", ["12: mark the words that are flagged with « and »"]),
        ("'«Two».'", "{txt: '«Two».'}", ["12: no such key: txt (did you mean text?)"]),
        ("'Four.'", "'«Four».'", ["13: a good example has nothing to mark"]),
        ("  good:", "  goods:", ["13: no such key: goods (did you mean good?)"]),
        (EXAMPLES, "", ["1: the key 'examples' is missing"]),
        ("find:\n  phrase", "fnd:\n  phrase", ["9: no such key: fnd (did you mean find?)"]),
        ("code: CU01", "code: 'CU01", None),
        ("code: CU01\n", "- code: CU01\n", None),
    ],
)
def test_a_mistake(old: str, new: str, expected: list[str] | None, tmp_path: Path) -> None:
    assert GOOD.count(old) == 1
    found = of_rule(tmp_path, GOOD.replace(old, new))
    if expected is None:
        assert len(found) == 1
        assert "not valid YAML" in found[0]
    else:
        for wanted in expected:
            assert any(problem.startswith(wanted) for problem in found), found


@pytest.mark.parametrize(
    ("expression", "complaint"),
    [
        ("(a+)+$", "runs away on long text"),
        ("(a|aa)+$", "runs away on long text"),
        ("(", "cannot be compiled"),
        ("a*", "could match nothing at all"),
        ("[", "cannot be compiled"),
    ],
)
def test_a_wrong_expression(expression: str, complaint: str, tmp_path: Path) -> None:
    text = rule(f"regex: ['fine', '{expression}']")
    (found,) = of_rule(tmp_path, text)
    assert found.startswith("10: ")
    assert complaint in found


@pytest.mark.parametrize(
    ("find", "expected"),
    [
        ("relation: {subject: a, relation: b}", "10: the key 'object' is missing"),
        ("relation: {subject: '(', relation: b, object: c}", "10: nothing stands here"),
        ("relation: {subject: a, relation: b, object: c, reach: x}", "10: write a whole number"),
        ("relation: [a]", "10: write a mapping"),
        ("absence: {where: [a]}", "10: the key 'lacks' is missing"),
        ("absence: {where: [a], lacks: ['(']}", "10: nothing stands here"),
        ("absence: {where: ['('], lacks: [a]}", "10: nothing stands here"),
        ("absence: {where: [a], lacks: [b], words: many}", "10: write a whole number"),
        ("statistic: [percentages]", "10: no such class: {figure-percentages}"),
        ("readability: {words: few}", "10: write a whole number"),
        ("readability: 5", "10: write a mapping"),
    ],
)
def test_a_mistake_in_what_is_looked_for(find: str, expected: str, tmp_path: Path) -> None:
    found = of_rule(tmp_path, rule(find))
    assert any(problem.startswith(expected) for problem in found), found


def test_all_mistakes_of_all_files_at_once(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        {
            "cure/a": GOOD.replace("severity: error", "severity: bad").replace(
                "why: It", "whi: It"
            ),
            "cure/b": phrase("(a", "{b}", "c?", code="CU02"),
            "vocabulary/more": "thing: {words: [null]}\n",
        },
    )
    assert [problem.split(": ", 1)[0] for problem in found] == [
        "cure/a.yaml:1",
        "cure/a.yaml:3",
        "cure/a.yaml:7",
        "cure/b.yaml:10",
        "cure/b.yaml:10",
        "cure/b.yaml:10",
        "vocabulary/more.yaml:1",
        "vocabulary/more.yaml:1",
    ]


def test_a_code_may_stand_once(tmp_path: Path) -> None:
    found = problems(tmp_path, {"cure/a": GOOD, "hype/b": GOOD})
    assert found == ["hype/b.yaml:1: the code CU01 stands in rules/cure/a.yaml already"]


def test_two_rules_without_a_code(tmp_path: Path) -> None:
    text = GOOD.replace("code: CU01\n", "")
    found = problems(tmp_path, {"cure/a": text, "cure/b": text})
    assert found == [
        "cure/a.yaml:1: the key 'code' is missing",
        "cure/b.yaml:1: the key 'code' is missing",
    ]


@pytest.mark.parametrize("text", ["", "# to do\n"])
def test_an_empty_rule_file(text: str, tmp_path: Path) -> None:
    assert of_rule(tmp_path, text) == ["1: the file is empty: write a rule here"]


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    write(tmp_path / "rules", {"cure/a": GOOD})
    (tmp_path / "rules" / "cure" / "b.yaml").write_bytes(b"\xff\xfe\xfa")
    with pytest.raises(RuleError) as raised:
        build((tmp_path / "rules",))
    assert raised.value.problems == ("rules/cure/b.yaml:1: is not UTF-8: save it in that encoding",)


@pytest.mark.parametrize("name", ["cures", "hipe", "zzz"])
def test_a_folder_bears_the_name_of_a_category(name: str, tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, {f"{name}/a": GOOD})
    assert problem.startswith(f"{name}:1: a rule folder bears the name of a category")
    near = {"cures": "cure", "hipe": "hype"}.get(name)
    assert ("did you mean" in problem) == (near is not None)
    assert near is None or near in problem


def test_hidden_folders_are_left_alone(tmp_path: Path) -> None:
    good(tmp_path, {"cure/a": GOOD, ".git/x": "not: [a rule", "__pycache__/y": ""})


# Vocabulary


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("thing: {words: [a]}\n", "1: the key 'about' is missing"),
        ("thing: {about: A., word: [a]}\n", "1: no such key: word (did you mean words?)"),
        ("thing: {about: A., words: [~]}\n", "1: write text here, not ~"),
        (
            "thing: {about: A., words: [a], includes: [conditon]}\n",
            "1: no such class: conditon (did",
        ),
        ("thing:\n  about: A.\n  words: {a: b}\n", "3: write a list here"),
        ("thing: [a]\n", "1: write a mapping"),
        ("- thing\n", "1: write a mapping"),
        ("\n\ncondition: {about: A., words: [a]}\n", "3: the class {condition} stands in rules/vo"),
        ("thing: {about: A., words: [a]}\nthing: {about: A.}\n", "2: the key 'thing' stands twice"),
        ("thing: {about: A, words: [a]\n", "2: not valid YAML"),
    ],
)
def test_a_mistake_in_the_vocabulary(text: str, expected: str, tmp_path: Path) -> None:
    found = problems(tmp_path, {"cure/a": GOOD, "vocabulary/zz": text})
    path = "vocabulary/zz.yaml:"
    assert any(problem.startswith(path + expected) for problem in found), found


def test_a_class_of_the_guards_is_missing(tmp_path: Path) -> None:
    folder = write(tmp_path / "rules", {"cure/a": GOOD})
    (folder / "vocabulary" / "guards.yaml").write_text("hedge: {about: A., words: [may]}\n")
    with pytest.raises(RuleError) as raised:
        build((folder,))
    assert any("the class {negator} is missing" in problem for problem in raised.value.problems)


def test_classes_that_include_each_other(tmp_path: Path) -> None:
    words = (
        "one: {about: A., words: [aa], includes: [two]}\n"
        "two: {about: A., words: [bb], includes: [one, two]}\n"
    )
    good(tmp_path, {"cure/a": phrase("{one} {two}"), "vocabulary/zz": words})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("verbs: {}\nnouns: {}\n", "1: the key 'doubling' is missing"),
        ("verbs: {go: [went]}\nnouns: {}\ndoubling: []\n", "1: write [past, participle] here"),
        ("verbs: {}\nnouns: {man: [men]}\ndoubling: []\n", "2: write text here, not a list"),
        ("verbs: {}\nnouns: {}\ndoubling: []\nmore: 1\n", "4: no such key: more"),
    ],
)
def test_a_mistake_in_the_irregular_words(text: str, expected: str, tmp_path: Path) -> None:
    found = problems(tmp_path, {"cure/a": GOOD, "vocabulary/irregular": text})
    assert any(p.startswith("vocabulary/irregular.yaml:" + expected) for p in found), found


# Several folders


def test_a_folder_of_ones_own_adds_to_the_first(tmp_path: Path) -> None:
    first = write(tmp_path / "first", {"cure/a": GOOD})
    second = tmp_path / "second"
    (second / "hype").mkdir(parents=True)
    (second / "hype" / "b.yaml").write_text(phrase("{condition} wow", code="MY01"))
    rules = build((first, second)).docs["rules"]
    assert isinstance(rules, dict)
    assert list(rules) == ["CU01", "MY01"]
    (second / "hype" / "b.yaml").write_text(phrase("{condition} wow", code="CU01"))
    with pytest.raises(RuleError, match="the code CU01 stands in first/cure"):
        build((first, second))


def test_the_same_rules_make_the_same_pack(tmp_path: Path) -> None:
    files = {"cure/a": GOOD, "hype/b": phrase("[ease] {condition}", "*free", code="HY01")}
    one, two = good(tmp_path / "a", files), good(tmp_path / "b", files)
    assert one.core == two.core
