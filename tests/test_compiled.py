"""Compiled expressions that are kept from one run to the next."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kaplint import lazy
from kaplint.compiled import PatternCache

SOURCES = [r"cur(?P<form>es|ed)", r"\bpain\b"]


def cache(folder: Path, sources: list[str] | None = None) -> PatternCache:
    return PatternCache(str(folder / "pack"), lambda: SOURCES if sources is None else sources)


def kept(folder: Path) -> Path:
    (path,) = folder.glob("pack-*.bin")
    return path


def test_a_second_run_takes_what_the_first_compiled(tmp_path: Path) -> None:
    first = cache(tmp_path)
    assert first.get(0).search("it cures")
    assert first.compile("PAIN", re.IGNORECASE).search("no pain")
    first.save()
    second = cache(tmp_path, sources=[])  # nothing to compile from
    found = second.get(0).search("it cured")
    assert found is not None
    assert found["form"] == "ed"
    assert second.compile("PAIN", re.IGNORECASE).search("no pain")
    assert second.compile("PAIN", 0).search("no pain") is None


def test_what_is_new_is_added_to_what_was_kept(tmp_path: Path) -> None:
    first = cache(tmp_path)
    first.get(0)
    first.save()
    second = cache(tmp_path)
    second.get(1)
    second.save()
    assert second.get(0).search("cures")
    third = cache(tmp_path, sources=[])
    assert third.get(0).search("cures")
    assert third.get(1).search("a pain")


def test_a_file_that_is_replaced_meanwhile_is_read_as_it_was(tmp_path: Path) -> None:
    writer = cache(tmp_path)
    writer.get(0)
    writer.get(1)
    writer.save()
    reader = cache(tmp_path)
    other = PatternCache(str(tmp_path / "pack"), lambda: ["x" * 50, "y"])
    other.compile("z" * 200)
    other.save()
    assert reader.get(1).search("a pain")


@pytest.mark.parametrize("damage", [b"", b"kaplint patterns 2\n{]", b"something else"])
def test_a_damaged_file_is_written_anew(tmp_path: Path, damage: bytes) -> None:
    first = cache(tmp_path)
    first.get(0)
    first.save()
    kept(tmp_path).write_bytes(damage)
    second = cache(tmp_path)
    assert second.get(0).search("cures")
    second.save()
    assert cache(tmp_path, sources=[]).get(0).search("cures")


def test_a_shortened_file_is_no_trap(tmp_path: Path) -> None:
    first = cache(tmp_path)
    first.get(0)
    first.save()
    path = kept(tmp_path)
    path.write_bytes(path.read_bytes()[:-9])
    assert cache(tmp_path).get(0).search("cures")


def test_expressions_of_the_engine_go_through_the_cache() -> None:
    asked: list[tuple[str, int]] = []

    def note(source: str, flags: int) -> re.Pattern[str]:
        asked.append((source, flags))
        return re.compile(source, flags)

    before = lazy._compile[0]
    lazy.compile_with(note)
    try:
        assert lazy.lazy("a+", re.IGNORECASE).fullmatch("AAA")
    finally:
        lazy.compile_with(before)
    assert asked == [("a+", int(re.IGNORECASE))]
