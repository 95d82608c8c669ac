// Shapes, colours and the styles of a status: once, for the map's canvas and for the legend's SVG alike.
const Symbols = (() => {
  const { shapes: SHAPES, strokes: STROKES } = LEGEND;
  const ORDER = LEGEND.statuses.map((status) => status.id);
  const COARSE = new Set(["country", "region", "admin1", "admin2", "continent", "state", "province", "sea", "area"]);
  const paths = {};
  const path = (text) => (paths[text] ??= new Path2D(text));
  const scheme = matchMedia("(prefers-color-scheme: dark)");

  const layers = new Map(LEGEND.layers.map((layer, order) => [layer.id, { ...layer, order }]));

  /** What the legend says of a layer, known or not. */
  const layer = (id) => {
    if (!layers.has(id)) layers.set(id, { ...LEGEND.unknown, id, name: id, order: layers.size });
    return layers.get(id);
  };
  const colour = (id) => layer(id)[scheme.matches ? "dark" : "light"];

  /** The status that a mark of several events wears: the nearest to having happened. */
  const status = (events) => {
    let best = ORDER.length - 1;
    for (const event of events) best = Math.min(best, Math.max(0, ORDER.indexOf(event.status)));
    return ORDER[best];
  };

  /** Draws a symbol around (x, y) with that radius in pixels. `paper` is the colour of what is hollow and of the rim. */
  const draw = (context, { shape, colour: ink, status: state, coarse, selected }, x, y, radius, paper) => {
    const outline = path(SHAPES[shape]), hollow = state !== "occurred";
    context.save();
    context.translate(x, y);
    if (selected) {
      context.beginPath();
      context.arc(0, 0, radius + 6, 0, 7);
      context.lineWidth = 2.5;
      context.strokeStyle = ink;
      context.stroke();
    }
    if (coarse) {
      context.beginPath();
      context.arc(0, 0, radius + 3.5, 0, 7);
      context.setLineDash([1.5, 2.5]);
      context.lineWidth = 1.3;
      context.strokeStyle = ink;
      context.stroke();
      context.setLineDash([]);
    }
    context.scale(radius, radius);
    context.lineJoin = "round";
    context.lineWidth = (hollow ? 5 : 3) / radius;
    context.strokeStyle = paper;
    context.stroke(outline);
    context.fillStyle = hollow ? paper : ink;
    context.fill(outline);
    if (hollow) {
      context.lineWidth = 1.9 / radius;
      context.strokeStyle = ink;
      if (state === "proposed") context.setLineDash([2.6 / radius, 2 / radius]);
      context.stroke(outline);
      context.setLineDash([]);
      if (STROKES[state]) context.stroke(path(STROKES[state]));
    }
    context.restore();
  };

  /** The same symbol as an SVG icon; without a layer it shows the status alone. */
  const icon = (id, state = "occurred", size = 18) => {
    const { shape, light, dark } = id ? layer(id) : { shape: "circle", light: "currentColor", dark: "currentColor" };
    const classes = `geo-icon geo-${state}`;
    const children = shape === "route"
      ? [Dom.svg("path", { d: "M-1.5,.5C-.6,-1 .6,1 1.5,-.5", class: "geo-icon-route" })]
      : [Dom.svg("path", { d: SHAPES[shape] })];
    if (STROKES[state]) children.push(Dom.svg("path", { d: STROKES[state], class: "geo-icon-stroke" }));
    return Dom.svg("svg", {
      class: classes, viewBox: "-1.6 -1.6 3.2 3.2", width: size, height: size,
      "aria-hidden": "true", focusable: "false", "--light": light, "--dark": dark,
    }, ...children);
  };

  const statusName = (id) => (LEGEND.statuses.find((entry) => entry.id === id) || { name: id || "happened" }).name;

  return { layer, colour, status, statusName, draw, icon, coarse: (kind) => COARSE.has(kind), scheme };
})();
