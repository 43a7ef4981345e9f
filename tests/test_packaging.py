"""The wheel carries all it needs, works alone, and serves the GitHub Action."""

from __future__ import annotations

import json
import os
import sys
import zipfile
from pathlib import Path

import pytest
import yaml
from checkout import ROOT, copy_checkout, run

from kaplint import __version__, rulepack
from kaplint.api import Linter
from kaplint.config import Config

_BAD = "Ketamine cures depression.\n"
_GOOD = "Ketamine may ease depression in some people.\n"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from a copy of the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    source = copy_checkout(folder / "source")
    before = sorted(source.rglob("*.json"))
    done = run(
        *(sys.executable, "-m", "build", "--wheel", "--outdir", folder / "dist", source),
        cwd=folder,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert sorted(source.rglob("*.json")) == before, "the build leaves something in the checkout"
    (built,) = (folder / "dist").glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel into an empty environment, and return its command."""
    folder = tmp_path_factory.mktemp("environment")
    done = run(sys.executable, "-m", "venv", folder / "venv", cwd=folder)
    assert done.returncode == 0, done.stderr
    programs = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
    done = run(programs / "pip", "install", "--quiet", wheel, cwd=folder)
    assert done.returncode == 0, done.stderr
    return programs / "kaplint"


def test_wheel_carries_what_it_needs(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert len(names) == len(set(names))
    carried = set(names)
    for path in (ROOT / "rules").rglob("*.yaml"):
        assert f"kaplint/rules/{path.relative_to(ROOT / 'rules').as_posix()}" in carried
    for path in (ROOT / "kaplint").rglob("*.py"):
        assert path.relative_to(ROOT).as_posix() in carried
    assert "kaplint/py.typed" in carried
    about = f"kaplint-{__version__}.dist-info"
    assert f"{about}/licenses/LICENSE" in carried
    assert all(name.startswith(("kaplint/", f"{about}/")) for name in names)


def test_pack_in_the_wheel_is_that_of_the_rules(wheel: Path) -> None:
    files = rulepack.files(rulepack.build((ROOT / "rules",)))
    with zipfile.ZipFile(wheel) as archive:
        carried = {name: archive.read(f"kaplint/{name}").decode("utf-8") for name in files}
    assert carried == files


def test_wheel_works_alone(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.md").write_text(_BAD, encoding="utf-8")
    (tmp_path / "good.html").write_text(f"<p>{_GOOD}</p>", encoding="utf-8")
    # An empty cache folder that nothing may be needed from.
    cache = {"KAPLINT_CACHE_DIR": str(tmp_path / "cache")}

    def kaplint(*words: str) -> tuple[int, str]:
        done = run(installed, *words, cwd=tmp_path, **cache)
        assert "Traceback" not in done.stderr
        return done.returncode, done.stdout

    assert kaplint("--version") == (0, f"kaplint {__version__}\n")
    code, printed = kaplint("check", "--quiet", "bad.md")
    assert (code, printed[:17]) == (1, "bad.md:1:10: CU01")
    code, printed = kaplint("check", "good.html")
    assert (code, printed.partition("\n")[0]) == (0, "No problems in 1 file.")
    code, printed = kaplint("selftest")
    assert code == 0, printed
    assert kaplint("explain", "CU01")[0] == 0
    code, printed = kaplint("rules", "--output-format", "json")
    assert code == 0
    told = {rule["code"] for rule in json.loads(printed)["rules"]}
    assert told == {rule.code for rule in Linter(Config()).rulebook.rules}


def test_wheel_reads_rules_of_ones_own(installed: Path, tmp_path: Path) -> None:
    done = run(
        *(installed, "selftest", ROOT / "examples" / "rules"),
        cwd=tmp_path,
        KAPLINT_CACHE_DIR=str(tmp_path / "cache"),
    )
    assert (done.returncode, done.stdout) == (0, "1 rule, every example holds\n")


@pytest.mark.skipif(os.name == "nt", reason="the action runs on Linux and macOS")
def test_action_lints_with_its_inputs(wheel: Path, tmp_path: Path) -> None:
    """Run the action's two steps as the runner would, its inputs in the environment."""
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    install, lint = action["runs"]["steps"]
    site = tmp_path / "site"
    site.mkdir()
    (site / "bad page.md").write_text(_BAD, encoding="utf-8")
    (tmp_path / "kaplint.yaml").write_text("ignore: [EF]\n", encoding="utf-8")

    def step(part: dict[str, object], inputs: dict[str, str]) -> tuple[int, str]:
        values = {name: about.get("default", "") for name, about in action["inputs"].items()}
        values |= inputs
        variables = {}
        assert isinstance(part["env"], dict)
        for name, value in part["env"].items():
            expression = value.removeprefix("${{ ").removesuffix(" }}")
            kind, _, key = expression.partition(".")
            variables[name] = values[key] if kind == "inputs" else str(wheel)
        done = run(
            *("bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", str(part["run"])),
            cwd=tmp_path,
            RUNNER_TEMP=str(tmp_path / "runner"),
            **variables,
        )
        return done.returncode, done.stdout + done.stderr

    code, printed = step(install, {})
    assert code == 0, printed
    code, printed = step(lint, {"paths": "site\n"})
    assert code == 1, printed
    assert printed.startswith("::error file=site/bad page.md,line=1,"), printed
    sarif = {"output-format": "sarif", "output-file": "report.sarif", "fail-on": "never"}
    code, printed = step(lint, {"paths": "site", "config": "kaplint.yaml", **sarif})
    assert (code, printed) == (0, "")
    results = json.loads((tmp_path / "report.sarif").read_text(encoding="utf-8"))["runs"][0]
    assert [r["ruleId"] for r in results["results"]] == ["CU01"]
    code, printed = step(lint, {"paths": "site; touch $(echo broken)"})
    assert not (tmp_path / "broken").exists()
    assert code == 2, printed
