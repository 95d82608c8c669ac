"""What is passed over without being read loses no trigger: the quick look at a sentence's words against the slow one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.events.matching import find_candidates, find_matches
from geo.events.notation import Element
from geo.events.patterns import Tagged
from geo.events.report import LONGEST, Article
from geo.events.triggers import Triggers
from geo.text import analyse
from tests.labelled_events import Case, bundled_triggers, read_case, read_cases


@cache
def triggers() -> Triggers:
    return bundled_triggers()


def all_patterns(words: Sequence[str]) -> dict[int, list[Tagged]]:
    """Each token that may be a head with all patterns for which the words right beside it are right."""
    found = {}
    for k, word in enumerate(words):
        before, after = words[k - 1] if k else "", words[k + 1] if k + 1 < len(words) else ""
        patterns = triggers().heads.get(word, ())
        found[k] = [t for t in patterns if fits(t[0].left[:1], before) and fits(t[0].right[:1], after)]
    return {k: patterns for k, patterns in found.items() if patterns}


def fits(nearest: tuple[Element, ...], word: str) -> bool:
    return all(isinstance(element, str) or word in element for element in nearest)


def assert_nothing_is_lost(case: Case) -> None:
    article = Article(case.document, analyse(case.document.text), case.toponyms, case.timexes, triggers())
    analysis = article.analysis
    quick = dict(find_candidates(analysis, case.toponyms, triggers(), LONGEST))
    for number in range(len(analysis.sentences)):
        first, last = analysis.sentence_tokens(number)
        every = all_patterns(analysis.folded[first:last])
        same = [k for k in every if len(analysis.folded[first + k]) == len(analysis.words[first + k])]  # no "she'll"
        slow = find_matches(article.sentence(number), {first + k: every[k] for k in same})
        assert find_matches(article.sentence(number), quick.get(number, {})) == slow


def test_no_trigger_of_the_labelled_cases_is_passed_over() -> None:
    cases = list(read_cases())
    assert len(cases) > 100
    for case in cases:
        assert_nothing_is_lost(case)


WORDS = """the the a in in at to between and , . have been was were is be that which president troops rebels army forces attacked
    attack fighting closed close open reopened shut blocked left fled returned sent visited visit flew met meet talks signed agreed
    ceasefire truce town capital base there She'll people ceded received held fire cease-fire deployed along shelled killed will not
    aid tons delivered agreement said""".split()
TWO = "Rebels took [Goma]. Troops bombed the town. Guards shut the [Lachin corridor:corridor]. Guards shut the corridor."
PLACES = ("[Goma]", "[Lachin corridor:corridor]", "[Armenian:demonym]", "[Lithuanians:demonym]")


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from((*WORDS, *PLACES)), max_size=30))
def test_no_trigger_of_any_sentence_is_passed_over(pieces: list[str]) -> None:
    assert_nothing_is_lost(read_case({"text": " ".join(pieces), "date": "2024-03-13", "from": "XX", "events": []}, "any"))


@pytest.mark.parametrize("text", ["She'll shell Goma.", "GENEVA - Fire on [Goma].", "ARMENIANS left [Goma].", "", TWO])
def test_edges(text: str) -> None:
    assert_nothing_is_lost(read_case({"text": text, "date": "2024-03-13", "from": "XX", "events": []}, "edge"))
