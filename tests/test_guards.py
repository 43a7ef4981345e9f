"""What spares a claim, and how far each guard reaches."""

from __future__ import annotations

import pytest
from packs import VOCABULARY, findings, phrase
from packs import book as build_book

from kaplint.model import Excuse
from kaplint.rulebook import Rulebook

# One claim, "cures PTSD", and one figure, "70%", under each guard alone.
_CLAIM = "({act}|{act-adjective}) ..1 {condition}"
_WORDS = """\
act:
  about: What a treatment does.
  verbs: [cure, ease, improve, treat, end, reduce, lift, heal]
act-adjective: {about: Effective., words: [effective for]}
"""
_RULES = {
    "negated": phrase(_CLAIM, code="HY01", more="unless: [negated]\n"),
    "hedged": phrase(_CLAIM, code="HY02", more="unless: [hedged]\n"),
    "cited": phrase("{number} %", _CLAIM, code="HY03", more="unless: [cited]\n"),
    "quoted": phrase(_CLAIM, code="HY04", more="unless: [quoted]\n"),
    "reported": phrase(_CLAIM, code="HY05", more="unless: [reported]\n"),
    "question": phrase(_CLAIM, code="HY06", more="unless: [question]\n"),
    "term-of-art": phrase(
        "breakthrough .. (designation|pain)?",
        "[cure] ham",
        "permanent ..1",
        code="HY07",
        more="unless: [term-of-art]\n",
    ),
    "before": phrase(_CLAIM, code="HY08", more="unless: [{before: 'search for what ..1'}]\n"),
    "after": phrase(_CLAIM, code="HY09", more="unless: [{after: '(, )? says Mary'}]\n"),
    "inside": phrase(_CLAIM, code="HY10", more="unless: [{inside: mild}]\n"),
    "clause": phrase(_CLAIM, code="HY11", more="unless: [{clause: mice}]\n"),
    "sentence": phrase(_CLAIM, code="HY12", more="unless: [{sentence: 'mice|rats'}]\n"),
    "context": phrase(_CLAIM, code="HY13", more="unless: [{context: horoscope}]\n"),
    "page": phrase(_CLAIM, code="HY14", more="unless: [{page: 'satire {number}'}]\n"),
    "role": phrase(_CLAIM, code="HY15", more="unless: [{role: [heading, alt]}]\n"),
}


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    rules = {f"hype/{name}": text for name, text in _RULES.items()}
    return build_book(
        tmp_path_factory.mktemp("rules"), rules, guards=True, vocabulary=VOCABULARY + _WORDS
    )


def excuses(guard: str, text: str, book: Rulebook, suffix: str = ".md") -> list[Excuse | None]:
    """Return the excuses of the findings of the rule that has one guard alone, in order."""
    return [f.excuse for f in findings(text, book, suffix) if f.name == guard]


def check(guard: str, text: str, book: Rulebook, suffix: str = ".md", *, spared: bool) -> None:
    found = excuses(guard, text, book, suffix)
    assert len(found) == 1, found
    assert (found[0] is not None) == spared, found
    if found[0] is not None:
        assert found[0].by == guard
        assert found[0].detail


def cases(guard: str, spared: list[str], flagged: list[str]) -> pytest.MarkDecorator:
    """Return the parameters of a guard's test."""
    return pytest.mark.parametrize(
        ("guard", "text", "spared"),
        [
            (guard, text, verdict)
            for texts, verdict in ((spared, True), (flagged, False))
            for text in texts
        ],
    )


NEGATED = [
    "Ketamine does not cure PTSD.",
    "Ketamine doesn’t cure PTSD.",
    "KETAMINE DOESN'T CURE PTSD.",
    "Ketamine never cures PTSD.",
    "No drug cures PTSD.",
    "Nothing cures PTSD.",
    "We cannot cure PTSD.",
    "It neither cures PTSD nor helps sleep.",
    "It helps without curing PTSD.",
    "Ketamine is not proven to cure PTSD.",
    "It is a myth that ketamine cures PTSD.",
    "There is no evidence that ketamine cures PTSD.",
    "That ketamine cures PTSD is a myth.",
    "We do not claim that ketamine cures PTSD.",
    "Ketamine, which may cause nausea, does not cure PTSD.",
    "It is unlikely to cure PTSD.",
    "Ketamine does not, on its own, cure PTSD.",
    "It has not been shown to cure PTSD.",
    "It does not treat grief or cure PTSD.",
    "Ketamine rarely cures PTSD.",
    "Nobody knows what cures PTSD.",
    "Don't believe that ketamine cures PTSD.",
    "Ketamine isn’t a drug that cures PTSD.",
]
NOT_NEGATED = [
    "Ketamine cures PTSD.",
    "Not only is it safe, it cures PTSD.",
    "Ketamine not only cures PTSD, it is cheap.",
    "It is not just a drug: it cures PTSD.",
    "It is not cheap, but it cures PTSD.",
    "It is no wonder that ketamine cures PTSD.",
    "There is no doubt that ketamine cures PTSD.",
    "Without a doubt, ketamine cures PTSD.",
    "It is not addictive; it cures PTSD.",
    "It is not addictive. It cures PTSD.",
    "It is not addictive – it cures PTSD.",
    "It does not hurt, and it cures PTSD.",
    "Why not try what cures PTSD?",
    "Don't wait: ketamine cures PTSD.",
    "Never before has a drug cured PTSD so fast.",
    "Although it does not work for all, ketamine cures PTSD.",
    "Ketamine cures PTSD, not grief.",
    "If tablets do not help, ketamine cures PTSD.",
    "When nothing else works, ketamine cures PTSD.",
    "It cures PTSD without surgery.",
    "You are not alone: ketamine cures PTSD.",
    "It cures PTSD and does not hurt.",
    "Without drugs, we cure PTSD.",
    "People who did not respond to tablets are cured; we cure PTSD.",
    "No matter how long you waited, we cure PTSD.",
]


@cases(
    "negated",
    NEGATED,
    NOT_NEGATED,
)
def test_negated(guard: str, text: str, spared: bool, book: Rulebook) -> None:
    check(guard, text, book, spared=spared)


HEDGED = [
    "Ketamine may cure PTSD.",
    "Ketamine might ease depression.",
    "Ketamine could improve depression.",
    "It is thought to ease depression.",
    "Ketamine appears to ease depression.",
    "Early evidence suggests that ketamine eases depression.",
    "In animal studies, ketamine eases anxiety.",
    "For some people, ketamine eases depression.",
    "Ketamine eases depression in some people.",
    "Ketamine eases depression, but not for everyone.",
    "Researchers are studying whether ketamine eases depression.",
    "Ketamine, which may cause nausea, may ease depression.",
    "It may also help to ease depression.",
    "Perhaps ketamine eases depression.",
    "Ketamine may help sleep and improve depression.",
    "Ketamine may lift mood, ease depression and help sleep.",
    "Ketamine may be effective for depression.",
    "It may be that ketamine eases depression.",
    "One theory is that ketamine eases depression.",
    "Ketamine sometimes eases depression.",
    "It is being studied to ease depression.",
]
NOT_HEDGED = [
    "Ketamine cures PTSD.",
    "Ketamine can cure PTSD.",
    "Ketamine can ease depression.",
    "Ketamine will cure PTSD.",
    "It may help some people, but it cures PTSD.",
    "It may cause nausea; it cures PTSD.",
    "It may cause nausea. It cures PTSD.",
    "It may cause nausea: it cures PTSD.",
    "It may cause nausea (it cures PTSD).",
    "It may cause nausea and it cures PTSD.",
    "It may sting, and our drip cures PTSD.",
    "Ketamine, which may cause nausea, cures PTSD.",
    "Ketamine, though it may cause nausea, cures PTSD.",
    "It may help sleep and improves depression.",
    "Ketamine cures PTSD and may help sleep.",
    "Ketamine cures PTSD, and some people sleep well.",
    "Ketamine cures PTSD. It may help sleep.",
    "You may be surprised that ketamine cures PTSD.",
    "You may have heard that ketamine cures PTSD.",
    "If you suffer, ketamine cures PTSD.",
    "Ketamine clearly cures PTSD.",
    "Ketamine cures PTSD in May.",
    "Because tablets may fail, ketamine cures PTSD.",
    "Whatever you may think, ketamine cures PTSD.",
]


@cases(
    "hedged",
    HEDGED,
    NOT_HEDGED,
)
def test_hedged(guard: str, text: str, spared: bool, book: Rulebook) -> None:
    check(guard, text, book, spared=spared)


CITED = [
    "Some 70% improved (1).",
    "Some 70% improved [2].",
    "Some 70% improved [2, 3].",
    "Some 70% improved [2–4].",
    "Some 70% improved.²",
    "Some 70% improved.[2]",
    "Some 70% improved (Murrough 2013).",
    "Some 70% improved (Murrough et al., 2013).",
    "Murrough et al. found that 70% improved.",
    "Smith and Jones (2019) found that 70% improved.",
    "Some 70% improved (doi:10.1000/182).",
    "Some 70% improved, see https://pubmed.ncbi.nlm.nih.gov/23982301/.",
    "Some [70% improved](https://pubmed.ncbi.nlm.nih.gov/23982301/).",
    "Some 70% improved.[^1]\n\n[^1]: Murrough 2013.",
    "Murrough et al. ran a trial. Some 70% improved.",
    "A trial had 80 patients [3]. Some 70% improved.",
    "Some 70% improved. See Murrough et al.",
    "Some 70% improved. This figure is from a trial [3].",
    "Some 70% improved (see [the trial](https://www.nejm.org/doi/full/10.1056/x)).",
]
NOT_CITED = [
    "Some 70% improved.",
    "Some 70% improved (2020).",
    "In 2020, some 70% improved.",
    "Research from a university (2020) found that 70% improved.",
    "Some 70% improved. Call us on (555) 123-4567.",
    "Some 70% improved. We have two clinics. Murrough et al. wrote about grief.",
    "Murrough et al. wrote of grief.\n\nSome 70% improved.",
    "Some 70% improved. [Book now](/booking).",
    "Some 70% improved: [call us](tel:+15551234567).",
    "Some 70% improved, say [our fans](https://www.facebook.com/clinic).",
    "Some 70% improved [sic].",
    "Some 70% improved (most of them).",
    "Studies show that 70% improved.",
    "Experts agree that 70% improved.",
    "Some 70% improved in 10² ways.",
    "Some 70% improved. [Our prices](/prices).",
]


@cases("cited", CITED, NOT_CITED)
def test_cited(guard: str, text: str, spared: bool, book: Rulebook) -> None:
    check(guard, text, book, spared=spared)


@pytest.mark.parametrize(
    ("text", "spared"),
    [
        ("<p>Some 70% improved<sup>1</sup>.</p>", True),
        ("<p>Some 70% improved.<sup><a href='#ref1'>1</a></sup></p>", True),
        ("<p>Some 70% improved <a href='#fn1'>note</a>.</p>", True),
        ("<p>Some 70% improved <a href='https://doi.org/10.1000/182'>here</a>.</p>", True),
        ("<p>Some 70% improved <a href='/contact'>here</a>.</p>", False),
        ("<p>Some 70% improved<sup>®</sup>.</p>", False),
        ("<p>Some 70% improved.</p><p>See Murrough et al.</p>", False),
    ],
)
def test_cited_in_html(text: str, spared: bool, book: Rulebook) -> None:
    check("cited", text, book, ".html", spared=spared)


@cases(
    "quoted",
    [
        "Some clinics claim that it “cures PTSD”.",
        'Beware of phrases such as "cures PTSD".',
        "The regulator ruled against the slogan “Ketamine cures PTSD”.",
        "It is misleading to say “cures PTSD”.",
        "Never say “cures PTSD”.",
        "It is a myth. People say “it cures PTSD”.",
    ],
    [
        "“Ketamine cures PTSD,” says Anna.",
        "“Ketamine cures PTSD.”",
        "Some clinics claim that it cures PTSD.",
        "Some clinics claim “fast relief”, but ketamine cures PTSD.",
        "Ketamine cures PTSD, and “fast” is a myth.",
        "Our motto is “We cure PTSD”.",
        "It is a “new” drug that cures PTSD, an “old” myth.",
    ],
)
def test_quoted(guard: str, text: str, spared: bool, book: Rulebook) -> None:
    check(guard, text, book, spared=spared)


@cases(
    "reported",
    [
        "Some clinics claim that ketamine cures PTSD.",
        "Beware of anyone who says that it cures PTSD.",
        "Regulators took action over adverts that said it cures PTSD.",
        "Some websites claim it cures PTSD.",
        "Contrary to the hype, nobody knows that it cures PTSD.",
        "Beware of lines such as:\n\n- It cures PTSD.",
        "If a clinic tells you it cures PTSD, leave.",
    ],
    [
        "Our patients report that it cures PTSD.",
        "Doctors say that ketamine cures PTSD.",
        "We claim nothing new: it cures PTSD.",
        "Anna says that it cures PTSD.",
        "News reports say that it cures PTSD.",
        "Beware of adverts.\n\nOur drip cures PTSD.",
        "The study found that it cures PTSD.",
    ],
)
def test_reported(guard: str, text: str, spared: bool, book: Rulebook) -> None:
    check(guard, text, book, spared=spared)


@cases(
    "question",
    [
        "Does ketamine cure PTSD?",
        "Can ketamine cure PTSD?",
        "Is it true that ketamine cures PTSD?",
        "“Does ketamine cure PTSD?”",
        "Does it (ketamine) cure PTSD?",
        "So does ketamine cure PTSD?",
        "How does ketamine ease depression?",
    ],
    [
        "Ketamine cures PTSD.",
        "Ketamine cures PTSD. Is it safe?",
        "Is it safe? Ketamine cures PTSD.",
        "Did you know? Ketamine cures PTSD!",
        "Ready to cure PTSD?",
        "Ketamine cures PTSD?",
        "Want to ease depression?",
    ],
)
def test_question(guard: str, text: str, spared: bool, book: Rulebook) -> None:
    check(guard, text, book, spared=spared)


@cases(
    "term-of-art",
    [
        "It has breakthrough therapy designation.",
        "It helps with breakthrough pain.",
        "A breakthrough device designation was given.",
        "We sell cured ham.",
        "It can cause permanent damage.",
        "She has permanent teeth.",
    ],
    [
        "It is a breakthrough.",
        "A breakthrough in therapy.",
        "A breakthrough treatment for pain.",
        "It is permanent relief.",
        "A permanent cure.",
        "The breakthrough of the year.",
    ],
)
def test_term_of_art(guard: str, text: str, spared: bool, book: Rulebook) -> None:
    check(guard, text, book, spared=spared)


# Guards that take a pattern and a place


@pytest.mark.parametrize(
    ("guard", "text", "spared"),
    [
        ("before", "We search for what cures PTSD.", True),
        ("before", "They SEARCH for what truly cures PTSD.", True),
        ("before", "Our search for what, one day, cures PTSD.", False),
        ("before", "It cures PTSD, so search for what is new.", False),
        ("before", "We search for what. It cures PTSD.", False),
        ("before", "We search for the drug that cures PTSD.", False),
        ("before", "We search for what we can sell: it cures PTSD.", False),
        ("after", "“It cures PTSD”, says Mary.", True),
        ("after", "It cures PTSD says Mary.", True),
        ("after", "It cures PTSD, my friend, says Mary.", False),
        ("after", "Says Mary: it cures PTSD.", False),
        ("after", "It cures PTSD. Says Mary.", False),
        ("after", "It cures PTSD, says Maryam.", False),
        ("inside", "It cures mild PTSD.", True),
        ("inside", "It cures severe PTSD.", False),
        ("inside", "It cures PTSD, even mild.", False),
        ("inside", "A mild drug cures PTSD.", False),
        ("inside", "It cures Mild PTSD.", True),
        ("inside", "It cures mildly PTSD.", False),
        ("clause", "In mice it cures PTSD.", True),
        ("clause", "It cures PTSD in mice.", True),
        ("clause", "It cures PTSD; we keep mice.", False),
        ("clause", "We keep mice, but it cures PTSD.", False),
        ("clause", "We keep mice. It cures PTSD.", False),
        ("clause", "It cures PTSD (not mice).", False),
        ("sentence", "It cures PTSD; in rats, at least.", True),
        ("sentence", "In mice: it cures PTSD.", True),
        ("sentence", "It cures PTSD. We keep mice.", False),
        ("sentence", "We keep mice. It cures PTSD.", False),
        ("sentence", "It cures PTSD like a mouse.", False),
        ("sentence", "It cures PTSD in MICE.", True),
        ("context", "Your horoscope. It cures PTSD.", True),
        ("context", "Your horoscope. Read on. It cures PTSD.", True),
        ("context", "# Horoscope\n\nOne.\n\nTwo.\n\nThree.\n\nIt cures PTSD.", True),
        ("context", "Your horoscope. One. Two. It cures PTSD.", False),
        ("context", "It cures PTSD. Your horoscope.", False),
        ("context", "# Horoscope\n\nOne.\n\n# News\n\nA. B. It cures PTSD.", False),
        ("page", "It cures PTSD.\n\nOne. Two.\n\nThis is satire 24.", True),
        ("page", "Satire 24\n\nOne.\n\nIt cures PTSD.", True),
        ("page", "It cures PTSD. This is satire.", False),
        ("page", "It cures PTSD. <!-- satire 24 -->", False),
        ("page", "It cures PTSD. Satire. 24 people.", False),
        ("page", "It cures PTSD, no satires 24.", False),
        ("role", "# It cures PTSD", True),
        ("role", "![It cures PTSD](a.png)", True),
        ("role", "It cures PTSD.", False),
        ("role", "- It cures PTSD.", False),
        ("role", "# News\n\nIt cures PTSD.", False),
        ("role", "> It cures PTSD.", False),
    ],
)
def test_place(guard: str, text: str, spared: bool, book: Rulebook) -> None:
    check(guard, text, book, spared=spared)


def test_hidden_text_does_not_speak_for_the_page(book: Rulebook) -> None:
    seen = "<p>It cures PTSD.</p><p>This is satire 24.</p>"
    unseen = "<p>It cures PTSD.</p><p hidden>This is satire 24.</p>"
    check("page", seen, book, ".html", spared=True)
    check("page", unseen, book, ".html", spared=False)


def test_several_findings_are_judged_apart(book: Rulebook) -> None:
    found = excuses("hedged", "It may ease anxiety. It cures PTSD. It might lift pain.", book)
    assert [excuse is not None for excuse in found] == [True, False, True]
