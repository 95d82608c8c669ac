// Ways that people went: an arc from an event's place to where its sentence says they went, with a head at its end.
const Arcs = (() => {
  const STEPS = 32, BEND = 0.16, GAP = 12; // GAP: pixels that the head keeps from the place, whose mark would hide it
  const { project, unproject } = L.Projection.SphericalMercator;
  const flat = (at) => project.call(L.Projection.SphericalMercator, L.latLng(at));
  const round = (point) => unproject.call(L.Projection.SphericalMercator, point);

  /** The points of an arc between two [lat, lon], the short way around the Earth; it bulges to the left of the way. */
  const curve = ([lat, lon], [toLat, toLon]) => {
    const turn = toLon - lon > 180 ? -360 : toLon - lon < -180 ? 360 : 0;
    const a = flat([lat, lon]), b = flat([toLat, toLon + turn]);
    const control = L.point((a.x + b.x) / 2 - BEND * 2 * (b.y - a.y), (a.y + b.y) / 2 + BEND * 2 * (b.x - a.x));
    return Array.from({ length: STEPS + 1 }, (_, step) => {
      const t = step / STEPS, s = 1 - t;
      return round(a.multiplyBy(s * s).add(control.multiplyBy(2 * s * t)).add(b.multiplyBy(t * t)));
    });
  };

  /** A line of points in pixels without its last `gap` pixels; one that is no longer than twice that stays whole. */
  const shortened = (points, gap = GAP) => {
    const end = points[points.length - 1];
    if (!end || end.distanceTo(points[0]) < 2 * gap) return points;
    const kept = points.filter((point) => end.distanceTo(point) >= gap);
    return kept.length > 1 ? kept : points;
  };

  const Arc = L.Polyline.extend({
    _updatePath() {
      const points = shortened(this._rings[0] || []), tip = points[points.length - 1], before = points[points.length - 2];
      const angle = tip && before ? Math.atan2(tip.y - before.y, tip.x - before.x) : 0;
      this._renderer._setPath(this, tip ? L.SVG.pointsToPath([points]) + Routes.head({ x: tip.x, y: tip.y, angle }, 6) : "M0 0");
    },
  });

  /** The ways of all sites, which their marks keep as `ways`: events of one layer from one place to one other are one. */
  const ways = (sites) => {
    const found = new Map();
    for (const site of sites) {
      for (const mark of site.marks) {
        for (const event of mark.events) {
          if (!event.to) continue;
          const [name, lat, lon] = event.to, key = `${event.place} ${event.layer} ${lat} ${lon}`;
          if (lat === site.place.at[0] && lon === site.place.at[1]) continue;
          if (!found.has(key)) found.set(key, { mark, from: site.place.at, to: [lat, lon], name, events: [] });
          found.get(key).events.push(event);
        }
      }
    }
    for (const way of found.values()) (way.mark.ways ||= []).push(way);
    return [...found.values()];
  };

  /** Draws the ways of the sites; `open(mark, event)` is called when one is chosen. Gives {update}. */
  const add = (map, sites, renderer, open) => {
    const all = ways(sites);
    for (const way of all) {
      const points = curve(way.from, way.to), title = `${way.mark.site.place.name} → ${way.name}`;
      const options = { renderer, pane: "geo-lines", noClip: true, smoothFactor: 0.5, fill: false };
      way.casing = new Arc(points, { ...options, interactive: false, className: "geo-casing" });
      way.line = new Arc(points, { ...options, className: "geo-line geo-arc", bubblingMouseEvents: false });
      const choose = () => open(way.mark, way.events.find((event) => event.on));
      way.line.on("click", choose);
      way.line.on("add", () => Dom.reachable(way.line.getElement(), title, choose));
      way.line.bindTooltip(() => Dom.name(title), { sticky: true, className: "geo-tip" });
    }
    const update = (paper) => {
      for (const { events, mark, casing, line } of all) {
        const shown = events.filter((event) => event.on);
        for (const layer of [casing, line]) if (Boolean(shown.length) !== map.hasLayer(layer)) shown.length ? layer.addTo(map) : layer.remove();
        if (!shown.length) continue;
        const weight = 1.8 + Math.min(2.4, 0.6 * Math.log2(shown.length));
        casing.setStyle({ color: paper, weight: weight + 3, opacity: 0.85 });
        line.setStyle({ color: Symbols.colour(mark.layer.id), weight, opacity: 1, dashArray: Symbols.status(shown) === "occurred" ? null : "7 5" });
      }
    };
    return { update };
  };

  return { add, curve, shortened, ways };
})();
