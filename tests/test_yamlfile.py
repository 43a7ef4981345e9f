"""Strict YAML: each mistake is told with its line and what to do, all of a file at once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaplint.yamlfile import YamlFile, suggestion


def read(text: str) -> YamlFile:
    return YamlFile("a.yaml", text, [])


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: [1, 2", 2),
        ("a: b: c", 1),
        ("a: 'x", 1),
        ("ok: yes\n\tb: 1", 2),
        ("a: 1\n---\nb: 2", 2),
        ("a: &x 1\nb: *y", 2),
        ("a: \x07", 1),
        ("%bad\n---\na", 1),
    ],
)
def test_what_is_no_yaml(text: str, line: int) -> None:
    file = read(text)
    assert len(file.problems) == 1
    assert file.problems[0].startswith(f"a.yaml:{line}: not valid YAML: ")
    assert "\n" not in file.problems[0]
    assert file.root is None


@pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n"])
def test_nothing_is_no_mistake_here(text: str) -> None:
    assert read(text).problems == []


@given(st.text(alphabet="ab:-[]{}&*!|>'\"%@`#, \n\t\x00\ufeff\ud800", max_size=20))
def test_any_text_is_read_or_told(text: str) -> None:
    file = read(text)
    assert all(problem.startswith("a.yaml:") for problem in file.problems)
    file.mapping(file.root)
    file.items(file.root)
    file.texts(file.root)


def test_deep_nesting_is_told() -> None:
    file = read("[" * 5_000)
    assert len(file.problems) == 1


def mapped(text: str, keys: dict[str, bool]) -> list[str]:
    file = read(text)
    file.mapping(file.root, keys)
    return file.problems


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("code: a\nname: b", []),
        ("code: a", ["a.yaml:1: the key 'name' is missing"]),
        ("codes: a\nname: b", None),
        ("- a", ["a.yaml:1: write a mapping (key: value) here, not a list"]),
        ("a", ["a.yaml:1: write a mapping (key: value) here, not 'a'"]),
        ("name: a\ncode: b\ncode: c", ["a.yaml:3: the key 'code' stands twice"]),
        ("name: a\ncode: b\n[x]: c", ["a.yaml:3: a key must be a word"]),
        (
            "name: a\ncode: b\ncoed: c",
            ["a.yaml:3: no such key: coed (did you mean code?)"],
        ),
        (
            "name: a\ncode: b\nzzz: c",
            ["a.yaml:3: no such key: zzz; there are code, name, more"],
        ),
    ],
)
def test_mapping(text: str, problems: list[str] | None) -> None:
    found = mapped(text, {"code": True, "name": True, "more": False})
    if problems is None:
        assert found == [
            "a.yaml:1: no such key: codes (did you mean code?)",
            "a.yaml:1: the key 'code' is missing",
        ]
    else:
        assert found == problems


def test_a_missing_value_is_told() -> None:
    file = read("a: 1")
    assert file.mapping(None) == {}
    assert file.problems == ["a.yaml:1: write a mapping (key: value) here, not nothing"]


@pytest.mark.parametrize(
    "bare", ["no", "yes", "on", "off", "true", "1", "1.50", "0x1F", "2020-01-01"]
)
def test_bare_words_are_text_as_written(bare: str) -> None:
    file = read(f"ok: fine\nkey: {bare}")
    assert file.text(file.mapping(file.root)["key"]) == bare
    assert file.problems == []


@pytest.mark.parametrize(("bare", "shown"), [("null", "null"), ("~", "~"), ("", "nothing")])
def test_an_empty_value_is_told(bare: str, shown: str) -> None:
    file = read(f"ok: fine\nkey: {bare}")
    file.text(file.mapping(file.root)["key"])
    assert file.problems == [f"a.yaml:2: write text here, not {shown}, or put it in quotes"]


@pytest.mark.parametrize("quoted", ["'no'", '"yes"', "'1'", "|\n  no", "no one", "'~'", "2 mg"])
def test_quoted_words_are_text(quoted: str) -> None:
    file = read(f"key: {quoted}")
    file.text(file.mapping(file.root)["key"])
    assert file.problems == []


def test_texts_of_a_list_and_of_one_word() -> None:
    file = read("a: [x, 'no', \"y\"]\nb: z")
    entries = file.mapping(file.root)
    assert file.texts(entries["a"]) == ["x", "no", "y"]
    assert file.texts(entries["b"]) == ["z"]
    assert file.problems == []


def test_each_wrong_word_of_a_list_has_its_line() -> None:
    file = read("a:\n  - x\n  - no\n  - [y]\n  - {z: 1}\n")
    assert file.texts(file.mapping(file.root)["a"]) == ["x", "no", "", ""]
    assert file.problems == [
        "a.yaml:4: write text here, not a list",
        "a.yaml:5: write text here, not a mapping",
    ]


def test_a_list_is_wanted() -> None:
    file = read("a: x")
    assert file.items(file.mapping(file.root)["a"]) == []
    assert file.problems == ["a.yaml:1: write a list here, not 'x'"]


@pytest.mark.parametrize(("word", "value"), [("true", True), ("false", False)])
def test_flag(word: str, value: bool) -> None:
    file = read(word)
    assert file.flag(file.root) is value
    assert file.problems == []


@pytest.mark.parametrize("word", ["yes", "no", "1", "True", "[true]", "maybe"])
def test_no_flag(word: str) -> None:
    file = read(word)
    assert file.flag(file.root) is False
    assert file.problems == ["a.yaml:1: write true or false here"]


@pytest.mark.parametrize(("word", "value"), [("5", 5), ("0", 0), ("-3", -3), ("'7'", 7)])
def test_number(word: str, value: int) -> None:
    file = read(word)
    assert file.number(file.root) == value
    assert file.problems == []


@pytest.mark.parametrize("word", ["five", "1.5", "[1]", "{a: 1}", "''", "0x10"])
def test_no_number(word: str) -> None:
    file = read(word)
    assert file.number(file.root) == 0
    assert file.problems == ["a.yaml:1: write a whole number here"]


def test_choice() -> None:
    file = read("[error, eror, zzz]")
    options = ("error", "warning")
    read_words = [file.choice(node, options) for node in file.items(file.root)]
    assert read_words == ["error", "eror", "zzz"]
    assert file.problems == [
        "a.yaml:1: 'eror' is none of error, warning (did you mean error?)",
        "a.yaml:1: 'zzz' is none of error, warning",
    ]


def test_an_anchor_that_holds_itself_ends() -> None:
    file = read("a: &a [x, *a]")
    assert file.texts(file.mapping(file.root)["a"]) == ["x", ""]
    assert file.problems == ["a.yaml:1: write text here, not a list"]


@pytest.mark.parametrize(
    ("word", "text"), [("cur", " (did you mean cure?)"), ("zzz", ""), ("", "")]
)
def test_suggestion(word: str, text: str) -> None:
    assert suggestion(word, ["cure", "hype"]) == text
