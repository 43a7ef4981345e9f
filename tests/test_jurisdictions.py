"""Severities and norms by where the copy is published."""

from __future__ import annotations

import pytest

from kaplint import rulebook
from kaplint.api import Linter
from kaplint.config import Config
from kaplint.errors import ConfigError
from kaplint.jurisdictions import resolve
from kaplint.rulepack import CATEGORIES, DUTIES

PROFILES = rulebook.load_docs()["profiles"]
TESTIMONIAL = "“Ketamine saved my life,” says Sarah, a patient."


def norms_of(*names: str) -> set[str]:
    findings = Linter(Config(jurisdiction=names)).text("Ketamine cures depression.", "a.md")
    return {norm for f in findings if f.category == "cure" for norm in f.norms}


@pytest.mark.parametrize("name", PROFILES)
def test_each_profile_speaks_of_the_gravest_categories(name: str) -> None:
    resolved = resolve((name,), PROFILES)
    assert set(resolved) >= {"cure", "guarantee", "hype", "unhedged-efficacy", "comparative"}
    assert set(resolved) <= {*CATEGORIES, *DUTIES}
    assert all(norms for _, norms in resolved.values())


def test_norms_are_those_of_the_place() -> None:
    assert {norm.split("-")[0] for norm in norms_of("au")} == {"au"}
    assert {norm.split("-")[0] for norm in norms_of("uk")} == {"uk"}
    assert norms_of("us-ca") > {"us-ca-bpc-651"}


def test_a_state_adds_to_its_country_and_the_gravest_holds() -> None:
    both = resolve(("us-ca", "au"), PROFILES)
    alone = resolve(("us",), PROFILES)
    rank = ["info", "warning", "error"]
    for category, (severity, _) in alone.items():
        assert rank.index(both[category][0]) >= rank.index(severity)
    assert "au-nl-133" in both["cure"][1]


def test_a_testimonial_is_graver_in_australia() -> None:
    def severities(name: str) -> set[str]:
        found = Linter(Config(jurisdiction=(name,))).text(TESTIMONIAL, "a.md")
        return {f.severity for f in found if f.category == "testimonial"}

    assert severities("au") == {"error"}
    assert "error" not in severities("us")


def test_the_configuration_has_the_last_word() -> None:
    config = Config(jurisdiction=("au",), severity=(("cure", "info"),))
    found = Linter(config).text("Ketamine cures depression.", "a.md")
    assert {f.severity for f in found if f.category == "cure"} == {"info"}


def test_an_unknown_place_is_told() -> None:
    with pytest.raises(ConfigError, match="no profile for the jurisdiction nz"):
        Linter(Config(jurisdiction=("nz",)))
