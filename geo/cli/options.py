"""Options and arguments that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def given(value: str | Path) -> Path:
    """The path of an option; an empty one would be the folder that the command runs in."""
    if not str(value):
        raise typer.BadParameter("the path is empty")
    return Path(value)


Paths = Annotated[
    list[str],
    typer.Argument(
        metavar="PATH…",
        help="Articles (.txt, .md, .jsonl), folders of them, or - for standard input; after -- if one begins with a dash.",
    ),
]
PathsOrEvents = Annotated[
    list[str],
    typer.Argument(
        metavar="PATH…",
        help="Articles (.txt, .md, .jsonl), folders of them, or - for standard input; or events that geo wrote: .geojson, .parquet, a dataset.",
    ),
]
Metadata = Annotated[
    Path | None, typer.Option(help="CSV with the columns file, title, source, date, url.", parser=given, metavar="FILE", show_default=False)
]
Date = Annotated[
    str | None, typer.Option(help="Date of the articles that state none: 2023-10-04, 2023-10 or 2023.", show_default=False)
]
GazetteerFile = Annotated[
    Path | None,
    typer.Option(
        "--gazetteer", help="A compiled gazetteer, instead of the bundled one.", parser=given, metavar="FILE", show_default=False
    ),
]
EventFiles = Annotated[
    list[Path] | None,
    typer.Option("--events", help="A file of your own trigger words (.toml); may be given again.", show_default=False),
]
NoMerge = Annotated[bool, typer.Option("--no-merge", help="Keep each report an event of its own.")]
NoDemonyms = Annotated[bool, typer.Option("--no-demonyms", help="Leave out the names of peoples, such as “Georgian”.")]
NoApproximate = Annotated[
    bool, typer.Option("--no-approximate", help="Put nothing at a place that bears only a part of the name.")
]
MaxArticle = Annotated[
    float, typer.Option(help="Refuse articles of more than so many MB.", min=0.001, metavar="MB", show_default=True)
]
MaxField = Annotated[
    int, typer.Option(help="Refuse articles with a title, source, url or id of more than so many characters.", min=1, metavar="N")
]
MaxPage = Annotated[int, typer.Option(help="Show so many events on a page at most, the most reported ones.", min=1, metavar="N")]
Workers = Annotated[int, typer.Option(help="Read with so many processes.", min=1, metavar="N")]
Scheduler = Annotated[
    str | None,
    typer.Option(help="Read with the workers of the Dask cluster at this address (tcp://host:8786).", metavar="ADDRESS", show_default=False),
]
Fresh = Annotated[bool, typer.Option("--fresh", help="Start a dataset over instead of going on where it was.")]
