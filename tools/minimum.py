"""The lowest versions that pyproject.toml allows, pinned, for an environment to test them in: `make minimum`.

python tools/minimum.py [EXTRA…]
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

REQUIREMENT = re.compile(r"([\w.-]+)>=([\w.]+)")


def main() -> None:
    """Print the pins of the package's dependencies and of the extras named."""
    project = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"]]
    for extra in sys.argv[1:]:
        wanted += project["optional-dependencies"][extra]
    pins = dict.fromkeys(f"{found[1]}=={found[2]}" for text in wanted if (found := REQUIREMENT.match(text)))
    print(*pins, sep="\n")


if __name__ == "__main__":
    main()
