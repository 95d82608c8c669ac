"""What each candidate is worth, as `geo.toponyms.ranking` says, for the names of many articles at once, in arrays of numpy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from geo.gazetteer import ALTERNATE, NONE, SHORT, Gazetteer
from geo.sphere import EARTH_RADIUS_KM
from geo.toponyms.batch_candidates import (
    ADMIN1,
    CAPITAL,
    CITY,
    COUNTRY,
    CURATED,
    Bools,
    Candidates,
    Floats,
    Groups,
    Ints,
    by_class,
    forms_of,
    shares,
)
from geo.toponyms.candidates import Name
from geo.toponyms.ranking import (
    COMPANY,
    FAR_KM,
    FARTHEST_KM,
    LARGE,
    LEAST_SHARE,
    MAX_SPOTS,
    ROUNDING,
    SURE,
    prefer_known,
)

ROUNDED = 1e-6  # how far magnitudes here may be off those of one article
PAIRS_AT_ONCE = 1 << 16  # candidates × spots: bounds the memory


class _Support:
    """Belief in groups of places (countries or divisions) among the other names of the same article."""

    def __init__(self, c: Candidates, groups: Groups, company: Ints, share: Floats) -> None:
        self.c, self.groups = c, groups
        self.belief = np.bincount(groups.own[company], share[company], len(groups.name_of_own))  # of each name in each group
        self.sums = np.bincount(groups.whole_of_own, self.belief, len(groups.keys))

    def of_candidates(self, rows: Ints) -> Floats:
        """Of candidates: the belief in their groups."""
        found: Floats = self.sums[self.groups.whole[rows]] - self.belief[self.groups.own[rows]]
        return found

    def leading(self, names: Ints) -> Floats:
        """Of names, in order: the belief in the group that the others believe in most."""
        groups, articles = self.groups, self.c.article_of_name
        active = np.flatnonzero(self.sums)
        counts = np.bincount(groups.article_of_whole[active], minlength=articles[-1] + 1)
        lengths = counts[articles[names]]
        _, item = _spread(articles[names], counts)
        others = self.sums[active][item]
        begin = np.full(len(articles), -1)
        begin[names] = np.cumsum(lengths) - lengths
        own = np.flatnonzero((self.belief > 0) & (begin[groups.name_of_own] >= 0))
        name, whole = groups.name_of_own[own], groups.whole_of_own[own]
        within = np.searchsorted(active, whole) - (np.cumsum(counts) - counts)[articles[name]]
        others[begin[name] + within] -= self.belief[own]
        found = np.zeros(len(names))
        some = lengths > 0
        if some.any():
            found[some] = np.maximum(np.maximum.reduceat(others, begin[names][some]), 0.0)
        return found


def _spread(article_of: Ints, counts: Ints) -> tuple[Ints, Ints]:
    """Each row with each item of its article, whose items stand together, articles in order: (rows, items)."""
    lengths = counts[article_of]
    rows = np.repeat(np.arange(len(article_of)), lengths)
    begin = (np.cumsum(counts) - counts)[article_of] - (np.cumsum(lengths) - lengths)
    return rows, begin[rows] + np.arange(len(rows))


class _Company:
    """What the other names of each article believe in."""

    def __init__(self, c: Candidates, share: Floats) -> None:
        self.c, self.share = c, share
        some = np.flatnonzero(share >= LEAST_SHARE)
        some = some[np.lexsort((-share[some], c.name[some]))]  # each name's best first; equals stay in order
        name = c.name[some]
        first = np.flatnonzero(np.append(True, name[1:] != name[:-1]))
        rank = np.arange(len(some)) - np.repeat(first, np.diff(np.append(first, len(some))))
        self.members = members = some[rank < COMPANY]
        self.country = _Support(c, c.by_country, members[c.coded[members]], share)
        self.division = _Support(c, c.by_division, members[c.division[members] != NONE], share)

    def countries_named(self, rows: Ints) -> Bools:
        """Of candidates: whether the article names their country."""
        groups = self.c.by_country
        return groups.marked(groups.whole[self._sure(COUNTRY)], rows)

    def divisions_named(self, rows: Ints) -> Bools:
        """Of candidates: whether the article names their division."""
        c, parts = self.c, self._sure(ADMIN1)
        named = c.by_division.find(c.article[parts], c.place[parts])
        return c.by_division.marked(named[named >= 0], rows)

    def _sure(self, kind: int) -> Ints:
        sure = self.members[self.share[self.members] > 0.5]
        found: Ints = sure[self.c.kind[sure] == kind]
        return found

    def _surest_spots(self) -> Ints:
        """The spots that nearness is told from, MAX_SPOTS of an article at most."""
        c = self.c
        spots: Ints = self.members[~c.spotless[self.members]]
        counts = np.bincount(c.article[spots], minlength=1)
        if counts.max(initial=0) <= MAX_SPOTS:
            return spots
        spots = spots[np.lexsort((-self.share[spots], c.article[spots]))]
        begin = np.cumsum(counts) - counts
        surest: Ints = spots[np.arange(len(spots)) - begin[c.article[spots]] < MAX_SPOTS]
        return surest

    def nearness(self) -> tuple[Floats, Floats, Floats, Floats]:
        """Of open candidates: sums of belief fading over 50, 200 and 1000 km; and log of the nearest's km."""
        c = self.c
        name, spot, share = self._others()
        counts = np.bincount(name, minlength=len(c.open_names))
        of = np.repeat(np.arange(len(c.open_names)), c.lengths[c.open_names])  # candidate → its name among the open ones
        sums, nearest = np.zeros((3, len(of))), np.full(len(of), FARTHEST_KM)
        pairs = np.cumsum(counts[of])
        begin = 0
        while begin < len(of):
            done = pairs[begin - 1] if begin else 0
            end = max(begin + 1, int(np.searchsorted(pairs, done + PAIRS_AT_ONCE, side="right")))
            row, other = _spread(of[begin:end], counts)
            km = self._apart_km(c.open[begin:end], row, spot, other)
            least = np.where((share > SURE)[other], km, FARTHEST_KM)
            if len(row):
                first = np.flatnonzero(np.append(True, row[1:] != row[:-1]))
                nearest[begin + row[first]] = np.minimum(np.minimum.reduceat(least, first), FARTHEST_KM)
            near = np.flatnonzero(km < FAR_KM)
            row, belief, faded = row[near], share[other[near]], np.exp(-km[near] / 1000)
            for k, fading in enumerate((faded**20, faded**5, faded)):  # over 50, 200 and 1000 km
                sums[k, begin:end] = np.bincount(row, belief * fading, end - begin)
            begin = end
        total = np.bincount(name, share, len(c.open_names))[of]
        far: Floats = np.divide(sums[2], total, out=np.zeros(len(of)), where=total > 0)
        return sums[0], sums[1], far, np.log1p(nearest) / 10

    def _others(self) -> tuple[Ints, Ints, Floats]:
        """The spots of the other names, of each open name: name (as the open ones are numbered), spot and belief in it."""
        c, spots = self.c, self._surest_spots()
        counts = np.bincount(c.article[spots], minlength=int(c.article_of_name[-1]) + 1)
        name, item = _spread(c.article_of_name[c.open_names], counts)
        spot = spots[item]
        other = np.flatnonzero(c.name[spot] != c.open_names[name])
        return name[other], spot[other], self.share[spot[other]]

    def _apart_km(self, rows: Ints, row: Ints, spot: Ints, other: Ints) -> Floats:
        """Distances of pairs: the candidate of `rows` that `row` numbers, the place of `spot` that `other` numbers."""
        x, y, z = (axis[rows].take(row) * axis[spot].take(other) for axis in self.c.vector)
        return EARTH_RADIUS_KM * np.arccos(np.clip(x + y + z, -1.0, 1.0))  # type: ignore[no-any-return]


def _score(c: Candidates, company: _Company, ranks: Mapping[str, float]) -> Floats:
    """What the company makes of the candidates that are not alone."""
    def weight(feature: str) -> float:
        return ranks.get(feature, 0.0)

    rows, kind, names = c.open, c.open_kind, c.open_names
    support, local = company.country.of_candidates(rows), company.division.of_candidates(rows)
    lead, lead_division = (np.repeat(s.leading(names), c.lengths[names]) for s in (company.country, company.division))
    score: Floats = weight("country support") * support / c.open_several + weight("country some") * np.minimum(1.0, support)
    divided = weight("division support") * np.minimum(3.0, local) / 3 + weight("division some") * np.minimum(1.0, local)
    divided += weight("division leads") * ((local >= lead_division - ROUNDING) & (lead_division > ROUNDING))
    score += np.where((kind != COUNTRY) & (kind != CURATED), divided, 0.0)
    leads = (support >= lead - ROUNDING) & (lead > ROUNDING)
    score += np.where(leads, weight("country leads"), by_class(ranks, "{} abroad", kind))
    score += weight("country named") * ((kind != COUNTRY) & company.countries_named(rows))
    score += weight("division named") * ((kind != ADMIN1) & company.divisions_named(rows))
    alone = c.open_both & (local < 0.5)
    score += np.where(alone, by_class(ranks, "{} of a city and a division, alone", kind), 0.0)
    near, mid, far, nearest = company.nearness()
    score += weight("near") * np.minimum(3.0, near) + weight("mid") * np.minimum(4.0, mid) + weight("far") * far
    score += weight("nearest") * nearest + weight("city nearest") * np.where(kind == CITY, nearest, 0.0)
    return score


def weigh_all(g: Gazetteer, articles: Sequence[Sequence[Name]], passes: Sequence[Mapping[str, float]]) -> None:
    """Fill in the shares of belief of the names of many articles, as `ranking.weigh` does for one."""
    known = [[n for n in names if n.bearers.candidates] for names in articles]
    if not any(known):
        return
    forms = forms_of(g, tuple(tuple(ranks.items()) for ranks in passes))
    with forms.lock:
        c = Candidates(forms, known)
    share = c.prior
    for number, ranks in enumerate(passes):
        scores = c.worth[number]
        scores[c.open] += _score(c, _Company(c, share), ranks)
        share = shares(scores, c.first, c.name)
    found = share.tolist()
    for name, begin, length in zip(c.names, c.first.tolist(), c.lengths.tolist(), strict=True):
        name.shares = found[begin : begin + length]
    _prefer_known(g, c, share)


def _prefer_known(g: Gazetteer, c: Candidates, share: Floats) -> None:
    """As `ranking.prefer_known`, of the names that have something to prefer."""
    best = c.likeliest(share)
    larger = np.where(np.isin(c.how[best], (SHORT, ALTERNATE)), LARGE, np.maximum(LARGE, c.magnitude[best] + 1))
    known = c.largest >= larger - ROUNDED
    bare = np.flatnonzero(known & (c.lengths > 1) & ~np.isin(c.kind[best], (COUNTRY, CAPITAL)))
    if not len(bare):
        return
    company = _Company(c, share)
    best = best[bare]
    columns = company.country.of_candidates(best), company.division.of_candidates(best), company.country.leading(bare)
    for number, *supports in zip(bare.tolist(), *(column.tolist() for column in columns), strict=True):
        prefer_known(g, c.names[number], *supports)
