"""Dates in text and the dates of articles: labelled cases, and what holds for any text."""

from __future__ import annotations

import datetime as dt
import time
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.dates import Expression, find_dates, find_expressions
from geo.dates.datelines import infer_document_date
from geo.dates.grammar import RULES, Rule
from geo.dates.openings import STARTS
from geo.documents.metadata import parse_date
from geo.model import Timex, When
from geo.text import analyse, tokenise
from tests.strategies import texts

CASES = Path(__file__).parent / "cases" / "dates"
DAY = dt.timedelta(days=1)
WEDNESDAY = When(dt.date(2023, 10, 4), dt.date(2023, 10, 5), "day")

DATE_PIECES = (
    "Monday", "last", "next", "week", "May", "March", "2020", "1990s", "12", "12th", "of", "Oct.", "between", "and", "to", "-", "–",
    "from", "early", "the", "ago", "two", "days", "later", "this", "year", "in", "winter", "quarter", "first", "2023-02-30", "31/31/2020",
    "30 February", "9999", "since", "a couple of", "weekend", "ever", "mid-May", "Q1", "fiscal", "twenties", "Thurſday", "mıd", "99 years ago", "9/11", "the '90s", "tonight", ",", ".", "’s", "said", "will", "\n", "\u00a0", "٣", "２０２０",
)  # fmt: skip
date_like = st.lists(st.sampled_from(DATE_PIECES), max_size=30).flatmap(
    lambda pieces: st.sampled_from(("", " ")).map(lambda gap: gap.join(pieces))
)


def load(name: str) -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = tomllib.loads((CASES / name).read_text(encoding="utf-8"))["case"]
    return cases


def read(case: dict[str, Any]) -> list[Timex]:
    reference = parse_date(case["date"], "the case") if "date" in case else None
    return find_dates(analyse(case["text"]), reference)


def check(case: dict[str, Any]) -> None:
    found = read(case)
    assert {timex.text: timex.value for timex in found} == case["expect"]
    if "days" in case:
        when = found[0].when
        assert [str(when.start), str(when.end - DAY)] == case["days"]


@pytest.mark.parametrize("case", load("positive.toml"), ids=lambda case: case["text"][:50])
def test_expression_means_what_a_reader_takes_from_it(case: dict[str, Any]) -> None:
    check(case)


@pytest.mark.parametrize(
    "text", tomllib.loads((CASES / "negative.toml").read_text(encoding="utf-8"))["texts"]
)
def test_what_only_looks_like_a_date_is_none(text: str) -> None:
    day = dt.date(2020, 6, 15)
    assert find_dates(analyse(text), When(day, day + DAY, "day")) == []


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, marks=pytest.mark.xfail(reason=case["reason"], strict=True, raises=AssertionError))
        for case in load("known_failing.toml")
    ],
    ids=lambda case: case["text"][:50],
)
def test_known_failing(case: dict[str, Any]) -> None:
    check(case)


@pytest.mark.parametrize("case", load("document_dates.toml"), ids=lambda case: case["why"])
def test_date_of_an_article_without_metadata(case: dict[str, Any]) -> None:
    when = infer_document_date(case.get("name", "article.txt"), analyse(case["text"]))
    if "start" not in case:
        assert when is None
        return
    assert when is not None
    assert (str(when.start), when.precision) == (case["start"], case["precision"])
    assert 0 < when.confidence < 1
    assert when.reason


def test_relative_date_names_the_day_that_it_was_counted_from() -> None:
    [timex] = find_dates(analyse("They will meet on Thursday."), WEDNESDAY)
    assert timex.when.reason == "Thursday after the article's date, Wednesday 4 October 2023"


def test_doubt_about_the_articles_date_carries_over() -> None:
    doubtful = When(WEDNESDAY.start, WEDNESDAY.end, "day", confidence=0.5)
    [sure], [unsure] = (find_dates(analyse("They met on Tuesday."), when) for when in (WEDNESDAY, doubtful))
    assert unsure.when.confidence == pytest.approx(sure.when.confidence / 2)


def test_undated_article_gives_only_what_is_absolute() -> None:
    found = find_dates(
        analyse("On Friday, in May and last week they recalled 3 June 1999 and the year 1994."), None
    )
    assert [timex.value for timex in found] == ["1999-06-03", "1994"]


def test_ends_of_a_range_come_singly_on_request() -> None:
    text = analyse("The war lasted from 1992 to 1994; the truce, from 28 April to 3 May 2021.")
    singly = find_dates(text, None, ranges=False)
    assert [(t.text, t.value) for t in singly] == [
        ("1992", "1992"),
        ("1994", "1994"),
        ("28 April", "2021-04-28"),
        ("3 May 2021", "2021-05-03"),
    ]


def test_weekday_beside_a_day_that_was_another_is_doubted() -> None:
    [right] = find_dates(analyse("They met on Wednesday, October 4, 2023."), None)
    [wrong] = find_dates(analyse("They met on Monday, October 4, 2023."), None)
    assert right.when.confidence == 1.0
    assert wrong.when.confidence < 0.7
    assert "Wednesday" in wrong.when.reason


def assert_sound(text: str, found: list[Timex]) -> None:
    position = 0
    for timex in found:
        assert text[timex.start : timex.end] == timex.text == timex.when.text
        assert position <= timex.start < timex.end
        assert timex.when.start < timex.when.end
        assert 0 < timex.when.confidence <= 1
        position = timex.end


@given(texts | date_like, st.sampled_from((None, WEDNESDAY)), st.booleans())
def test_dates_are_the_text_at_their_offsets(text: str, reference: When | None, ranges: bool) -> None:
    assert_sound(text, find_dates(analyse(text), reference, ranges=ranges))


@given(texts | date_like)
def test_two_words_let_all_rules_through_that_match_there(text: str) -> None:
    let_through: dict[int, tuple[Rule, ...]] = {}
    second = ""
    for token in reversed(tokenise(text)):
        let_through |= {token.start + offset: rules[second] for offset, rules in STARTS[token.text]}
        second = token.text
    for start in range(len(text)):
        matching = {rule for rule in RULES if rule.match(text, start, len(text))}
        assert matching <= set(let_through.get(start, ()))


@given(date_like)
def test_what_was_read_before_reads_the_same_elsewhere(text: str) -> None:
    def moved(e: Expression, by: int) -> Expression:
        return e._replace(start=e.start + by, end=e.end + by, until=e.until and moved(e.until, by))

    here, there = find_expressions(analyse(text)), find_expressions(analyse("\n\n" + text))
    assert [moved(e, 2) for e in here] == there


@given(texts | date_like, st.sampled_from((None, WEDNESDAY)))
def test_dates_looked_for_once_serve_both(text: str, reference: When | None) -> None:
    analysis = analyse(text)
    expressions = find_expressions(analysis)
    assert find_dates(analysis, reference, expressions=expressions) == find_dates(analysis, reference)
    assert infer_document_date("a", analysis, expressions) == infer_document_date("a", analysis)


@given(st.text(max_size=30), texts | date_like)
def test_inferring_a_date_never_fails(document_id: str, text: str) -> None:
    when = infer_document_date(document_id, analyse(text))
    assert when is None or when.start < when.end


@pytest.mark.parametrize(
    "unit",
    [
        "Monday ",
        "in May ",
        "2020 ",
        "12" + " " * 500,
        "Oct. ",
        "1994-",
        "between 12 and ",
        "12/12/",
        "© ",
        "the early ",
    ],
)
def test_time_grows_with_the_text_only(unit: str) -> None:
    def seconds(size: int) -> float:
        analysis = analyse(unit * (size // len(unit)))
        start = time.process_time()
        find_dates(analysis, WEDNESDAY)
        infer_document_date("a.txt", analysis)
        return time.process_time() - start

    small = min(seconds(10_000) for _ in range(2))
    assert seconds(80_000) < 8 * 4 * small + 0.2
