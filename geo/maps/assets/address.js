// The state of the page in its address: #v=6/40.18/44.51&off=aid,mentions&t=2023-09..2023-10&q=granada&e=e-1f00
const Address = (() => {
  const iso = (m) => `${String(Math.floor(m / 12)).padStart(4, "0")}-${String((m % 12) + 1).padStart(2, "0")}`;
  const list = (text) => (text || "").split(",").filter(Boolean);

  const format = (state) => {
    const parts = new URLSearchParams();
    if (state.view) parts.set("v", `${state.view.zoom}/${state.view.lat.toFixed(3)}/${state.view.lon.toFixed(3)}`);
    if (state.hidden) parts.set("off", [...state.hidden].sort().join(","));
    if (state.without.size) parts.set("no", [...state.without].sort().join(","));
    if (state.time) parts.set("t", `${iso(state.time[0])}..${iso(state.time[1])}`);
    if (state.query) parts.set("q", state.query);
    if (state.event) parts.set("e", state.event);
    return `#${parts.toString().replaceAll("%2F", "/").replaceAll("%2C", ",")}`;
  };

  /** The state that an address tells; what it does not tell, or tells wrongly, is left out. */
  const parse = (hash) => {
    const parts = new URLSearchParams(hash.replace(/^#/, "")), state = { without: new Set(list(parts.get("no"))) };
    const view = /^(\d+(?:\.\d+)?)\/(-?\d+(?:\.\d+)?)\/(-?\d+(?:\.\d+)?)$/.exec(parts.get("v") || "");
    if (view && Math.abs(view[2]) <= 90 && Math.abs(view[3]) <= 360) {
      state.view = { zoom: Number(view[1]), lat: Number(view[2]), lon: Number(view[3]) };
    }
    if (parts.has("off")) state.hidden = new Set(list(parts.get("off")));
    const time = /^(\d{4})-(\d\d)\.\.(\d{4})-(\d\d)$/.exec(parts.get("t") || "");
    if (time) {
      const [from, to] = [time[1] * 12 + (time[2] - 1), time[3] * 12 + (time[4] - 1)];
      if (from <= to) state.time = [from, to];
    }
    state.query = parts.get("q") || "";
    state.event = parts.get("e") || "";
    return state;
  };

  return { format, parse };
})();
