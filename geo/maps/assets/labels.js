// Names on the map. The most important first; each takes the first free spot beside its mark, or none.
const Labels = (() => {
  const MOST = 220;
  const FONTS = {
    event: "600 12.5px", route: "italic 600 12.5px", country: "600 10.5px", named: "11.5px", city: "11.5px", stop: "italic 11.5px",
  };
  const context = document.createElement("canvas").getContext("2d");
  const widths = new Map();

  const width = (text, kind) => {
    const key = `${kind} ${text}`;
    if (!widths.has(key)) {
      context.font = `${FONTS[kind]} system-ui, sans-serif`;
      const spaced = kind === "country" ? 1.1 : 1;
      widths.set(key, context.measureText(kind === "country" ? text.toUpperCase() : text).width * spaced + (kind === "country" ? text.length : 0));
    }
    return widths.get(key);
  };

  /** The rectangles [x, y, w, h] that are taken, sorted into squares so that a question looks at its neighbours only. */
  const room = (taken = []) => {
    const SIDE = 64, squares = new Map();
    const over = function* ([x, y, w, h]) {
      for (let i = Math.floor(x / SIDE); i <= Math.floor((x + w) / SIDE); i++) {
        for (let j = Math.floor(y / SIDE); j <= Math.floor((y + h) / SIDE); j++) yield i * 4096 + j;
      }
    };
    const take = (box) => { for (const key of over(box)) squares.has(key) ? squares.get(key).push(box) : squares.set(key, [box]); };
    const meet = (a, b) => a[0] < b[0] + b[2] && b[0] < a[0] + a[2] && a[1] < b[1] + b[3] && b[1] < a[1] + a[3];
    const free = (box) => { for (const key of over(box)) if (squares.get(key)?.some((other) => meet(box, other))) return false; return true; };
    taken.forEach(take);
    return { take, free };
  };

  /** A free rectangle [x, y, w, h] for a label around a point, or null. `sides` are tried in order. */
  const spot = (point, w, h, gap, sides, space, view) => {
    const spots = {
      right: [point.x + gap, point.y - h / 2], left: [point.x - gap - w, point.y - h / 2],
      above: [point.x - w / 2, point.y - gap - h], below: [point.x - w / 2, point.y + gap],
      centre: [point.x - w / 2, point.y - h / 2],
    };
    for (const side of sides) {
      const [x, y] = spots[side], box = [x, y, w, h];
      if (x < view[0] || y < view[1] || x + w > view[2] || y + h > view[3]) continue;
      if (space.free(box)) return box;
    }
    return null;
  };

  const AROUND = ["right", "left", "above", "below"];
  const rankFrom = [4.5, 5.5, 6.5, 7.5];

  /** Keeps names on the map: `sites()` gives those drawn, `names` those of the ground, `free()` the view's free part. */
  const add = (map, names, sites, free) => {
    const layer = L.layerGroup().addTo(map);

    const wanted = function* (zoom, bounds) {
      const near = bounds.pad(0.1), drawn = [];
      for (const site of sites()) {
        if (!near.contains(site.place.at) && !site.place.bounds) continue;
        const marks = site.marks.filter((mark) => mark.shown.length);
        const weight = marks.reduce((sum, mark) => sum + (mark.layer.id === "mentions" ? 0 : mark.shown.length), 0);
        drawn.push({ site, marks, weight });
      }
      drawn.sort((a, b) => b.weight - a.weight);
      for (const { site, marks, weight } of drawn) {
        if (!weight) continue;
        const line = marks.some((mark) => mark.isLine);
        yield { text: Marks.fullName(site.place), at: site.place.at, kind: line ? "route" : "event", gap: reach(marks) + 3, layer: line ? marks.find((mark) => mark.isLine).layer : null };
      }
      for (const [text, lat, lon, size, contested] of names.countries) {
        if (size * 2 ** zoom < 40) break;
        yield { text, at: [lat, lon], kind: "country", gap: 0, contested };
      }
      for (const { site, marks } of drawn) {
        for (const way of marks.flatMap((mark) => mark.ways || [])) {
          if (way.events.some((event) => event.on)) yield { text: way.name, at: way.to, kind: "named", gap: 7 };
        }
        if (zoom < Routes.STOPS_FROM) continue;
        for (const [text, lat, lon] of site.place.stops || []) yield { text, at: [lat, lon], kind: "stop", gap: 7 };
      }
      for (const { site, weight } of drawn) {
        if (!weight && zoom >= 5) yield { text: Marks.fullName(site.place), at: site.place.at, kind: "named", gap: 7 };
      }
      for (const [text, lat, lon, rank] of names.cities) {
        if (zoom >= rankFrom[rank]) yield { text, at: [lat, lon], kind: "city", gap: 5 };
      }
    };

    /** How far the symbols of a site reach from its point, in pixels. */
    const reach = (marks) => Math.max(4, ...marks.filter((mark) => mark.symbol).map((mark) => {
      return Math.hypot(...mark.symbol.offset) + mark.symbol.radius + (mark.symbol.look.coarse ? 3 : 0);
    }));

    /** The controls in the corner: a name behind them could not be read. */
    const controls = () => {
      const { left, top } = map.getContainer().getBoundingClientRect();
      return [...map.getContainer().querySelectorAll(".leaflet-control")].map((node) => {
        const box = node.getBoundingClientRect();
        return [box.left - left - 3, box.top - top - 3, box.width + 6, box.height + 6];
      });
    };

    const obstacles = (bounds) => controls().concat(sites().filter((site) => bounds.contains(site.place.at)).flatMap((site) => {
      const at = map.latLngToContainerPoint(site.place.at);
      return site.marks.filter((mark) => mark.symbol && mark.shown.length && mark.layer.id !== "mentions").map((mark) => {
        const r = mark.symbol.radius + 1, [x, y] = mark.symbol.offset;
        return [at.x + x - r, at.y + y - r, 2 * r, 2 * r];
      });
    }));

    const place = () => {
      layer.clearLayers();
      const zoom = map.getZoom(), bounds = map.getBounds().pad(0.02), size = map.getSize();
      const view = free(size), space = room(obstacles(bounds)), said = new Set(), towns = [];
      let number = 0;
      for (const label of wanted(zoom, bounds)) {
        if (number >= MOST) break;
        if (said.has(label.text) && label.kind !== "event" && label.kind !== "route") continue;
        if (!bounds.contains(label.at)) continue;
        const point = map.latLngToContainerPoint(label.at);
        // A town of the basemap that stands where an event's place stands is that place under another name.
        if (label.kind === "city" && towns.some((town) => town.distanceTo(point) < 9)) continue;
        const w = width(label.text, label.kind) + 4;
        const box = spot(point, w, 15, label.gap, label.kind === "country" ? ["centre"] : AROUND, space, view);
        if (["event", "named", "stop"].includes(label.kind)) towns.push(point);
        if (!box) continue;
        space.take(box);
        if (label.kind === "city") space.take([point.x - 3, point.y - 3, 6, 6]);
        said.add(label.text);
        number++;
        draw(label, box, point);
      }
    };

    const put = (at, html) => L.marker(at, {
      pane: "geo-labels", interactive: false, keyboard: false,
      icon: L.divIcon({ className: "geo-label", html, iconSize: [0, 0] }),
    }).addTo(layer);

    const draw = ({ text, at, kind, layer: of, contested }, box, point) => {
      const properties = { class: `geo-name geo-name-${kind}${contested ? " geo-name-contested" : ""}` };
      if (of) Object.assign(properties, { "--light": of.light, "--dark": of.dark });
      const label = Dom.name(text, properties);
      label.style.transform = `translate(${Math.round(box[0] - point.x + 2)}px, ${Math.round(box[1] - point.y)}px)`;
      const marker = put(at, label);
      marker.getElement().setAttribute("aria-hidden", "true");
      if (kind === "city") marker.getElement().append(Dom.el("i", { class: "geo-town" }));
    };

    // Placing names is the slowest thing that a page does: it waits until the brush or the map rests.
    let waiting = 0;
    const update = () => { clearTimeout(waiting); waiting = setTimeout(() => requestAnimationFrame(place), 60); };
    map.on("moveend zoomend resize", update);
    return { update, now: place };
  };

  return { add, room, spot };
})();
