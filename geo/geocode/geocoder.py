"""Unresolved toponyms → places that a service knows, taken with caution.

Off unless asked for. Only the names are sent, one at a time, each once. An answer is taken when it bears the very name
and lies in a country that the article names; a wrong place is worse than a missing one.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

from geo.errors import OptionError
from geo.gazetteer import name_tokens
from geo.geocode.cache import Cache, default_cache
from geo.geocode.services import DELAYS, Answer, open_service
from geo.model import Candidate, Place, Toponym

TIMEOUT = 10.0  # seconds
FAILURES = 3  # in a row, after which the service is left alone
LONGEST = 80  # characters of a name
CONFIDENCE = 0.4  # of a place that a service found in a country that the article names
ALONE = 0.25  # of one in an article that names no country
WAIT = 5.0  # seconds after a failure


def open_geocoder(
    service: str,
    *,
    url: str | None = None,
    cache: Path | None = None,
    dry_run: bool = False,
    delay: float | None = None,
    timeout: float = TIMEOUT,
) -> Geocoder:
    """A geocoder that asks `service` (one of SERVICES), at `url` if it is one's own.

    `cache` is the file that keeps the answers (default: in the user's folder for caches). With `dry_run` nothing is sent.
    Raises OptionError.
    """
    agent = f"geo-news/{version('geo-news')}"
    ask = open_service(service, url, agent, timeout)
    kept = Cache(cache or default_cache(), f"{service} {url}" if url else service)
    return Geocoder(service, ask, kept, dry_run=dry_run, delay=DELAYS[service] if delay is None else delay)


class Geocoder:
    """Fills in toponyms that have no place. `notes` tells afterwards what was asked and what failed."""

    def __init__(
        self, service: str, ask: Callable[[str], list[Answer]], cache: Cache, *, dry_run: bool = False, delay: float = 1.0
    ) -> None:
        from geopy.extra.rate_limiter import RateLimiter  # noqa: PLC0415  seldom needed, slow to import

        self.service = service
        self.cache = cache
        self.dry_run = dry_run
        self._ask = RateLimiter(
            ask, min_delay_seconds=delay, max_retries=1, error_wait_seconds=WAIT if delay else 0.0, swallow_exceptions=False
        )
        self._found: dict[str, list[Answer] | None] = {}  # None: it could not be asked
        self._asked = self._taken = self._cached = self._failed = 0
        self._error = ""

    def __call__(self, toponyms: Sequence[Toponym]) -> list[Toponym]:
        """The toponyms of an article, those that had no place with the one that the service knows, if it is sure enough."""
        countries = {t.place.country for t in toponyms if t.place and t.place.country}
        return [t if t.place else self._fill(t, countries) for t in toponyms]

    def _fill(self, toponym: Toponym, countries: set[str]) -> Toponym:
        name = " ".join(toponym.text.split())
        if toponym.kind != "name" or not any(map(str.isalpha, name)) or len(name) > LONGEST:
            return toponym
        answers = self._answers(name)
        if answers is None:
            return toponym
        taken, why = _choose(name, answers, countries)
        if taken is None:
            return replace(toponym, reason=f"{toponym.reason}; {self.service}: {why}")
        self._taken += 1
        told = {"found_by": f"{self.service}: {why}"}
        place = Place(
            taken.id, taken.name, taken.kind, taken.country, round(taken.lat, 5), round(taken.lon, 5), details=told
        )
        confidence = CONFIDENCE if countries else ALONE
        reason = f"{self.service}: {why}; {toponym.reason}"
        return replace(toponym, place=place, confidence=confidence, reason=reason, candidates=(Candidate(place, confidence),))

    def _answers(self, name: str) -> list[Answer] | None:
        if name not in self._found:
            self._found[name] = self._look_up(name)
        return self._found[name]

    def _look_up(self, name: str) -> list[Answer] | None:
        answers = self.cache.get(name)
        if answers is not None:
            self._cached += 1
            return answers
        if self.dry_run or self._failed >= FAILURES:
            return None
        from geopy.exc import GeopyError  # noqa: PLC0415

        try:
            with warnings.catch_warnings(action="ignore"):  # geopy warns of latitudes beyond the poles before it fails
                answers = list(self._ask(name))
        except (GeopyError, OSError, LookupError, TypeError, ValueError, AttributeError) as error:
            self._failed += 1
            self._error = " ".join(f"{type(error).__name__}: {error}".split())[:160]
            return None
        self._failed = 0
        self._asked += 1
        with suppress(OptionError):  # an answer that cannot be kept is an answer all the same
            self.cache.put(name, answers)
        return answers

    @property
    def unasked(self) -> list[str]:
        """The names that were not asked: those of a dry run, or of a service that failed."""
        return sorted(name for name, answers in self._found.items() if answers is None)

    def notes(self) -> list[str]:
        """What was sent and taken, and what went wrong; a dry run tells the names that would be sent."""
        known = f"{self._cached} in {self.cache.path}"
        if self.dry_run:
            names = f": {'; '.join(self.unasked)}" if self.unasked else ""
            return [f"{self.service} would be asked for {len(self.unasked)} names ({known}){names}"]
        notes = [f"{self.service}: {self._asked} names asked ({known}), {self._taken} mentions placed"]
        if self.unasked:
            stopped = "; it was not asked any more" if self._failed >= FAILURES else ""
            notes.append(f"{self.service} failed for {len(self.unasked)} names ({self._error}){stopped}; run again to ask anew")
        return notes


def _choose(name: str, answers: Sequence[Answer], countries: set[str]) -> tuple[Answer | None, str]:
    """The answer to take and why, or None and why not."""
    wanted = name_tokens(name)
    same = [answer for answer in answers if any(name_tokens(other) == wanted for other in answer.names)]
    if not same:
        return None, "knows no place of this very name"
    if countries:
        inside = [answer for answer in same if answer.country in countries]
        if not inside:
            return None, f"knows it only in {', '.join(sorted({a.country or 'no country' for a in same}))}, which the article does not name"
        return inside[0], f"{inside[0].name}, {inside[0].country}, which the article names"
    if len({answer.country for answer in same}) > 1:
        return None, "knows it in several countries, none of which the article names"
    return same[0], f"{same[0].name}, {same[0].country or 'no country'}, the only one that it knows"
