"""Imports point down, names in tables name modules, and a plain check imports nothing slow."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from packs import phrase, write

import kaplint
from kaplint.cli import parser
from kaplint.guards import CLASSES, GUARDS
from kaplint.loaders import LOADERS
from kaplint.matchers import MATCHERS, matcher
from kaplint.reporters import REPORTERS
from kaplint.rulepack import NAMED_GUARDS

PACKAGE = Path(kaplint.__file__).parent
# Each layer imports only from those before it, and never from a neighbour.
LAYERS = """\
records lazy
errors model files inflect sentences tokens yamlfile compiled measured codes
patterns fixes facttable strengthtable register approvals loaders reporters revisions
rulebook references fidelity templates
guards jurisdictions citing
documents
readability statements
matchers
rulepack linter alignment
rewording
discovery strength
config directives drift selftest
api
commands
cli
__init__ __main__
"""
RANK = {name: rank for rank, line in enumerate(LAYERS.splitlines()) for name in line.split()}
# What points up on purpose, inside a function: what is imported, and why.
UPWARD = {
    (
        "rulebook",
        "rulepack",
    ): "where no pack has been built yet, building one is part of reading it",
}
SLOW = ("yaml textstat nltk rich regex jsonschema importlib.metadata tomllib pathspec").split()


def modules() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if "rules" not in path.parts)


def layer(path: Path) -> str:
    """Return the name by which LAYERS knows a module: the first part below the package."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(node: ast.AST) -> Iterator[str]:
    """Return the modules of kaplint that are imported at run time, anywhere below a node."""
    if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
        return  # type checkers alone read these
    if isinstance(node, ast.Import):
        yield from (
            name.name.removeprefix("kaplint.") for name in node.names if "kaplint" in name.name
        )
    elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("kaplint"):
        below = (node.module or "").removeprefix("kaplint").removeprefix(".")
        # "from kaplint import rulepack" names modules; __version__ is of the package itself.
        yield from [below] if below else [n.name for n in node.names if n.name != "__version__"]
    for child in ast.iter_child_nodes(node):
        yield from imported(child)


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_down(path: Path) -> None:
    here = layer(path)
    assert here in RANK, f"say in LAYERS where {here} belongs"
    for name in imported(ast.parse(path.read_text(encoding="utf-8"))):
        there = name.split(".")[0]
        if there != here and (here, there) not in UPWARD:
            assert RANK[there] < RANK[here], f"{path.name} imports {name}"


def test_exceptions_are_needed() -> None:
    pairs = {
        (layer(path), name.split(".")[0])
        for path in modules()
        for name in imported(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert pairs >= UPWARD.keys()


def stems(folder: str, *others: str) -> set[str]:
    return {path.stem for path in (PACKAGE / folder).glob("*.py")} - {"__init__", *others}


def test_each_kind_of_finding_is_a_module() -> None:
    assert set(MATCHERS) == stems("matchers", "interface")
    for name in MATCHERS:
        made = matcher(name)
        assert type(made).__module__ == f"kaplint.matchers.{name}"
        assert made.scope in ("span", "document")


def test_each_loader_is_a_module() -> None:
    assert set(LOADERS.values()) == stems("loaders")
    for suffix, name in LOADERS.items():
        assert suffix == suffix.lower()
        assert suffix.startswith(".")
        assert callable(import_module(f"kaplint.loaders.{name}").read)


def test_each_reporter_is_a_module() -> None:
    assert set(REPORTERS.values()) == stems("reporters", "options")
    for name in REPORTERS.values():
        assert callable(import_module(f"kaplint.reporters.{name}").render)


def test_each_guard_is_a_function() -> None:
    assert set(GUARDS) == set(NAMED_GUARDS)
    for name, guard in GUARDS.items():
        assert guard.__name__ == name.replace("-", "_")
        assert guard.__doc__
    assert len(CLASSES) == len(set(CLASSES))


def test_each_command_is_a_module_with_run() -> None:
    (choices,) = [a.choices for a in parser()._actions if isinstance(a.choices, dict)]
    assert set(choices) <= stems("commands")
    for name in choices:
        assert callable(import_module(f"kaplint.commands.{name}").run)
    # The rest of the folder is what commands share.
    for name in stems("commands") - set(choices):
        assert not hasattr(import_module(f"kaplint.commands.{name}"), "run")


def test_public_names_exist() -> None:
    assert sorted(kaplint.__all__) == sorted([*kaplint._PUBLIC, "__version__"])
    for name, module in kaplint._PUBLIC.items():
        assert getattr(kaplint, name) is getattr(import_module(f"kaplint.{module}"), name)
    with pytest.raises(AttributeError, match="nothing_such"):
        kaplint.nothing_such  # noqa: B018


_RUN = """\
import json, sys
import kaplint.rulebook
folder, report = sys.argv.pop(1), sys.argv.pop(1)
kaplint.rulebook.rules_folder = lambda: folder
from kaplint.cli import main
code = main()
open(report, "w").write(json.dumps(sorted(sys.modules)))
sys.exit(code)
"""


@pytest.mark.parametrize("suffix", ["md", "html", "txt"])
def test_a_check_with_a_warm_cache_imports_nothing_slow(suffix: str, tmp_path: Path) -> None:
    rules = write(tmp_path / "rules", {"cure/a": phrase("cures {condition}")})
    (tmp_path / f"page.{suffix}").write_text("Ketamine cures depression, they say.\n")
    report = tmp_path / "modules.json"
    environment = {**os.environ, "KAPLINT_CACHE_DIR": str(tmp_path / "cache")}
    for _ in range(2):  # the first run builds the pack, the second finds it
        done = subprocess.run(
            [sys.executable, "-c", _RUN, rules, report, "check", f"page.{suffix}"],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode in (0, 1), done.stderr
        assert done.stderr == ""
    assert "cures depression" in done.stdout
    loaded = set(json.loads(report.read_text()))
    assert "kaplint.linter" in loaded
    assert not loaded & {*SLOW, "kaplint.rulepack", "kaplint.yamlfile", "kaplint.patterns"}
    assert not loaded & {"kaplint.register", "kaplint.approvals", "kaplint.drift"}


def test_importing_kaplint_imports_no_other_module_of_it() -> None:
    code = "import sys, kaplint; print([m for m in sys.modules if m.startswith('kaplint.')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
