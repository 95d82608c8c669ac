"""What each candidate of a name is worth: two passes of a conditional logit.

Candidates are weighed first by themselves and by the names that stand beside them, then by the company that the
first pass believes in. The weights are learned (`geo train`).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from geo.gazetteer import (
    ABBREVIATION,
    ALTERNATE,
    AMBIGUOUS,
    CODE,
    NONE,
    PRIMARY,
    SHORT,
    Gazetteer,
    NameCandidate,
)
from geo.sphere import EARTH_RADIUS_KM, distance_km
from geo.text import fold
from geo.toponyms.candidates import Bearers, Name, holds

MAX_SPOTS = 100  # that nearness is told from, the surest
COMPANY = 4  # candidates of each name that count as company for the others
LEAST_SHARE = 0.03  # of belief, for a candidate to count as company
SURE = 0.4  # share of a spot that may be the nearest
FAR_KM, FARTHEST_KM = 3000, 20_000.0  # from where a spot is not near at all; what stands for no spot
CURATED_PEOPLE = 300_000  # what a region or a line without inhabitants counts for: it is in the news
MINOR_PEOPLE = 20_000  # the same for a curated place that is a spot
MINOR_KINDS = frozenset(
    """airport base bridge camp cape city crossing dam lake mountain neighbourhood park plant point prison river site sound
    square street village""".split()
)
ROUNDING = 1e-9  # of beliefs: what is nearer than that is equal
LARGE = 5.0  # magnitude of 100,000 people
CAPITAL_PART = 2  # a capital counts for half of its country at least


class Company:
    """What the other names of an article believe in: countries, divisions, spots, by the names that do."""

    def __init__(self, gazetteer: Gazetteer, names: Sequence[Name], vectors: dict[int, tuple[float, float, float]]) -> None:
        self.gazetteer, self.names, self.vectors = gazetteer, names, vectors
        self.by_country: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
        self.by_division: dict[int, dict[int, float]] = defaultdict(lambda: defaultdict(float))
        self.spots: list[tuple[int, float, tuple[float, float, float]]] = []
        self.countries_named: set[str] = set()
        self.divisions_named: set[int] = set()
        g = gazetteer
        for k, name in enumerate(names):
            best = sorted(range(len(name.shares)), key=lambda j: -name.shares[j])[:COMPANY]
            for j in best:
                share, place = name.shares[j], name.candidates[j].place
                if share < LEAST_SHARE:
                    continue
                if code := g.country(place):
                    self.by_country[code][k] += share
                if g.admin1[place] != NONE:
                    self.by_division[g.admin1[place]][k] += share
                kind = g.kind(place)
                if kind == "country" and share > 0.5:
                    self.countries_named.add(g.country(place))
                elif kind == "admin1" and share > 0.5:
                    self.divisions_named.add(place)
                if kind not in ("country", "continent", "ocean"):
                    self.spots.append((k, share, self.vector(place)))
        if len(self.spots) > MAX_SPOTS:
            self.spots = sorted(self.spots, key=lambda spot: -spot[1])[:MAX_SPOTS]
        self._country_totals = {code: sum(m.values()) for code, m in self.by_country.items()}
        self._division_totals = {d: sum(m.values()) for d, m in self.by_division.items()}

    def vector(self, place: int) -> tuple[float, float, float]:
        """The place's point on the unit sphere."""
        found = self.vectors.get(place)
        if found is None:
            lat, lon = math.radians(self.gazetteer.lat[place] / 1e5), math.radians(self.gazetteer.lon[place] / 1e5)
            found = self.vectors[place] = (math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat))
        return found

    def country_support(self, code: str, but: int) -> float:
        """Belief in places of a country, in names, without name number `but`."""
        return self._country_totals.get(code, 0.0) - self.by_country[code].get(but, 0.0) if code else 0.0

    def division_support(self, division: int, but: int) -> float:
        """The same for a first-level division."""
        if division == NONE:
            return 0.0
        return self._division_totals.get(division, 0.0) - self.by_division[division].get(but, 0.0)

    def leading_country(self, but: int) -> float:
        """Support of the country that the others support most."""
        return max((t - self.by_country[c].get(but, 0.0) for c, t in self._country_totals.items()), default=0.0)

    def leading_division(self, but: int) -> float:
        """Support of the division that the others support most."""
        return max((t - self.by_division[d].get(but, 0.0) for d, t in self._division_totals.items()), default=0.0)

    def nearness(self, place: int, but: int) -> tuple[float, float, float, float]:
        """Sums of belief in spots of other names, fading over 50, 200 and 1000 km; and log of the nearest's km."""
        x, y, z = self.vector(place)
        near = mid = far = total = 0.0
        nearest = FARTHEST_KM
        for k, share, (u, v, w) in self.spots:
            if k == but:
                continue
            km = EARTH_RADIUS_KM * math.acos(min(1.0, max(-1.0, x * u + y * v + z * w)))
            total += share
            if km < FAR_KM:
                near += share * math.exp(-km / 50)
                mid += share * math.exp(-km / 200)
                far += share * math.exp(-km / 1000)
            if share > SURE and km < nearest:
                nearest = km
        return near, mid, far / total if total else 0.0, math.log1p(nearest) / 10


HOW = {PRIMARY: "primary", ALTERNATE: "alternate", ABBREVIATION: "abbreviation", CODE: "abbreviation", SHORT: "short", AMBIGUOUS: "ambiguous"}
KIND_CLASSES = ("country", "capital", "admin1", "admin2", "city")


def magnitude(gazetteer: Gazetteer, place: int) -> float:
    """log10 of the people that a place counts for."""
    people = gazetteer.population[place]
    kind = gazetteer.kind(place)
    if kind == "capital":  # it is named for its government too
        country = gazetteer.country_places.get(gazetteer.country(place))
        people = max(people, gazetteer.population[country] // CAPITAL_PART if country is not None else 0)
    elif not people and not gazetteer.geonames[place] and kind not in ("admin2", "admin1"):
        people = MINOR_PEOPLE if kind in MINOR_KINDS else CURATED_PEOPLE
    return math.log10(people + 1)


def candidate_features(gazetteer: Gazetteer, name: Name, number: int, company: Company) -> list[dict[str, float]]:
    """For each candidate of a name (number `number` of the article), feature → value; zeros left out."""
    g = gazetteer
    sizes = [magnitude(g, c.place) for c in name.candidates]
    largest = max(sizes)
    total = sum(10**s for s in sizes)
    context = beside(g, name)
    divisions = {g.country(c.place) for c in name.candidates if g.kind(c.place) == "admin1" and c.kind != SHORT}
    settled = {g.country(c.place) for c in name.candidates if g.kind(c.place) in ("city", "capital") and c.kind == PRIMARY}
    lead_country, lead_division = company.leading_country(number), company.leading_division(number)
    several = max(1, len(company.names))
    rows = []
    for j, (place, how) in enumerate(name.candidates):
        kind = g.kind(place)
        kind = kind if kind in KIND_CLASSES else "curated"
        code, division = g.country(place), g.admin1[place]
        support, local = company.country_support(code, number), company.division_support(division, number)
        row = {
            "size": sizes[j] / 5,
            "gap": (largest - sizes[j]) / 5,
            "share": 10 ** sizes[j] / total,
            "kind=" + kind: 1.0,
            f"{kind} size": sizes[j] / 5,
            "how=" + HOW.get(how, "demonym"): 1.0,
        }
        if j == 0:
            row["first"] = 1.0
        if code in divisions and code in settled and kind in ("capital", "city", "admin1"):
            row[f"{kind} of a city and a division"] = 1.0
            if local < 0.5:
                row[f"{kind} of a city and a division, alone"] = 1.0
        label = g.label(place)
        if fold(label) == fold(name.surface):
            row["label"] = 1.0
        if label == name.surface:
            row["label to the letter"] = 1.0
        row |= context(place, kind)
        row["country support"] = support / several
        row["country some"] = min(1.0, support)
        if kind not in ("country", "curated"):
            row["division support"] = min(3.0, local) / 3
            row["division some"] = min(1.0, local)
            row["division leads"] = float(local >= lead_division - ROUNDING and lead_division > ROUNDING)
        leads = support >= lead_country - ROUNDING and lead_country > ROUNDING
        row["country leads" if leads else kind + " abroad"] = 1.0
        if kind != "country":
            row["country named"] = float(code in company.countries_named)
        if kind != "admin1":
            row["division named"] = float(division in company.divisions_named)
        near, mid, far, nearest = company.nearness(place, number)
        row |= {"near": min(3.0, near), "mid": min(4.0, mid), "far": far, "nearest": nearest}
        if kind == "city":
            row["city nearest"] = nearest
        rows.append(row)
    return rows


def beside(g: Gazetteer, name: Name) -> Beside:
    """What the names beside say of a name's candidates."""
    held = {c.place for c in name.candidates if any(holds(g, outer, c.place) for outer in name.containers)}
    holding = {c.place for c in name.candidates if any(holds(g, c.place, inner) for inner in name.contents)}
    return Beside(held, holding)


@dataclass(frozen=True, slots=True)
class Beside:
    """What the names right before and after say of a candidate."""

    held: set[int]
    holding: set[int]

    def __call__(self, place: int, kind: str) -> dict[str, float]:
        """Feature → value, zeros left out."""
        row = {}
        if self.held:
            row["held" if place in self.held else "not held"] = 1.0
        if self.holding:
            row["holding" if place in self.holding else "not holding"] = 1.0
            if place in self.holding:
                row["holding " + kind] = 1.0
        return row


def softmax(scores: Sequence[float]) -> list[float]:
    """Shares that sum to 1."""
    top = max(scores)
    powers = [math.exp(s - top) for s in scores]
    total = sum(powers)
    return [p / total for p in powers]


PRIOR: dict[str, float] = {"size": 6.0, "kind=country": 2.5, "kind=admin1": 1.0, "how=alternate": -2.0, "how=short": -2.0}
"""Weights of the belief that the first pass takes for granted."""


def weigh(gazetteer: Gazetteer, names: Sequence[Name], passes: Sequence[Mapping[str, float]]) -> None:
    """Fill in the names' shares of belief: a prior, then a pass for each of the learned weights."""
    vectors: dict[int, tuple[float, float, float]] = {}
    known = [n for n in names if n.candidates]
    for name in known:
        name.shares = softmax([_prior(gazetteer, c) for c in name.candidates])
    for ranks in passes:
        company = Company(gazetteer, known, vectors)
        found = [_score(candidate_features(gazetteer, n, k, company), ranks) for k, n in enumerate(known)]
        for name, shares in zip(known, found, strict=True):
            name.shares = shares
    company = Company(gazetteer, known, vectors)
    for number, name in enumerate(known):
        if len(name.candidates) > 1:
            best = likeliest(name)
            place = name.candidates[best].place
            country, division = gazetteer.country(place), gazetteer.admin1[place]
            here = company.country_support(country, number), company.division_support(division, number)
            prefer_known(gazetteer, name, *here, company.leading_country(number))


def likeliest(name: Name) -> int:
    """Number of the candidate with the most belief."""
    return max(range(len(name.shares)), key=name.shares.__getitem__)


DWARFED = 200  # times as many people: such a namesake needs a neighbour in the article, not just its country
GREAT = 20  # times as many people: such a namesake abroad is meant only in news of its own country


def prefer_known(g: Gazetteer, name: Name, in_country: float, in_division: float, leading_country: float) -> None:
    """Let a bare "Washington", "Kingston" or "Gaza" be the known place, unless the article speaks of where a namesake lies.

    Known are a capital, and against what bears the name in short or merely among GeoNames' alternates any large place
    whose name it is, and against a small place one ten times as large. A namesake abroad needs the support of another
    name of its country, one at home or that bears the name in short (a county) of its division; one that has it among
    the alternates never comes first. The supports are those of the likeliest candidate's country and division and of the
    leading country.
    """
    shares, best = name.shares, likeliest(name)
    place, how = name.bearers.candidates[best]
    kind, among = g.kind(place), _known(g, name.bearers, best)
    if not among or kind in ("capital", "country") or any(holds(g, outer, place) for outer in name.containers):
        return
    j = max(among, key=shares.__getitem__)
    if j == best or any(holds(g, place, inner) for inner in name.contents):
        return
    known = name.bearers.candidates[j].place
    near = in_division >= 0.5
    abroad = g.country(known) != g.country(place) and how != SHORT and kind != "admin2"
    leads = in_country >= leading_country - ROUNDING
    if how == PRIMARY:  # Geneva, N.Y., is meant in American news only; and so is Rome, N.Y.
        people, fewer = g.population[known], max(g.population[place], 1)
        division = g.kind(known) == "admin1"  # the town beside its neighbours, not a state abroad: Acre near Haifa
        near = near and (leads or division or (g.kind(known) == "capital" and people < GREAT * fewer))
        abroad = abroad and leads and people < DWARFED * fewer
    if how == ALTERNATE or not (near or (abroad and in_country >= 0.5)):
        shares[j], shares[best] = shares[best], shares[j]


@lru_cache(maxsize=1 << 14)
def _known(g: Gazetteer, bearers: Bearers, best: int) -> tuple[int, ...]:
    """Numbers of the candidates that a name is known for: the first capital or all large places; `best` is the likeliest so far."""
    place, how = bearers.candidates[best]
    primary = [(j, c.place) for j, c in enumerate(bearers.candidates) if c.kind == PRIMARY]
    for j, other in primary:
        if g.kind(other) == "capital":
            return (j,)
    least = LARGE if how in (SHORT, ALTERNATE) else max(LARGE, magnitude(g, place) + 1)
    return tuple([j for j, other in primary if magnitude(g, other) >= least])


def _prior(gazetteer: Gazetteer, candidate: NameCandidate) -> float:
    kind = "kind=" + gazetteer.kind(candidate.place)
    how = "how=" + HOW.get(candidate.kind, "demonym")
    return PRIOR["size"] * magnitude(gazetteer, candidate.place) / 5 + PRIOR.get(kind, 0.0) + PRIOR.get(how, 0.0)


def _score(rows: Sequence[Mapping[str, float]], ranks: Mapping[str, float]) -> list[float]:
    return softmax([sum(value * ranks.get(feature, 0.0) for feature, value in row.items()) for row in rows])


def apart_km(g: Gazetteer, a: int, b: int) -> float:
    """Distance of two of the gazetteer's places in km."""
    return distance_km((g.lat[a] / 1e5, g.lon[a] / 1e5), (g.lat[b] / 1e5, g.lon[b] / 1e5))
