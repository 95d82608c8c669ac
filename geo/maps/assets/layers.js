// The list of layers, which is the legend too, and the statuses, each with a count and a switch.
const Layers = (() => {
  /** `toggle(id)`, `only(id)`, `all(on)` and `status(id)` are called on a choice. Gives {node, update}. */
  const make = (ids, statuses, { toggle, only, all, status }) => {
    const rows = new Map(), chips = new Map();

    const row = (id) => {
      const layer = Symbols.layer(id), input = Dom.el("input", { type: "checkbox", "data-layer": id, onchange: () => toggle(id) });
      const number = Dom.el("span", { class: "geo-n" });
      rows.set(id, { input, number });
      return Dom.el("li", {},
        Dom.el("label", {}, input, Symbols.icon(id), Dom.el("span", { class: "geo-layer-name" }, layer.name), number),
        Dom.el("button", { type: "button", class: "geo-only", "aria-label": `Only ${layer.name}`, onclick: () => only(id) }, "only"));
    };

    const groups = LEGEND.groups.map((group) => [group, ids.filter((id) => Symbols.layer(id).group === group)]).filter(([, own]) => own.length);
    const lists = groups.map(([group, own]) => Dom.el("fieldset", {}, Dom.el("legend", {}, group), Dom.el("ul", {}, ...own.map(row))));

    const chip = (id) => {
      const number = Dom.el("span", { class: "geo-n" });
      const button = Dom.el("button", { type: "button", class: "geo-chip", "data-status": id, "aria-pressed": "true", onclick: () => status(id) },
        Symbols.icon(null, id, 14), Symbols.statusName(id), number);
      chips.set(id, { button, number });
      return button;
    };

    const node = Dom.el("section", { class: "geo-layers", "aria-label": "Layers" },
      Dom.el("div", { class: "geo-heading" }, Dom.el("h2", {}, "What"),
        Dom.el("button", { type: "button", class: "geo-text-button", onclick: () => all(true) }, "All"),
        Dom.el("button", { type: "button", class: "geo-text-button", onclick: () => all(false) }, "None")),
      Dom.el("div", { class: "geo-groups" }, ...lists),
      statuses.length ? Dom.el("div", { class: "geo-statuses", role: "group", "aria-label": "Whether it happened" }, ...statuses.map(chip)) : null);

    const update = (choice, counts) => {
      for (const [id, { input, number }] of rows) {
        input.checked = !choice.hidden.has(id);
        number.textContent = (counts.layers.get(id) || 0).toLocaleString("en");
      }
      for (const [id, { button, number }] of chips) {
        button.setAttribute("aria-pressed", String(!choice.without.has(id)));
        number.textContent = (counts.statuses.get(id) || 0).toLocaleString("en");
      }
    };
    return { node, update };
  };

  return { make };
})();
