"""References of the register: what is written can be read again, and no mark is misread."""

from __future__ import annotations

import json
import re

import pytest

from kaplint.references import bibtex, csl_json, plain
from kaplint.register import Citation, Entry
from kaplint.rulebook import load_evidence

_UNTEX = {r"\textbackslash{}": "\\", r"\textasciitilde{}": "~", r"\textasciicircum{}": "^"}


def entry(**citation: object) -> Entry:
    return Entry("smith-2020", "trial", "confirmed", citation=Citation(**citation))  # type: ignore[arg-type]


def untex(text: str) -> str:
    """Return what TeX prints of a text without commands of its own."""
    for written, meant in _UNTEX.items():
        text = text.replace(written, meant)
    return re.sub(r"\\([&%$#_{}])", r"\1", text)


def records(text: str) -> dict[str, dict[str, str]]:
    """Read a BibTeX file: its records by key, with their fields. A small reader that is strict."""
    found: dict[str, dict[str, str]] = {}
    at = 0
    head = re.compile(r"\s*@(\w+)\{([^\s,{}]+),")
    name = re.compile(r"\s*(\w+) = \{")
    while text[at:].strip():
        begin = head.match(text, at)
        assert begin, text[at : at + 60]
        fields = found[begin[2]] = {"type": begin[1]}
        at = begin.end()
        while part := name.match(text, at):
            at = part.end()
            depth, start = 1, at
            while depth:
                if text[at] == "\\":
                    at += 1
                else:
                    depth += {"{": 1, "}": -1}.get(text[at], 0)
                at += 1
            fields[part[1]] = text[start : at - 1]
            assert text[at] == ","
            at += 1
        assert text[at : at + 3] == "\n}\n"
        at += 3
    return found


def test_a_record_of_everything() -> None:
    whole = entry(
        authors=(
            "Zarate CA Jr",
            "Choo T-H",
            "da Silva UR",
            "O'Brien CP",
            "Plato",
            "The Study Group",
        ),
        et_al=True,
        title="PTSD & 50% of {x}_y #1 $5 ~ ^ a\\b",
        journal="J & K",
        year=2020,
        volume="1",
        issue="2",
        pages="3-4",
        doi="10.1000/a_b(1)",
        pmid="12345",
        pmcid="PMC1234",
    )
    (record,) = records(bibtex([whole])).values()
    assert record["author"] == (
        "Zarate, Jr, C. A. and Choo, T.-H. and da Silva, U. R. and O'Brien, C. P. and {Plato}"
        " and {The Study Group} and others"
    )
    assert untex(record["title"]) == "{PTSD & 50% of {x}_y #1 $5 ~ ^ a\\b}"
    assert untex(record["journal"]) == "J & K"
    assert (record["type"], record["pages"]) == ("article", "3--4")
    assert record["doi"] == "10.1000/a_b(1)"
    assert json.loads(csl_json([whole])) == [
        {
            "id": "smith-2020",
            "type": "article-journal",
            "title": "PTSD & 50% of {x}_y #1 $5 ~ ^ a\\b",
            "author": [
                {"family": "Zarate", "given": "C. A.", "suffix": "Jr"},
                {"family": "Choo", "given": "T.-H."},
                {"family": "da Silva", "given": "U. R."},
                {"family": "O'Brien", "given": "C. P."},
                {"literal": "Plato"},
                {"literal": "The Study Group"},
                {"literal": "et al."},
            ],
            "container-title": "J & K",
            "issued": {"date-parts": [[2020]]},
            "volume": "1",
            "issue": "2",
            "page": "3-4",
            "DOI": "10.1000/a_b(1)",
            "PMID": "12345",
            "PMCID": "PMC1234",
            "URL": "https://doi.org/10.1000/a_b(1)",
        }
    ]


@pytest.mark.parametrize(
    ("citation", "expected"),
    [
        (
            Citation(
                authors=("Smith A", "Jones B"),
                et_al=True,
                title="A trial",
                journal="BMJ",
                year=2020,
                volume="1",
                issue="2",
                pages="3-4",
                doi="10.1000/a",
            ),
            "Smith A, Jones B, et al. A trial. BMJ 2020;1(2):3-4. https://doi.org/10.1000/a",
        ),
        (Citation(title="Why?", year=2020), "Why? 2020."),
        (Citation(journal="BMJ", pages="e1"), "BMJ :e1."),
        (Citation(url="https://a.org"), "https://a.org"),
        (Citation(journal="BMJ", year=2020, volume="1"), "BMJ 2020;1."),
    ],
)
def test_a_plain_reference_leaves_out_what_is_not_known(citation: Citation, expected: str) -> None:
    assert plain(citation) == expected


def test_what_ships_can_be_read_again() -> None:
    entries = [e for e in load_evidence().entries.values() if e.citation]
    read = records(bibtex(entries))
    items = {item["id"]: item for item in json.loads(csl_json(entries))}
    assert list(read) == list(items) == [e.key for e in entries]
    for e in entries:
        cited = e.citation
        assert cited
        record, item = read[e.key], items[e.key]
        assert untex(record.get("title", ""))[1:-1] == item.get("title", "") == cited.title
        assert untex(record.get("journal", "")) == item.get("container-title", "") == cited.journal
        assert record.get("doi", "") == item.get("DOI", "") == cited.doi
        assert record.get("pmid", "") == item.get("PMID", "") == cited.pmid
        assert record.get("year", "0") == str(cited.year)
        assert len(item.get("author", [])) == len(cited.authors) + cited.et_al
        names = record.get("author", "").split(" and ") if record.get("author") else []
        assert len(names) == len(cited.authors) + cited.et_al
        # Every author of a shipped entry is a person with initials.
        for author, name in zip(cited.authors, item.get("author", [])):
            assert author.startswith(name["family"] + " ")
            assert re.sub(r"[. ]", "", name["given"]) in author


def test_an_entry_without_citation_is_no_reference() -> None:
    silent = Entry("x", "untraced", "unconfirmed")
    assert bibtex([silent]) == ""
    assert json.loads(csl_json([silent])) == []
