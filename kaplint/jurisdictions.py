"""How grave a category is, and under which norms, where the copy is published."""

from __future__ import annotations

from kaplint.errors import ConfigError

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from collections.abc import Mapping

    from kaplint.rulebook import ProfileData

__all__ = ["DEFAULT", "resolve"]

# The severities and norms that rules carry themselves are those of US federal law.
DEFAULT = ("us",)
_RANK = {"info": 0, "warning": 1, "error": 2}


def resolve(
    names: tuple[str, ...], profiles: Mapping[str, ProfileData]
) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Return severity and norms by category for one or more jurisdictions.

    A state or province adds to its country; of several the gravest severity holds, and the norms of
    all are named, the gravest first. Raises ConfigError for one that has no profile.
    """
    found: dict[str, list[tuple[int, list[str]]]] = {}
    queue, seen = list(names), set()
    while queue:
        name = queue.pop(0)
        if name in seen:
            continue
        seen.add(name)
        profile = profiles.get(name)
        if profile is None:
            message = (
                f"no profile for the jurisdiction {name} (there are {', '.join(sorted(profiles))})"
            )
            raise ConfigError(message)
        queue += profile["includes"]
        for category, (severity, norms) in profile["categories"].items():
            found.setdefault(category, []).append((_RANK[severity], norms))
    names_of = {rank: name for name, rank in _RANK.items()}
    resolved = {}
    for category, entries in found.items():
        entries.sort(key=lambda entry: -entry[0])
        cited = dict.fromkeys(norm for _, group in entries for norm in group)
        resolved[category] = (names_of[entries[0][0]], tuple(cited))
    return resolved
