"""Bytes that reach ever more of the code, with atheris: `python benchmarks/coverage_fuzz.py TARGET [-runs=N] [-max_total_time=S] …`.

The options are libFuzzer's. A target fails on an exception that is none of geo's own, on a message of more than one line, on
wrong offsets, on reading that differs between one article and a batch, and on more than a second of CPU per 10 kB. What was
reached is kept in build/fuzz/TARGET/corpus, so that the next run goes on from there; what failed is build/fuzz/TARGET/crash-…,
and giving that file instead of options runs it again. Needs `pip install -e '.[test,fuzz]'`.
"""

from __future__ import annotations

import io
import sys
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from random import Random

import atheris

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

with atheris.instrument_imports(include=["geo", "email"]):
    from fuzz import MUTATIONS, SEEDS, check

    from geo.corrections import correct, read_corrections, write_review
    from geo.documents import Failure, docx, feeds, json_rows, mail, plain, read_documents, tabular, web
    from geo.errors import CorrectionError, GazetteerError, GeoError, MetadataError, TriggerError
    from geo.events import read_trigger_files
    from geo.model import Document
    from geo.pipeline import FEW, Reading, events_of, locate, locate_all, open_gazetteer, read
    from geo.text import analyse
    from tests.fuzz import test_gazetteer_files as gazetteer_files
    from tests.fuzz.test_input import at, in_one_line
    from tests.test_corrections import GAZETTEER, ONE

READERS = (docx, feeds, json_rows, mail, plain, tabular, web)  # which geo imports when they are first needed
FOREIGN = ("html", "feed")  # parsed by libraries, whose errors on damaged files become failures
PACE = 10_000  # bytes a second of CPU, at least
MET = "---\ntitle: Talks\ndate: 2023-10-04\nsource: Wire\nurl: https://example.org/a\n---\nThey met in Granada, Spain, on Thursday.\n"
WORD = (
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr>'
    "<w:r><w:t>Talks</w:t></w:r></w:p>{}</w:body></w:document>"
)
NEXIS = ("Talks", "The Wire", "October 4, 2023", "Dateline: GRANADA", "Body", "They met.", "Load-Date: October 5, 2023", "Language: ENGLISH", "End of Document")
CSV = "id,text,title,date,source,url,language\n1,They met in Granada.,Talks,2023-10-04,Wire,https://example.org/a,en\n"
JSON = '{"id": "1", "text": "They met in Granada.", "title": "Talks", "date": "2023-10-04T10:00:00Z", "source": {"name": "Wire"}, "language": "en"}'
MAIL = "From: wire@example.org\nSubject: =?utf-8?q?Talks?=\nDate: Wed, 04 Oct 2023 10:00:00 +0000\nContent-Type: {}\n\n{}"
HTML = '<!doctype html><html lang="en"><head><title>Talks</title><meta property="article:published_time" content="2023-10-04"></head><body><article><p>{}</p></article></body></html>'
FEED = '<?xml version="1.0"?><rss version="2.0"><channel><title>Wire</title><item><title>Talks</title><pubDate>Wed, 04 Oct 2023 10:00:00 GMT</pubDate><description>They met in Granada.</description></item></channel></rss>'
PARTS = (
    'multipart/alternative; boundary="b"',
    "--b\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\nPGI+TWV0PC9iPg==\n--b\nContent-Type: text/plain\n\nThey met.\n--b--",
)
METADATA = "file,title,date,source,url\na.md,Talks,2023-10-04,Wire,https://example.org/a\n"
ACTORS = "name,aliases\nUnited Nations,UN|U.N.\nMinsk Group,\n"


@dataclass(frozen=True, slots=True)
class Target:
    """What is done with some bytes, bytes to begin with, and words that libFuzzer puts in."""

    use: Callable[[bytes], None]
    seeds: Callable[[], list[str]]
    words: str = ""


# --- what is read ----------------------------------------------------------------------------------------------------


def article(name: str, suffix: str, content: bytes) -> None:
    """Articles or failures, of which none is an error that only the last resort of `read_file` caught."""
    for item in at(f"a{suffix}", content, lambda path: list(read_documents([path]))):
        if isinstance(item, Failure):
            in_one_line(item.error)
            assert name in FOREIGN or "; save it anew, or as .txt" not in str(item.error), item.error
        else:
            assert item.text.strip()
            for value in (item.id, item.text, item.title, item.source, item.url):
                assert "\0" not in value
                value.encode()


def word(content: bytes) -> None:
    """The bytes as the main part of a Word file."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("word/document.xml", content)
    article("word", ".docx", whole.getvalue())


def metadata(content: bytes) -> None:
    """Metadata of an article."""

    def use(path: Path) -> None:
        (about := path.with_name("a.md")).write_text("They met in Granada.", "utf-8")
        for item in read_documents([about], metadata=path):
            if isinstance(item, Failure):
                in_one_line(item.error)

    refused(MetadataError, "m.csv", content, use)


def triggers(suffix: str, content: bytes) -> None:
    """Triggers, used on an article."""

    def use(path: Path) -> None:
        found = read_trigger_files([path], shared_words())
        list(events_of(dispatch(), found))

    refused(TriggerError, f"t{suffix}", content, use)


def corrections(content: bytes) -> None:
    """A sheet of corrections, applied to an event."""
    refused(CorrectionError, "c.csv", content, lambda path: correct(ONE, read_corrections(path, GAZETTEER)))


def refused(error: type[GeoError], name: str, content: bytes, use: Callable[[Path], object]) -> None:
    """Use a file of the content; only that error may come of it."""
    try:
        at(name, content, use)
    except error as raised:
        in_one_line(raised)


def gazetteer(content: bytes) -> None:
    """A compiled gazetteer with other bytes in it."""
    try:
        gazetteer_files.use(content)
    except GazetteerError as error:
        in_one_line(error)


def text(content: bytes) -> None:
    """Any text through the whole chain; one article is read as it is in a batch."""
    try:
        document = Document("d", content.decode("utf-8", "surrogatepass"))
    except UnicodeDecodeError:
        document = Document("d", content.decode("utf-8", "replace"))
    check(document)
    batch = [(analyse(written), None) for written in (document.text, *[""] * FEW)]
    alone, among = locate(batch[0][0], open_gazetteer()), locate_all(batch, open_gazetteer())[0]
    assert [(t.start, t.end, t.place) for t in among] == [(t.start, t.end, t.place) for t in alone]


@cache
def dispatch() -> Reading:
    """A sample dispatch, read."""
    return next(item for item in read([Document("d", SEEDS[0])], open_gazetteer()) if isinstance(item, Reading))


@cache
def shared_words() -> dict[str, dict[str, object]]:
    """The irregular verbs and classes of words that the bundled triggers use."""
    return {"words.toml": open_gazetteer().triggers["words.toml"]}


# --- what to begin with ----------------------------------------------------------------------------------------------


def sheet() -> list[str]:
    """The sheet of an event, as `geo review` writes it."""
    return [at("c.csv", b"", lambda path: write_review(ONE, path, overwrite=True).read_text("utf-8"))]


def bundled_triggers() -> list[str]:
    """Beginnings of files of triggers, and whole ones that have none."""
    texts = [path.read_text("utf-8") for path in sorted((ROOT / "gazetteer" / "events").glob("*.toml"))]
    return [text[:2500].rpartition("\n[[")[0] or text for text in texts]


def paragraphs(*lines: str) -> str:
    """The main part of a Word file with those paragraphs."""
    return WORD.format("".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in lines))


TARGETS = {
    "document": Target(partial(article, "document", ".md"), lambda: [MET, *SEEDS], "--- : # date: title: source: url: 2023-10 \ufeff"),
    "jsonl": Target(partial(article, "jsonl", ".jsonl"), lambda: [f"{JSON}\n{JSON}\n"], '{" ": [ ] } null 1e999 \\u0000 \\ud800 "text": "date":'),
    "json": Target(partial(article, "json", ".json"), lambda: [f"[{JSON},{JSON}]", f'{{"articles":[{JSON}]}}'], '{" ": [ ] } null 1e999 NaN \\u0000 \\ud800 "text": "date":'),
    "table": Target(partial(article, "table", ".csv"), lambda: [CSV, CSV.replace(",", ";")], '"" text date id , ; \t'),
    "html": Target(partial(article, "html", ".html"), lambda: [HTML.format("They met in Granada.")], "<p> <article> </p> <meta <!-- --> &#0; &#xd800; lang="),
    "feed": Target(partial(article, "feed", ".rss"), lambda: [FEED], "<item> <description> <![CDATA[ ]]> <pubDate> &#0; <!DOCTYPE <!ENTITY"),
    "mail": Target(partial(article, "mail", ".eml"), lambda: [MAIL.format("text/plain", "They met."), MAIL.format(*PARTS)], "=?utf-8?b? ?= Content-Type: multipart/mixed boundary= charset= --b base64 quoted-printable Date:"),
    "word": Target(word, lambda: [paragraphs("They met."), paragraphs(*NEXIS)], "<w:p> </w:p> <w:t> <w:tab/> <w:br/> <mc:Fallback> <!DOCTYPE <!ENTITY &#1;"),
    "metadata": Target(metadata, lambda: [METADATA, METADATA.replace(",", ";")], '"" file date , ; \t 2023 a.md \ufeff'),
    "text": Target(text, lambda: SEEDS),
    "gazetteer": Target(gazetteer, lambda: [gazetteer_files.whole().decode("latin-1")], '{ } [ ] " : null true -1'),
    "triggers": Target(partial(triggers, ".toml"), bundled_triggers, 'actors [[actors]] name = aliases = layer where plover status [[trigger]] [classes] [irregular] verbs nouns what dated ignore = true [ ] " PLACE ACTOR ( | ) <verb> ... *'),
    "actors": Target(partial(triggers, ".csv"), lambda: [ACTORS], 'name aliases | , "" \0'),
    "corrections": Target(corrections, sheet, 'drop keep "" , none 2023-10 5/10/2023 {} [] null id key was'),
}  # fmt: skip


# --- running ---------------------------------------------------------------------------------------------------------


def watched(use: Callable[[bytes], None], content: bytes) -> None:
    """Use the bytes within the time that they may take."""
    start = time.process_time()
    use(content)
    took = time.process_time() - start
    assert took < max(1.0, len(content) / PACE), f"{len(content):,} bytes took {took:.1f} s"


def mutate_text(content: bytes, most: int, seed: int) -> bytes:
    """Half of the changes are those of articles, the others libFuzzer's."""
    chance = Random(seed)
    if chance.random() < 0.5:
        return bytes(atheris.Mutate(content, most))
    return chance.choice(MUTATIONS)(chance, content.decode("utf-8", "replace")).encode("utf-8", "surrogatepass")[:most]


def begin(name: str) -> list[str]:
    """Write the corpus and the words of a target; libFuzzer's options for them."""
    target, folder = TARGETS[name], ROOT / "build" / "fuzz" / name
    (corpus := folder / "corpus").mkdir(parents=True, exist_ok=True)
    seeds = [seed.encode("latin-1" if name == "gazetteer" else "utf-8") for seed in target.seeds()]
    for number, seed in enumerate(seeds):
        (corpus / f"seed-{number}").write_bytes(seed)
    escaped = ("".join(f"\\x{byte:02x}" for byte in piece.encode()) for piece in target.words.split(" ") if piece)
    (folder / "words.dict").write_text("".join(f'"{piece}"\n' for piece in escaped), "utf-8")
    target.use(seeds[0])  # what is loaded once is no time of an article's
    words = [f"-dict={folder / 'words.dict'}"] if target.words else []
    return [str(corpus), "-len_control=0", f"-artifact_prefix={folder}/", *words]


def main(arguments: list[str]) -> None:
    """Fuzz a target until something is wrong or the runs are done."""
    if not arguments or arguments[0] not in TARGETS:
        sys.exit(f"{__doc__}\nTargets: {', '.join(TARGETS)}")
    name, *options = arguments
    mutator = {"custom_mutator": mutate_text} if name == "text" else {}
    prepared = begin(name)
    again = [option for option in options if not option.startswith("-")]
    atheris.Setup([sys.argv[0], *options, *(prepared[1:] if again else prepared)], partial(watched, TARGETS[name].use), **mutator)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1:])
