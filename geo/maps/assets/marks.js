// The events on the map: a mark for each place and layer, a line or an area for a place that has one.
const Marks = (() => {
  const css = Ground.css;

  const radius = (layer, n) => (layer === "mentions"
    ? Math.min(7, 3.2 + 0.6 * Math.sqrt(n - 1))
    : Math.min(13, 6 + 1.5 * Math.sqrt(n - 1)));

  /** By how much symbols shrink when so many are in view: not up to 400, to a half from 6,400 on. */
  const shrink = (number) => [1, 0.87, 0.75, 0.62, 0.5][Math.max(0, Math.min(4, Math.ceil(Math.log2(number / 400))))];

  /** Where k symbols of one place stand around it, in pixels, so that none hides another. */
  const around = (radii) => {
    if (radii.length < 2) return radii.map(() => [0, 0]);
    if (radii.length === 2) return [[-radii[0] - 1, 0], [radii[1] + 1, 0]];
    const girth = radii.reduce((sum, r) => sum + 2 * r + 3, 0), ring = Math.max(girth / (2 * Math.PI), Math.max(...radii) + 2);
    let turn = -Math.PI / 2 - (2 * radii[0] + 3) / 2 / ring;
    return radii.map((r) => {
      const half = ((2 * r + 3) / girth) * Math.PI, at = turn + half;
      turn += 2 * half;
      return [ring * Math.cos(at), ring * Math.sin(at)];
    });
  };

  const flip = (coordinates) => (typeof coordinates[0] === "number" ? [coordinates[1], coordinates[0]] : coordinates.map(flip));

  /** The sites: places with their events sorted into marks, one a layer. */
  const sites = (events, places) => {
    const found = places.map((place) => ({ place, marks: [], kind: shapeOf(place) }));
    const index = new Map();
    for (const event of events) {
      const key = `${event.place} ${event.layer}`;
      let mark = index.get(key);
      if (!mark) {
        const site = found[event.place];
        mark = { site, layer: Symbols.layer(event.layer), events: [], shown: [] };
        // A corridor that has a line is the line: it needs no symbol on top.
        mark.isLine = event.layer === "corridors" && site.kind === "line";
        site.marks.push(mark);
        index.set(key, mark);
      }
      mark.events.push(event);
      event.mark = mark;
    }
    for (const site of found) site.marks.sort((a, b) => a.layer.order - b.layer.order);
    return found;
  };

  const shapeOf = ({ geometry }) => {
    if (!geometry || !geometry.type.match(/LineString|Polygon/)) return "point";
    return geometry.type.endsWith("LineString") ? "line" : "area";
  };

  const panes = (map) => {
    for (const [name, z, events] of [["geo-areas", 405], ["geo-lines", 410, true], ["geo-points", 420], ["geo-labels", 430]]) {
      const pane = map.createPane(name);
      pane.style.zIndex = z;
      pane.classList.add(events ? "geo-pane" : "geo-quiet");
    }
  };

  /** Draws the sites; `open(mark)` is called when one is clicked. Gives {update, select, near}. */
  const add = (map, all, open) => {
    panes(map);
    const linesOn = L.svg({ pane: "geo-lines", padding: 0.5 }), areasOn = L.svg({ pane: "geo-areas", padding: 0.5 });
    const arcs = Arcs.add(map, all, linesOn, open);
    const drawn = [];
    let selected = null, paper = "", scale = 1;

    for (const site of all) site.shape = site.kind === "point" ? null : shape(site);
    // What has a symbol, in the order of drawing: the places that are only named lie under the rest, the small on the large.
    const symbols = all.flatMap((site) => site.marks.filter((mark) => !mark.isLine));
    symbols.sort((a, b) => (b.layer.id === "mentions") - (a.layer.id === "mentions") || b.events.length - a.events.length);
    for (const mark of symbols) mark.symbol = { offset: [0, 0], radius: 1, look: {} };
    const canvas = Dots.add(map, "geo-points", (stamp) => {
      for (const mark of symbols) if (mark.shown.length) stamp(mark.symbol.look, mark.site.place.at, mark.symbol.offset, mark.symbol.radius);
    });

    function shape(site) {
      const points = flip(site.place.geometry.coordinates);
      if (site.kind === "area") {
        return [L.polygon(points, { renderer: areasOn, pane: "geo-areas", interactive: false, className: "geo-area" })];
      }
      const options = { renderer: linesOn, pane: "geo-lines", lineCap: "round", lineJoin: "round", smoothFactor: 0.7 };
      const casing = L.polyline(points, { ...options, interactive: false, className: "geo-casing" });
      const line = L.polyline(points, { ...options, className: "geo-line", bubblingMouseEvents: false });
      line.on("click", (event) => {
        const near = nearest(event.containerPoint, 3);
        open(near || lead(site));
      });
      line.on("add", () => Dom.reachable(line.getElement(), fullName(site.place), () => open(lead(site))));
      line.bindTooltip(() => Dom.name(fullName(site.place)), { sticky: true, className: "geo-tip" });
      return [casing, line, ...Routes.parts(site.place, points, linesOn)];
    }

    /** How many sentences tell of what a mark shows: the thickness of its line. */
    const told = (mark) => mark.shown.reduce((sum, event) => sum + event.evidence.length, 0);
    const visible = (site) => site.marks.filter((mark) => mark.shown.length);
    const lead = (site) => {
      const marks = visible(site);
      return marks.find((mark) => mark.isLine) || marks[0];
    };

    function styleShape(site) {
      const mark = lead(site), quiet = mark && mark.layer.id === "mentions";
      const on = Boolean(mark) && !(quiet && site.kind === "area");
      for (const layer of site.shape) if (on !== map.hasLayer(layer)) on ? layer.addTo(map) : layer.remove();
      if (!on) return;
      const color = Symbols.colour(mark.layer.id), chosen = selected && selected.site === site;
      if (site.kind === "area") {
        const dash = site.place.disputed ? "5 4" : null;
        site.shape[0].setStyle({ color, fillColor: color, weight: chosen ? 2.2 : 1.2, opacity: 0.75, dashArray: dash, fillOpacity: chosen ? 0.2 : 0.1 });
        return;
      }
      const weight = quiet ? 2 : mark.isLine ? 3.4 + Math.min(3.6, 0.8 * Math.log2(told(mark))) : 2.6;
      const [casing, line, ...more] = site.shape;
      casing.setStyle({ color: chosen ? css(map, "--geo-text") : paper, weight: weight + (chosen ? 5 : 3.5), opacity: quiet ? 0.5 : 0.95 });
      line.setStyle({ color, weight, opacity: 1, dashArray: dashes(site.place, mark), lineCap: "butt" });
      for (const part of more) part.setStyle({ color, fillColor: paper });
    }

    /** Proposed is dashed, what is no more is dotted. */
    function dashes(place, mark) {
      const status = Symbols.status(mark.shown);
      if (place.status === "proposed" || status === "proposed") return "9 6";
      if (place.status === "historical" || status === "cancelled" || status === "denied") return "2 5";
      return null;
    }

    function styleSymbols(site) {
      const marks = visible(site).filter((mark) => mark.symbol && mark.layer.id !== "mentions");
      const size = (mark) => radius(mark.layer.id, mark.shown.length) * scale;
      const places = around(marks.map(size));
      for (const mark of visible(site)) {
        if (!mark.symbol) continue;
        const quiet = mark.layer.id === "mentions";
        mark.symbol = {
          offset: quiet ? [0, 0] : places[marks.indexOf(mark)], radius: size(mark),
          look: {
            shape: mark.layer.shape, colour: Symbols.colour(mark.layer.id), paper,
            status: quiet ? "occurred" : Symbols.status(mark.shown),
            coarse: !quiet && site.kind === "point" && Symbols.coarse(site.place.kind),
            selected: mark === selected,
          },
        };
      }
    }

    const style = (site) => { if (site.shape) styleShape(site); styleSymbols(site); };

    /** After a change of what is `shown`, the events that are. */
    const update = (shown) => {
      paper = css(map, "--geo-paper");
      for (const site of drawn) for (const mark of site.marks) mark.shown = [];
      for (const event of shown) event.mark.shown.push(event);
      const before = [...drawn];
      drawn.length = 0;
      for (const site of all) if (site.marks.some((mark) => mark.shown.length)) drawn.push(site);
      rescale();
      for (const site of new Set([...before, ...drawn])) style(site);
      arcs.update(paper);
      canvas.refresh();
    };

    /** Symbols are smaller from far, and where there are very many in view. */
    const rescale = () => {
      const bounds = map.getBounds();
      let number = 0;
      for (const site of drawn) if (bounds.contains(site.place.at)) number += visible(site).length;
      scale = shrink(number) * (map.getZoom() < 4 ? 0.8 : 1);
    };

    /** After a change of scale or of the colour scheme. */
    const restyle = () => {
      paper = css(map, "--geo-paper");
      for (const site of drawn) style(site);
      arcs.update(paper);
      canvas.refresh();
    };

    const select = (mark) => {
      const before = selected;
      selected = mark;
      for (const one of [before, mark]) if (one) style(one.site);
      canvas.refresh();
    };

    /** The mark whose symbol is nearest to a point of the container, within `slack` pixels of its rim. */
    const nearest = (point, slack) => {
      let best = null, least = Infinity;
      for (const site of drawn) {
        const at = map.latLngToContainerPoint(site.place.at);
        if (Math.abs(at.x - point.x) > 60 || Math.abs(at.y - point.y) > 60) continue;
        for (const mark of site.marks) {
          if (!mark.symbol || !mark.shown.length) continue;
          const off = at.add(mark.symbol.offset).distanceTo(point) - mark.symbol.radius;
          const handicap = mark.layer.id === "mentions" ? 4 : 0;
          if (off <= slack && off + handicap < least) { best = mark; least = off + handicap; }
        }
      }
      return best;
    };

    map.on("moveend", () => {
      const before = scale;
      rescale();
      if (scale !== before) restyle();
    });
    map.on("click", (event) => {
      const mark = nearest(event.containerPoint, event.originalEvent.pointerType === "touch" ? 14 : 5);
      open(mark);
    });
    map.on("mousemove", (event) => {
      map.getContainer().classList.toggle("geo-hit", Boolean(nearest(event.containerPoint, 5)));
    });
    Symbols.scheme.addEventListener("change", restyle);
    return { update, select, nearest, visible: () => drawn };
  };

  const fullName = (place) => (place.other && place.other !== place.name ? `${place.name} / ${place.other}` : place.name);

  return { add, sites, around, radius, shrink, fullName };
})();
