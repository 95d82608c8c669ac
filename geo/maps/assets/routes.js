// What a line tells besides its course: which way it leads, and the places that it passes.
const Routes = (() => {
  const EVERY = 70, SIZE = 5; // pixels between two arrows along a line, and of an arrow
  const STOPS_FROM = 7.5; // the zoom from which waypoints show

  /** Arrows along a line of points in pixels: [{x, y, angle}], the first half a step in; none on a line too short for one. */
  const along = (points, every = EVERY) => {
    const found = [];
    let next = every / 2, gone = 0;
    for (let i = 1; i < points.length; i++) {
      const a = points[i - 1], b = points[i], length = Math.hypot(b.x - a.x, b.y - a.y);
      while (length > 0 && gone + length >= next) {
        const share = (next - gone) / length;
        found.push({ x: a.x + share * (b.x - a.x), y: a.y + share * (b.y - a.y), angle: Math.atan2(b.y - a.y, b.x - a.x) });
        next += every;
      }
      gone += length;
    }
    return found;
  };

  /** The path of an arrow head whose tip is at a point. */
  const head = ({ x, y, angle }, size = SIZE) => {
    const leg = (turn) => `${(x + size * 1.5 * Math.cos(angle + turn)).toFixed(1)},${(y + size * 1.5 * Math.sin(angle + turn)).toFixed(1)}`;
    return `M${leg(2.5)}L${x.toFixed(1)},${y.toFixed(1)}L${leg(-2.5)}`;
  };

  const Arrows = L.Polyline.extend({
    _updatePath() { this._renderer._setPath(this, this._rings.flatMap((ring) => along(ring).map((one) => head(one))).join("") || "M0 0"); },
  });

  const Stops = L.LayerGroup.extend({
    setStyle(style) { return this.invoke("setStyle", style); },
    onAdd(map) { map.on("zoomend", this.sift, this); this.sift(); },
    onRemove(map) { map.off("zoomend", this.sift, this); this.eachLayer(map.removeLayer, map); },
    sift() {
      const on = this._map.getZoom() >= STOPS_FROM;
      this.eachLayer((stop) => (on ? stop.addTo(this._map) : stop.remove()));
    },
  });

  const oneWay = (direction) => Boolean(direction) && direction.includes("→") && !direction.includes("↔");

  /** What is drawn on a line that leads one way (`A→B`) or has waypoints: layers that take a style with `color` and `fillColor`. */
  const parts = ({ direction, stops = [] }, points, renderer) => {
    const options = { renderer, pane: "geo-lines", interactive: false }, found = [];
    if (oneWay(direction)) found.push(new Arrows(points, { ...options, noClip: true, weight: 1.8, fill: false, className: "geo-arrows" }));
    if (stops.length) {
      found.push(new Stops(stops.map(([, lat, lon]) => L.circleMarker([lat, lon],
        { ...options, radius: 3, weight: 1.6, fillOpacity: 1, className: "geo-stop" }))));
    }
    return found;
  };

  return { along, head, oneWay, parts, STOPS_FROM };
})();
