"""Articles read many at a time, in arrays, give what they give one at a time."""

from __future__ import annotations

import datetime as dt
import gc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from geo.documents import Failure
from geo.errors import DocumentError
from geo.gazetteer import hash_token
from geo.model import Document, Mention, Toponym, records
from geo.pipeline import BATCH_ARTICLES, Reading, Summary, bundled_triggers, locate_all, read, reports
from geo.text import Analysis, analyse, fold
from geo.toponyms import (
    batch_candidates,
    batch_odds,
    batch_ranking,
    batch_spans,
    batch_words,
    recognise,
    recognise_all,
    resolve,
    resolve_all,
)
from geo.toponyms.candidates import distinct_names
from geo.toponyms.features import features, observer
from geo.toponyms.spans import Article
from geo.toponyms.weights import bundled_weights, rounded, sigmoid
from tests.gazetteers import bundled
from tests.strategies import texts

SEEDS = [path.read_text("utf-8") for path in sorted((Path(__file__).parents[1] / "seeds").glob("[0-9]*.md"))]
ODD = (
    "",
    "\n\n",
    ". Paris is calm",
    ". . Mr",
    "Ankara",
    "al Bab fell; El Paso and Sheikh al Bab did not.",
    "Officials of the Democratic Republic of the Congo and of Bosnia and Herzegovina met in the U.S. Virgin Islands.",
    "The Organization For The Prohibition Of Chemical Weapons met Mr. Recep Tayyip Erdogan In New York City And London.",
    "Fire in Birmingham, Ala., and Birmingham, England; Springfield, Ill.; Washington, D.C., and Paris, Texas.",
    "The Armenia–Azerbaijan border. Their shared border. The line of contact. The Lachin corridor, a green line of a kind.",
    "Paris Jackson said. Washington said the West. Bank of England, Boston Globe, Minsk Group.",
    "İstanbul’da ılık; Ⅷ ǅ ª — 日本, Paris，London",
    "Georgia " * 130 + "Paris, London, Springfield, Granada, Kingston; " * 30,
)


def one_by_one(analyses: list[Analysis]) -> list[list[Mention]]:
    return [recognise(analysis, bundled()) for analysis in analyses]


@settings(deadline=None)
@given(st.lists(texts | st.sampled_from(ODD), max_size=5))
@example(list(ODD))
@example(SEEDS)
def test_many_articles_hold_the_mentions_that_each_holds_alone(given_texts: list[str]) -> None:
    analyses = [analyse(text) for text in given_texts]
    assert recognise_all(analyses, bundled()) == one_by_one(analyses)


def resolved(analyses: list[Analysis], mentions: list[list[Mention]], day: dt.date | None) -> list[list[Toponym]]:
    return resolve_all([(a, m, day) for a, m in zip(analyses, mentions, strict=True)], bundled())


@settings(deadline=None)
@given(st.lists(texts | st.sampled_from(ODD + tuple(SEEDS)), max_size=5), st.none() | st.dates())
@example(list(ODD), None)
@example(SEEDS, dt.date(2024, 12, 1))
def test_many_articles_mean_the_places_that_each_means_alone(given_texts: list[str], day: dt.date | None) -> None:
    analyses = [analyse(text) for text in given_texts]
    mentions = one_by_one(analyses)
    found = resolved(analyses, mentions, day)
    alone = [resolve(a, m, bundled(), day=day) for a, m in zip(analyses, mentions, strict=True)]
    for many, one in zip(found, alone, strict=True):
        assert [(t.text, t.place, t.role, t.reason) for t in many] == [(t.text, t.place, t.role, t.reason) for t in one]
        assert [t.confidence for t in many] == pytest.approx([t.confidence for t in one], abs=1e-9)


def test_words_of_which_nothing_is_known_are_described_as_the_others() -> None:
    """No `Word` is made of them."""
    words = sorted({word for text in (*SEEDS, *ODD) for word in analyse(text).words})
    quick, thorough = (batch_words.Table(bundled(), bundled_weights().scorer) for _ in range(2))
    thorough._remarkable = frozenset(fold(word) or word for word in words)
    assert [quick[word] for word in words] == [thorough[word] for word in words]
    for column, other in zip(quick.columns(), thorough.columns(), strict=True):
        assert column.tolist() == other.tolist()


@given(st.lists(st.tuples(st.floats(-800, 800), st.floats(0, 1), st.floats(0, 1)), min_size=1))
def test_odds_in_arrays_are_those_of_one_to_the_bit(rows: list[tuple[float, float, float]]) -> None:
    weights, (scores, spans, shares) = bundled_weights(), (np.array(column) for column in zip(*rows, strict=True))
    assert batch_odds.sigmoids(scores).tolist() == pytest.approx([sigmoid(x) for x, _, _ in rows], rel=0, abs=1e-300)
    assert batch_odds.confidences(weights, spans, shares).tolist() == [weights.confidence(p, q) for _, p, q in rows]
    assert batch_odds.rounded_all(spans).tolist() == [rounded(p) for _, p, _ in rows]


def test_records_made_by_columns_are_those_that_the_constructor_makes() -> None:
    rows = [(0, 4, "Mali", "name", (), 0.5, ""), (9, 13, "Mopti", "demonym", (7,), 1.0, "why")]
    made = records(Mention, *zip(*rows, strict=True))
    assert made == [Mention(*row) for row in rows]  # type: ignore[arg-type]
    assert records(Mention, *([] for _ in Mention.__slots__)) == []


def test_what_was_learned_of_words_may_be_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader keeps no more words than it is allowed, and reads on as before."""
    monkeypatch.setattr(batch_spans, "WORDS_KEPT", 50)
    monkeypatch.setattr(batch_words, "CAPACITY", 8)
    monkeypatch.setattr(batch_words, "NUMBERS_KEPT", 64)
    reader = batch_spans.BatchReader(bundled(), bundled_weights().scorer)
    scores = [reader.propose([analyse(text)]).scores.tolist() for text in SEEDS[:4]]
    assert len(reader.table) < sum(len(set(analyse(text).words)) for text in SEEDS[:4])
    assert scores == [reader.propose([analyse(text)]).scores.tolist() for text in SEEDS[:4]]


def test_what_was_learned_of_names_may_be_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """No more candidates are kept from batch to batch than is allowed, and they weigh as before."""
    passes = bundled_weights().ranks
    analyses = [analyse(text) for text in SEEDS[:6]]
    mentions = one_by_one(analyses)

    def shares(forms: batch_candidates.Forms) -> list[list[float]]:
        monkeypatch.setattr(batch_ranking, "forms_of", lambda *_: forms)
        articles = [distinct_names(a, m, bundled()) for a, m in zip(analyses, mentions, strict=True)]
        for names in articles:
            batch_ranking.weigh_all(bundled(), [names], passes)
        return [name.shares for names in articles for name in names]

    whole = batch_candidates.Forms(bundled(), passes)
    expected = shares(whole)
    monkeypatch.setattr(batch_candidates, "CANDIDATES_KEPT", 50)
    monkeypatch.setattr(batch_candidates, "CAPACITY", 8)
    bounded = batch_candidates.Forms(bundled(), passes)
    assert shares(bounded) == expected
    assert len(bounded) < len(whole)


@given(st.floats(0, 1) | st.integers(0, 20_000).map(lambda k: k / 20_000))
def test_probabilities_are_rounded_to_four_digits(p: float) -> None:
    assert rounded(p) == round(p, 4)


@given(st.lists(st.text(st.characters())))
def test_tokens_have_one_hash(folded: list[str]) -> None:
    assert batch_words.hash_tokens(folded).tolist() == [hash_token(token) for token in folded]


@settings(deadline=None)
@given(texts)
@example(SEEDS[0])
def test_a_score_is_the_sum_of_the_weights_of_what_is_seen(text: str) -> None:
    weights = bundled_weights()
    article, scorer = Article(analyse(text), bundled()), weights.scorer
    see = observer(article, scorer.named, scorer.ending)
    for span, seen in zip(article.spans, features(article, article.spans), strict=True):
        expected = weights.spans["bias"] + sum(weights.spans.get(f, 0.0) for f in seen)
        assert scorer.score(see(span)) == pytest.approx(expected, abs=1e-9)


def test_batches_may_be_read_in_threads() -> None:
    analyses = [analyse(text) for text in SEEDS]
    expected = recognise_all(analyses, bundled())
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda k: recognise_all(analyses[k % 3 :], bundled()), range(24)))
    assert found == [expected[k % 3 :] for k in range(24)]


# --- the pipeline


def documents(number: int) -> Iterator[Document | Failure]:
    for k in range(number):
        if k % 7 == 3:
            yield Failure(str(k), DocumentError(f"{k}: broken"))
        else:
            yield Document(str(k), f"Talks {k} were held in Granada, Spain, on {1 + k % 28} May 2023.")


def test_articles_and_failures_come_in_their_order() -> None:
    number = BATCH_ARTICLES * 2 + 5
    found = [r.document.id if isinstance(r, Reading) else r.path_or_id for r in read(documents(number), bundled())]
    assert found == [str(k) for k in range(number)]


def test_no_more_than_a_batch_is_read_ahead() -> None:
    taken = []

    def counted() -> Iterator[Document | Failure]:
        for k, document in enumerate(documents(BATCH_ARTICLES * 4)):
            taken.append(k)
            yield document

    for done, _ in enumerate(read(counted(), bundled())):
        assert len(taken) <= done + BATCH_ARTICLES


def test_the_events_of_articles_come_in_their_order_while_garbage_is_collected() -> None:
    summary, done, told = Summary(), list[str](), list[str]()
    gazetteer = bundled()
    for event in reports(
        documents(BATCH_ARTICLES + 5), gazetteer, bundled_triggers(gazetteer), summary=summary, seen=lambda d: done.append(d.id)
    ):
        assert gc.isenabled()
        told.append(event.evidence[0].doc_id)
        assert told[-1] not in done
    assert list(dict.fromkeys(told)) == done
    assert summary.documents == len(done)
    assert [failure.path_or_id for failure in summary.failures] == [str(k) for k in range(BATCH_ARTICLES + 5) if str(k) not in done]


@pytest.mark.parametrize("number", [0, 1, 3, 4, 9])
def test_few_articles_and_many_are_read_alike(number: int) -> None:
    articles = [(analyse(SEEDS[k]), None) for k in range(number)]
    assert locate_all(articles, bundled()) == [toponyms for a in articles for toponyms in locate_all([a], bundled())]


def test_the_proposals_stand_in_order() -> None:
    proposals = batch_spans.batch_reader(bundled(), bundled_weights().scorer).propose([analyse(t) for t in SEEDS])
    spans = list(zip(proposals.first.tolist(), proposals.last.tolist(), strict=True))
    assert all(a < b for a, b in pairwise(spans))
    assert np.isfinite(proposals.scores).all()
