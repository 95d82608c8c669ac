// The map beneath: land, waters, borders; the world always, the detailed squares from zoom 6 on.
const Ground = (() => {
  const DETAIL_FROM = 6;
  const APART = 0.7; // pixels that two points of a line are apart at least, to be drawn
  const css = (map, name) => getComputedStyle(map.getContainer()).getPropertyValue(name).trim();

  /** A line of [lat, lon] in the plane of the map, on which the world is 1 wide and 1 high: {points: x, y, x, y …, box}. */
  const plane = (line) => {
    const points = new Float64Array(2 * line.length), box = [Infinity, Infinity, -Infinity, -Infinity];
    line.forEach(([lat, lon], i) => {
      const sine = Math.sin((Math.max(-85.05, Math.min(85.05, lat)) * Math.PI) / 180);
      const x = (lon + 180) / 360, y = 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
      points[2 * i] = x;
      points[2 * i + 1] = y;
      if (x < box[0]) box[0] = x;
      if (y < box[1]) box[1] = y;
      if (x > box[2]) box[2] = x;
      if (y > box[3]) box[3] = y;
    });
    return { points, box };
  };

  /** Adds a line to the path, if it comes into view. */
  const trace = (context, { points, box }, { scale, x: left, y: top, view: { min, max } }) => {
    if (box[2] * scale - left < min.x || box[0] * scale - left > max.x || box[3] * scale - top < min.y || box[1] * scale - top > max.y) return;
    let beforeX = 0, beforeY = 0;
    for (let i = 0; i < points.length; i += 2) {
      const x = points[i] * scale - left, y = points[i + 1] * scale - top;
      if (i && i < points.length - 2 && Math.abs(x - beforeX) + Math.abs(y - beforeY) < APART) continue;
      if (i) context.lineTo(x, y); else context.moveTo(x, y);
      beforeX = x;
      beforeY = y;
    }
  };

  // What a part is drawn with: the variable of the style sheet that colours it, and how thick a line is.
  const fill = (shapes, variable) => ({ shapes, variable });
  const stroke = (lines, variable, width, dash = []) => ({ lines, variable, width, dash });

  const paint = (context, { shapes, lines, width, dash }, colour, frame) => {
    context.fillStyle = context.strokeStyle = colour;
    for (const rings of shapes || []) { // one at a time: where two overlap both are land
      context.beginPath();
      for (const ring of rings) trace(context, ring, frame);
      context.fill("evenodd");
    }
    if (!lines) return;
    context.lineWidth = width;
    context.setLineDash(dash);
    context.beginPath();
    for (const line of lines) trace(context, line, frame);
    context.stroke();
    context.setLineDash([]);
  };

  const decode = (encoded, grid) => encoded.map((text) => Data.line(text, grid));
  const planes = (encoded, grid) => encoded.map((text) => plane(Data.line(text, grid)));

  /** The parts of a sheet, from the bottom up: {land, edges}. */
  const sheet = (drawn, grid) => {
    const land = drawn.land.map((rings) => decode(rings, grid));
    return {
      land: fill(land.map((rings) => rings.map(plane)), "--geo-land"),
      edges: [
        stroke(land.flatMap((rings) => rings.flatMap((ring) => Data.coast(ring, drawn.box))).map(plane), "--geo-coast", 0.9),
        stroke(planes(drawn.borders, grid), "--geo-border", 1),
        stroke(planes(drawn.contested, grid), "--geo-contested", 1.1, [3, 4]),
      ],
    };
  };

  const waters = (world) => {
    const lakes = world.lakes.map((rings) => planes(rings, world));
    return [stroke(planes(world.rivers, world), "--geo-river", 0.8), fill(lakes, "--geo-water"), stroke(lakes.flat(), "--geo-coast", 0.6)];
  };

  /** All sea, then all land, then the lakes, then all lines: squares overlap by a hair so that no seam shows. */
  const squared = ({ squares, ...grid }, wet) => {
    const sheets = squares.map((square) => sheet(square, grid));
    const sea = squares.map(({ box: [west, south, east, north] }) => [plane([[south, west], [south, east], [north, east], [north, west]])]);
    return [fill(sea, "--geo-water"), ...sheets.map(({ land }) => land), ...wet, ...sheets.flatMap(({ edges }) => edges)];
  };

  /**
   * Puts the ground under the map. `detail()` promises the detailed squares; it is called when they are first wanted.
   * Gives {countries, cities, settled()}: the names that it has, more of them once there is detail, and the end of what loads.
   */
  const add = (map, world, detail, changed) => {
    if (!world) return { countries: [], cities: [], settled: async () => {} };
    map.createPane("geo-ground").style.zIndex = 150;
    const names = { countries: world.countries, cities: [...world.cities] };
    const wet = waters(world), { land, edges } = sheet(world, world), coarse = [land, ...wet, ...edges];
    let fine = null, loading = null;

    const canvas = new Canvas((context, view) => {
      const { x, y } = map.getPixelOrigin(), frame = { scale: 256 * 2 ** map.getZoom(), x, y, view };
      context.lineJoin = "round";
      const parts = fine && map.getZoom() >= DETAIL_FROM ? [...coarse, ...fine] : coarse;
      const colours = new Map();
      for (const part of parts) {
        if (!colours.has(part.variable)) colours.set(part.variable, css(map, part.variable));
        paint(context, part, colours.get(part.variable), frame);
      }
    }, { pane: "geo-ground", padding: 0.4 }).addTo(map);

    const refine = async () => {
      const told = await detail();
      if (!told) return;
      fine = squared(told, wet);
      const seen = new Set(names.cities.map((city) => city.slice(0, 3).join()));
      names.cities.push(...told.squares.flatMap((square) => square.cities).filter((city) => !seen.has(city.slice(0, 3).join())));
      canvas.refresh();
      changed();
    };
    const look = () => { if (map.getZoom() >= DETAIL_FROM) loading ||= refine(); };
    map.on("zoomend", look);
    map.whenReady(look);
    Symbols.scheme.addEventListener("change", () => canvas.refresh());
    return Object.assign(names, { settled: async () => { await loading; } });
  };

  return { add, css };
})();
