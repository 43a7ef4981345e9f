"""Which files are read: folders, ignore files, exclusions, names, links."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from running import CURE, Kaplint

from kaplint.discovery import Missing, discover, is_pattern


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder that is the working one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def touch(*names: str) -> None:
    """Write empty files; a name with a slash at its end is a folder."""
    for name in names:
        path = Path(name)
        if name.endswith("/"):
            path.mkdir(parents=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()


def ignore(name: str, *lines: str) -> None:
    """Write an ignore file."""
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def found(*paths: str, exclude: tuple[str, ...] = (), root: str = ".") -> list[str]:
    """Return what is read below the paths, as it is named."""
    return list(discover(list(paths), exclude, root))


# Walking


def test_a_folder_gives_what_a_reader_knows_in_order(here: Path) -> None:
    touch(
        "b.md", "a.txt", "c/z.html", "c/a.htm", "B.MD", "d.mdx", "e.markdown", "f.text", "g.xhtml"
    )
    touch("x.py", "y.docx", "md", "c/style.css", ".md")
    assert found(".") == [
        *(".md", "B.MD", "a.txt", "b.md", "c/a.htm", "c/z.html", "d.mdx", "e.markdown", "f.text"),
        "g.xhtml",
    ]


def test_pages_that_no_reader_knows_are_counted(here: Path) -> None:
    touch("a.md", "src/b.tsx", "src/c.TSX", "d.vue", "e.py", "node_modules/f.jsx", "gone/g.php")
    ignore(".gitignore", "gone/")
    others: dict[str, int] = {}
    assert list(discover(["."], (), ".", others)) == ["a.md"]
    assert others == {".tsx": 2, ".vue": 1}


def test_the_folder_is_named_as_it_was_given(here: Path) -> None:
    touch("site/a.md")
    assert found(".") == ["site/a.md"]
    assert found("./") == ["./site/a.md"]
    assert found("site") == ["site/a.md"]
    assert found("site/") == ["site/a.md"]
    assert found(f"{here}/site") == [f"{here}/site/a.md"]
    os.chdir("site")
    assert found("..") == ["../site/a.md"]


def test_hidden_files_are_read_and_hidden_tools_are_not(here: Path) -> None:
    touch(".github/a.md", ".draft.md")
    touch(".git/a.md", ".venv/a.md", "node_modules/p/a.md", "x/node_modules/a.md", ".tox/a.md")
    assert found(".") == [".draft.md", ".github/a.md"]


def test_a_folder_that_holds_no_copy_is_read_when_it_is_named(here: Path) -> None:
    touch("node_modules/a.md")
    assert found("node_modules") == ["node_modules/a.md"]
    assert found("node_modules/a.md") == ["node_modules/a.md"]


def test_a_file_that_is_named_is_taken_whatever_its_suffix(here: Path) -> None:
    touch("a.docx", "page", "b.md")
    assert found("a.docx", "page") == ["a.docx", "page"]


def test_no_file_comes_twice(here: Path) -> None:
    touch("a.md", "b/c.md")
    assert found("b/c.md", ".", "b", "./a.md", f"{here}/a.md", "b/../a.md") == ["b/c.md", "a.md"]


def test_paths_keep_their_order(here: Path) -> None:
    touch("a.md", "b.md", "c/d.md")
    assert found("c", "b.md", "a.md") == ["c/d.md", "b.md", "a.md"]


@pytest.mark.parametrize("name", ["nowhere.md", "nowhere/", "", "a.md/b.md", "x" * 5000])
def test_what_is_not_there_is_missing(here: Path, name: str) -> None:
    touch("a.md")
    (path,) = discover([name], (), ".")
    assert isinstance(path, Missing)
    assert path == name


def test_a_folder_may_bear_the_name_of_a_file(here: Path) -> None:
    touch("x.md/y.md", "z.html/")
    assert found(".") == ["x.md/y.md"]
    assert found("x.md") == ["x.md/y.md"]


@pytest.mark.skipif(sys.platform == "win32", reason="paths are short on Windows")
def test_a_tree_may_be_deeper_than_the_stack(here: Path) -> None:
    depth = 1500
    folder = os.open(".", os.O_RDONLY)
    try:
        for _ in range(depth):
            os.mkdir("d", dir_fd=folder)
            inner = os.open("d", os.O_RDONLY, dir_fd=folder)
            os.close(folder)
            folder = inner
        os.close(os.open("a.md", os.O_CREAT | os.O_WRONLY, dir_fd=folder))
    finally:
        os.close(folder)
    path = "d/" * depth + "a.md"
    assert found(".") == [path]
    os.unlink(path)
    os.removedirs(os.path.dirname(path))  # shutil.rmtree would need a deeper stack than there is


# Links


@pytest.mark.skipif(sys.platform == "win32", reason="links want rights on Windows")
def test_links_to_files_are_read_and_to_folders_not_followed(here: Path) -> None:
    touch("real/a.md")
    os.symlink("real/a.md", "link.md")
    os.symlink("real", "folder")
    os.symlink("real", "folder.md")
    os.symlink("..", "real/up")
    assert found(".") == ["link.md", "real/a.md"]
    assert found("folder") == ["folder/a.md"]


@pytest.mark.skipif(sys.platform == "win32", reason="links want rights on Windows")
def test_a_link_to_nothing_is_a_failure(kaplint: Kaplint) -> None:
    os.symlink("gone.md", "link.md")
    done = kaplint("check")
    assert done.code == 2
    assert done.out.startswith("link.md: could not be read: No such file or directory")
    assert kaplint("check", "link.md").code == 2


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_not_waited_for(kaplint: Kaplint) -> None:
    os.mkfifo("a.md")
    for arguments in (("check",), ("check", "a.md"), ("fix",)):
        done = kaplint.apart(*arguments)
        assert done.code == 2
        assert "not a regular file" in done.out + done.err


def test_a_folder_that_cannot_be_listed_is_a_failure(kaplint: Kaplint) -> None:
    kaplint.write("open/a.md", CURE)
    kaplint.write("shut/b.md", CURE)
    real, listing = os.scandir, os.listdir
    refused = PermissionError(13, "Permission denied")

    def scandir(path: str) -> object:
        if "shut" in path:
            raise refused
        return real(path)

    def listdir(path: str) -> list[str]:
        if "shut" in path:
            raise refused
        return listing(path)

    kaplint.monkeypatch.setattr(os, "scandir", scandir)
    kaplint.monkeypatch.setattr(os, "listdir", listdir)
    done = kaplint("check", "-q")
    assert done.code == 2
    assert done.out.splitlines()[-1] == "shut: could not be read: Permission denied"
    assert done.out.startswith("open/a.md:1:10: CU01")
    assert kaplint("fix").code == 2


# Ignore files


def test_an_ignore_file_counts_for_its_folder_and_below(here: Path) -> None:
    touch("a.md", "old.md", "b/old.md", "b/c/old.md", "draft/x.md", "b/draft/y.md")
    ignore(".gitignore", "# a remark", "", "old.md", "/draft/")
    assert found(".") == ["a.md", "b/draft/y.md"]


def test_an_ignore_file_below_adds_and_takes_back(here: Path) -> None:
    touch("a.md", "b/a.md", "b/keep.md", "c/keep.md", "b/other.md")
    ignore(".gitignore", "keep.md")
    ignore("b/.gitignore", "!keep.md", "other.md")
    assert found(".") == ["a.md", "b/a.md", "b/keep.md"]


def test_patterns_are_those_of_git(here: Path) -> None:
    touch("a1.md", "a2.md", "ab.md", "x/deep/down/z.md", "x/z.md", "top/z.md", "#odd.md", "s p.md")
    ignore(".gitignore", "a[0-9].md", "!a2.md", "x/**/z.md", "\\#odd.md", "s\\ p.md")
    assert found(".") == ["a2.md", "ab.md", "top/z.md"]


def test_what_stands_in_an_ignored_folder_is_not_taken_back(here: Path) -> None:
    touch("build/keep.md", "a.md")
    ignore(".gitignore", "build/", "!build/keep.md")
    assert found(".") == ["a.md"]


def test_ignore_files_above_count_up_to_the_root_of_the_repository(here: Path) -> None:
    touch("repo/.git/", "repo/site/pages/a.md", "repo/site/pages/old.md", "repo/site/pages/new.md")
    ignore(".gitignore", "a.md")  # outside of the repository
    ignore("repo/.gitignore", "old.md", "new.md")
    ignore("repo/site/.gitignore", "!new.md")
    assert found("repo/site/pages") == ["repo/site/pages/a.md", "repo/site/pages/new.md"]
    os.chdir("repo/site/pages")
    assert found(".") == ["a.md", "new.md"]


def test_ignore_files_above_count_not_without_a_repository(here: Path) -> None:
    touch("site/old.md")
    ignore(".gitignore", "old.md")
    assert found("site") == ["site/old.md"]
    assert found(".") == []


def test_a_file_that_is_named_is_read_though_it_is_ignored(here: Path) -> None:
    touch("old.md")
    ignore(".gitignore", "old.md")
    assert found("old.md") == ["old.md"]
    assert found("old.md", exclude=("old.md",)) == ["old.md"]


@pytest.mark.parametrize("line", ["!", "[z-a].md", "a\\", "///", "\x00", "[", "!!"])
def test_a_line_that_git_does_not_know_is_skipped(here: Path, line: str) -> None:
    touch("a.md", "b.md")
    ignore(".gitignore", line, "b.md")
    assert found(".") == ["a.md"]


def test_an_ignore_file_may_be_no_file_and_no_utf_8(here: Path) -> None:
    touch("a/.gitignore/", "a/a.md", "b/caf\ufffd.md", "b/old.md")
    Path("b/.gitignore").write_bytes(b"\xff\xfe\nold.md\n")
    assert found(".") == ["a/a.md", "b/caf\ufffd.md"]


def test_an_ignore_file_may_have_other_line_ends_and_a_mark(here: Path) -> None:
    touch("a.md", "old.md", "older.md")
    Path(".gitignore").write_bytes(b"\xef\xbb\xbfolder.md\r\nold.md\r\n")
    assert found(".") == ["a.md"]


# Exclusions


def test_exclude_takes_the_syntax_of_git_relative_to_the_root(here: Path) -> None:
    touch("a.md", "drafts/b.md", "x/drafts/c.md", "x/d.md", "e.html")
    assert found(".", exclude=("drafts/",)) == ["a.md", "e.html", "x/d.md"]
    assert found(".", exclude=("/drafts/",)) == ["a.md", "e.html", "x/d.md", "x/drafts/c.md"]
    assert found(".", exclude=("*.md", "!a.md")) == ["a.md", "e.html"]
    assert found("x", exclude=("x/d.md",)) == ["x/drafts/c.md"]
    os.chdir("x")
    assert found(".", exclude=("/d.md",), root="..") == ["d.md", "drafts/c.md"]
    assert found(".", exclude=("/x/d.md",), root="..") == ["drafts/c.md"]


def test_exclude_has_the_last_word(here: Path) -> None:
    touch("a.md", "b.md", "c.md")
    ignore(".gitignore", "!a.md", "b.md")
    assert found(".", exclude=("a.md", "!b.md")) == ["b.md", "c.md"]


def test_exclude_may_come_to_nothing(here: Path) -> None:
    touch("a.md")
    assert found(".", exclude=("*",)) == []


@pytest.mark.parametrize(
    ("pattern", "known"), [("a.md", True), ("!a", True), ("", True), ("!", False), ("[z-a]", False)]
)
def test_what_is_a_pattern(pattern: str, *, known: bool) -> None:
    assert is_pattern(pattern) == known


def test_a_wrong_pattern_is_told(kaplint: Kaplint) -> None:
    kaplint.write("a.md", CURE)
    done = kaplint("check", "--exclude", "!,[z-a]")
    assert (done.code, done.out) == (2, "")
    assert done.err.splitlines() == [
        "kaplint: exclude: '!' is no pattern that git knows",
        "kaplint: exclude: '[z-a]' is no pattern that git knows",
    ]
