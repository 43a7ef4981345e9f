"""How grave a category is, and under which norms, where the copy is published."""

from __future__ import annotations

from kaplint.errors import ConfigError
from kaplint.records import dataclass

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from collections.abc import Mapping

    from kaplint.rulebook import ProfileData

__all__ = ["DEFAULT", "Standing", "reach", "resolve"]

# The severities and norms that rules carry themselves are those of US federal law.
DEFAULT = ("us",)
_RANK = {"info": 0, "warning": 1, "error": 2}


@dataclass(frozen=True, slots=True)
class Standing:
    """How a category stands in the chosen jurisdictions.

    ``severity`` is the gravest of them, ``strictest`` names those that hold it so grave, and
    ``norms`` are those of all, the gravest first.
    """

    severity: str
    norms: tuple[str, ...]
    strictest: tuple[str, ...]


def reach(names: tuple[str, ...], profiles: Mapping[str, ProfileData]) -> tuple[str, ...]:
    """Return the jurisdictions with all that they include: a state its country.

    Raises ConfigError for one that has no profile.
    """
    queue, seen = list(names), dict.fromkeys(names[:0])
    while queue:
        name = queue.pop(0)
        if name in seen:
            continue
        profile = profiles.get(name)
        if profile is None:
            message = (
                f"no profile for the jurisdiction {name} (there are {', '.join(sorted(profiles))})"
            )
            raise ConfigError(message)
        seen[name] = None
        queue += profile["includes"]
    return tuple(seen)


def resolve(names: tuple[str, ...], profiles: Mapping[str, ProfileData]) -> dict[str, Standing]:
    """Return how each category stands in one or more jurisdictions.

    A state or province adds to its country; of several the gravest severity holds, and the norms of
    all are named. Raises ConfigError for one that has no profile.
    """
    found: dict[str, list[tuple[int, str, list[str]]]] = {}
    for name in reach(names, profiles):
        for category, (severity, norms) in profiles[name]["categories"].items():
            found.setdefault(category, []).append((_RANK[severity], name, norms))
    names_of = {rank: name for name, rank in _RANK.items()}
    resolved = {}
    for category, entries in found.items():
        entries.sort(key=lambda entry: -entry[0])
        worst = entries[0][0]
        resolved[category] = Standing(
            names_of[worst],
            tuple(dict.fromkeys(norm for _, _, group in entries for norm in group)),
            tuple(name for rank, name, _ in entries if rank == worst),
        )
    return resolved
