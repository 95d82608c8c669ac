// Reading what the page carries: JSON blocks, plain or compressed, and the lines of the basemap.
const Data = (() => {
  const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const VALUES = new Uint8Array(128);
  [...DIGITS].forEach((digit, value) => { VALUES[digit.charCodeAt(0)] = value; });

  const unpack = async (text) => {
    const binary = atob(text), bytes = new Uint8Array(binary.length);
    for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return JSON.parse(await new Response(stream).text());
  };

  /** The value in the block of that id; undefined without such a block. */
  const read = async (id) => {
    const block = document.getElementById(id);
    if (!block) return undefined;
    const value = JSON.parse(block.textContent);
    return typeof value.packed === "string" ? unpack(value.packed) : value;
  };

  /** A line from its text: [lat, lon] pairs. tools/make_basemap.py tells the format. */
  const line = (text, { scale, origin }) => {
    const points = [];
    let x = 0, y = 0, value = 0, shift = 0, second = false;
    for (let at = 0; at < text.length; at++) {
      const bits = VALUES[text.charCodeAt(at)];
      value |= (bits & 31) << shift;
      if (bits & 32) { shift += 5; continue; }
      const step = value & 1 ? ~(value >> 1) : value >> 1;
      if (second) { y += step; points.push([y * scale[1] + origin[1], x * scale[0] + origin[0]]); } else x += step;
      second = !second;
      value = shift = 0;
    }
    return points;
  };

  /** The stretches of a ring that are coast: those that do not run along the edge that the land was cut at. */
  const coast = (ring, [west, south, east, north]) => {
    const near = 0.005, stretches = [];
    const on = (a, b, axis, edge) => Math.abs(a[axis] - edge) < near && Math.abs(b[axis] - edge) < near;
    let stretch = [];
    for (let i = 1; i < ring.length; i++) {
      const a = ring[i - 1], b = ring[i];
      if (on(a, b, 1, west) || on(a, b, 1, east) || on(a, b, 0, south) || on(a, b, 0, north)) {
        if (stretch.length) stretches.push(stretch);
        stretch = [];
        continue;
      }
      if (!stretch.length) stretch.push(a);
      stretch.push(b);
    }
    if (stretch.length) stretches.push(stretch);
    return stretches;
  };

  return { read, line, coast };
})();
