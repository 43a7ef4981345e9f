"""Measure kaplint against ``python -c pass`` and proselint; print ratios with their budgets.

``python benchmarks/speed.py`` takes a minute or two; ``--rounds 3`` less. Ratios travel from one
machine to another, milliseconds do not. Every figure is the least of several rounds, all of them
taken in turns in one run, so that a busy moment falls on all alike.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

PAGES = 200
MARKDOWN = 6_000
HTML = 15_000
SEED = 20_250

_CLEAN = (
    "We ask about your health and your medicines before the first visit.",
    "A nurse takes your blood pressure and stays in the room.",
    "Ketamine is approved as an anaesthetic; its use for depression is off-label.",
    "It may ease low mood in some people, and it does not suit everyone.",
    "Common side effects are nausea, dizziness and a sense of being far away.",
    "Please arrange for somebody to take you home.",
    "The waiting room is on the ground floor, next to the lift.",
    "If you are in crisis, call or text 988 at any time.",
    "Our fees are listed below, and we tell you the full cost before you decide.",
    "You can stop at any time, and we will go through the alternatives with you.",
    "We send a letter to your family doctor unless you ask us not to.",
    "Bring a list of the medicines that you take, with their doses.",
    "Dr Osei trained in anaesthesia and has worked in this town for eleven years.",
    "It is not known how long any benefit lasts.",
    "In one randomised trial, scores fell further than with placebo (Ruiz 2019).",
    "Parking is free for the first two hours, and the bus stops outside.",
    "Some people notice no change, and we will tell you so.",
    "Read the consent form at home, and write down what you want to ask.",
    "Children under sixteen are seen at the hospital and not here.",
    "The session takes about ninety minutes, with an hour of rest after it.",
)
_CLAIMS = (
    "Ketamine cures depression and anxiety for good.",
    "Our revolutionary treatment works within hours.",
    "90% of our patients feel better after one session.",
    "Studies show that it is highly effective for PTSD.",
    "It rewires your brain and has no side effects.",
    "Results are guaranteed, so don't wait another day.",
    "It is far better than antidepressants, which only mask the symptoms.",
    "TMS eliminates chronic pain and restores your memory.",
    "We are the best clinic in the state, and experts agree.",
    "This FDA-approved ketamine therapy gave me my life back.",
)


@dataclass(slots=True)
class Cost:
    """The least that a command took: seconds of processor and of the clock, and its memory."""

    cpu: float = float("inf")
    wall: float = float("inf")
    memory: float = 0.0


def sentences(chance: random.Random, share: float, size: int) -> list[str]:
    """Return sentences of so many characters in all, a share of them claims."""
    found: list[str] = []
    while sum(map(len, found)) < size:
        found.append(chance.choice(_CLAIMS if chance.random() < share else _CLEAN))
    return found


def markdown(chance: random.Random, share: float, size: int = MARKDOWN) -> str:
    """Return a page of Markdown with headings, lists, links and emphasis."""
    parts = ["---\ntitle: About the clinic\n---\n"]
    pool = sentences(chance, share, size - 300)
    while pool:
        taken, pool = pool[:6], pool[6:]
        parts.append("## What to know\n\n" + " ".join(taken[:3]).replace(" the ", " *the* ", 1))
        parts.append("\n".join(f"- {text}" for text in taken[3:]) + "\n\n[More](/about)")
    return "\n\n".join(parts) + "\n"


def html(chance: random.Random, share: float) -> str:
    """Return a page of HTML of which about two fifths are prose."""
    head = (
        "<!DOCTYPE html><html><head><title>Clinic</title><style>p{color:teal}</style></head><body>"
    )
    parts = [head]
    for text in sentences(chance, share, MARKDOWN):
        name = f"block block--{len(parts)} layout-grid__cell"
        parts.append(
            f'<div class="{name}" data-id="{len(parts)}"><p class="text text--body">'
            f'{text.replace("and", "&amp;", 1)} <a href="/page-{len(parts)}">More</a></p></div>'
        )
    parts.append("</body></html>")
    page = "\n".join(parts)
    return page + "<!-- " + "x" * max(0, HTML - len(page)) + " -->"


def write_pages(folder: Path) -> None:
    """Write the pages: 60% clean, 30% mixed (one claim in eight), 10% dense (one in two)."""
    chance = random.Random(SEED)
    for kind in ("markdown", "html"):
        (folder / kind).mkdir()
    for number in range(PAGES):
        share = 0.0 if number % 10 < 6 else 0.125 if number % 10 < 9 else 0.5
        name = f"{number:03}"
        (folder / "markdown" / f"{name}.md").write_text(markdown(chance, share), encoding="utf-8")
        (folder / "html" / f"{name}.html").write_text(html(chance, share), encoding="utf-8")
    (folder / "line.md").write_text("We ask about your health.\n", encoding="utf-8")
    (folder / "page.md").write_text(markdown(chance, 0.125), encoding="utf-8")


def measure(command: list[str], folder: Path) -> Cost:
    """Run a command once and return what it took. Raises OSError where it cannot start."""
    # Compiled modules are what users have; some environments tell Python not to keep them.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    environment["KAPLINT_CACHE_DIR"] = str(folder / "cache")
    began = time.perf_counter()
    with subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as child:
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - began
    if child.returncode not in (0, 1):
        message = f"{' '.join(command)} ended with {child.returncode}"
        raise OSError(message)
    unit = 1 if sys.platform == "darwin" else 1024  # ru_maxrss is in bytes there
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss * unit / 1024 / 1024)


def take_turns(commands: dict[str, list[str]], folder: Path, rounds: int) -> dict[str, Cost]:
    """Run every command once to warm up, then all of them in turns; return the least of each."""
    costs = {name: Cost() for name in commands}
    for command in commands.values():
        measure(command, folder)
    for _ in range(rounds):
        for name, command in commands.items():
            found = measure(command, folder)
            best = costs[name]
            best.cpu = min(best.cpu, found.cpu)
            best.wall = min(best.wall, found.wall)
            best.memory = max(best.memory, found.memory)
    return costs


def main() -> int:
    """Print the figures; return 1 where one is over its cap."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=9, help="rounds of the short runs")
    rounds = options.parse_args().rounds
    python = sys.executable
    kaplint = [python, "-m", "kaplint"]
    check = [*kaplint, "check", "--exit-zero", "--no-config", "--quiet"]
    short = {
        "pass": [python, "-c", "pass"],
        "version": [*kaplint, "--version"],
        "line": [*check, "line.md"],
        "page": [*check, "page.md"],
    }
    long = {"markdown": [*check, "markdown"], "html": [*check, "html"]}
    has_proselint = find_spec("proselint") is not None
    if has_proselint:
        names = [f"markdown/{number:03}.md" for number in range(PAGES)]
        long["proselint"] = [python, "-m", "proselint", "check", *names]
    over = 0

    def row(what: str, figure: float, target: float, cap: float, unit: str, took: str) -> None:
        nonlocal over
        verdict = "" if figure <= target else " over target" if figure <= cap else " OVER CAP"
        over += figure > cap
        print(f"{what:<40} {figure:6.2f} {unit:<7} {target:5g} {cap:5g}   {took}{verdict}")

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_pages(folder)
        costs = take_turns(short, folder, rounds)
        costs |= take_turns(long, folder, max(2, rounds // 4))
    start, line = costs["pass"], costs["line"]

    def milliseconds(cost: Cost) -> str:
        return f"{cost.wall * 1000:.0f} ms"

    def per_page(cost: Cost) -> float:
        return (cost.cpu - line.cpu) / PAGES * 1000

    print(f"{'':<40} {'found':>6} {'':<7} {'aim':>5} {'cap':>5}")
    for what, key, target, cap in (
        ("kaplint --version", "version", 2.5, 4),
        ("one line of Markdown", "line", 4, 7),
        ("one page of 6 kB", "page", 5, 9),
    ):
        ratio = costs[key].wall / start.wall
        row(f"{what} / python -c pass", ratio, target, cap, "times", milliseconds(costs[key]))
    pages = costs["markdown"]
    if has_proselint:
        ratio = pages.cpu / costs["proselint"].cpu
        took = f"{pages.cpu:.2f} s against {costs['proselint'].cpu:.2f} s"
        row(f"{PAGES} pages of 6 kB / proselint, CPU", ratio, 0.25, 0.5, "times", took)
    else:
        print("proselint is not installed: no comparison")
    row("CPU for a page of Markdown, 6 kB", per_page(pages), 3.5, 8, "ms", "start not counted")
    row("CPU for a page of HTML, 15 kB", per_page(costs["html"]), 4, 10, "ms", "start not counted")
    peak = max(pages.memory, costs["html"].memory)
    row("peak memory", peak, 40, 80, "MiB", f"python -c pass: {start.memory:.0f} MiB")
    print(f"(python -c pass: {start.wall * 1000:.1f} ms)")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
