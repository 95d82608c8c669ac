"""What each candidate is worth, as `geo.toponyms.ranking` says, for the names of many articles at once, in arrays of numpy.

Candidates stand in one column, those of a name together, the names of an article together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import chain, repeat
from typing import Any

import numpy as np

from geo.gazetteer import NONE, PRIMARY, SHORT, Gazetteer
from geo.sphere import EARTH_RADIUS_KM
from geo.text import fold
from geo.toponyms.candidates import Name
from geo.toponyms.ranking import (
    CAPITAL_PART,
    COMPANY,
    CURATED_PEOPLE,
    HOW,
    KIND_CLASSES,
    MAX_SPOTS,
    MINOR_KINDS,
    MINOR_PEOPLE,
    PRIOR,
    ROUNDING,
    beside,
    likeliest,
    prefer_known,
)

Ints = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[Any]]
Bools = np.ndarray[Any, np.dtype[np.bool_]]

CLASSES = (*KIND_CLASSES, "curated")
COUNTRY, CAPITAL, ADMIN1, ADMIN2, CITY, CURATED = range(6)
LEAST_SHARE = 0.03
FAR_KM = 3000
LABELS_KEPT = 1 << 16
PAIRS_AT_ONCE = 1 << 18  # candidates × spots: bounds the memory


class _Columns:
    """The gazetteer's columns as arrays, and what its kinds mean."""

    def __init__(self, g: Gazetteer) -> None:
        self.population = np.asarray(g.population)
        self.geonames = np.asarray(g.geonames)
        self.admin1 = np.asarray(g.admin1)
        self.country = np.asarray(g.country_column)
        self.kind = np.asarray(g.kind_column)
        self.lat, self.lon = np.asarray(g.lat), np.asarray(g.lon)
        kinds: list[str] = g.header["kinds"]
        self.classes = np.array([CLASSES.index(k) if k in CLASSES else CURATED for k in kinds])
        self.spotless = np.array([k in ("country", "continent", "ocean") for k in kinds])
        self.uninhabited = np.array([MINOR_PEOPLE if k in MINOR_KINDS else CURATED_PEOPLE for k in kinds])
        self.prior_of_kind = np.array([PRIOR.get("kind=" + k, 0.0) for k in kinds])
        self.gazetteer = g
        self._labels: dict[int, tuple[str, str]] = {}
        codes: list[str] = g.header["countries"]
        self.coded = np.array([bool(code) for code in codes])
        self.of_country = np.array([g.country_places.get(code, -1) for code in codes])


    def labels(self, places: Sequence[int]) -> list[tuple[str, str]]:
        """The labels of places, as they are and folded."""
        if len(self._labels) > LABELS_KEPT:
            self._labels.clear()
        found = []
        for place in places:
            both = self._labels.get(place)
            if both is None:
                label = self.gazetteer.label(place)
                both = self._labels[place] = label, fold(label)
            found.append(both)
        return found


@lru_cache(maxsize=4)
def _columns(gazetteer: Gazetteer) -> _Columns:
    return _Columns(gazetteer)


class _Candidates:
    """The candidates of the names of many articles, with all that does not change from pass to pass."""

    def __init__(self, g: Gazetteer, articles: Sequence[Sequence[Name]]) -> None:
        columns = _columns(g)
        self.g = g
        self.names = names = list(chain.from_iterable(articles))
        sizes = np.array([len(n.candidates) for n in names], np.int64)
        self.first = np.concatenate(([0], np.cumsum(sizes)))[:-1]
        self.name = np.repeat(np.arange(len(names)), sizes)
        self.article_of_name = np.repeat(np.arange(len(articles)), [len(a) for a in articles])
        self.article = self.article_of_name[self.name]
        self.several = np.array([len(a) for a in articles])[self.article].astype(float)
        self.place = np.fromiter((c.place for n in names for c in n.candidates), np.int64, len(self.name))
        self.how = np.fromiter((c.kind for n in names for c in n.candidates), np.int64, len(self.name))
        kind = columns.kind[self.place].astype(np.int64)
        self.kind = columns.classes[kind]
        self.spotless = columns.spotless[kind]
        self.country = columns.country[self.place].astype(np.int64)
        self.coded = columns.coded[self.country]
        self.countries = len(columns.coded)
        self.division = columns.admin1[self.place].astype(np.int64)
        self.size = _sizes(columns, self.place, kind, self.kind, self.country)
        lat, lon = np.radians(columns.lat[self.place] / 1e5), np.radians(columns.lon[self.place] / 1e5)
        self.vector = np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
        how = np.array([PRIOR.get("how=" + HOW.get(k, "demonym"), 0.0) for k in range(7)])
        self.prior = PRIOR["size"] * self.size / 5 + columns.prior_of_kind[kind] + how[self.how]
        labels = columns.labels(self.place.tolist())
        surfaces = [surface for n in names for surface in repeat(n.surface, len(n.candidates))]
        folded = [surface for n in names for surface in repeat(fold(n.surface), len(n.candidates))]
        self.lettered = np.array([label == surface for (label, _), surface in zip(labels, surfaces, strict=True)])
        self.labelled = np.array([label == surface for (_, label), surface in zip(labels, folded, strict=True)])
        country_of_name = self.name * self.countries + self.country
        settled = np.isin(country_of_name, country_of_name[np.isin(self.kind, (CITY, CAPITAL)) & (self.how == PRIMARY)])
        divided = np.isin(country_of_name, country_of_name[(self.kind == ADMIN1) & (self.how != SHORT)])
        self.both = settled & divided & np.isin(self.kind, (CAPITAL, CITY, ADMIN1))

    def worth(self, ranks: Mapping[str, float]) -> Floats:
        """What the candidates are worth by themselves and by the names beside them."""
        def weight(feature: str) -> float:
            return ranks.get(feature, 0.0)

        powers = 10**self.size
        largest = np.maximum.reduceat(self.size, self.first)[self.name]
        worth = weight("size") * self.size / 5 + weight("gap") * (largest - self.size) / 5
        worth += weight("share") * powers / np.add.reduceat(powers, self.first)[self.name]
        worth += self.by_class(ranks, "kind={}") + self.by_class(ranks, "{} size") * self.size / 5
        worth += np.array([weight("how=" + HOW.get(k, "demonym")) for k in range(7)])[self.how]
        worth[self.first] += weight("first")
        worth += self.both * self.by_class(ranks, "{} of a city and a division")
        worth += weight("label") * self.labelled + weight("label to the letter") * self.lettered
        for name, begin in zip(self.names, self.first.tolist(), strict=True):
            if name.containers or name.contents:
                context = beside(self.g, name)
                for at, candidate in enumerate(name.candidates, begin):
                    row = context(candidate.place, CLASSES[self.kind[at]])
                    worth[at] += sum(value * weight(feature) for feature, value in row.items())
        return worth

    def by_class(self, ranks: Mapping[str, float], feature: str) -> Floats:
        """The weights of a feature that is named by the candidate's class of kinds."""
        found: Floats = np.array([ranks.get(feature.format(k), 0.0) for k in CLASSES])[self.kind]
        return found

    def shares(self, scores: Floats) -> Floats:
        """Shares of each name's candidates that sum to 1."""
        powers: Floats = np.exp(scores - np.maximum.reduceat(scores, self.first)[self.name])
        powers /= np.add.reduceat(powers, self.first)[self.name]
        return powers


def _sizes(columns: _Columns, place: Ints, kind: Ints, kind_class: Ints, country: Ints) -> Floats:
    """log10 of the people that places count for."""
    people = columns.population[place].astype(np.int64)
    home = columns.of_country[country]
    nation = np.where(home >= 0, columns.population[home].astype(np.int64) // CAPITAL_PART, 0)
    empty = (people == 0) & (columns.geonames[place] == 0) & ~np.isin(kind_class, (CITY, ADMIN2, ADMIN1, CAPITAL))
    people = np.where(kind_class == CAPITAL, np.maximum(people, nation), people)
    return np.log10(np.where(empty, columns.uninhabited[kind], people) + 1)  # type: ignore[no-any-return]


class _Support:
    """Belief in groups of places (countries or divisions) among the other names of the same article."""

    def __init__(self, c: _Candidates, company: Ints, shares: Floats, group: Ints, groups: int) -> None:
        own, where = np.unique(c.name[company] * groups + group[company], return_inverse=True)
        belief = np.bincount(where, shares[company], len(own))  # of each name in each group
        article, of = c.article_of_name[own // groups], own % groups
        total, of_total = np.unique(article * groups + of, return_inverse=True)
        sums = np.bincount(of_total, belief, len(total))
        self.of_candidate = _look_up(total, sums, c.article * groups + group) - _look_up(own, belief, c.name * groups + group)
        names, repeated = _spread(c.article_of_name, np.bincount(total // groups, minlength=c.article_of_name.max() + 1))
        others = sums[repeated] - _look_up(own, belief, names * groups + total[repeated] % groups)
        self.leading = np.zeros(len(c.names))
        np.maximum.at(self.leading, names, others)


def _spread(article_of: Ints, counts: Ints) -> tuple[Ints, Ints]:
    """Each row with each item of its article, whose items stand together, articles in order: (rows, items)."""
    lengths = counts[article_of]
    rows = np.repeat(np.arange(len(article_of)), lengths)
    begin = np.concatenate(([0], np.cumsum(counts)))[:-1][article_of]
    within = np.arange(len(rows)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return rows, np.repeat(begin, lengths) + within


def _look_up(keys: Ints, values: Floats, wanted: Ints) -> Floats:
    """The values of sorted keys, 0 for what is none."""
    if not len(keys):
        return np.zeros(len(wanted))
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[at] == wanted, values[at], 0.0)


class _Company:
    """What the other names of each article believe in."""

    def __init__(self, c: _Candidates, shares: Floats) -> None:
        self.c, self.share = c, shares
        order = np.lexsort((-shares, c.name))  # each name's best first; equals stay in order
        rank = np.arange(len(order)) - c.first[c.name]
        company = order[(rank < COMPANY) & (shares[order] >= LEAST_SHARE)]
        coded = company[c.coded[company]]
        self.country = _Support(c, coded, shares, c.country, c.countries)
        divided = company[c.division[company] != NONE]
        self.division = _Support(c, divided, shares, c.division, NONE + 1)
        sure = company[shares[company] > 0.5]
        nations, parts = sure[c.kind[sure] == COUNTRY], sure[c.kind[sure] == ADMIN1]
        self.country_named = np.isin(
            c.article * c.countries + c.country, c.article[nations] * c.countries + c.country[nations]
        )
        self.division_named = np.isin(
            c.article * (NONE + 1) + c.division, c.article[parts] * (NONE + 1) + c.place[parts]
        )
        self.spots = self._surest(company[~c.spotless[company]])

    def _surest(self, spots: Ints) -> Ints:
        """The spots that nearness is told from, MAX_SPOTS of an article at most."""
        counts = np.bincount(self.c.article[spots], minlength=1)
        if counts.max(initial=0) <= MAX_SPOTS:
            return spots
        spots = spots[np.lexsort((-self.share[spots], self.c.article[spots]))]
        begin = np.concatenate(([0], np.cumsum(counts)))[:-1]
        return spots[np.arange(len(spots)) - begin[self.c.article[spots]] < MAX_SPOTS]

    def nearness(self, rows: Ints) -> tuple[Floats, Floats, Floats, Floats]:
        """Of candidates `rows`: sums of belief fading over 50, 200 and 1000 km; and log of the nearest's km."""
        c, spots = self.c, self.spots
        counts = np.bincount(c.article[spots], minlength=int(c.article.max(initial=0)) + 1)
        sums = np.zeros((4, len(rows)))
        nearest = np.full(len(rows), 20_000.0)
        lengths = np.cumsum(counts[c.article[rows]])
        begin = 0
        while begin < len(rows):
            done = lengths[begin - 1] if begin else 0
            end = max(begin + 1, int(np.searchsorted(lengths, done + PAIRS_AT_ONCE, side="right")))
            row, at = _spread(c.article[rows[begin:end]], counts)
            other = spots[at]
            apart = c.name[other] != c.name[rows[begin + row]]
            row, other = begin + row[apart], other[apart]
            here = rows[row]
            cosine = sum(c.vector[axis][here] * c.vector[axis][other] for axis in range(3))
            km = EARTH_RADIUS_KM * np.arccos(np.clip(cosine, -1.0, 1.0))
            share = self.share[other]
            faded = np.exp(-km / 1000) * (km < FAR_KM)
            for k, fading in enumerate((faded**20, faded**5, faded, 1.0)):  # over 50, 200 and 1000 km
                sums[k, begin:end] = np.bincount(row - begin, share * fading, end - begin)
            known = share > 0.4
            np.minimum.at(nearest, row[known], km[known])
            begin = end
        near, mid, far, total = sums
        far = np.divide(far, total, out=np.zeros(len(rows)), where=total > 0)
        return near, mid, far, np.log1p(nearest) / 10


def _score(c: _Candidates, company: _Company, ranks: Mapping[str, float], rows: Ints) -> Floats:
    """What the company makes of the candidates `rows`."""
    def weight(feature: str) -> float:
        return ranks.get(feature, 0.0)

    kind = c.kind[rows]
    support, local = company.country.of_candidate[rows], company.division.of_candidate[rows]
    lead, lead_division = company.country.leading[c.name[rows]], company.division.leading[c.name[rows]]
    local = np.where(c.division[rows] != NONE, local, 0.0)
    support = np.where(c.coded[rows], support, 0.0)
    score: Floats = weight("country support") * support / c.several[rows] + weight("country some") * np.minimum(1.0, support)
    divided = weight("division support") * np.minimum(3.0, local) / 3 + weight("division some") * np.minimum(1.0, local)
    divided += weight("division leads") * ((local >= lead_division - ROUNDING) & (lead_division > ROUNDING))
    score += np.where((kind != COUNTRY) & (kind != CURATED), divided, 0.0)
    leads = (support >= lead - ROUNDING) & (lead > ROUNDING)
    score += np.where(leads, weight("country leads"), c.by_class(ranks, "{} abroad")[rows])
    score += weight("country named") * ((kind != COUNTRY) & company.country_named[rows])
    score += weight("division named") * ((kind != ADMIN1) & company.division_named[rows])
    score += np.where(c.both[rows] & (local < 0.5), c.by_class(ranks, "{} of a city and a division, alone")[rows], 0.0)
    near, mid, far, nearest = company.nearness(rows)
    score += weight("near") * np.minimum(3.0, near) + weight("mid") * np.minimum(4.0, mid) + weight("far") * far
    score += weight("nearest") * nearest + weight("city nearest") * np.where(kind == CITY, nearest, 0.0)
    return score


def weigh_all(g: Gazetteer, articles: Sequence[Sequence[Name]], passes: Sequence[Mapping[str, float]]) -> None:
    """Fill in the shares of belief of the names of many articles, as `ranking.weigh` does for one."""
    known = [[n for n in names if n.candidates] for names in articles]
    if not any(known):
        return
    c = _Candidates(g, known)
    shares = c.shares(c.prior)
    lengths = np.bincount(c.name)
    open_rows = np.flatnonzero(lengths[c.name] > 1)  # a lone candidate has all the belief
    for ranks in passes:
        scores = c.worth(ranks)
        scores[open_rows] += _score(c, _Company(c, shares), ranks, open_rows)
        shares = c.shares(scores)
    company = _Company(c, shares)
    found = shares.tolist()
    for number, (name, begin, length) in enumerate(zip(c.names, c.first.tolist(), lengths.tolist(), strict=True)):
        name.shares = found[begin : begin + length]
        if length > 1:
            best = begin + likeliest(name)
            in_country = float(company.country.of_candidate[best]) if c.coded[best] else 0.0
            in_division = float(company.division.of_candidate[best]) if c.division[best] != NONE else 0.0
            prefer_known(g, name, in_country, in_division, float(company.country.leading[number]))
