"""The Python API: given stretches, columns of texts, spaCy; and that every example in the documentation runs."""

from __future__ import annotations

import datetime as dt
import doctest
import pkgutil
import re
import shutil
from importlib import import_module
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import geo
from geo.errors import MetadataError, NothingToReadError
from tests.strategies import texts

ROOT = Path(__file__).parents[1]
MODULES = [m.name for m in pkgutil.walk_packages(geo.__path__, "geo.") if not m.name.endswith("__main__")]

# --- examples


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_run(name: str) -> None:
    if name == "geo.spacy_component":
        pytest.importorskip("spacy")
    assert doctest.testmod(import_module(name)).failed == 0


@pytest.mark.parametrize("page", ["README.md", "docs/formats.md"])
def test_python_in_the_documentation_runs(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    examples = re.findall(r"```python\n(.*?)```", (ROOT / page).read_text("utf-8"), re.DOTALL)
    assert examples
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for example in examples:
        exec(compile(example, page, "exec"), names)  # noqa: S102  our own documentation


# --- geo.resolve

TEXT = "Talks were held in Granada, Spain, near the Lachin corridor."


def test_given_stretches_are_resolved_in_their_order() -> None:
    found = geo.resolve(TEXT, [(28, 33), (19, 26), (0, 5), (19, 26)])
    assert [t.text for t in found] == ["Spain", "Granada", "Talks", "Granada"]
    assert [t.place.country if t.place else None for t in found] == ["ES", "ES", None, "ES"]
    assert found[1].place == geo.recognise(TEXT)[0].place
    assert found[2].reason == "no place named 'Talks' in the gazetteer"
    assert geo.resolve(TEXT, []) == []


def test_company_tells_namesakes_apart() -> None:
    text = "Police in Birmingham, Alabama, said so."
    [place, _] = geo.resolve(text, [(10, 20), (22, 29)])
    assert place.place is not None
    assert place.place.country == "US"


def test_a_demonym_is_one() -> None:
    [armenian] = geo.resolve("Armenian forces moved.", [(0, 8)])
    assert (armenian.kind, armenian.place and armenian.place.country) == ("demonym", "AM")


@pytest.mark.parametrize("span", [(0, 0), (5, 3), (-1, 2), (0, 1000)])
def test_a_stretch_that_is_none_is_a_value_error(span: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match=re.escape(str(span))):
        geo.resolve(TEXT, [span])


@pytest.mark.parametrize("date", ["2023-10-05", "2023-10-05T10:00:00Z", dt.date(2023, 10, 5), None])
def test_dates_are_taken_in_any_form(date: str | dt.date | None) -> None:
    assert geo.resolve(TEXT, [(19, 26)], date=date)[0].place is not None


def test_what_is_no_text_or_no_date_is_refused() -> None:
    with pytest.raises(TypeError, match="resolve takes the text of an article as str, not bytes"):
        geo.resolve(b"Granada", [(0, 7)])  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="soon"):
        geo.resolve(TEXT, [(19, 26)], date="soon")


@given(texts.filter(bool), st.data())
def test_any_stretch_of_any_text_has_an_answer(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    [toponym] = geo.resolve(text, [(start, end)])
    assert (toponym.start, toponym.end, toponym.text) == (start, end, text[start:end])
    assert 0 <= toponym.confidence <= 1


# --- geo.parse_frame

ARTICLES = pd.DataFrame(
    {
        "body": [
            "Leaders met in Granada, Spain, on Thursday.",
            "Rebels attacked Goma on 3 March 2021.",
            None,
        ],
        "published": [pd.Timestamp("2023-10-06 09:30"), pd.NaT, pd.NaT],
        "headline": ["Talks", "Attack", "Nothing"],
        "link": ["https://example.org/1", None, None],
        "key": ["x", "x", "z"],
    },
    index=[10, 20, 30],
)


def test_a_frame_of_articles_becomes_events() -> None:
    with pytest.warns(UserWarning, match="row 30: no text; drop the row, or fill it"):
        events = geo.parse_frame(ARTICLES, text="body", date="published", title="headline", url="link")
    found = events.set_index("layer")
    meeting, attack = found.loc["meetings"], found.loc["clashes"]
    assert (meeting.doc_id, meeting.start, meeting.doc_date, meeting.doc_title) == (
        "10",
        "2023-10-05",
        "2023-10-06",
        "Talks",
    )
    assert (meeting.doc_url, attack.doc_url, attack.doc_id) == ("https://example.org/1", "", "20")
    assert attack.start == "2021-03-03"
    joined = events.merge(ARTICLES.assign(doc_id=ARTICLES.index.astype(str)), on="doc_id")
    assert len(joined) == len(events)


@pytest.mark.filterwarnings("ignore:row z")
def test_ids_come_from_a_column_and_are_told_apart() -> None:
    events = geo.parse_frame(ARTICLES, text="body", id="key", merge=False)
    assert set(events["doc_id"]) == {"x", "x#2"}


@pytest.mark.parametrize(
    "dates",
    [["2023-10-06"], [dt.date(2023, 10, 6)], [dt.datetime(2023, 10, 6, 8, tzinfo=dt.UTC)], ["2023-10"]],
)
def test_dates_in_any_form(dates: list[object]) -> None:
    events = geo.parse_frame(
        pd.DataFrame({"text": ["Leaders met in Granada, Spain."], "date": dates}), date="date"
    )
    assert set(events["doc_date"]) <= {"2023-10-06", "2023-10-01"}


def test_a_date_that_is_none_leaves_the_row_out() -> None:
    frame = pd.DataFrame({"text": ["They met in Granada, Spain."] * 2, "date": ["soon", None]})
    with pytest.warns(UserWarning, match="row 0: 'soon' is no date"):
        assert set(geo.parse_frame(frame, date="date")["doc_id"]) == {"1"}


def test_a_column_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(
        MetadataError, match="no column 'text'; name the one with the text: it has body, published, headline"
    ):
        geo.parse_frame(ARTICLES)
    with pytest.raises(MetadataError, match="no column 'day'; name the one with the date"):
        geo.parse_frame(ARTICLES, text="body", date="day")


@pytest.mark.parametrize("frame", [pd.DataFrame({"text": []}), pd.DataFrame({"text": ["", 3, float("nan")]})])
def test_a_frame_without_articles_is_an_error(frame: pd.DataFrame) -> None:
    with pytest.raises(NothingToReadError, match="no row of the frame can be read"):
        geo.parse_frame(frame)


def test_the_callers_frame_stays_as_it_is() -> None:
    frame = ARTICLES.head(2)
    before = frame.copy(deep=True)
    geo.parse_frame(frame, text="body")
    pd.testing.assert_frame_equal(frame, before)


# --- spaCy


def test_the_component_sets_spans_and_entities_when_asked() -> None:
    spacy = pytest.importorskip("spacy")
    import_module("geo.spacy_component")
    nlp = spacy.blank("en")
    nlp.add_pipe("geo", config={"ents": True, "spans_key": "places"})
    doc = nlp("Armenian envoys met in Granada, Spain, near the Lachin corridor in Zzyzzyx.")
    spans = {span.text: span for span in doc.spans["places"]}
    assert spans["Granada"].kb_id_ == "geonames:2517117"
    assert spans["Granada"]._.geo.place.country == "ES"
    assert spans["Lachin corridor"].label_ == "corridor"
    assert [(e.text, e.label_) for e in doc.ents] == [
        ("Granada", "GPE"),
        ("Spain", "GPE"),
        ("Lachin corridor", "LOC"),
    ]
    assert not spacy.blank("en")("Granada, Spain").spans


@pytest.mark.parametrize("text", ["", " ", "\n", "Baku-based", "Granada/Spain", "x" * 500])
def test_the_component_takes_any_text(text: str) -> None:
    spacy = pytest.importorskip("spacy")
    import_module("geo.spacy_component")
    nlp = spacy.blank("en")
    nlp.add_pipe("geo")
    assert nlp(text).text == text


def test_spacy_finds_the_component_by_its_entry_point() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    assert '[project.entry-points.spacy_factories]\ngeo = "geo.spacy_component:make"\n' in text
