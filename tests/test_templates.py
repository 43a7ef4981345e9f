"""Templates of rewordings: forms of words, and the seams where they meet the sentence."""

from __future__ import annotations

import pytest

from kaplint.inflect import Irregular, base_form, form_name, is_plural, singular
from kaplint.templates import (
    Words,
    article,
    cased,
    fill,
    is_title,
    mend,
    mistakes,
    template_problems,
    tidy,
)

IRREGULAR = Irregular(
    {"get": ("got", "gotten"), "beat": ("beat", "beaten"), "rewire": ("rewired", "rewired")},
    {"man": "men", "analysis": "analyses"},
    frozenset({"prefer"}),
)
KNOWN = frozenset("cure relieve ease treat regulate heal rid".split())
WORDS = Words(IRREGULAR, KNOWN, {})


@pytest.mark.parametrize(
    ("form", "base"),
    [
        ("relieves", "relieve"),
        ("cured", "cure"),
        ("curing", "cure"),
        ("treats", "treat"),
        ("Treated", "treat"),
        ("eases", "ease"),
        ("gets rid of", "get rid of"),
        ("got rid of", "get rid of"),
        ("beaten", "beat"),
        ("stops", "stop"),
        ("stopped", "stop"),
        ("preferring", "prefer"),
        ("relies", "rely"),
        ("rewiring", "rewire"),
        # Nobody listed these.
        ("banishes", "banish"),
        ("rebalanced", "rebalance"),
        ("energises", "energise"),
        ("improves", "improve"),
        ("boosting", "boost"),
        ("stimulates", "stimulate"),
        ("was", "be"),
        ("ketamine", "ketamine"),
    ],
)
def test_a_form_leads_back_to_its_verb(form: str, base: str) -> None:
    assert base_form(form, IRREGULAR, KNOWN) == base


@pytest.mark.parametrize(
    ("form", "base", "name"),
    [
        ("cures", "cure", "s"),
        ("cure", "cure", "base"),
        ("cured", "cure", "past"),
        ("gotten", "get", "participle"),
        ("curing", "cure", "ing"),
        ("is", "be", "s"),
        ("were", "be", "past"),
        ("table", "cure", ""),
    ],
)
def test_a_form_has_a_name(form: str, base: str, name: str) -> None:
    assert form_name(form, base, IRREGULAR) == name


@pytest.mark.parametrize(
    ("noun", "many"),
    [
        ("results", True),
        ("our treatments", True),
        ("people", True),
        ("men", True),
        ("ketamine and esketamine", True),
        ("results of care", True),
        ("a course of infusions", False),
        ("ketamine", False),
        ("happiness", False),
        ("psychosis", False),
        ("this process", False),
    ],
)
def test_plurals_are_told_by_their_looks(noun: str, many: bool) -> None:
    assert is_plural(noun, IRREGULAR) is many


def test_nouns_become_single() -> None:
    found = [singular(noun, IRREGULAR) for noun in ("bodies", "new analyses", "men", "ketamine")]
    assert found == ["body", "new analysis", "man", "ketamine"]


@pytest.mark.parametrize(
    ("template", "parts", "text"),
    [
        ("may {v:base} {x}", {"v": "cures", "x": "pain"}, "may cure pain"),
        ("{v:as help} with {x}", {"v": "cures", "x": "pain"}, "helps with pain"),
        ("{v:as help} with {x}", {"v": "curing", "x": "pain"}, "helping with pain"),
        ("{v:as get}", {"v": "cured"}, "got"),
        ("{v:ing} {x:one}", {"v": "treats", "x": "bodies"}, "treating body"),
        ("{x} {x:agree be} new", {"x": "drips"}, "drips are new"),
        ("{x} {x:agree help}", {"x": "a drip"}, "a drip helps"),
        ("use {x:them}; {x:it} may help", {"x": "drips"}, "use them; they may help"),
        ("a {x:bare}", {"x": "the option"}, "an option"),
        ("a {x}", {"x": "hour long visit"}, "an hour long visit"),
        ("{x:many}", {"x": "study"}, "studies"),
        ("help,  , {y} with {x} .", {"x": "pain"}, "help, with pain."),
    ],
)
def test_templates_are_filled(template: str, parts: dict[str, str], text: str) -> None:
    assert fill(template, parts, WORDS) == text


@pytest.mark.parametrize(
    ("after", "text"),
    [
        ("", "may help some people"),
        (".", "may help some people"),
        (", but it fades", "may help some people"),
        (" because it is new", "may help some people"),
        (", mood and sleep.", "may help"),
        (" of the knee.", "may help"),
    ],
)
def test_a_tail_is_left_out_where_it_would_cut(after: str, text: str) -> None:
    assert fill("may help [some people]", {}, WORDS, after) == text


@pytest.mark.parametrize(
    ("template", "problem"),
    [
        ("may {w}", "nothing in 'for' is remembered as 'w'"),
        ("may {v:bass}", "no such form: bass"),
        ("{v:as}", "wants a verb"),
        ("{v", "has a brace"),
        ("[in some] people", "stands at the end"),
    ],
)
def test_a_wrong_template_is_told(template: str, problem: str) -> None:
    assert problem in "".join(template_problems(template, ("v",)))
    assert template_problems("may {v:base} {match} [in some]", ("v",)) == []


@pytest.mark.parametrize(
    ("word", "right"),
    [
        ("option", "an"),
        ("treatment", "a"),
        ("hour", "an"),
        ("honest", "an"),
        ("unit", "a"),
        ("unusual", "an"),
        ("uninsured", "an"),
        ("European", "a"),
        ("one-off", "a"),
        ("FDA-approved", "an"),
        ("TMS", "a"),
        ("MRI", "an"),
        ("8-week", "an"),
        ("18-week", "an"),
        ("100-day", "a"),
        ("useful", "a"),
        ("user", "a"),
    ],
)
def test_articles_follow_the_sound(word: str, right: str) -> None:
    assert article(word) == right


def put(marked: str, text: str) -> str:
    """Return a sentence with the words between « and » replaced and mended."""
    start, end = marked.index("«"), marked.index("»") - 1
    prose = marked.replace("«", "").replace("»", "")
    first, last, new = mend(prose, start, end, text, 0, len(prose))
    return prose[:first] + new + prose[last:]


@pytest.mark.parametrize(
    ("marked", "text", "mended"),
    [
        ("It is a «revolutionary» option.", "", "It is an option."),
        ("It is an «amazing» treatment.", "", "It is a treatment."),
        ("It is an «option».", "treatment", "It is a treatment."),
        ("It is the «breakthrough».", "an option", "It is an option."),
        ("«Amazing» results follow.", "", "Results follow."),
        ("«Cures» pain.", "may ease", "May ease pain."),
        ("A safe and «revolutionary» method.", "", "A safe method."),
        ("A «revolutionary» and safe method.", "", "A safe method."),
        ("A «revolutionary», safe method.", "", "A safe method."),
        ("A safe, «revolutionary» method.", "", "A safe method."),
        ("Pills and «magic» drips.", "", "Pills and drips."),
        ("It ends pain, «for good».", "", "It ends pain."),
        ("It ends pain «for good», we say.", "", "It ends pain, we say."),
        ("It is «completely» safe.", "", "It is safe."),
        ("It works «fast».", "in some people.", "It works in some people."),
    ],
)
def test_seams_are_mended(marked: str, text: str, mended: str) -> None:
    assert put(marked, text) == mended


@pytest.mark.parametrize(
    ("text", "like", "around", "begins", "result"),
    [
        ("may ease it", "Cures It", "Ketamine Cures It All", False, "May Ease It"),
        (
            "an option for pain",
            "A Cure for Pain",
            "A Cure for Pain Today",
            True,
            "An Option for Pain",
        ),
        ("may ease it", "CURES IT", "KETAMINE CURES IT", False, "MAY EASE IT"),
        ("may ease it", "cures it", "Ketamine cures it", False, "may ease it"),
        ("may ease it", "Cures it", "Cures it today", True, "May ease it"),
        ("help with PTSD", "PTSD relief", "We offer PTSD relief today", False, "help with PTSD"),
        ("mTOR may rise", "It rises", "It rises at once", True, "mTOR may rise"),
    ],
)
def test_capitals_are_kept(text: str, like: str, around: str, begins: bool, result: str) -> None:
    assert cased(text, like, around, begins=begins) == result


def test_title_case_is_told() -> None:
    assert is_title("Is Ketamine the New Cure for Depression?")
    assert not is_title("Is ketamine the new cure for depression?")
    assert not is_title("Ketamine helps")


@pytest.mark.parametrize(
    "text",
    [
        "It helps people to may sleep.",
        "It can may help.",
        "It can finally may help.",
        "This is the and best option.",
        "We offer a.",
        "It is a results page.",
        "It helps with with pain.",
        "It may is new.",
        "It has antipsychotic may benefit.",
        "An operation with results, and more.",
        "It helps, .",
        "It ends pain of.",
    ],
)
def test_slips_of_grammar_are_told(text: str) -> None:
    assert mistakes(text)


@pytest.mark.parametrize(
    "text",
    [
        "It may help some people, and the effect may fade.",
        "Vitamin A and zinc may help.",
        "What it does in May is open to doubt.",
        "Results differ from person to person.",
        "The treatment that may help is given once a week.",
        "He had had that drip, and that that was so nobody knew.",
    ],
)
def test_good_grammar_passes(text: str) -> None:
    assert not mistakes(text)


def test_an_article_before_a_word_in_capitals() -> None:
    assert tidy("a SOLUTION, an FDA note, a MRI") == "a SOLUTION, an FDA note, an MRI"


@pytest.mark.parametrize("text", ['One option" for pain.', "One \u201coption for pain."])
def test_a_quotation_that_does_not_end_is_a_mistake(text: str) -> None:
    assert mistakes(text) == 1
    assert mistakes('"One option" for pain, \u201ca drip\u201d.') == 0


@pytest.mark.parametrize(
    ("whole", "half"),
    [
        (
            "may ease pain, calm nerves and treat asthma",
            "may ease pain, calm nerves and treats asthma",
        ),
        ("may ease pain and keep you calm", "may ease pain and keeps you calm"),
        ("thought to feed cells, and to lift mood", "thought to feed cells, and lifts mood"),
    ],
)
def test_a_row_of_verbs_that_is_half_hedged_is_a_mistake(whole: str, half: str) -> None:
    assert mistakes(f"Our drip {whole}.") == 0
    assert mistakes(f"Our drip {half}.") == 1
