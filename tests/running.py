"""Run kaplint as a person does, with a small set of rules whose words stand here.

The shipped rules change; what an option does must not depend on them. The commands therefore run
with the folder that ``small_rules`` writes in place of the shipped one.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from kaplint.cli import main
from kaplint.guards import CLASSES
from kaplint.rulebook import rules_folder

SHIPPED = Path(rules_folder())
# A page of plain copy on which every rule below is silent.
SILENT = "Ketamine may help some people. Side effects are common.\n"
CURE = "Ketamine cures depression.\n"
# So long a wait means that something hangs.
PATIENCE = 120

START = """\
import sys
import kaplint.rulebook
folder = sys.argv.pop(1)
kaplint.rulebook.rules_folder = lambda: folder
from kaplint.cli import main
sys.exit(main())
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run of kaplint came to."""

    code: int
    out: str
    err: str

    @property
    def codes(self) -> list[str]:
        """Return the rules of the findings, of a run with --output-format json."""
        return [str(finding["rule"]) for finding in json.loads(self.out)["findings"]]


def rule(code: str, find: object, /, **keys: object) -> dict[str, object]:
    """Return a rule that lacks nothing; its examples are not true to it."""
    whole: dict[str, object] = {
        "code": code,
        "summary": f"Says what {code} looks for",
        "severity": "warning",
        "confidence": "high",
        "message": '"{match}" is what ' + code + " looks for.",
        "advice": "Say less.",
        "why": "A test wants it.",
        "norms": [],
        "find": find,
        "examples": {"bad": ["«Bad» one.", "«Bad» two."], "good": ["Good one.", "Good two."]},
    }
    return whole | keys


def write_rules(folder: Path, rules: dict[str, dict[str, object]]) -> Path:
    """Write rules, by their path without suffix ("hype/miracle"), into a folder."""
    for name, data in rules.items():
        path = folder / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return folder


def small_rules(folder: Path) -> Path:
    """Write a folder of rules that can stand in place of the shipped one."""
    words = {
        "ailment": ["depression", "anxiety", "chronic pain"],
        "health-topic": ["depression", "anxiety", "pain", "ketamine", "infusion", "patients"],
        "negator": ["not", "never"],
        "hedge": ["may", "might"],
    }
    classes = {name: {"about": name, "words": terms} for name, terms in words.items()}
    for number, name in enumerate(CLASSES):
        classes.setdefault(name, {"about": name, "words": [f"zz{chr(97 + number)}"]})
    vocabulary = folder / "vocabulary"
    vocabulary.mkdir(parents=True)
    (vocabulary / "words.yaml").write_text(yaml.safe_dump(classes), encoding="utf-8")
    shutil.copytree(SHIPPED / "profiles", folder / "profiles")
    shutil.copy(SHIPPED / "norms.yaml", folder)
    return write_rules(
        folder,
        {
            "cure/cures": rule(
                "CU01",
                {"phrase": ["(cure|cures|cured) {ailment}"]},
                severity="error",
                unless=["negated"],
                anywhere=True,
                fix=[{"for": "cures what={ailment}", "with": "may ease {what}", "safe": False}],
                examples={
                    "bad": ["It «cures depression».", "Never wait: it «cures anxiety»."],
                    "good": ["It may ease anxiety.", "It does not cure depression."],
                },
            ),
            "guarantee/guaranteed": rule(
                "GU01",
                {"phrase": ["guaranteed results"]},
                anywhere=True,
                fix=[{"for": "guaranteed results", "with": "results that vary", "safe": True}],
                examples={
                    "bad": [
                        {
                            "text": "We offer «guaranteed results».",
                            "fixed": "We offer results that vary.",
                        },
                        "These are «guaranteed results».",
                    ],
                    "good": ["Results vary.", "Nothing is certain."],
                },
            ),
            "hype/miracle": rule(
                "HY01",
                {"phrase": ["miracle"]},
                severity="info",
                examples={
                    "bad": ["It is a «miracle».", "A «miracle» in a drip."],
                    "good": ["It is a drip.", "It is no wonder."],
                },
            ),
            "comparative/best": rule(
                "CO01",
                {"phrase": ["the best clinic"]},
                confidence="low",
                examples={
                    "bad": ["We are «the best clinic».", "See «the best clinic»."],
                    "good": ["We are a clinic.", "See a clinic."],
                },
            ),
            "no-risks/risks-missing": rule(
                "NR01",
                {"absence": {"where": ["infusion"], "lacks": ["side effects"]}},
                examples={
                    "bad": ["An «infusion» takes an hour.", "Book an «infusion»."],
                    "good": ["An infusion has side effects.", "Ask about side effects."],
                },
            ),
            "readability/hard": rule(
                "RG01",
                {"readability": {"words": 5}},
                examples={
                    "bad": [
                        (
                            "«Intravenous administration necessitates comprehensive preliminary"
                            " cardiological investigation.»"
                        ),
                        (
                            "«Individualised psychopharmacological interventions necessitate"
                            " interdisciplinary collaboration.»"
                        ),
                    ],
                    "good": ["We sit with you. You rest.", "You come in. We talk."],
                },
            ),
        },
    )


@dataclass(frozen=True, slots=True)
class Kaplint:
    """The command, run in a folder with the small rules."""

    folder: Path
    rules: Path
    capsys: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch

    def __call__(self, *arguments: str | os.PathLike[str], stdin: bytes = b"") -> Outcome:
        """Run a command in this process."""
        self.monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        self.capsys.readouterr()
        try:
            code = main([os.fspath(word) for word in arguments])
        except SystemExit as end:  # argparse ends so
            code = end.code if isinstance(end.code, int) else 2
        out, err = self.capsys.readouterr()
        return Outcome(code, out, err)

    def apart(
        self,
        *arguments: str | os.PathLike[str],
        stdin: bytes = b"",
        environment: dict[str, str] | None = None,
    ) -> Outcome:
        """Run a command in a process of its own, its output to pipes. A hang fails the test."""
        done = subprocess.run(
            [sys.executable, "-c", START, self.rules, *arguments],
            cwd=self.folder,
            input=stdin,
            capture_output=True,
            timeout=PATIENCE,
            env={**os.environ, **(environment or {})},
            check=False,
        )
        return Outcome(
            done.returncode,
            done.stdout.decode("utf-8", "backslashreplace"),
            done.stderr.decode("utf-8", "backslashreplace"),
        )

    def write(self, name: str, text: str | bytes) -> Path:
        """Write a file below the folder, exactly these characters."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
        return path
