"""Deciding on one finding at a time."""

from __future__ import annotations

from pathlib import Path

import pytest
from running import Kaplint

from kaplint.api import Linter
from kaplint.commands import interactive
from kaplint.commands.interactive import Stopped, Tally, review
from kaplint.config import Config

PAGE = "Ketamine cures depression.\n\nThe door is blue. Guaranteed results.\n\nThe end.\n"


class Person:
    """Answers in turn, then falls silent; keeps what was said."""

    def __init__(self, *answers: str) -> None:
        self.answers = iter(answers)
        self.questions: list[str] = []
        self.told: list[str] = []

    def ask(self, question: str) -> str:
        self.questions.append(question)
        try:
            return next(self.answers)
        except StopIteration:
            raise EOFError from None


@pytest.fixture
def linter(kaplint: Kaplint) -> Linter:
    return Linter(Config(root=str(kaplint.folder)), cache=False)


def decide(linter: Linter, text: str, *answers: str, path: str = "a.md") -> tuple[str, Tally]:
    person, tally = Person(*answers), Tally()
    done = review(
        linter, text, path, lambda f: f"{f.rule} {f.text}\n", person.ask, person.told.append, tally
    )
    return done, tally


def test_a_proposal_is_taken_by_its_number(linter: Linter) -> None:
    text, tally = decide(linter, PAGE, "1", "s")
    assert text.startswith("Ketamine may ease depression.\n")
    assert "Guaranteed results." in text
    assert (tally.taken, tally.skipped) == (1, 1)


def test_enter_skips(linter: Linter) -> None:
    text, tally = decide(linter, PAGE, "", "")
    assert text == PAGE
    assert tally.skipped == 2


def test_other_words_stand_as_they_are_written(linter: Linter) -> None:
    text, tally = decide(linter, PAGE, "e", "may help with depression", "s")
    assert text.startswith("Ketamine may help with depression.\n")
    assert tally.edited == 1


def test_no_words_change_nothing(linter: Linter) -> None:
    text, tally = decide(linter, PAGE, "e", "  ", "s")
    assert text == PAGE
    assert (tally.edited, tally.skipped) == (0, 2)


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("a.md", "# Ketamine cures depression\n\nCall us.\n"),
        ("a.md", "Call us.\n\n- Ketamine cures depression.\n- We are open.\n"),
        ("a.html", "<p>Ketamine cures depression.</p>\n<p>Call us.</p>\n"),
        ("a.html", '<p>Call us.</p>\n<img alt="Ketamine cures depression">\n'),
    ],
)
def test_what_is_allowed_is_excused_with_its_reason(linter: Linter, path: str, page: str) -> None:
    text, tally = decide(linter, page, "a", "quoted from a -- leaflet", path=path)
    assert tally.allowed == 1
    findings = linter.text(text, path)
    assert [f.rule for f in findings if f.excuse is None] == []
    (excuse,) = [f.excuse for f in findings if f.excuse]
    assert excuse.by == "directive"
    assert "quoted from a – leaflet" in text


def test_plain_text_holds_no_comment_and_is_left(linter: Linter) -> None:
    page = "Ketamine cures depression.\n\nCall us.\n"
    person, tally = Person("a", "quoted from a leaflet"), Tally()
    text = review(linter, page, "a.txt", str, person.ask, person.told.append, tally)
    assert (text, tally.allowed, tally.skipped) == (page, 0, 1)
    assert "per-file-ignores" in person.told[-1]


def test_without_a_reason_nothing_is_allowed(linter: Linter) -> None:
    text, tally = decide(linter, PAGE, "a", " ", "s")
    assert text == PAGE
    assert (tally.allowed, tally.skipped) == (0, 2)


def test_the_rest_of_a_file_can_be_skipped(linter: Linter) -> None:
    text, _ = decide(linter, PAGE, "1", "f")
    assert text.startswith("Ketamine may ease depression.\n")
    assert "Guaranteed results." in text


@pytest.mark.parametrize("answers", [("1", "q"), ("1",)])
def test_what_was_taken_before_stopping_is_kept(linter: Linter, answers: tuple[str, ...]) -> None:
    with pytest.raises(Stopped) as stopped:
        decide(linter, PAGE, *answers)
    assert stopped.value.text.startswith("Ketamine may ease depression.\n")


def test_an_unknown_answer_gets_help_and_the_question_again(linter: Linter) -> None:
    person = Person("7", "?", "s", "s")
    review(linter, PAGE, "a.md", lambda f: f.rule, person.ask, person.told.append, Tally())
    assert sum("take that proposal" in told for told in person.told) == 2


def test_files_are_written_once_and_their_line_ends_stay(kaplint: Kaplint, linter: Linter) -> None:
    path = kaplint.write("a.md", "Ketamine cures depression.\r\n\r\nCall us.\r\n")
    other = kaplint.write("b.md", "Ketamine cures depression.\n")
    person = Person("1", "q")
    code = interactive.go_through(
        linter, [str(path), str(other)], lambda f: f.rule, person.ask, person.told.append
    )
    assert code == 0
    assert path.read_bytes() == b"Ketamine may ease depression.\r\n\r\nCall us.\r\n"
    assert other.read_bytes() == b"Ketamine cures depression.\n"
    assert person.told[-1] == "Took 1, wrote 0 anew, allowed 0, skipped 0.\n"


def test_a_file_that_changed_meanwhile_is_left_alone(
    kaplint: Kaplint, linter: Linter, capsys: pytest.CaptureFixture[str]
) -> None:
    path = kaplint.write("a.md", "Ketamine cures depression.\n")

    def ask(question: str) -> str:
        path.write_text("Somebody else was here.\n", encoding="utf-8")
        return "1"

    assert (
        interactive.go_through(linter, [str(path)], lambda f: f.rule, ask, lambda text: None) == 2
    )
    assert path.read_text(encoding="utf-8") == "Somebody else was here.\n"
    assert "changed meanwhile" in capsys.readouterr().err


def test_a_missing_file_is_told(kaplint: Kaplint, linter: Linter) -> None:
    missing = str(Path(kaplint.folder) / "none.md")
    assert (
        interactive.go_through(linter, [missing], lambda f: f.rule, input, lambda text: None) == 2
    )


def test_it_needs_a_terminal_and_no_other_mode(kaplint: Kaplint) -> None:
    kaplint.write("a.md", PAGE)
    done = kaplint("fix", "--interactive", "a.md")
    assert done.code == 2
    assert "needs a terminal" in done.err
    assert "leave --diff" in kaplint("fix", "-i", "--diff", "a.md").err
