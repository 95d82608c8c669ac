// Symbols by the ten thousand: each look is drawn once, as a picture, and stamped wherever it is wanted.
const Dots = (() => {
  const KEPT = 3000; // pictures, before they are made anew
  const pictures = new Map();

  const picture = (look, radius) => {
    const size = Math.round(radius * 4) / 4, key = `${Object.values(look).join()} ${size}`;
    let found = pictures.get(key);
    if (!found) {
      if (pictures.size >= KEPT) pictures.clear();
      const half = Math.ceil(1.3 * size + 8), fine = L.Browser.retina ? 2 : 1; // as Leaflet's canvas
      found = document.createElement("canvas");
      found.half = half;
      found.width = found.height = 2 * half * fine;
      const context = found.getContext("2d");
      context.scale(fine, fine);
      Symbols.draw(context, look, half, half, size, look.paper);
      pictures.set(key, found);
    }
    return found;
  };

  /** Puts a canvas on the map that stamps what `each(stamp)` asks for: `stamp(look, latlng, [x, y] off it, radius)`. */
  const add = (map, pane, each) => new Canvas((context, { min, max }) => each((look, latlng, offset, radius) => {
    const point = map.latLngToLayerPoint(latlng), x = point.x + offset[0], y = point.y + offset[1], reach = radius + 10;
    if (x < min.x - reach || x > max.x + reach || y < min.y - reach || y > max.y + reach) return;
    const stamp = picture(look, radius);
    context.drawImage(stamp, Math.round(x) - stamp.half, Math.round(y) - stamp.half, 2 * stamp.half, 2 * stamp.half);
  }), { pane, padding: 0.3 }).addTo(map);

  return { add };
})();
