// Names on the map. The most important first; each takes the first free spot beside its mark, or none.
const Labels = (() => {
  const MOST = 220;
  const FONTS = {
    event: "600 12.5px", route: "italic 600 12.5px", country: "600 10.5px", named: "11.5px", city: "11.5px",
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

  /** A free rectangle [x, y, w, h] for a label around a point, or null. `sides` are tried in order. */
  const spot = (point, w, h, gap, sides, taken, view) => {
    const spots = {
      right: [point.x + gap, point.y - h / 2], left: [point.x - gap - w, point.y - h / 2],
      above: [point.x - w / 2, point.y - gap - h], below: [point.x - w / 2, point.y + gap],
      centre: [point.x - w / 2, point.y - h / 2],
    };
    for (const side of sides) {
      const [x, y] = spots[side], box = [x, y, w, h];
      if (x < view[0] || y < view[1] || x + w > view[2] || y + h > view[3]) continue;
      if (!taken.some((other) => x < other[0] + other[2] && other[0] < x + w && y < other[1] + other[3] && other[1] < y + h)) return box;
    }
    return null;
  };

  const AROUND = ["right", "left", "above", "below"];
  const rankFrom = [4.5, 5.5, 6.5, 7.5];

  /** Keeps names on the map: `sites()` gives those drawn, `names` those of the ground, `free()` the view's free part. */
  const add = (map, names, sites, free) => {
    const layer = L.layerGroup().addTo(map);

    const wanted = function* (zoom) {
      const drawn = sites().map((site) => {
        const marks = site.marks.filter((mark) => mark.shown.length), told = marks.filter((mark) => mark.layer.id !== "mentions");
        return { site, marks, weight: told.reduce((sum, mark) => sum + mark.shown.length, 0), all: marks };
      }).sort((a, b) => b.weight - a.weight);
      for (const { site, marks, weight } of drawn) {
        if (!weight) continue;
        const line = marks.some((mark) => mark.isLine);
        yield { text: Marks.fullName(site.place), at: site.place.at, kind: line ? "route" : "event", gap: reach(marks) + 3, layer: line ? marks.find((mark) => mark.isLine).layer : null };
      }
      for (const [text, lat, lon, size, contested] of names.countries) {
        if (size * 2 ** zoom < 40) break;
        yield { text, at: [lat, lon], kind: "country", gap: 0, contested };
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
      const { x, y } = mark.symbol.options.offset;
      return Math.hypot(x, y) + mark.symbol._radius + (mark.symbol.options.look.coarse ? 3 : 0);
    }));

    const obstacles = () => sites().flatMap((site) => {
      const at = map.latLngToContainerPoint(site.place.at);
      return site.marks.filter((mark) => mark.symbol && mark.shown.length && mark.layer.id !== "mentions").map((mark) => {
        const r = mark.symbol._radius + 1, { x, y } = mark.symbol.options.offset;
        return [at.x + x - r, at.y + y - r, 2 * r, 2 * r];
      });
    });

    const place = () => {
      layer.clearLayers();
      const zoom = map.getZoom(), bounds = map.getBounds().pad(0.02), size = map.getSize();
      const view = free(size), taken = obstacles(), said = new Set(), towns = [];
      let number = 0;
      for (const label of wanted(zoom)) {
        if (number >= MOST) break;
        if (said.has(label.text) && label.kind !== "event" && label.kind !== "route") continue;
        if (!bounds.contains(label.at)) continue;
        const point = map.latLngToContainerPoint(label.at);
        // A town of the basemap that stands where an event's place stands is that place under another name.
        if (label.kind === "city" && towns.some((town) => town.distanceTo(point) < 9)) continue;
        const w = width(label.text, label.kind) + 4;
        const box = spot(point, w, 15, label.gap, label.kind === "country" ? ["centre"] : AROUND, taken, view);
        if (label.kind === "event" || label.kind === "named") towns.push(point);
        if (!box) continue;
        taken.push(box);
        if (label.kind === "city") taken.push([point.x - 3, point.y - 3, 6, 6]);
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

    let waiting = 0;
    const update = () => { cancelAnimationFrame(waiting); waiting = requestAnimationFrame(place); };
    map.on("moveend zoomend resize", update);
    return { update };
  };

  return { add, spot };
})();
