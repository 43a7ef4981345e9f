"""Records behave as frozen, slotted dataclasses do."""

from __future__ import annotations

import dataclasses
import pickle

import pytest

from kaplint.config import Config
from kaplint.model import Edit, Prose, Span
from kaplint.records import replace


def test_equal_by_value_and_hashable() -> None:
    assert Span(1, 2) == Span(1, 2)
    assert Span(1, 2) != Span(1, 3)
    assert Span(1, 2) != Edit(1, 2, "")  # type: ignore[comparison-overlap]
    assert len({Span(1, 2), Span(1, 2)}) == 1


def test_frozen() -> None:
    span = Span(1, 2)
    with pytest.raises(AttributeError):
        span.start = 3  # type: ignore[misc]
    with pytest.raises(AttributeError):
        del span.start
    with pytest.raises(AttributeError):
        span.other = 3  # type: ignore[attr-defined]


def test_shown_by_field() -> None:
    assert repr(Span(1, end=2)) == "Span(start=1, end=2)"
    assert "_starts" not in repr(Prose("", (), ()))


def test_defaults_and_missing_arguments() -> None:
    assert Config().fail_on == "warning"
    assert Config(fail_on="error") == replace(Config(), fail_on="error")
    with pytest.raises(TypeError):
        Span(1)  # type: ignore[call-arg]


def test_pickled_and_taken_apart_by_dataclasses() -> None:
    edit = Edit(1, 2, "x")
    assert pickle.loads(pickle.dumps(edit)) == edit
    assert dataclasses.is_dataclass(edit)
    assert dataclasses.asdict(edit) == {"start": 1, "end": 2, "replacement": "x"}
    assert dataclasses.replace(edit, end=5) == Edit(1, 5, "x")


def test_matched_by_position() -> None:
    match Span(3, 4):
        case Span(start, end):
            assert (start, end) == (3, 4)
