"""Sentences of clinic copy: where one ends, and where it only looks so."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaplint.sentences import split

# Each line is a block; " | " parts its sentences and stands for one space.
COPY = """\
Meet Dr. Walters. | She leads our team.
Ask Drs. Smith and Lee, e.g. about doses.
Mr. and Mrs. Jones came. | They left.
Try rest, e.g. sleep. | It helps.
Some drugs, i.e. Spravato, are approved.
Scores fell by 5.5% in a week. | Then they rose.
We charge $1.50. | Cards are fine.
Ketamine vs. ECT was tested. | Both worked.
Ketamine vs placebo. | One trial.
It is legal in the U.S. | The rules differ elsewhere.
It is legal in the U.S. and Canada.
The U.S. Food and Drug Administration approved it.
A U.K. Clinic opened.
Patients improved (1). | Others did not (2).
Patients improved [2, 3]. | Others did not.
Patients improved. [2, 3] | Others did not.
Patients improved. (1) | Others did not.
Patients improved.² | Others did not.
Patients improved.¹² | Others did not.
Patients improved². | Others did not.
Patients improved.[1] | Others did not.
Patients improved.1 | Others did not.
Patients improved.1,2 | Others did not.
Turn to p.12 The rest is there.
We open at 9 a.m. | Call us then.
We open at 9 a.m. on Monday.
We close at 5 p.m. Monday to Friday.
J. R. Smith wrote it. | It is short.
By J. Smith and K. Lee.
It is plan B. | The other failed.
It was I. | Then you came.
Wait... and see.
Wait... | Then call.
Wait… and see.
Wait… | Then call.
"Is it safe?" she asked.
“Is it safe?” she asked. | It is.
She said “It works.” | We agree.
She said "It works!" | We agree.
He asked “Why?” | Nobody knew.
Yahoo! said so. | We checked.
Is it safe? | Yes.
Is it safe? and other questions
Really?! | Yes!
Stop! | Call us. | Now.
1. Call us.
2. Book a visit. | It is free.
See https://example.org/a.b?c=d. | It is long.
Write to info@clinic.example.com. | We answer.
Visit clinic.com. | We are there.
It is M.E. and nothing else.
People with M.E. often rest.
See No. 5 of the list.
The answer is no. | Call us.
Take No. 7. | It is blue.
We sell St. John's wort.
St. Mary's Hospital is near. | Park there.
Smith et al. found it. | Others agree.
Smith et al. (2020) found it.
Pain, stress, etc. are treated. | Book now.
We treat pain, stress, etc. | Book now.
Costs approx. 5 dollars. | Cheap.
See Fig. 2. | It is a chart.
See pp. 3-5. | They help.
Cal Wellness Inc. offers it.
He works for Acme Inc. | They pay well.
She is an R.N. with a smile.
Jane Roe, M.D., leads us. | Ask her.
Jane Roe, Ph.D. | Our team grew.
Come in Jan. or Feb. | We are open.
The dose is 0.5 mg. | It is low.
A dose of 0.5 mg. per kilo.
Ask (if you like). | We listen.
(It is free.) | We pay.
It works (we think.) and lasts.
One sentence only
One; two: three, four
It costs .50 cents. | Really.
He has type 2. | She has type 1.
Version 2.0. | It is new.
It fell 3. | Then 4.
What is it? | How does it work? | Who can have it?
Dose: 40 mg/kg. | Route: i.v. only.
Prof. Lee and Rev. Kim spoke. | We heard.
It was 5 p.m. | It rained.
“We cured it.” | “Did you?” | “Yes.”
"""


def _split(text: str) -> list[str]:
    return [text[start:end] for start, end in split(text, 0, len(text))]


@pytest.mark.parametrize("line", COPY.splitlines())
def test_copy(line: str) -> None:
    assert _split(line.replace(" | ", " ")) == line.split(" | ")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("   ", []),
        (".", ["."]),
        ("...", ["..."]),
        ("?!", ["?!"]),
        (" It works.  It lasts. ", ["It works.", "It lasts."]),
        ("It works.\tIt\u00a0lasts.", ["It works.", "It\u00a0lasts."]),
        ("It works.\nIt lasts.", ["It works.", "It lasts."]),
        ("It works.\u2003It lasts.", ["It works.", "It lasts."]),
        ("It\nworks", ["It\nworks"]),
    ],
)
def test_space(text: str, expected: list[str]) -> None:
    assert _split(text) == expected


def test_places_are_those_of_the_whole_text() -> None:
    text = "No. It works. It lasts. No."
    assert split(text, 4, 23) == [(4, 13), (14, 23)]


def test_nothing_outside_the_range_bears_on_it() -> None:
    assert split("Dr. Lee", 0, 3) == [(0, 3)]
    assert split("xx Mr. Lee. and", 3, 11) == [(3, 11)]


pieces = st.lists(
    st.one_of(
        st.sampled_from(
            [".", "!", "?", "…", "...", " ", "\n", "(1)", "[2, 3]", "²", '"', "”", ")", "Dr", "e.g"]
        ),
        st.sampled_from(["It", "works", "no", "a.m", "5", "5.5", "U.S", "The", "http://a.b"]),
        st.text(max_size=4),
    ),
    max_size=30,
).map("".join)


@given(pieces)
def test_sentences_are_in_order_apart_and_trimmed(text: str) -> None:
    found = split(text, 0, len(text))
    for start, end in found:
        assert 0 <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
    for (_, end), (start, _) in pairwise(found):
        assert end < start
        assert text[end:start].isspace()


@given(pieces)
def test_all_text_is_in_a_sentence(text: str) -> None:
    within = {at for start, end in split(text, 0, len(text)) for at in range(start, end)}
    assert all(letter.isspace() or at in within for at, letter in enumerate(text))


@given(pieces, st.text(max_size=5), st.text(max_size=5))
def test_text_around_the_range_is_not_read(text: str, before: str, after: str) -> None:
    alone = split(text, 0, len(text))
    whole = split(before + text + after, len(before), len(before) + len(text))
    assert [(start - len(before), end - len(before)) for start, end in whole] == alone


@given(st.lists(st.sampled_from(["It works.", "Is it safe?", "Call us!"]), max_size=6))
def test_plain_sentences_come_apart(parts: list[str]) -> None:
    assert _split(" ".join(parts)) == parts


@pytest.mark.parametrize(
    "text", ["." * 20_000 + "a", "a." * 20_000, "?!" * 9_000 + "x", "(" * 20_000]
)
def test_hostile_text_takes_no_time(text: str) -> None:
    assert "".join(_split(text)) == text
