// The panel around the parts: title, ways to other pages, search, and what to take along. On a phone it is a sheet.
const Panel = (() => {
  const arrow = (page, label, sign) => (page
    ? Dom.el("a", { class: "geo-turn", href: page[1], rel: label, "aria-label": `${label === "prev" ? "Previous" : "Next"}: ${page[0]}` }, sign === "‹" ? `‹ ${page[0]}` : `${page[0]} ›`)
    : "");

  const make = (data, parts, { search, link, save, resized }) => {
    const { pages, title } = data;
    const input = Dom.el("input", { type: "search", class: "geo-search", placeholder: "Search places, people, sentences", "aria-label": "Search places, people, sentences", autocomplete: "off", oninput: () => search(input.value) });
    const summary = Dom.el("p", { class: "geo-summary", role: "status" });
    const toast = Dom.el("p", { class: "geo-toast", role: "status" });

    const handle = Dom.el("button", { type: "button", class: "geo-handle", "aria-expanded": "true", "aria-label": "Panel", onclick: () => fold(!node.classList.contains("geo-folded")) },
      Dom.svg("svg", { viewBox: "0 0 16 16", width: 14, height: 14, "aria-hidden": "true" }, Dom.svg("path", { d: "M10 3L5 8L10 13" })));
    const fold = (folded) => {
      node.classList.toggle("geo-folded", folded);
      handle.setAttribute("aria-expanded", String(!folded));
      resized();
    };

    const button = (text, onclick) => Dom.el("button", { type: "button", class: "geo-button", onclick }, text);
    const copy = async () => {
      try { await navigator.clipboard.writeText(link()); say("Link copied"); } catch {
        const field = Dom.el("input", { class: "geo-search", readonly: true, "aria-label": "Link to this view" });
        field.value = link();
        toast.replaceChildren("Copy this link: ", field);
        field.select();
      }
    };
    let fading = 0;
    const say = (text) => { toast.textContent = text; clearTimeout(fading); fading = setTimeout(() => { toast.textContent = ""; }, 2500); };

    const node = Dom.el("section", { class: "geo-panel", "aria-label": "Events" },
      Dom.el("header", { class: "geo-head" },
        Object.keys(pages).length ? Dom.el("nav", { class: "geo-nav", "aria-label": "Maps" }, pages.index ? Dom.el("a", { href: pages.index[1] }, pages.index[0]) : "",
          Dom.el("span", { class: "geo-turns" }, arrow(pages.previous, "prev", "‹"), arrow(pages.next, "next", "›"))) : null,
        Dom.el("h1", {}, Dom.name(title)), summary, handle),
      Dom.el("div", { class: "geo-scroll", tabindex: "0", role: "group", "aria-label": "Choose and read" },
        input, parts.timeline, parts.layers, parts.list,
        Dom.el("footer", { class: "geo-foot" },
          Dom.el("div", { class: "geo-buttons" }, button("Copy link", copy), button("GeoJSON", () => save("geojson")), button("CSV", () => save("csv"))),
          toast, parts.backdrop,
          Dom.el("p", {}, "Read by machine from the articles named on the cards: check the sentence before you quote the map. A dotted ring marks a whole country or region."),
          Dom.el("p", {}, "Borders, names and dashed lines are no statement on who owns what."))));

    const update = (choice, shown, total) => {
      if (document.activeElement !== input) input.value = choice.query;
      const places = new Set(), docs = new Set();
      for (const event of shown) {
        places.add(event.place);
        for (const [, , doc] of event.evidence) docs.add(doc);
      }
      summary.textContent = total
        ? `${Dom.count(shown.length, "event")} in ${Dom.count(places.size, "place")}, told by ${Dom.count(docs.size, "article")}`
        : "No events here.";
    };
    return { node, update, fold, say };
  };

  return { make };
})();
