"""The documentation: its links lead somewhere, its examples run as written, its tables have what the code has.

A block after `<!-- run -->` is run in a folder with what a fresh clone has. Of a block of the console the lines after `$` are run by the shell; the
others must be in the output, where `…` stands for anything. A block with a title is a file. Python blocks stand alone.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from geo.model import LAYERS
from geo.table import COLUMNS

ROOT = Path(__file__).parents[1]
PAGES = sorted(
    path
    for pattern in ("*.md", "docs/**/*.md", "gazetteer/**/*.md", "seeds/README.md", "maps/README.md")
    for path in ROOT.glob(pattern)
)
BLOCK = re.compile(r'<!-- run -->\n```(\w+)(?: title="([^"]+)")?\n(.*?)^```$', re.DOTALL | re.MULTILINE)
CODE = re.compile(r"^```.*?^```$|`[^`\n]*`", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\(([^()\s]+)\)")


def name(path: Path) -> str:
    """A page as the tests show it."""
    return path.relative_to(ROOT).as_posix()


# --- links


def anchors(path: Path) -> set[str]:
    """The ids that headings of a page get."""
    headings = re.findall(r"^#+ (.+)$", re.sub(r"^```.*?^```$", "", path.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE), re.MULTILINE)
    return {re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", heading.lower()).strip()) for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page: Path) -> None:
    missing = []
    for link in LINK.findall(CODE.sub("", page.read_text("utf-8"))):
        target, _, anchor = link.partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        file = (page.parent / target).resolve() if target else page
        if not file.exists() or (anchor and file.suffix == ".md" and anchor not in anchors(file)):
            missing.append(link)
    assert missing == []


# --- examples


@dataclass(frozen=True, slots=True)
class Block:
    """A block to run: its language, the file that it is, and what stands in it."""

    language: str
    title: str
    text: str


def blocks(page: Path) -> list[Block]:
    """The blocks of a page that are to run."""
    return [Block(*found) for found in BLOCK.findall(page.read_text("utf-8"))]


def commands(text: str) -> list[tuple[str, list[str]]]:
    """The commands of a block of the console, each with what it shows."""
    found: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line)
    return found


def shown(pattern: str, output: str) -> bool:
    """Whether a line of the output is such a one."""
    wanted = re.compile(".*".join(map(re.escape, pattern.rstrip().split("…"))))
    return any(wanted.fullmatch(line.rstrip()) for line in output.splitlines())


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """What a fresh clone has of what the examples use, and `geo` to run it."""
    for folder in ("seeds", "gazetteer"):
        shutil.copytree(ROOT / folder, tmp_path / "clone" / folder)
    command = tmp_path / "bin" / "geo"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m geo.cli "$@"\n', "utf-8")
    command.chmod(0o755)
    return tmp_path / "clone"


def run(block: Block, clone: Path, folder: str = ".") -> None:
    """Run a block in a folder of the clone."""
    here = clone / folder
    paths = os.pathsep.join((str(ROOT), os.environ.get("PYTHONPATH", "")))
    environment = os.environ | {
        "PATH": f"{clone.parent / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": paths,
        "XDG_CACHE_HOME": str(clone.parent / "cache"),
    }
    if block.title:
        (here / block.title).write_text(block.text, "utf-8")
    elif block.language == "python":
        subprocess.run([sys.executable, "-c", block.text], cwd=here, env=environment, check=True)
    else:
        for command, lines in commands(block.text):
            done = subprocess.run(
                ["bash", "-c", command], cwd=here, env=environment, capture_output=True, text=True, check=False
            )
            output = done.stdout + done.stderr
            assert done.returncode == 0, f"{command}\n{output}"
            assert [line for line in lines if not shown(line, output)] == [], f"{command}\n{output}"


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page)], ids=name)
def test_examples_run_as_written(page: Path, clone: Path) -> None:
    for block in blocks(page):
        run(block, clone)


def test_every_how_to_has_an_example_that_runs() -> None:
    assert [name(page) for page in (ROOT / "docs" / "how-to").glob("*.md") if not blocks(page)] == []


# --- the notebook; `make docs` runs it in a kernel


def cells() -> list[Any]:
    """The cells of code of the notebook."""
    notebook = json.loads((ROOT / "docs" / "notebook.ipynb").read_text("utf-8"))
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def test_the_notebook_is_kept_without_results() -> None:
    assert cells()
    assert [cell for cell in cells() if cell["outputs"] or cell["execution_count"]] == []


def test_the_notebook_runs(clone: Path) -> None:
    (clone / "docs").mkdir()
    run(Block("python", "", "\n".join("".join(cell["source"]) for cell in cells())), clone, "docs")


# --- tables


def first_cells(header: str) -> list[str]:
    """What stands in code in the first column of the table with such a header, of the page on the event table."""
    text = (ROOT / "docs" / "reference" / "events.md").read_text("utf-8")
    table = text.split(f"| {header} |", 1)[1].split("\n\n", 1)[0]
    return [name for row in table.splitlines()[2:] for name in re.findall(r"`(\w+)`", row.split("|")[1])]


def test_the_event_table_is_described_as_it_is() -> None:
    assert first_cells("column") == [*COLUMNS, "geometry"]
    assert first_cells("layer") == [*LAYERS]
