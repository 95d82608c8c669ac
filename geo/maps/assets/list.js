// The events in view as a list: what the keyboard and the screen reader have in place of the map.
const List = (() => {
  const FIRST = 60;
  const before = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
  const SORTS = {
    newest: (a, b) => before(b.start || "", a.start || ""),
    oldest: (a, b) => before(a.start || "9", b.start || "9"),
    place: (a, b) => a.at.name.localeCompare(b.at.name) || before(b.start || "", a.start || ""),
  };

  /** Of many events the first `most` that are `wanted`, in an order; each order sorts them all once. */
  const picker = (all) => {
    const sorted = new Map();
    return (order, wanted, most) => {
      if (!sorted.has(order)) sorted.set(order, [...all].sort(SORTS[order]));
      const set = new Set(wanted), found = [];
      for (const event of sorted.get(order)) {
        if (found.length >= most) break;
        if (set.has(event)) found.push(event);
      }
      return found;
    };
  };

  /** A list of what is shown of `all` events; `open(event)` is called on a choice. */
  const make = (all, open) => {
    const pick = picker(all);
    let shown = [], limit = FIRST;
    const heading = Dom.el("h2", { id: "geo-list-title", tabindex: "-1" });
    const sort = Dom.el("select", { "aria-label": "Order of the list", onchange: () => { limit = FIRST; render(); } },
      Dom.el("option", { value: "newest" }, "newest first"), Dom.el("option", { value: "oldest" }, "oldest first"), Dom.el("option", { value: "place" }, "by place"));
    const list = Dom.el("ol", { class: "geo-events" });
    const next = Dom.el("button", { type: "button", class: "geo-text-button", onclick: () => { limit += 5 * FIRST; render(); } });

    const item = (event) => {
      const [sentence = ""] = event.evidence[0] || [];
      return Dom.el("li", {}, Dom.el("button", { type: "button", class: "geo-event", "data-event": event.id || "", onclick: () => open(event) },
        Symbols.icon(event.layer, event.status, 16),
        Dom.el("span", { class: "geo-event-where" }, Dom.name(event.at.name), Dom.el("span", { class: "geo-event-when" }, event.when)),
        Dom.el("span", { class: "geo-event-said" },
          Dom.el("span", { class: "geo-hidden" }, `${Symbols.layer(event.layer).one}, ${Symbols.statusName(event.status)}: `),
          Dom.el("span", { dir: "auto" }, sentence.length > 160 ? `${sentence.slice(0, 150).trimEnd()} …` : sentence))));
    };

    const render = () => {
      const held = list.contains(document.activeElement) ? document.activeElement.dataset.event : null;
      list.replaceChildren(...pick(sort.value, shown, limit).map(item));
      if (held) find(held)?.focus({ preventScroll: true }); // who reads the list by keyboard stays where they are
      next.hidden = shown.length <= limit;
      next.textContent = `Show more of ${shown.length.toLocaleString("en")}`;
    };

    /** The button of an event, if the list shows it. */
    const find = (id) => [...list.querySelectorAll("[data-event]")].find((node) => node.dataset.event === id);

    const update = (events, what) => {
      shown = events;
      limit = FIRST;
      heading.textContent = `${Dom.count(events.length, "event")} ${what}`;
      render();
    };

    const node = Dom.el("section", { class: "geo-list", "aria-labelledby": "geo-list-title" },
      Dom.el("div", { class: "geo-heading" }, heading, sort), list, next);
    return { node, update, find, focus: () => heading.focus() };
  };

  return { make, picker };
})();
