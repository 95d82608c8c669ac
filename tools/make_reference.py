"""Writes docs/reference/cli.md, the reference of the command line, from the commands themselves.

    python tools/make_reference.py            # writes it
    python tools/make_reference.py --check    # exit code 1 if it is not current

A test holds it current.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from geo.cli import app

TARGET = Path(__file__).parents[1] / "docs" / "reference" / "cli.md"

HEAD = """# The command line

Made by `tools/make_reference.py` from the commands' own help. Exit codes: 0 done; 1 done, but something failed that is named;
2 bad usage, or nothing that can be read. Results go to standard output, everything else to standard error. `NO_COLOR` is
honoured; `geo --install-completion` sets up completion for bash, zsh, fish and PowerShell.
"""


def reference() -> str:
    """The whole page."""
    return "\n".join((HEAD, *_command(typer.main.get_command(app), "geo")))


def _command(command: Any, name: str) -> Iterator[str]:
    """A command's section, then those of its own commands."""
    if name != "geo":
        yield f"## `{name}`\n"
        yield f"{_sentence(command.help)}\n"
        yield from _usage(command, name)
    for child in sorted(getattr(command, "commands", {})):
        yield from _command(command.commands[child], f"{name} {child}")


def _usage(command: Any, name: str) -> Iterator[str]:
    if getattr(command, "commands", None):
        return
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.params if p.param_type_name == "option" and not p.hidden]
    shown = [_metavar(p) if p.required else f"[{_metavar(p)}]" for p in arguments]
    yield f"    {' '.join((name, '[OPTIONS]', *shown))}\n"
    for argument in arguments:
        yield f"- `{_metavar(argument)}`: {_sentence(argument.help)}{_default(argument)}"
    for option in options:
        names = ", ".join((*option.opts, *option.secondary_opts))
        value = "" if option.is_flag else f" {_metavar(option)}"
        needed = " Required." if option.required else ""
        yield f"- `{names}{value}`: {_sentence(option.help)}{needed}{_default(option)}"
    if arguments or options:
        yield ""


def _metavar(parameter: Any) -> str:
    return str(parameter.metavar or parameter.name.replace("_", "-").upper())


def _default(parameter: Any) -> str:
    default = parameter.default
    if (
        getattr(parameter, "is_flag", False)
        or default in (None, [], ())
        or parameter.required
        or "UNSET" in str(default)
    ):
        return ""
    if isinstance(default, (list, tuple)):
        default = " ".join(map(str, default))
    return f" Default: `{default}`."


def _sentence(text: str | None) -> str:
    """Help on one line, with what Markdown would take for HTML escaped."""
    return " ".join((text or "").split()).replace("<", "&lt;")


def main() -> int:
    """Write the page, or compare it."""
    page = reference()
    if "--check" in sys.argv[1:]:
        return int(not TARGET.is_file() or TARGET.read_text("utf-8") != page)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(page, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
