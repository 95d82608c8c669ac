"""A component for spaCy pipelines: `nlp.add_pipe("geo")`. Needs `pip install 'geo-news[spacy]'`.

    >>> import spacy
    >>> nlp = spacy.blank("en")
    >>> _ = nlp.add_pipe("geo")
    >>> doc = nlp("They met in Granada, Spain.")
    >>> [(span.text, span.kb_id_, span._.geo.place.country) for span in doc.spans["toponyms"]]
    [('Granada', 'geonames:2517117', 'ES'), ('Spain', 'geonames:2510769', 'ES')]

`doc.spans["toponyms"]` holds a span a toponym: its label is the kind of the place ("" when unresolved), its `kb_id_` the place's id,
and `span._.geo` the `Toponym`, with confidence, reason and candidates. `doc.ents` is left alone unless `ents` is set: then
resolved toponyms that overlap no entity become entities labelled GPE or LOC. A toponym that ends within a token takes the whole token.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from spacy.language import Language
from spacy.tokens import Doc, Span

from geo.gazetteer import Gazetteer
from geo.model import Toponym
from geo.pipeline import recognise

if TYPE_CHECKING:
    from collections.abc import Iterator

GEOPOLITICAL = ("country", "capital", "city", "admin1", "admin2")
"""Kinds that are entities of type GPE; the others are LOC."""


class Recogniser:
    """The component: finds the toponyms of a Doc."""

    def __init__(
        self, *, gazetteer: str | None, demonyms: bool, approximate: bool, ents: bool, spans_key: str
    ) -> None:
        self.gazetteer = Gazetteer(gazetteer) if gazetteer else None
        self.demonyms = demonyms
        self.approximate = approximate
        self.ents = ents
        self.spans_key = spans_key

    def __call__(self, doc: Doc) -> Doc:
        """Set the spans, and the entities if asked."""
        toponyms = recognise(
            doc.text, gazetteer=self.gazetteer, demonyms=self.demonyms, approximate=self.approximate
        )
        found = [span for toponym in toponyms if (span := _span(doc, toponym)) is not None]
        doc.spans[self.spans_key] = found
        if self.ents:
            doc.ents = (*doc.ents, *_entities(doc, found))
        return doc


def _span(doc: Doc, toponym: Toponym) -> Span | None:
    place = toponym.place
    span = doc.char_span(
        toponym.start,
        toponym.end,
        label=place.kind if place else "",
        kb_id=place.id if place else "",
        alignment_mode="expand",
    )
    if span is not None:
        span._.geo = toponym
    return span


def _entities(doc: Doc, found: list[Span]) -> Iterator[Span]:
    taken = {token.i for entity in doc.ents for token in entity}
    for span in found:
        tokens = set(range(span.start, span.end))
        if span._.geo.place is None or span._.geo.kind == "demonym" or taken & tokens:
            continue
        taken |= tokens
        yield Span(
            doc, span.start, span.end, label="GPE" if span.label_ in GEOPOLITICAL else "LOC", kb_id=span.kb_id
        )


def make(
    nlp: Language,
    name: str,
    gazetteer: str | None,
    demonyms: bool,
    approximate: bool,
    ents: bool,
    spans_key: str,
) -> Recogniser:
    """The component with its settings, as spaCy asks for it."""
    del nlp, name
    return Recogniser(
        gazetteer=gazetteer, demonyms=demonyms, approximate=approximate, ents=ents, spans_key=spans_key
    )


Language.factory(
    "geo",
    assigns=["doc.spans", "span._.geo"],
    default_config={
        "gazetteer": None,
        "demonyms": True,
        "approximate": True,
        "ents": False,
        "spans_key": "toponyms",
    },
    func=make,
)
if not Span.has_extension("geo"):
    Span.set_extension("geo", default=None)
