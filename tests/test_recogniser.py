from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given, settings

from geo.gazetteer import Gazetteer
from geo.model import Mention
from geo.text import analyse
from geo.toponyms.recogniser import recognise
from geo.toponyms.spans import Article, name_facts
from geo.toponyms.weights import bundled_weights
from geo.toponyms.words import shape
from tests.gazetteers import bundled, compiled, entry
from tests.strategies import texts


def mentions(text: str, gazetteer: Gazetteer | None = None) -> list[Mention]:
    return recognise(analyse(text), gazetteer or bundled())


def found(text: str) -> list[tuple[str, str]]:
    return [(m.text, m.kind) for m in mentions(text)]


# --- on any text


@settings(deadline=None)
@given(texts)
def test_mentions_are_the_text_at_their_offsets_in_order_and_apart(text: str) -> None:
    given_back = mentions(text)
    assert all(text[m.start : m.end] == m.text and m.text.strip() == m.text != "" for m in given_back)
    assert all(a.end <= b.start for a, b in pairwise(given_back))
    assert all(0 < m.confidence <= 1 for m in given_back)


@settings(deadline=None)
@given(texts)
@example("It was a visit to the West. Bank officials spoke.")
@example("Fighting in South\n\nSudan fears for its harvest")
def test_a_mention_lies_within_one_sentence(text: str) -> None:
    analysis = analyse(text)
    for m in recognise(analysis, bundled()):
        if m.kind != "border":
            assert (
                m.end <= analysis.sentence_at(m.start)[1] + 1
            )  # the stop of an abbreviation may be the sentence's too


@settings(deadline=None)
@given(texts)
def test_all_that_is_chosen_was_proposed_and_likely_enough(text: str) -> None:
    article = Article(analyse(text), bundled())
    analysis = article.analysis
    proposed = {(analysis.starts[s.first], analysis.ends[s.last - 1]) for s in article.spans}
    threshold = bundled_weights().threshold
    for m in mentions(text):
        assert m.confidence >= threshold
        curated = m.kind == "border" or m.confidence > 0.96
        assert curated or {(m.start, m.end), (m.start, m.end - 1)} & proposed


@given(texts)
def test_the_same_text_gives_the_same_mentions(text: str) -> None:
    assert mentions(text) == mentions(text)


# --- lines and borders, taken by rule


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("The Lachin corridor was shut in December.", "Lachin corridor"),
        ("Trucks left through the Lachin Corridor.", "Lachin Corridor"),
        ("Ships wait at the Strait of Hormuz for a pilot.", "Strait of Hormuz"),
        ("Shells fell along the Line of Control in the night.", "Line of Control"),
        ("Both armies watch the Suwalki Gap.", "Suwalki Gap"),
        ("LACHIN CORRIDOR REOPENS", "LACHIN CORRIDOR"),
    ],
)
def test_a_line_is_one_mention(text: str, line: str) -> None:
    assert [name for name, _ in found(text)] == [line]


@pytest.mark.parametrize(
    ("text", "border"),
    [
        ("Guards on the Armenia–Azerbaijan border fired first.", "Armenia–Azerbaijan border"),
        ("Guards on the Armenian-Azerbaijani border fired first.", "Armenian-Azerbaijani border"),
        (
            "Guards on the border between Armenia and Azerbaijan fired first.",
            "border between Armenia and Azerbaijan",
        ),
        ("Poland closed its border with Belarus.", "border with Belarus"),
        ("Chad and Sudan agreed to patrol their shared border.", "border"),
        ("Chad and Sudan argued for years. No one guards their common border.", "border"),
        ("The India-Pakistan frontier lit up.", "India-Pakistan frontier"),
    ],
)
def test_a_border_is_named_by_its_two_countries(text: str, border: str) -> None:
    assert [name for name, kind in found(text) if kind == "border"] == [border]


@pytest.mark.parametrize(
    "text",
    [
        "The border was quiet.",
        "Poland will guard its border.",
        "Doctors Without Borders left Chad.",
        "The border collie came from Scotland.",
        "The border between Portugal and Japan does not exist.",
    ],
)
def test_no_border_without_two_countries_that_share_one(text: str) -> None:
    assert [name for name, kind in found(text) if kind == "border"] == []


# --- kinds


@pytest.mark.parametrize("word", ["Armenian", "Azerbaijani", "French", "Nigerian", "Vietnamese", "Swiss"])
def test_demonyms_are_told_from_names(word: str) -> None:
    assert (word, "demonym") in found(f"Dozens of {word} troops arrived in Geneva on Sunday.")


@pytest.mark.parametrize("name", ["U.S.", "U.K.", "United States", "UAE", "Britain"])
def test_abbreviated_countries_are_names(name: str) -> None:
    assert (name, "name") in found(f"An envoy of the {name} flew to Geneva on Sunday.")


# --- what is seen of a span


def test_shapes() -> None:
    words = ["Baku", "UN", "NATO", "UNESCO", "U.S.", "A", "in", "12", "McDonald", "iPhone", ",", "Calif."]
    assert [shape(w) for w in words] == [
        "Xx",
        "XX",
        "XX",
        "XXX",
        "X.",
        "X",
        "x",
        "d",
        "XxX",
        "xX",
        ",",
        "Xx.",
    ]


def test_name_facts_are_of_the_weightiest_bearer() -> None:
    g = compiled(
        [entry("Chad", "TD", kind="country", population=15_000_000), entry("Chad", "US", population=500)]
    )
    [match] = g.matches(analyse("Chad"), 0)
    facts = name_facts(g, match.name)
    assert facts is not None
    assert (facts.kind, facts.primary, facts.largest, facts.bearers) == ("country", 7, 7, 2)


def test_proposals_are_names_of_the_gazetteer_and_runs_of_capitals() -> None:
    g = compiled([entry("New York"), entry("York")])
    article = Article(analyse("from New York to Old Bridge"), g)
    analysis = article.analysis
    proposed = {
        analysis.text[analysis.starts[s.first] : analysis.ends[s.last - 1]]: s.name is not None
        for s in article.spans
    }
    assert proposed == {
        "New York": True,
        "New": False,
        "York": True,
        "Old Bridge": False,
        "Old": False,
        "Bridge": False,
    }
