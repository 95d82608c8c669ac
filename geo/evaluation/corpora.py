"""Corpora with gold toponyms, in the formats that they were published in, and as JSON lines.

| corpus | file | offsets |
| --- | --- | --- |
| LGL, TR-News | XML: article[@docid], text, toponym: phrase, start, end, gaztag: lat, lon | from 0 |
| GeoVirus | XML: article, text, location: name, start, end, lat, lon | from 1 |
| GeoWebNews | XML: article, text, toponym: extractedName, start, end, latitude, longitude, type | from 0 |
| GeoWebNews | a folder of brat files (N.txt, N.ann); points by GeoNames id or stated | from 0, headline included |

Offsets of published corpora are not always right: each is checked against the name that it should hold.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from geo.errors import FormatError, NothingToReadError

if TYPE_CHECKING:
    from xml.parsers.expat import XMLParserType

from geo.sphere import Point

REACH = 40  # characters around its stated offset in which a misplaced toponym is looked for
CHUNK = 1 << 16
NAMES = {"geowebnews": "gwn", "localgloballexicon": "lgl"}
# GeoWebNews marks more than toponyms. Names of people, peoples and languages are kept without a point.
LITERAL = frozenset(("Literal", "Mixed", "Coercion", "Literal_Modifier", "Embedded_Literal"))
PLACED = LITERAL | {"Non_Literal_Modifier", "Metonymic", "Embedded_Non_Lit"}
POINTLESS = frozenset(("Demonym", "Homonym", "Language"))
BRAT_HEADLINE = re.compile(r"TITLE: .* LINK: .*\n")


@dataclass(frozen=True, slots=True)
class GoldToponym:
    """A toponym that annotators marked; `point` is (lat, lon) or None when they gave none."""

    start: int
    end: int
    text: str
    point: tuple[float, float] | None
    kind: str = ""


@dataclass(frozen=True, slots=True)
class GoldArticle:
    """An article with its gold toponyms."""

    id: str
    corpus: str
    text: str
    toponyms: tuple[GoldToponym, ...]


def read_jsonl(path: Path) -> Iterator[GoldArticle]:
    """Articles of a JSON-lines corpus: {"id", "corpus", "text", "toponyms": [{"start", "end", "text", "lat", "lon"}]}."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            if line.strip():
                yield _article_of_row(json.loads(line), path.stem)


def _article_of_row(row: Mapping[str, Any], corpus: str) -> GoldArticle:
    toponyms = tuple(
        GoldToponym(
            t["start"],
            t["end"],
            t["text"],
            None if t["lat"] is None or t["lon"] is None else (float(t["lat"]), float(t["lon"])),
            t.get("kind", ""),
        )
        for t in row["toponyms"]
    )
    return GoldArticle(row["id"], row.get("corpus", corpus), row["text"], toponyms)


def read_corpus(
    path: Path,
    *,
    notes: Callable[[str], None] = lambda _: None,
    points: Callable[[int], Point | None] = lambda _: None,
) -> Iterator[GoldArticle]:
    """Articles of a corpus file in any of the formats above, or of a folder of brat or corpus files.

    `notes` is told how many toponyms were left out because their offsets do not fit the text. `points` gives
    the point of a GeoNames id, for annotations that have nothing else. Raises NothingToReadError when
    nothing is there, and FormatError, naming file and place, when a file is broken.
    """
    if path.is_dir():
        yield from _read_folder(path, notes, points)
        return
    check = _Check(path, notes)
    try:
        with path.open("rb") as file:
            opening = file.read(CHUNK)
        found = _read_xml if opening.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<") else _read_json_lines
        yield from found(path, check)
    except FileNotFoundError:
        raise NothingToReadError(f"{path}: no such corpus; give a .jsonl or .xml file, or a folder of brat files") from None
    except OSError as error:
        raise FormatError(f"{path}: this corpus cannot be read ({error.strerror})") from None
    check.report()


def _read_folder(
    folder: Path, notes: Callable[[str], None], points: Callable[[int], Point | None]
) -> Iterator[GoldArticle]:
    annotations = sorted(folder.glob("*.ann"))
    if annotations:
        check = _Check(folder, notes)
        for file in annotations:
            yield _read_brat(file, check, points)
        check.report()
        return
    files = sorted(file for file in folder.iterdir() if file.suffix in (".jsonl", ".xml"))
    if not files:
        raise NothingToReadError(f"{folder}: no corpus here; a folder holds .jsonl or .xml files, or brat files (.txt, .ann)")
    for file in files:
        yield from read_corpus(file, notes=notes)


def corpus_name(stem: str) -> str:
    """The usual short name of a corpus, from its file's: "TR-News" → "trnews", "GeoWebNews" → "gwn"."""
    plain = "".join(c for c in stem.lower() if c.isalnum())
    return NAMES.get(plain, plain) or "corpus"


# --- offsets


class _Marked(NamedTuple):
    """A toponym as a file states it."""

    start: int
    end: int
    text: str
    point: Point | None
    kind: str = ""


class _Check:
    """Finds the toponyms where they really stand, and counts those that stand nowhere."""

    def __init__(self, path: Path, notes: Callable[[str], None]) -> None:
        self.path, self.notes = path, notes
        self.left_out: list[str] = []
        self.unknown = 0  # GeoNames ids without a point

    def article(self, number: str, text: str, marked: list[_Marked]) -> GoldArticle:
        """The gold article of what was read; one span is one toponym."""
        found: dict[tuple[int, int], GoldToponym] = {}
        for each in marked:
            start = _find(text, each)
            if start is None:
                self.left_out.append(f"{each.text!r} at {each.start} of article {number}")
                continue
            end = start + len(each.text)
            found.setdefault((start, end), GoldToponym(start, end, each.text, each.point, each.kind))
        corpus = corpus_name(self.path.stem)
        return GoldArticle(f"{corpus}-{number}", corpus, text, tuple(found[span] for span in sorted(found)))

    def report(self) -> None:
        """Say how many were left out."""
        if self.left_out:
            count = len(self.left_out)
            what = "toponym" if count == 1 else "toponyms"
            self.notes(f"{self.path}: {count} {what} left out, not found near the stated offsets; first {self.left_out[0]}")
        if self.unknown:
            self.notes(f"{self.path}: {self.unknown} toponyms have no point, for the gazetteer lacks their GeoNames id")


def _find(text: str, marked: _Marked) -> int | None:
    """Where the toponym stands: as stated, counted from 1, or else the occurrence nearest to that."""
    name, start = marked.text, marked.start
    if not name:
        return None
    for offset in (start, start - 1):
        if offset >= 0 and text.startswith(name, offset):
            return offset
    near = text[max(0, start - REACH) : max(0, start + REACH + len(name))]
    first = max(0, start - REACH)
    found = [first + m.start() for m in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", near)]
    return min(found, key=lambda offset: abs(offset - start), default=None)


# --- JSON lines


def _read_json_lines(path: Path, check: _Check) -> Iterator[GoldArticle]:
    ids: set[str] = set()
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                article = _article_of_row(json.loads(line.decode("utf-8-sig")), path.stem)
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                what = f"no {error}" if isinstance(error, KeyError) else str(error)
                raise FormatError(
                    f"{path}, line {number}: this is no gold article ({what}); a line is "
                    '{"id", "corpus", "text", "toponyms": [{"start", "end", "text", "lat", "lon"}]}'
                ) from None
            if article.id in ids:
                raise FormatError(f"{path}, line {number}: the id {article.id!r} is there twice; give each article its own")
            ids.add(article.id)
            yield _checked(article, check)


def _checked(article: GoldArticle, check: _Check) -> GoldArticle:
    """The article itself if its offsets hold, else with them mended."""
    if all(article.text[t.start : t.end] == t.text and 0 <= t.start < t.end for t in article.toponyms):
        return article
    marked = [_Marked(t.start, t.end, t.text, t.point, t.kind) for t in article.toponyms]
    mended = check.article(article.id, article.text, marked)
    return GoldArticle(article.id, article.corpus, article.text, mended.toponyms)


# --- XML


def _read_xml(path: Path, check: _Check) -> Iterator[GoldArticle]:
    number = 0
    for element, line in _elements(path, "article"):
        text = "".join(node.text or "" for node in element.iter("text"))
        marks = [*element.iter("toponym"), *element.iter("location")]
        if element.find("text") is None:
            raise FormatError(f"{path}, line {line}: an article without its <text>")
        try:
            marked = [m for mark in marks if (m := _mark(mark))]
        except (ValueError, TypeError) as error:
            raise FormatError(f"{path}, line {line}: a toponym of this article is broken ({error})") from None
        yield check.article(element.get("docid") or f"{number:03d}", text, marked)
        number += 1
    if not number:
        raise FormatError(f"{path}: no <article> in it; LGL, TR-News, GeoVirus and GeoWebNews have <articles> of them")


def _mark(mark: Element) -> _Marked | None:
    """A toponym of any of the XML formats; None if GeoWebNews marks something else."""
    state = {node.tag: (node.text or "").strip() for node in mark.iter()}
    sort = state.get("type", "")
    if sort and sort not in PLACED | POINTLESS:
        return None
    name = state.get("phrase") or state.get("extractedName") or (state.get("name") if mark.tag == "location" else None)
    if not name:
        raise ValueError("it has no <phrase>, <name> or <extractedName>")
    if "start" not in state or "end" not in state:
        raise ValueError(f"{name!r} has no <start> and <end>")
    lat, lon = state.get("lat") or state.get("latitude"), state.get("lon") or state.get("longitude")
    point = _point(lat, lon) if lat and lon and sort not in POINTLESS else None
    kind = "" if not sort else "literal" if sort in LITERAL else "associative"
    return _Marked(int(state["start"]), int(state["end"]), name, point, kind)


def _point(lat: str, lon: str) -> Point:
    point = float(lat), float(lon)
    if not (-90 <= point[0] <= 90 and -180 <= point[1] <= 180):
        raise ValueError(f"{lat}, {lon} is no latitude and longitude")
    return point


def _elements(path: Path, tag: str) -> Iterator[tuple[Element, int]]:
    """The elements of this tag with their lines, each as soon as it ends; entities may not be declared."""
    done: list[tuple[Element, int]] = []
    parser = _parser(path, tag, done)
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                parser.Parse(chunk, False)
                yield from done
                done.clear()
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        message = expat.ErrorString(error.code)
        raise FormatError(f"{path}, line {error.lineno}, column {error.offset}: this is no sound XML ({message})") from None
    yield from done


def _parser(path: Path, tag: str, done: list[tuple[Element, int]]) -> XMLParserType:
    """A parser that puts each finished element of this tag into `done`."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    builder: TreeBuilder | None = None
    line = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal builder, line
        if builder is None and name == tag:
            builder, line = TreeBuilder(), parser.CurrentLineNumber
        if builder is not None:
            builder.start(name, attributes)

    def end(name: str) -> None:
        nonlocal builder
        if builder is not None:
            builder.end(name)
            if name == tag:
                done.append((builder.close(), line))
                builder = None

    def data(text: str) -> None:
        if builder is not None:
            builder.data(text)

    def entity(name: str, *_: object) -> None:
        place = f"{path}, line {parser.CurrentLineNumber}"
        raise FormatError(f"{place}: the entity {name!r} is declared here; corpora have none, and they can be a bomb")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler, parser.EntityDeclHandler = data, entity
    return parser


# --- brat


def _read_brat(path: Path, check: _Check, points: Callable[[int], Point | None]) -> GoldArticle:
    """One article: text-bound annotations "T1⇥Type start end⇥text", notes "#1⇥AnnotatorNotes T1⇥id or lat, lon"."""
    try:
        text = path.with_suffix(".txt").read_text("utf-8")
        lines = path.read_text("utf-8").splitlines()
    except FileNotFoundError:
        raise FormatError(f"{path}: its article {path.with_suffix('.txt').name} is not beside it") from None
    except UnicodeDecodeError as error:
        raise FormatError(f"{path}: its article or itself is not in UTF-8 ({error.reason})") from None
    headline = BRAT_HEADLINE.match(text)
    shift = headline.end() if headline else 0
    bound: dict[str, tuple[str, int, int, str]] = {}
    stated: dict[str, Point | None] = {}
    for number, line in enumerate(lines, 1):
        try:
            if line.startswith("T"):
                key, what, name = line.split("\t")[:3]
                sort, *offsets = what.replace(";", " ").split()
                bound[key] = sort, int(offsets[0]), int(offsets[-1]), name.strip()
            elif line.startswith("#"):
                _, what, note = line.split("\t")[:3]
                stated[what.split()[1]] = point = _noted(note.strip(), points)
                check.unknown += point is None and note.strip().isdecimal()
        except (ValueError, IndexError):
            raise FormatError(f"{path}, line {number}: this is no brat annotation: {line[:60]!r}") from None
    marked = [
        _Marked(
            start - shift,
            end - shift,
            name,
            stated.get(key) if sort in PLACED else None,
            "literal" if sort in LITERAL else "associative",
        )
        for key, (sort, start, end, name) in bound.items()
        if sort in PLACED | POINTLESS and start >= shift
    ]
    return check.article(path.stem, text[shift:], marked)


def _noted(note: str, points: Callable[[int], Point | None]) -> Point | None:
    """The point that an annotator's note states: a GeoNames id, or latitude and longitude."""
    if note.isdecimal():
        return points(int(note))
    lat, comma, lon = note.partition(",")
    try:
        return _point(lat, lon) if comma else None
    except ValueError:
        return None  # a remark
