"""The licences of what `pip install geo-news` brings with it, as the installed packages state them: `make licences`.

python tools/licences.py [EXTRA…]
"""

from __future__ import annotations

import re
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution

NAME = re.compile(r"[\w.-]+")
EXTRA = re.compile(r"""extra\s*==\s*['"]([\w-]+)['"]""")
LONGEST = 60  # some packages put the whole text where the name of the licence belongs


def licence(found: Distribution) -> str:
    """The SPDX expression, else the classifiers, else the field of old."""

    def field(name: str) -> list[str]:
        return [str(value) for value in found.metadata.get_all(name) or []]

    classified = [c.rsplit(" :: ", 1)[-1] for c in field("Classifier") if c.startswith("License ::")]
    named = ", ".join(c for c in classified if c != "OSI Approved")
    stated = next((text for text in (*field("License-Expression"), named, *field("License")) if text.strip()), "not stated")
    return stated.strip().split("\n")[0][:LONGEST]


def needed(found: Distribution, extras: set[str]) -> list[str]:
    """The names of what a distribution requires, with those of its extras."""
    names = []
    for requirement in found.requires or ():
        extra = EXTRA.search(requirement)
        if (extra is None or extra[1] in extras) and (name := NAME.match(requirement)):
            names.append(name[0])
    return names


def main() -> None:
    """Print name, version and licence of the whole tree."""
    extras, rows = set(sys.argv[1:]), {}
    waiting = [("geo-news", extras)]
    while waiting:
        name, asked = waiting.pop()
        key = name.lower().replace("_", "-")
        if key in rows:
            continue
        try:
            found = distribution(name)
        except PackageNotFoundError:  # needed on another system only
            continue
        rows[key] = (found.metadata["Name"], found.version, licence(found))
        waiting += [(other, set()) for other in needed(found, asked)]
    width = max(len(name) for name, _, _ in rows.values())
    for name, version, text in (rows[key] for key in sorted(rows)):
        print(f"{name:{width}}  {version:12}  {text}")


if __name__ == "__main__":
    main()
