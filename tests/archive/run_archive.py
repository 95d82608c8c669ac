"""One run over an archive, for tests that kill it: SOURCE OUT WORKERS FRESH."""

from __future__ import annotations

import sys
from pathlib import Path

from geo.archive import runner_for
from tests.archive.archives import run

if __name__ == "__main__":
    source, out, workers, fresh = sys.argv[1:]
    run(Path(source), Path(out), runner=runner_for(int(workers)), fresh=fresh == "1")
