// The histogram of months: says when, and chooses when. Drag over it, or click a bar, or step with the play button.
const Timeline = (() => {
  const HEIGHT = 44, PACE = 1100;

  /** `choose(time)` is called with [from, to] in months, or null for all. Gives {node, update}. */
  const make = (columns, choose) => {
    if (columns.length < 2) return { node: null, update: () => {} };
    let time = null, anchor = null, dragged = false, timer = 0;

    const span = (a, b) => [Math.min(columns[a].from, columns[b].from), Math.max(columns[a].to, columns[b].to)];
    const within = (column) => !time || (column.from >= time[0] && column.to <= time[1]);
    const isOnly = (at) => time && time[0] === columns[at].from && time[1] === columns[at].to;

    const bars = columns.map((column, at) => Dom.el("button", {
      type: "button", class: "geo-bar", "aria-pressed": "false",
      onclick: (event) => {
        if (dragged) return;
        stop();
        if (event.shiftKey && time) choose([Math.min(time[0], column.from), Math.max(time[1], column.to)]);
        else choose(isOnly(at) ? null : span(at, at));
      },
    }, Dom.el("span", { class: "geo-bar-all" }), sparse(at) ? Dom.el("span", { class: "geo-bar-label", "aria-hidden": "true" }, column.label) : ""));

    function sparse(at) { return columns.length <= 12 || at % Math.ceil(columns.length / 8) === 0; }

    const chart = Dom.el("div", { class: "geo-chart", role: "group", "aria-label": "Events by month: choose when" }, ...bars);
    const under = (event) => {
      const box = chart.getBoundingClientRect();
      const at = Math.floor(((event.clientX - box.left) / box.width) * columns.length);
      return Math.min(columns.length - 1, Math.max(0, at));
    };
    chart.addEventListener("pointerdown", (event) => { if (event.button === 0) { anchor = under(event); dragged = false; } });
    addEventListener("pointermove", (event) => {
      if (anchor === null || !event.buttons) return;
      const at = under(event);
      if (at === anchor && !dragged) return;
      const wanted = span(anchor, at);
      if (dragged && time && wanted[0] === time[0] && wanted[1] === time[1]) return;
      dragged = true;
      stop();
      choose(wanted);
    });
    addEventListener("pointerup", () => { anchor = null; setTimeout(() => { dragged = false; }); });

    const said = Dom.el("span", { class: "geo-time" });
    const clear = Dom.el("button", { type: "button", class: "geo-text-button", onclick: () => { stop(); choose(null); } }, "All months");
    const play = Dom.el("button", { type: "button", class: "geo-play", "aria-label": "Play month by month", onclick: () => (timer ? stop() : start()) });
    play.append(Dom.svg("svg", { viewBox: "0 0 10 10", width: 10, height: 10, "aria-hidden": "true" }, Dom.svg("path", { d: "M1,0L10,5L1,10Z", class: "geo-play-on" }), Dom.svg("path", { d: "M1,0H4V10H1ZM6,0H9V10H6Z", class: "geo-play-off" })));

    function start() {
      play.classList.add("geo-playing");
      play.setAttribute("aria-label", "Stop");
      const step = () => {
        const now = columns.findIndex((column) => time && column.from === time[0]);
        const next = columns.findIndex((column, at) => at > (isOnly(now) ? now : -1) && column.some);
        if (next < 0) { stop(); choose(null); return; }
        choose(span(next, next));
        timer = setTimeout(step, PACE);
      };
      timer = 1;
      step();
    }
    function stop() {
      clearTimeout(timer);
      timer = 0;
      play.classList.remove("geo-playing");
      play.setAttribute("aria-label", "Play month by month");
    }

    const update = (chosen, byMonth) => {
      time = chosen;
      const counts = columns.map((column) => {
        let sum = 0;
        for (let m = column.from; m <= column.to; m++) sum += byMonth.get(m) || 0;
        return sum;
      });
      const most = Math.max(1, ...counts);
      columns.forEach((column, at) => {
        column.some = counts[at] > 0;
        const bar = bars[at], on = within(column);
        bar.firstChild.style.height = `${counts[at] ? Math.max(3, (HEIGHT * counts[at]) / most) : 1}px`;
        bar.classList.toggle("geo-off", !on);
        bar.setAttribute("aria-pressed", String(Boolean(time) && on));
        bar.setAttribute("aria-label", `${column.name}: ${Dom.count(counts[at], "event")}`);
      });
      said.textContent = time ? Filter.timeName(time) : "";
      clear.hidden = !time;
    };

    const node = Dom.el("section", { class: "geo-timeline", "aria-label": "When" },
      Dom.el("div", { class: "geo-heading" }, Dom.el("h2", {}, "When"), said, clear, play), chart);
    return { node, update };
  };

  return { make };
})();
