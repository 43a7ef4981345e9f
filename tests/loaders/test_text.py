"""Plain text: what is one block, what is its role, and where each letter is from."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaplint.loaders.text import read
from kaplint.model import Prose

WRAPPED = (
    "Our physicians have seen many people for whom ketamine is a real\n"
    "game changer, and most of them tell us so. Visits take about\n"
    "Eleven hours, which is long.\n"
)


def blocks(source: str) -> list[tuple[str, str]]:
    prose = read(source)
    return [(block.role, prose.text[block.start : block.end]) for block in prose.blocks]


def test_nothing_is_nothing() -> None:
    assert read("") == Prose("", (), ())
    assert read("\ufeff") == Prose("", (), ())
    assert read(" \n\r\n\t\n") == Prose("", (), ())


def test_each_line_is_a_block_with_its_role() -> None:
    source = "About us\n\n- Rapid relief\n2. Calm rooms\n3) Tea\n\u2022 Coffee\nWe are a clinic.\n"
    assert blocks(source) == [
        ("heading", "About us"),
        ("list-item", "Rapid relief"),
        ("list-item", "Calm rooms"),
        ("list-item", "Tea"),
        ("list-item", "Coffee"),
        ("paragraph", "We are a clinic."),
    ]


def test_a_lone_line_is_no_heading() -> None:
    assert blocks("Ketamine cures depression") == [("paragraph", "Ketamine cures depression")]


def test_wrapped_lines_are_one_block() -> None:
    prose = read(WRAPPED)
    assert len(prose.blocks) == 1
    at = prose.text.index("real game changer")
    span = prose.source_span(at, at + len("real game changer"))
    assert WRAPPED[span.start : span.end] == "real\ngame changer"
    assert "about Eleven hours" in prose.text


def test_long_lines_are_not_joined() -> None:
    line = "this line is as long as a paragraph of a page that no editor has wrapped " * 2
    assert len(blocks(f"{line}\n{line}\n")) == 2


def test_a_sentence_end_parts_wrapped_lines() -> None:
    source = "The clinic is open from Monday to Friday and on some Saturdays.\nfree parking\n"
    assert len(blocks(source)) == 2


def test_items_go_on_under_their_text() -> None:
    source = "- a game\n  changer for some\n- tea\n"
    assert blocks(source) == [("list-item", "a game changer for some"), ("list-item", "tea")]


def test_a_hyphen_at_the_line_end_joins_without_a_space() -> None:
    source = "Many of the people who come to the clinic ask for a long-\nterm plan and get one.\n"
    assert "long-term plan" in read(source).text


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\f"])
def test_line_ends(end: str) -> None:
    source = f"\ufeffOne line.{end}Another \0 line.{end}"
    prose = read(source)
    assert prose.text == "One line.\nAnother \0 line."
    span = prose.source_span(10, 17)
    assert source[span.start : span.end] == "Another"


@given(st.text(st.sampled_from("ab A.-*1)\n\r\t\f\0\ufeff\u2022"), max_size=300) | st.text())
def test_any_text_keeps_the_contract(source: str) -> None:
    prose = read(source)
    after = -1
    for block in prose.blocks:
        assert after < block.start < block.end <= len(prose.text)
        after = block.end
    at = 0
    place = 0
    for piece in prose.pieces:
        assert at <= piece.start < piece.end
        assert place <= piece.source_start < piece.source_end <= len(source)
        assert set(prose.text[at : piece.start]) <= {"\n"}
        here = prose.text[piece.start : piece.end]
        there = source[piece.source_start : piece.source_end]
        assert here == there or (here == " " and not there.strip())
        at, place = piece.end, piece.source_end
    assert at == len(prose.text)


@given(st.text())
def test_no_letter_is_lost(source: str) -> None:
    kept = {ch for ch in read(source).text if ch.isalpha()}
    # A marker such as "a)" is the only letter that is not prose.
    lost = {ch for ch in source if ch.isalpha()} - kept
    assert all(f"{ch})" in source for ch in lost)


@pytest.mark.parametrize(
    "source",
    [
        "word " * 1_000_000,
        "word " * 12 + "\n" + "of text on lines " * 100_000,
        "a\n" * 200_000,
        " " * 1_000_000,
    ],
)
def test_long_texts_are_quick(source: str) -> None:
    started = time.process_time()
    read(source)
    assert time.process_time() - started < 5
