"""Plurals and verb forms, by rule and by exception."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaplint.inflect import Irregular, plural, verb_forms

IRREGULAR = Irregular(
    verbs={
        "be": ("was", "been"),
        "do": ("did", "done"),
        "get": ("got", "gotten"),
        "go": ("went", "gone"),
        "have": ("had", "had"),
        "quit": ("quit", "quit"),
    },
    nouns={"man": "men", "woman": "women", "diagnosis": "diagnoses", "series": "series"},
    doubling=frozenset({"prefer", "occur"}),
)
PLAIN = Irregular({}, {}, frozenset())


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("clinic", "clinics"),
        ("illness", "illnesses"),
        ("box", "boxes"),
        ("approach", "approaches"),
        ("rash", "rashes"),
        ("waltz", "waltzes"),
        ("injury", "injuries"),
        ("therapy", "therapies"),
        ("day", "days"),
        ("toy", "toys"),
        ("disease", "diseases"),
        ("panic attack", "panic attacks"),
        ("side effect", "side effects"),
        ("woman", "women"),
        ("spokes woman", "spokes women"),
        ("working diagnosis", "working diagnoses"),
        ("series", "series"),
    ],
)
def test_plural(one: str, many: str) -> None:
    assert plural(one, IRREGULAR) == many


@pytest.mark.parametrize(
    "forms",
    [
        # base, s, past, participle, ing
        "cure cures cured cured curing",
        "heal heals healed healed healing",
        "treat treats treated treated treating",
        "stop stops stopped stopped stopping",
        "plan plans planned planned planning",
        "zap zaps zapped zapped zapping",
        "help helps helped helped helping",
        "calm calms calmed calmed calming",
        "fix fixes fixed fixed fixing",
        "slow slows slowed slowed slowing",
        "allay allays allayed allayed allaying",
        "remedy remedies remedied remedied remedying",
        "vanish vanishes vanished vanished vanishing",
        "reach reaches reached reached reaching",
        "bless blesses blessed blessed blessing",
        "open opens opened opened opening",
        "offer offers offered offered offering",
        "prefer prefers preferred preferred preferring",
        "occur occurs occurred occurred occurring",
        "free frees freed freed freeing",
        "dye dyes dyed dyed dyeing",
        "tiptoe tiptoes tiptoed tiptoed tiptoeing",
        "die dies died died dying",
        "be is was been being",
        "do does did done doing",
        "have has had had having",
        "go goes went gone going",
        "get gets got gotten getting",
        "quit quits quit quit quitting",
        "squat squats squatted squatted squatting",
        "heat heats heated heated heating",
        "boost boosts boosted boosted boosting",
    ],
)
def test_verb_forms(forms: str) -> None:
    made = verb_forms(forms.split(maxsplit=1)[0], IRREGULAR)
    assert [made.base, made.s, made.past, made.participle, made.ing] == forms.split()


def test_the_first_word_of_a_phrase_changes() -> None:
    made = verb_forms("get rid of", IRREGULAR)
    assert (made.base, made.s, made.past) == ("get rid of", "gets rid of", "got rid of")
    assert (made.participle, made.ing) == ("gotten rid of", "getting rid of")


def test_the_last_part_of_a_hyphenated_verb_changes() -> None:
    made = verb_forms("kick-start it", IRREGULAR)
    assert (made.base, made.s, made.past) == ("kick-start it", "kick-starts it", "kick-started it")
    assert (made.participle, made.ing) == ("kick-started it", "kick-starting it")


def test_the_tail_keeps_its_spaces() -> None:
    assert verb_forms("put an end to", PLAIN).s == "puts an end to"


words = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=8)


@given(words, words)
def test_regular_forms_end_as_they_must(verb: str, rest: str) -> None:
    made = verb_forms(f"{verb} {rest}", PLAIN)
    assert made.base == f"{verb} {rest}"
    assert made.past == made.participle
    for form, end in ((made.past, "ed"), (made.ing, "ing")):
        first, _, tail = form.partition(" ")
        assert first.endswith(end)
        assert tail == rest
    if verb not in ("have", "do", "be", "go"):
        assert made.s.partition(" ")[0].endswith("s")


@given(words)
def test_a_plural_is_another_word(noun: str) -> None:
    many = plural(noun, PLAIN)
    assert many != noun
    assert many.endswith("s")
    assert many[: max(len(noun) - 1, 0)] == noun[:-1]
