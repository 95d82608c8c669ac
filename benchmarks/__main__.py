"""All benchmarks of speed in one command, and docs/performance.md from what they print: `python -m benchmarks [CORPUS.jsonl …]`.

Without corpora the throughput is that of text made of the seeds, which names about three times as many places as news does.
Takes about a quarter of an hour; no network. Needs Chromium on the path and `pip install -e '.[test,baselines]'`.
"""

from __future__ import annotations

import datetime as dt
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "performance.md"
HEAD = """# Speed

Made by `python -m benchmarks` on {day}: {machine}, Python {python}. The ratios within a table carry over to other machines, the
seconds and megabytes a second do not: this machine did other work at the same time.
"""
PARTS = (
    ("Throughput", "throughput.py", "Megabytes of text a second of CPU, on one core, {text}. The peers only look names up: how right they are is told in [accuracy.md](accuracy.md)."),
    ("Cold start", "cold.py", "From the start of the process to its end, on one article of 2 kB."),
    ("The pages", "page.py", "A page beside folium markers with a popup each; then the page alone."),
    ("Growth", "scale.py", "`geo parse` of made-up archives into a dataset, each size in a process of its own."),
)  # fmt: skip


def run(script: str, *arguments: str) -> str:
    """What a benchmark prints. SystemExit if it fails."""
    done = subprocess.run([sys.executable, str(HERE / script), *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{script}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout.strip()


def compiling() -> str:
    """The time that `geo gazetteer build` takes."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "gazetteer.bin"
        began = time.perf_counter()
        subprocess.run([sys.executable, "-m", "geo.cli", "gazetteer", "build", "gazetteer", "-o", str(target)], check=True, capture_output=True)
        return f"`geo gazetteer build`: {time.perf_counter() - began:.0f} s, {target.stat().st_size / 1e6:.0f} MB."


def main(corpora: list[str]) -> int:
    """Run all and write the page."""
    machine = f"{platform.machine()}, {platform.system()}"
    lines = [HEAD.format(day=dt.date.today().isoformat(), machine=machine, python=platform.python_version())]  # noqa: DTZ011  a day is enough
    text = f"on {', '.join(Path(c).stem for c in corpora)}" if corpora else "on text made of the seeds"
    for title, script, about in PARTS:
        printed = run(script, *(corpora if script == "throughput.py" else ()))
        if "|" not in printed:
            printed = f"```text\n{printed}\n```"  # columns, not Markdown
        lines.append(f"## {title}\n\n{about.format(text=text)} `benchmarks/{script}`\n\n{printed}\n")
        print(lines[-1])
    lines.append(f"## The gazetteer\n\n{compiling()}\n")
    PAGE.write_text("\n".join(lines), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
