"""Numbers, shares and lengths of time, in copy and in the register."""

from __future__ import annotations

from kaplint.records import dataclass

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "LARGE",
    "NUMBERS",
    "ONES",
    "PARTS",
    "TENS",
    "TIMES",
    "UNIT",
    "UNITS",
    "Count",
    "Length",
    "all_values",
    "fits",
    "is_year",
    "large_values",
    "lengths",
    "percent_values",
    "plain_percents",
    "same_length",
    "value_of",
]

UNITS = {
    "minute": 1 / 60,
    "hour": 1.0,
    "day": 24.0,
    "week": 168.0,
    "month": 730.5,
    "year": 8766.0,
}
UNIT = {**{name: name for name in UNITS}, **{f"{name}s": name for name in UNITS}}
ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
NUMBERS = {word: n for n, word in enumerate(ONES)} | {
    word: 10 * n for n, word in enumerate(TENS, 2)
}
PARTS = {
    "third": 3,
    "thirds": 3,
    "quarter": 4,
    "quarters": 4,
    "fifth": 5,
    "fifths": 5,
    "tenth": 10,
}
LARGE = {"million": 1e6, "billion": 1e9, "trillion": 1e12, "bn": 1e9, "m": 1e6}
TIMES = frozenset("times once twice per sessions doses three every each".split())


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time, and the unit it is given in."""

    hours: float
    unit: str


@dataclass(frozen=True, slots=True)
class Count:
    """A number of a page: its value, its place, and how it is qualified."""

    value: float
    start: int
    end: int
    loose: str  # "", about, above, below
    decimals: int


def value_of(word: str) -> float | None:
    """Return the number that a word is, in figures or letters, or None."""
    if word in NUMBERS:
        return float(NUMBERS[word])
    if word[:1].isdigit():
        try:
            return float(word.replace(",", ""))
        except ValueError:
            return None
    return None


def is_year(word: str) -> bool:
    """Tell whether a word may be the year of a study."""
    return len(word) == 4 and word.isdigit() and 1950 <= int(word) <= 2035


def plain_percents(words: list[str]) -> list[str]:
    """Return the words with each percent as %; of the same number."""
    return ["%" if word in ("percent", "percentage", "cent") else word for word in words]


def all_values(words: list[str]) -> Iterator[float]:
    """Yield the numbers of a text of the register, years left out."""
    for at, word in enumerate(words):
        value = value_of(word)
        if value is not None and not is_year(word):
            yield value
            if word in TENS and at + 1 < len(words) and words[at + 1] in ONES[1:10]:
                yield value + NUMBERS[words[at + 1]]


def percent_values(words: list[str]) -> Iterator[float]:
    """Yield the percentages of a text of the register: numbers with %, and shares in words."""
    for at, word in enumerate(words):
        value = value_of(word)
        if value is not None and not word.isalpha():
            ahead = words[at + 1 : at + 4]
            if "%" in ahead and not any(
                other.isalpha() and other not in ("and", "to", "per")
                for other in ahead[: ahead.index("%")]
            ):
                yield value
        elif word == "half":
            yield 50.0
        elif word in PARTS and at:
            yield 100 * (value_of(words[at - 1]) or 1.0) / PARTS[word]
        if value is not None:
            ahead = words[at + 1 : at + 4]
            # "8 of 16", "one in five"
            if (
                len(ahead) > 1
                and ahead[0] in ("of", "in", "\u2044")
                and (value_of(ahead[1]) or 0) > value > 0
            ):
                yield round(100 * value / (value_of(ahead[1]) or 1), 1)


def large_values(words: list[str]) -> Iterator[float]:
    """Yield the numbers of a text that are given in millions and more."""
    for at, word in enumerate(words[:-1]):
        value = value_of(word)
        if value is not None and words[at + 1] in LARGE:
            yield value * LARGE[words[at + 1]]


def lengths(words: list[str], first: int, last: int) -> Iterator[tuple[Length, int, int]]:
    """Yield the lengths of time between two places: "24 hours", "a week", "week 8"."""
    for at in range(first, last):
        unit = UNIT.get(words[at])
        if unit is None:
            continue
        start = at - 1
        if start > first and words[start] in ("whole", "full", "further", "entire", "more"):
            start -= 1
        before = words[start] if start >= first else ""
        value = value_of(before)
        if value is not None and before in ONES and start > first and words[start - 1] in TENS:
            value += NUMBERS[words[start - 1]]
            start -= 1
        if value is None and before in ("a", "an", "single"):
            if start > first and (
                words[start - 1] in TIMES or words[start - 1] in ("dose", "days")
            ):
                continue
            value = 1.0
        if value is None and words[at] == unit and at + 1 < last:  # "week 8", "day 15"
            value = value_of(words[at + 1])
            if value is not None and not words[at + 1].isalpha() and value < 400:
                yield Length(value * UNITS[unit], unit), at, at + 2
            continue
        if value is None or value > 400:
            continue
        after = words[at + 1] if at + 1 < last else ""
        earlier = words[max(first, start - 3) : start]
        beyond = words[at + 2] if at + 2 < last else ""
        if unit == "year" and (
            after == "old"
            or (after == "of" and beyond in ("age", "experience"))
            or {"aged", "age", "past", "last", "recent"}.intersection(earlier)
        ):
            continue
        yield Length(value * UNITS[unit], unit), start, at + 1
        # "1 to 2 weeks", "10-12 days": the first number has the same unit.
        place = start - 1
        if place >= first and words[place] in ("to", "or", "and", "\u2013", "\u2014"):
            place -= 1
        if (
            place >= first
            and place >= start - 2
            and before[:1].isdigit() == words[place][:1].isdigit()
        ):
            other = value_of(words[place])
            if (
                other is not None
                and other < value
                and not (place == start - 1 and words[place] in TENS)
            ):
                yield Length(other * UNITS[unit], unit), place, at + 1


def fits(count: Count, value: float) -> bool:
    """Tell whether a number as a page gives it may stand for one of the register."""
    if count.loose == "share":
        return abs(count.value - value) <= 5.0
    off = value - count.value
    if abs(off) < (0.55 if count.decimals == 0 else 0.06 * 10 ** (1 - count.decimals)):
        return True
    slack = 0.05 * count.value if count.value > 100 else 3.0
    if count.loose == "about":
        return abs(off) <= slack
    if count.loose == "above":
        return 0 <= off <= slack
    if count.loose == "below":
        return -slack <= off <= 0
    return False


def same_length(length: Length, other: Length) -> bool:
    """Tell whether two lengths of time are one: 24 hours and a day, four weeks and a month."""
    slack = 0.02 if length.unit == other.unit else 0.09
    return abs(length.hours - other.hours) <= slack * max(length.hours, other.hours)
