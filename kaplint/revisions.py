"""What git knows of an earlier version: which files changed since a revision, and what they held.

git runs as a program, without the extensions a repository may configure, and never to write.
"""

from __future__ import annotations

import os
import subprocess
from difflib import SequenceMatcher

from kaplint.errors import ConfigError
from kaplint.files import decode
from kaplint.records import dataclass

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Moved", "Repository"]

# A file that git does not track yet and that has so much of one that is gone was renamed.
_RENAMED = 0.5
# So many files of either kind are compared for that.
_MOST = 60


@dataclass(frozen=True, slots=True)
class Moved:
    """A file that is not what it was: paths below the repository, "" where there is none.

    ``status`` is one of: changed, added, deleted, renamed.
    """

    old: str
    new: str
    status: str


class Repository:
    """A repository, and a revision of it to compare with."""

    def __init__(self, folder: str, revision: str) -> None:
        """Find the repository that a folder lies in, and the revision.

        Raises ConfigError where there is no git, no repository, no working tree or no such revision.
        """
        self.folder = folder
        if not revision or revision.startswith("-"):
            message = f"--since takes a revision (a commit, a branch, a tag), not {revision!r}"
            raise ConfigError(message)
        top = self._git("rev-parse", "--show-toplevel")
        if top is None:
            where = os.path.abspath(folder)
            message = f"{where}: in no git repository, and --since reads the old version from one"
            raise ConfigError(message)
        self.top = os.fsdecode(top.removesuffix(b"\n"))
        self.folder = self.top
        commit = self._git("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
        if commit is None:
            message = f"{self.top}: no such revision: {revision}"
            raise ConfigError(message)
        self.revision = revision
        self.commit = commit.decode("ascii").strip()

    def _git(self, *arguments: str) -> bytes | None:
        """Return what git prints, or None where it fails. Raises ConfigError without git."""
        command = ("git", "-c", "core.fsmonitor=false", "-C", self.folder, *arguments)
        environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
        try:
            done = subprocess.run(  # noqa: S603 (no shell; the arguments are ours)
                command, capture_output=True, check=False, env=environment
            )
        except FileNotFoundError:
            message = "git is not installed, and --since needs it"
            raise ConfigError(message) from None
        return done.stdout if done.returncode == 0 else None

    def path(self, name: str) -> str:
        """Return a path below the repository, with slashes. Raises ConfigError for one outside."""
        relative = os.path.relpath(os.path.realpath(name), os.path.realpath(self.top))
        if relative == ".." or relative.startswith(".." + os.sep):
            message = f"{name}: lies outside of the repository {self.top}"
            raise ConfigError(message)
        return "" if relative == "." else relative.replace(os.sep, "/")

    def content(self, path: str) -> str | None:
        """Return the text that a file had, or None where there was none.

        Raises ValueError where it was no text.
        """
        data = self._git("cat-file", "blob", f"{self.commit}:{path}")
        return None if data is None else decode(data)[0]

    def moved(self) -> list[Moved]:
        """Return what differs between the revision and the working tree, untracked files too."""
        listed = self._git(
            "diff", "--name-status", "-z", "-M", "--no-ext-diff", "--no-textconv", self.commit
        )
        untracked = self._git("ls-files", "--others", "--exclude-standard", "-z")
        if listed is None or untracked is None:
            message = f"{self.top}: git cannot compare the working tree with {self.revision}"
            raise ConfigError(message)
        found = list(_entries(os.fsdecode(listed).split("\0")))
        new = [name for name in os.fsdecode(untracked).split("\0") if name]
        gone = [moved for moved in found if moved.status == "deleted"]
        # In the tree again, though the index has lost it.
        for moved in gone:
            if moved.old in new:
                found[found.index(moved)] = Moved(moved.old, moved.old, "changed")
                new.remove(moved.old)
        for name in new:
            origin = self._origin(name, [moved for moved in found if moved.status == "deleted"])
            if origin is None:
                found.append(Moved("", name, "added"))
            else:
                found[found.index(origin)] = Moved(origin.old, name, "renamed")
        return found

    def _origin(self, name: str, gone: list[Moved]) -> Moved | None:
        """Return the file that is gone and that an untracked one has most of, if any."""
        suffix = os.path.splitext(name)[1]
        candidates = [moved for moved in gone if os.path.splitext(moved.old)[1] == suffix][:_MOST]
        if not candidates:
            return None
        try:
            with open(os.path.join(self.top, name), "rb") as stream:
                lines = stream.read().splitlines()
        except OSError:
            return None
        best, origin = _RENAMED, None
        for moved in candidates:
            data = self._git("cat-file", "blob", f"{self.commit}:{moved.old}") or b""
            ratio = SequenceMatcher(None, data.splitlines(), lines, autojunk=False).ratio()
            if ratio > best:
                best, origin = ratio, moved
        return origin


_STATUS = {"A": "added", "D": "deleted", "M": "changed", "T": "changed", "U": "changed"}


def _entries(fields: list[str]) -> Iterator[Moved]:
    """Read what ``git diff --name-status -z`` prints."""
    rest = iter(fields)
    for status in rest:
        if not status:
            continue
        if status[0] in "RC":
            old, new = next(rest), next(rest)
            yield Moved(old, new, "renamed") if status[0] == "R" else Moved("", new, "added")
            continue
        name = next(rest)
        kind = _STATUS.get(status[0], "changed")
        yield Moved("" if kind == "added" else name, "" if kind == "deleted" else name, kind)
