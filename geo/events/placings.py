"""What the rules for places give: the places of a trigger, each with its confidence and reason."""

from __future__ import annotations

from dataclasses import dataclass

from geo.events.clauses import Match, Sentence, Span
from geo.model import Place


@dataclass(frozen=True, slots=True)
class Placing:
    """A toponym as the place of an event, with the tokens where it stands."""

    span: Span
    confidence: float
    reason: str
    place: Place | None = None  # where it is not the toponym's place itself, but a point off it


@dataclass(frozen=True, slots=True)
class Placement:
    """The places of a trigger; `alternatives` when the text leaves open which ("in A or B")."""

    placings: tuple[Placing, ...] = ()
    alternatives: bool = False
    shared_with: Match | None = None
    destination: Place | None = None  # where those went who left the place


NOWHERE = Placement()


def head_words(sentence: Sentence, match: Match) -> str:
    """The head of a trigger as written."""
    return sentence.written[match.head]
