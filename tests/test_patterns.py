"""The pattern language, construct by construct, and that the index never loses a finding."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packs import book as build_book
from packs import matched, page, phrase

from kaplint.linter import scan
from kaplint.patterns import Compiled, PatternError, Vocabulary, compile_pattern
from kaplint.rulebook import Rulebook
from kaplint.tokens import BREAK, CAPITAL, NUMBER, PUNCTUATION

# Pattern: what it finds in these texts, word for word; texts in which it finds nothing.
CONSTRUCTS: dict[str, tuple[dict[str, list[str]], list[str]]] = {
    "cure for": (
        {
            "The cure for all.": ["cure for"],
            "A CURE FOR all": ["CURE FOR"],
            "cure-for": ["cure-for"],
            "a cure for one, a cure for two": ["cure for", "cure for"],
        },
        ["cures for", "cure, for", "cure. For all", "for cure", "procure for", "cure fortune"],
    ),
    "pain-free": ({"Be pain-free.": ["pain-free"], "Be pain free.": ["pain free"]}, ["painfree"]),
    "don't wait": (
        {"Don’t wait.": ["Don’t wait"], "DON'T WAIT": ["DON'T WAIT"]},
        ["do not wait", "don t wait"],
    ),
    "it's here": ({"It’s here.": ["It’s here"], "it 's here": ["it 's here"]}, ["its here"]),
    "[cure]": (
        {
            "cure cures cured curing": ["cure", "cures", "cured", "curing"],
            "A Cure": ["Cure"],
        },
        ["procure", "curable", "curer", "cureds"],
    ),
    "[get]": ({"get gets got gotten getting": ["get", "gets", "got", "gotten", "getting"]}, ["go"]),
    "[be] well": (
        {
            f"They {form} well": [f"{form} well"]
            for form in "be am is are was were been being".split()
        },
        ["they do well", "bes are"],
    ),
    "[man]": ({"man men": ["man", "men"]}, ["woman", "human"]),
    "zap*": ({"zapper zapping": ["zapper", "zapping"]}, ["za", "unzapped"]),
    "*free": ({"painfree, smokefree": ["painfree", "smokefree"]}, ["free", "freedom"]),
    "so *free": ({"so carefree": ["so carefree"]}, ["so free", "so so"]),
    "{relieve}": (
        {
            "ease eases eased easing": ["ease", "eases", "eased", "easing"],
            "We get rid of it": ["get rid of"],
            "getting rid of it": ["getting rid of"],
        },
        ["easy", "get rid", "rid of"],
    ),
    "{relieve:ing}": ({"easing, getting rid of": ["easing", "getting rid of"]}, ["ease", "eased"]),
    "{relieve:base}": ({"stop": ["stop"], "get rid of": ["get rid of"]}, ["stops", "gets rid of"]),
    "{relieve:s} x": ({"eases x": ["eases x"]}, ["ease x", "eased x"]),
    "{relieve:past} x": (
        {"stopped x": ["stopped x"], "got rid of x": ["got rid of x"]},
        ["stop x"],
    ),
    "{relieve:participle} x": (
        {"gotten rid of x": ["gotten rid of x"], "eased x": ["eased x"]},
        ["got rid of x"],
    ),
    "one {condition:one}": (
        {"one migraine": ["one migraine"]},
        ["one migraines", "one depression"],
    ),
    "two {condition:many}": (
        {"two migraines": ["two migraines"], "two panic attacks": ["two panic attacks"]},
        ["two migraine"],
    ),
    "no {condition}": (
        {
            "no depression": ["no depression"],
            "no chronic pain": ["no chronic pain"],
            "no panic-attacks": ["no panic-attacks"],
            "no women’s health worries": ["no women’s health worries"],
            "No PTSD": ["No PTSD"],
        },
        ["no chronic", "no panic", "no women's health", "no worry"],
    ),
    "{named-thing} yes": (
        {"ketamine yes": ["ketamine yes"], "anxiety yes": ["anxiety yes"]},
        ["doctor yes"],
    ),
    "for {conditions}": (
        {
            "for anxiety": ["for anxiety"],
            "for anxiety and depression": ["for anxiety and depression"],
            "for anxiety, pain": ["for anxiety, pain"],
        },
        ["for and anxiety"],
    ),
    "{number} days": (
        {"14 days": ["14 days"], "1,000 days": ["1,000 days"], "2.5 days": ["2.5 days"]},
        ["two days", "14, days", "day 14"],
    ),
    "by {capital}": ({"by Sarah": ["by Sarah"]}, ["by sarah", "by 7"]),
    "well {punctuation} then": (
        {"well, then": ["well, then"], "well — then": ["well — then"]},
        ["well then"],
    ),
    "(a|b c) d": ({"a d": ["a d"], "b c d": ["b c d"]}, ["b d", "c d", "a c d"]),
    "((a|b) c|d)+ e": ({"a c d b c e": ["a c d b c e"]}, ["a b e"]),
    "very? good": ({"very good": ["very good"], "good": ["good"]}, ["very"]),
    "so (much more)? fun": (
        {"so fun": ["so fun"], "so much more fun": ["so much more fun"]},
        ["so much fun"],
    ),
    "say (really)* so": (
        {
            "say so": ["say so"],
            "say really really so": ["say really really so"],
            "say" + " really" * 8 + " so": ["say" + " really" * 8 + " so"],
        },
        ["say" + " really" * 9 + " so"],
    ),
    "{condition}+ end": (
        {"pain depression end": ["pain depression end"], "pain end": ["pain end"]},
        ["end"],
    ),
    "cures .. pain": (
        {
            "cures pain": ["cures pain"],
            "cures all of your pain": ["cures all of your pain"],
            "cures it's own pain": ["cures it's own pain"],
        },
        ["cures all of your old pain", "cures it, pain", "cures (pain", "cures — pain"],
    ),
    "cures ..5 pain": (
        {"cures a b c d e pain": ["cures a b c d e pain"]},
        ["cures a b c d e f pain", "cures a, pain"],
    ),
    "cures ..0 pain": ({"cures pain": ["cures pain"]}, ["cures a pain"]),
    "heals ... pain": (
        {
            "heals pain": ["heals pain"],
            "heals stress, grief, and pain": ["heals stress, grief, and pain"],
        },
        ["heals a b c d e f g pain", "heals it; pain", "heals it (pain", "heals a – pain"],
    ),
    "heals ...9 pain": (
        {"heals a, b, c, d, e pain": ["heals a, b, c, d, e pain"]},
        ["heals a, b, c, d, e, f pain"],
    ),
    "yes , no": ({"yes, no": ["yes, no"]}, ["yes no", "yes; no"]),
    "note :": ({"note: it": ["note:"]}, ["note it"]),
    "70 %": ({"70%": ["70%"], "70 ％": ["70 ％"]}, ["70 percent"]),
    "mind & body": ({"mind & body": ["mind & body"]}, ["mind and body"]),
    "and/or": ({"and/or": ["and/or"], "and / or": ["and / or"]}, ["and or"]),
    r"safe \?": ({"safe?": ["safe?"]}, ["safe!", "safe"]),
    r"\$ {number}": ({"for $50": ["$50"]}, ["50 dollars", "£50"]),
    r"\+ more": ({"and + more": ["+ more"]}, ["more"]),
    "£ 5": ({"£5": ["£5"]}, ["5"]),
    "^ cures": (
        {"Cures it": ["Cures"], "“Cures” it": ["Cures"], "(Cures it": ["(Cures"]},
        ["It cures"],
    ),
    "forever $": (
        {"It lasts forever.": ["forever"], "forever!": ["forever"], "“forever”": ["forever"]},
        ["forever more"],
    ),
    "^ relief $": ({"Relief": ["Relief"], "Relief!": ["Relief"]}, ["Relief now", "No relief"]),
    "not !only it": ({"not it": ["not it"]}, ["not only it"]),
    "it !(is|was) goes": ({"it goes": ["it goes"]}, ["it is goes"]),
    "heal !{condition}": (
        {"heal it": ["heal"], "heal": ["heal"]},
        ["heal pain", "heal chronic pain"],
    ),
    "verb={relieve:s} what={condition} now": ({"eases pain now": ["eases pain now"]}, ["pain now"]),
    "the <best clinic> ever": ({"the best clinic ever": ["best clinic"]}, ["the best clinic"]),
    "is (a|an) <wonder|marvel>": ({"is a marvel": ["marvel"]}, ["a marvel"]),
}


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    """Return a book of a rule for each construct."""
    rules = {
        f"hype/p{number:03}": phrase(pattern, code=f"HY{number:03}")
        for number, pattern in enumerate(CONSTRUCTS)
    }
    return build_book(tmp_path_factory.mktemp("rules"), rules)


@pytest.mark.parametrize(
    ("pattern", "text"), [(p, text) for p, (found, _) in CONSTRUCTS.items() for text in found]
)
def test_matches(pattern: str, text: str, book: Rulebook) -> None:
    assert matched(text, book, list(CONSTRUCTS).index(pattern)) == CONSTRUCTS[pattern][0][text]


@pytest.mark.parametrize(
    ("pattern", "text"), [(p, text) for p, (_, silent) in CONSTRUCTS.items() for text in silent]
)
def test_does_not_match(pattern: str, text: str, book: Rulebook) -> None:
    assert matched(text, book, list(CONSTRUCTS).index(pattern)) == []


# A vocabulary by hand: class {x} of one-word terms, {xs} with longer ones, {list} a pattern

_TAGS = {"x": ("\ue010", ""), "xs": ("\ue011", "\ue012")}
_SHAPES = {"list": "{x} (and {x})?", "loop": "{loop}", "named": "a=b", "part": "<b>", "wrong": "("}


def _tag(name: str, form: str) -> tuple[str, str]:
    if name not in _TAGS:
        message = f"no such class: {{{name}}}"
        raise KeyError(message)
    return _TAGS[name][0], _TAGS[name][1] if not form else ""


VOCABULARY = Vocabulary(
    _tag, lambda w: [w, w + "s"], _SHAPES.get, lambda _start, _end: "\ue013", len, {}
)


def compiled(pattern: str) -> Compiled:
    return compile_pattern(pattern, VOCABULARY)


@pytest.mark.parametrize(
    ("pattern", "complaint"),
    [
        ("", "nothing stands here"),
        ("   ", "nothing stands here"),
        ("a (|b)", "nothing stands here"),
        ("a (b|)", "nothing stands here"),
        ("()", "nothing stands here"),
        ("(a", r"a \( has no \)"),
        ("(a|b c", r"a \( has no \)"),
        ("a)", r"a \) or > has no beginning"),
        ("a>", r"a \) or > has no beginning"),
        ("<a", "a < has no >"),
        ("<a (b> c)", r"a \( has no \)"),
        ("<a> <b>", "only one part can be marked"),
        ("<a <b>>", "only one part can be marked"),
        ("{y}", r"no such class: \{y\}"),
        ("a {x:wrong} b", "no such form: wrong .there are base, s, past"),
        ("{list:ing}", "is short for a pattern and has no forms"),
        ("{loop}", r"\{loop\} stands for itself"),
        ("{named}", "may not hold names or < >"),
        ("{part}", "may not hold names or < >"),
        ("{wrong}", "nothing stands here"),
        ("{X}", "means nothing here"),
        ("{x", "means nothing here"),
        ("[cure", "means nothing here"),
        ("[self-harm]", "takes one word"),
        ("[it's]", "takes one word"),
        ("a ' b", "means nothing here"),
        ('a "b"', "means nothing here"),
        ("a ? b ?*", "only something that is not empty"),
        ("? a", "means nothing here"),
        ("* a", "means nothing here"),
        ("(a|+) b", "means nothing here"),
        ("!", "nothing stands here"),
        ("a !", "nothing stands here"),
        ("(a !) b", "nothing stands here"),
        ("a !! b!|c", "nothing stands here"),
        (r"a \- b", "no mark of punctuation"),
        (r"a \b", "no mark of punctuation"),
        ("a ..21 b", "a gap may be at most 20 words"),
        ("a ...99 b", "a gap may be at most 20 words"),
        ("a=b a=c", "the name 'a' stands twice"),
        ("(a?)? b", "only something that is not empty"),
        ("((a)* b?)* c", "only something that is not empty"),
        ("(..)+ c", "only something that is not empty"),
        ("(a+)+ c", "a repeat of a repeat"),
        ("(a+ b?)* c", "a repeat of a repeat"),
        ("(a|b+)+ c", "a repeat of a repeat"),
        ("((a+)? (b)*)* c", "only something that is not empty"),
        ("a?", "could match nothing"),
        ("a? (b)*", "could match nothing"),
        ("..", "could match nothing"),
        ("!a", "could match nothing"),
        ("^", "could match nothing"),
        ("^ $", "could match nothing"),
        ("-", "could match nothing"),
        ("(a|b?)", "could match nothing"),
        ("a ..20 b ..20 c ..20 d ..20 e", "could try 194,481 ways"),
        ("a{b}", r"no such class: \{b\}"),
    ],
)
def test_a_mistake_is_told(pattern: str, complaint: str) -> None:
    with pytest.raises(PatternError, match=complaint) as raised:
        compiled(pattern)
    assert f"'{pattern}'" in str(raised.value) or "{" in pattern


@pytest.mark.parametrize(
    ("pattern", "place"),
    [("a (b", 5), ("ab {y}", 4), ("ab 'c", 4), ("a )", 3), ("a ..99", 3), ("(a|)", 4)],
)
def test_a_mistake_is_told_with_its_place(pattern: str, place: int) -> None:
    with pytest.raises(PatternError, match=f"at character {place} of "):
        compiled(pattern)


@given(st.text(alphabet="ab {}[]()<>|?*+.!^$=,'\\-:x9", max_size=12))
def test_any_text_compiles_or_is_a_pattern_error(pattern: str) -> None:
    try:
        made = compiled(pattern)
    except PatternError:
        return
    re.compile(made.regex)
    assert made.needs
    assert all(made.needs)


def test_a_long_choice_of_words_is_one_way() -> None:
    words = "|".join(f"w{n}" for n in range(300))
    assert compiled(f"({words}) ({words}) ({words}) ({words})").needs
    assert compiled(f"({words})* ..9 ({words}) {{x}}").needs


def test_choices_that_can_both_hold_count() -> None:
    same = "(a b|a c|a d|a e|a f|a g)"
    with pytest.raises(PatternError, match="could try 60,466,176 ways"):
        compiled(" ".join([same] * 10))
    with pytest.raises(PatternError, match="ways"):
        compiled(" ".join(["({x}|{xs}|a)"] * 20))


def test_needs_are_the_rarest_first() -> None:
    assert compiled("a bbb cc").needs == (("a",), ("cc",), ("bbb",))
    assert compiled("a (bbb|cc) d? !e").needs == (("a",), ("bbb", "cc"))
    assert compiled("[a] x={x} ..").needs == (("\ue010",), ("a", "as"))


def test_groups_are_named() -> None:
    assert compiled("who={x} does what={xs}").groups == ("who", "what")


def test_reserved_letters_of_expressions_mean_nothing() -> None:
    assert compiled(r"c\+ \( \[ \| \? \$").regex.count("\\") == 6


# The index is sound

WORDS = (
    "cure cures cured pain-free depression chronic pain anxiety panic attacks ease eases eased easing "
    "get gets got gotten getting rid of no not only it is was a an b c d e x very good so much more fun "
    "say really cures heals all your for and or , . ; : % & / ( ) — ! ? 14 70 1,000 days by Sarah well "
    "then two one migraine migraines women's health worries don't wait it's here best clinic the ever "
    "zapper painfree ketamine mind body forever relief heal stop stopped now yes $ 50 + wonder marvel man men"
).split()
sentences = st.lists(st.sampled_from(WORDS), min_size=1, max_size=14).map(" ".join)
planted = st.tuples(
    sentences, st.sampled_from([t for found, _ in CONSTRUCTS.values() for t in found]), sentences
).map(" ".join)
pages = st.lists(st.one_of(sentences, planted), min_size=1, max_size=4).map("\n\n".join)


def _slowly(text: str, book: Rulebook) -> set[tuple[int, int, int, int]]:
    """Return what each pattern finds when it is tried on each sentence: no index, no needs."""
    document = page(text, book)
    found = set()
    for sentence in document.sentences:
        for number in range(len(book.owners)):
            for match in book.pattern(number).finditer(sentence.encoded):
                start, end = match.span("_span" if "_span" in match.re.groupindex else 0)
                before = sentence.encoded.count(" ", 0, start)
                length = sentence.encoded.count(" ", start, end)
                if length:
                    first = sentence.first + before
                    found.add((number, sentence.index, first, first + length))
    return found


@settings(max_examples=200, deadline=None)
@given(text=pages)
def test_the_index_loses_nothing(book: Rulebook, text: str) -> None:
    hits = scan(page(text, book), frozenset(range(len(book.rules))))
    found = [
        (hit.pattern, hit.sentence, hit.start, hit.end) for group in hits.values() for hit in group
    ]
    assert len(found) == len(set(found))
    assert set(found) == _slowly(text, book)


@settings(max_examples=200, deadline=None)
@given(text=pages)
def test_each_match_holds_a_key_of_each_need(book: Rulebook, text: str) -> None:
    document = page(text, book)
    keys_by_first: dict[int, set[str]] = {}
    for key, numbers in book.index.items():
        for number in numbers:
            keys_by_first.setdefault(number, set()).add(key)
    for sentence in document.sentences:
        for number in range(len(book.owners)):
            for match in book.pattern(number).finditer(sentence.encoded):
                keys = {
                    key
                    for token in match.group().split()
                    for key in (token.rpartition("/")[2], *token.rpartition("/")[0])
                }
                assert keys & keys_by_first[number], number
                assert all(keys & need for need in book.read_needs(number)), number


@settings(max_examples=100, deadline=None)
@given(text=pages, wanted=st.frozensets(st.integers(0, len(CONSTRUCTS) - 1)))
def test_rules_do_not_bear_on_each_other(book: Rulebook, text: str, wanted: frozenset[int]) -> None:
    document = page(text, book)
    whole = scan(document, frozenset(range(len(book.rules))))
    some = scan(document, wanted)
    assert {n: sorted(map(repr, hits)) for n, hits in some.items()} == {
        n: sorted(map(repr, hits)) for n, hits in whole.items() if n in wanted
    }


@settings(max_examples=100, deadline=None)
@given(text=pages)
def test_hits_are_inside_their_sentence(book: Rulebook, text: str) -> None:
    document = page(text, book)
    for hits in scan(document, frozenset(range(len(book.rules)))).values():
        for hit in hits:
            sentence = document.sentences[hit.sentence]
            assert sentence.first <= hit.start < hit.end <= sentence.last
            match = document.match(hit)
            assert sentence.start <= match.prose_start < match.prose_end <= sentence.end
    assert all(a.last == b.first for a, b in pairwise(document.sentences))


# Time


@pytest.mark.parametrize(
    "pattern",
    [
        "{x} (, {x})* ..9 b ..9 c",
        "(a)* b",
        "(a|{x})* b",
        "a ..20 b ..20 c",
        "(a b?)* c",
        "(a ..1)+ c",
    ],
)
@pytest.mark.parametrize("token", ["\ue010/a", "/a", "\ue010\ue011/x", f"{PUNCTUATION}/,"])
def test_a_hostile_sentence_ends_soon(pattern: str, token: str) -> None:
    assert not re.compile(compiled(pattern).regex).search(f" {token}" * 120 + " ")


def test_tags_of_the_tokeniser_differ() -> None:
    assert len({PUNCTUATION, BREAK, NUMBER, CAPITAL}) == 4
