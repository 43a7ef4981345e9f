"""Words are found whatever they are dressed in, and their places are those of the source."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packs import book as build_book
from packs import findings, page, phrase

from kaplint.rulebook import Rulebook
from kaplint.tokens import BREAK, CAPITAL, NUMBER, PUNCTUATION, Tokens, fold, is_mark, tokenize

SOFT_HYPHEN, ZERO_WIDTH, JOINER, NO_BREAK_HYPHEN = "\u00ad", "\u200b", "\u2060", "\u2011"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    return build_book(
        tmp_path_factory.mktemp("rules"),
        {
            "cure/cures": phrase("(cure|cures) {condition}"),
            "hype/never": phrase("treatment-resistant depression", code="HY01"),
            "hype/cannot": phrase("(doesn't|can't) cure", "it's a cure", code="HY02"),
            "hype/any": phrase("and/or", "zap*", "*free", code="HY03"),
        },
    )


def cut(text: str, book: Rulebook) -> Tokens:
    return tokenize(fold(text), book.lexicon)


def words(text: str, book: Rulebook) -> list[str]:
    return cut(text, book).words


def styled(text: str, capital: int, small: int) -> str:
    """Return a text in another alphabet of Unicode, by where its A and its a stand."""
    return "".join(
        chr(capital + ord(c) - 65)
        if c.isupper()
        else chr(small + ord(c) - 97)
        if c.islower()
        else c
        for c in text
    )


# fold


@given(st.text())
def test_fold_keeps_the_length(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(st.text(st.characters(codec="ascii")))
def test_fold_leaves_ascii_alone(text: str) -> None:
    assert fold(text) == text


@given(st.text())
def test_fold_twice_is_fold_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_fold_is_letter_by_letter(text: str) -> None:
    assert fold(text) == "".join(map(fold, text))


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("don’t", "don't"),
        ("don‘t", "don't"),
        ("donʼt", "don't"),
        ("don´t", "don't"),
        ("don＇t", "don't"),
        ("a\u00a0b\u202fc\u2009d", "a b c d"),
        ("pain‑free", "pain-free"),
        ("pain‐free", "pain-free"),
        ("５０％", "50%"),
        ("Ｃures！", "Cures!"),
        ("𝗰𝘂𝗿𝗲", "cure"),
        ("𝟕𝟎", "70"),
        ("ℎ𝑒𝑎𝑙", "heal"),
        ("ⓒⓤⓡⓔ", "cure"),
    ],
)
def test_fold(text: str, plain: str) -> None:
    assert fold(text) == plain


# Disguises

PLAIN = "Ketamine cures depression"
DISGUISED = {
    "soft hyphens": "Ketamine cu\u00adres de\u00adpres\u00adsion",
    "zero-width spaces": "Ketamine cu\u200bres depres\u200bsion",
    "zero-width joiners": "Ketamine cu\u200dres depres\u200dsion",
    "word joiners": "Ketamine cu\u2060res depres\u2060sion",
    "byte order marks": "Ketamine cu\ufeffres depres\ufeffsion",
    "direction marks": "Ketamine \u202acures\u202c depression\u200f",
    "variation selectors": "Ketamine cures\ufe0f depression\ufe0f",
    "no-break spaces": "Ketamine\u00a0cures\u00a0depression",
    "narrow spaces": "Ketamine\u202fcures\u2009depression",
    "capitals": "KETAMINE CURES DEPRESSION",
    "odd capitals": "kEtAmInE cUrEs DePrEsSiOn",
    "Cyrillic": "Ketamine сurеs dерressiоn",
    "Cyrillic capitals": "КЕТАMINE СURES DЕРRESSIОN",
    "Cyrillic ge": "Ketamine cuгes depгession",
    "Greek": "Ketamine cυrεs dερressiοn",
    "Greek capitals": "ΚETAMIΝΕ CUREΖ CURES DΕΡRESSΙOΝ",
    "dotless i": "Ketamıne cures depressıon",
    "full width": styled(PLAIN, 0xFF21, 0xFF41),
    "mathematical bold": styled(PLAIN, 0x1D400, 0x1D41A),
    "mathematical sans": styled(PLAIN, 0x1D5A0, 0x1D5BA),
    "mathematical monospace": styled(PLAIN, 0x1D670, 0x1D68A),
    "circles": styled(PLAIN, 0x24B6, 0x24D0),
    "strokes": "Ketamine c\u0336u\u0336r\u0336e\u0336s\u0336 depression",
    "emoji between": "Ketamine ✨cures✨ depression",
    "emoji instead of spaces": "Ketamine✨cures🧠depression",
    "hash tag": "#KetamineCuresDepression",
    "hash tags": "#Ketamine #cures #depression",
    "quotes": "“Ketamine” ‘cures’ «depression»",
    "trade marks": "Ketamine® cures™ depression",
    "underscores": "Ketamine_cures_depression",
    "raised note": "Ketamine cures² depression³",
    "hyphens": "Ketamine-cures-depression",
    "no-break hyphens": "Ketamine\u2011cures\u2011depression",
}


@pytest.mark.parametrize("name", DISGUISED)
def test_a_disguise_changes_nothing(name: str, book: Rulebook) -> None:
    text = DISGUISED[name]
    found = findings(text, book)
    assert [finding.rule for finding in found] == ["CU01"]
    if name == "hash tag":
        assert found[0].text == "CuresDepression"
    else:
        place = text[found[0].start : found[0].end]
        assert words(place, book) == ["cures", "depression"]


@pytest.mark.parametrize(
    "text",
    [
        "Ketamine procures depression",
        "Ketamine cures, depression",
        "Ketamine cures. Depression",
        "cure s depression",
        "Кетамин лечит депрессию",
        "cures repression",
        "cures depressions",
    ],
)
def test_what_is_no_disguise(book: Rulebook, text: str) -> None:
    assert findings(text, book) == []


@pytest.mark.parametrize("hyphen", ["-", NO_BREAK_HYPHEN, "\u2010", " ", "\u2212"])
def test_hyphens_do_not_matter(hyphen: str, book: Rulebook) -> None:
    found = findings(f"For treatment{hyphen}resistant depression.", book)
    assert [f.text for f in found] == [f"treatment{hyphen}resistant depression"]


@given(
    st.lists(
        st.sampled_from([SOFT_HYPHEN, ZERO_WIDTH, JOINER, "\u200c", "\u200d", "\ufeff", "\u0336"]),
        min_size=15,
        max_size=15,
    )
)
def test_marks_without_width_anywhere_inside_words(book: Rulebook, unseen: list[str]) -> None:
    marks = iter(unseen)
    text = re.sub(r"(?<=[a-z])(?=[a-z])", lambda _: next(marks, ""), "cures depression")
    tokens = cut(text, book)
    assert tokens.words == ["cures", "depression"]
    assert (tokens.starts[0], tokens.ends[-1]) == (0, len(text))


# Cutting


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It doesn't work", ["it", "doesn't", "work"]),
        ("It doesn’t work", ["it", "doesn't", "work"]),
        ("IT DOESN'T WORK", ["it", "doesn't", "work"]),
        ("CAN’T", ["can't"]),
        ("it's", ["it", "'s"]),
        ("IT'S", ["it", "'s"]),
        (
            "they'll we've you're I'm he'd",
            ["they", "'ll", "we", "'ve", "you", "'re", "i", "'m", "he", "'d"],
        ),
        ("the patients' words", ["the", "patients", "words"]),
        ("'quoted' words", ["quoted", "words"]),
        ("O'Brien", ["o", "brien"]),
        ("rock 'n' roll", ["rock", "n", "roll"]),
        ("haven't-nots", ["haven't", "nots"]),
        ("5.5%", ["5.5", "%"]),
        ("1,008 patients", ["1,008", "patients"]),
        ("1,000,000.50", ["1,000,000.50"]),
        ("$517bn", ["$", "517", "bn"]),
        ("24h", ["24", "h"]),
        ("1st", ["1", "st"]),
        ("PHQ-9", ["phq", "9"]),
        ("5-HT2A", ["5", "ht2a"]),
        ("CO₂", ["co2"]),
        ("in 2020.", ["in", "2020"]),
        ("and/or", ["and", "\u2044", "or"]),
        ("24/7", ["24", "\u2044", "7"]),
        ("depression²", ["depression"]),
        ("depression²,³", ["depression", ","]),
        ("[1]", ["[", "1", "]"]),
        ("wait -- no — never – now", ["wait", "--", "no", "—", "never", "–", "now"]),
        ("Wait…", ["wait"]),
        ("Wait...", ["wait"]),
        ("A & B + C", ["a", "&", "b", "+", "c"]),
        ("naïve café", ["naïve", "café"]),
        ("nai\u0308ve cafe\u0301", ["naïve", "café"]),
        ("beneﬁt", ["benefit"]),
        ("oﬃce", ["office"]),
        ("#ad #1", ["ad", "#", "1"]),
        ("#PTSDHelp", ["ptsd", "help"]),
        ("#EndPTSDNow", ["end", "ptsd", "now"]),
        ("#mentalhealth", ["mentalhealth"]),
        ("PTSD", ["ptsd"]),
        ("", []),
        ("   ", []),
        ("“”", []),
    ],
)
def test_words(text: str, expected: list[str], book: Rulebook) -> None:
    assert words(text, book) == expected


@pytest.mark.parametrize(
    ("word", "has", "lacks"),
    [
        ("Ketamine", CAPITAL, NUMBER + PUNCTUATION),
        ("ketamine", "", CAPITAL + NUMBER + PUNCTUATION),
        ("70", NUMBER, CAPITAL + PUNCTUATION),
        ("1,000", NUMBER, CAPITAL + PUNCTUATION),
        (";", PUNCTUATION + BREAK, NUMBER),
        ("—", PUNCTUATION + BREAK, NUMBER),
        (",", PUNCTUATION, BREAK),
        ("%", PUNCTUATION, BREAK),
        ("/", PUNCTUATION, BREAK),
        ("'s", "", PUNCTUATION + BREAK + CAPITAL),
    ],
)
def test_tags(word: str, has: str, lacks: str, book: Rulebook) -> None:
    tags = cut(word, book).tags[0]
    assert set(has) <= set(tags)
    assert set(lacks).isdisjoint(tags)


@pytest.mark.parametrize("mark", [*list(",;:!?()[]%$£€&+=#<>~@/|"), "--", "—", "–", "•"])
def test_marks(mark: str, book: Rulebook) -> None:
    assert is_mark(mark)
    assert words(mark, book) == ["\u2044" if mark == "/" else mark]


@pytest.mark.parametrize("other", ["-", "'", '"', "a", "1", "", "^", "*"])
def test_what_is_no_mark(other: str) -> None:
    assert not is_mark(other)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It doesn’t cure.", ["doesn’t cure"]),
        ("IT CAN'T CURE.", ["CAN'T CURE"]),
        ("It’s a cure.", ["It’s a cure"]),
        ("Pain and/or panic.", ["and/or"]),
        ("A zapper, zapping.", ["zapper", "zapping"]),
        ("Be painfree, smokefree, not free.", ["painfree", "smokefree"]),
    ],
)
def test_terms_with_marks_inside(text: str, expected: list[str], book: Rulebook) -> None:
    assert [finding.text for finding in findings(text, book)] == expected


# Places

texts = st.one_of(
    st.text(),
    st.lists(
        st.sampled_from(
            [
                *DISGUISED.values(),
                "it's",
                "5.5%",
                " ",
                "\n",
                "#AbCd",
                "—",
                "don’t",
                "\u00ad",
                "a/b",
                "²",
            ]
        )
    ).map("".join),
)


@given(texts)
def test_places_are_in_order_and_hold_the_word(book: Rulebook, text: str) -> None:
    tokens = cut(text, book)
    assert len(tokens.words) == len(tokens.tags) == len(tokens.starts) == len(tokens.ends)
    folded = fold(text)
    last = 0
    for word, start, end in zip(tokens.words, tokens.starts, tokens.ends, strict=True):
        assert last <= start < end <= len(text)
        last = end
        raw = folded[start:end]
        assert not any(letter.isspace() for letter in raw)
        if raw.isascii():
            assert word == ("\u2044" if raw == "/" else raw.lower())


@given(texts)
def test_each_letter_and_figure_is_in_a_word(book: Rulebook, text: str) -> None:
    tokens = cut(text, book)
    within = {at for s, e in zip(tokens.starts, tokens.ends, strict=True) for at in range(s, e)}
    for at, letter in enumerate(fold(text)):
        if letter.isascii() and letter.isalnum():
            # "'t" without its n and other scraps after a quote are letters all the same.
            assert at in within, (text, at)


@given(texts)
def test_a_word_holds_no_blank_nor_stroke(book: Rulebook, text: str) -> None:
    for word in cut(text, book).words:
        assert not re.search(r"[\s/]", word)
        assert not any("\ue000" <= letter <= "\uf8ff" for letter in word)


@given(st.lists(st.sampled_from(["cures", "depression", "it's", "5.5", ","]), max_size=8))
def test_a_sentence_reads_as_its_tokens(book: Rulebook, parts: list[str]) -> None:
    document = page(" ".join(parts), book)
    found = [word for sentence in document.sentences for word in sentence.encoded.split()]
    assert [word.rpartition("/")[2] for word in found] == document.tokens.words


def test_private_use_characters_of_a_text_are_no_tags(book: Rulebook) -> None:
    text = "".join(map(chr, range(0xE000, 0xE100)))
    assert words(text, book) == []
    assert findings(f"cures{text}depression \ue010/depression", book)[0].text.startswith("cures")


def test_the_alphabets_of_the_test_are_what_they_claim() -> None:
    assert unicodedata.normalize("NFKC", DISGUISED["mathematical bold"]) == PLAIN
    assert unicodedata.normalize("NFKC", DISGUISED["circles"]) == PLAIN


def test_a_long_word_is_cut_in_time(book: Rulebook, tmp_path: Path) -> None:
    del tmp_path
    assert len(words("a" * 200_000, book)) == 1
    assert len(words("\u00ad" * 200_000 + "a", book)) == 1
    assert len(words("it's" * 50_000, book)) > 1
