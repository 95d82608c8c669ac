// The card of a mark: every event there, with every sentence that tells of it, where and when it was said, how sure it is.
const Card = (() => {
  const FIRST = 20, PIECES = 3;

  const badge = (status) => Dom.el("span", { class: `geo-badge geo-badge-${status}` }, Symbols.icon(null, status, 13), Symbols.statusName(status));

  const source = (doc) => {
    const title = doc.title || doc.source || doc.id || "untitled article";
    const parts = [Dom.link(doc.url, title) || Dom.el("cite", { dir: "auto" }, title)];
    if (doc.source && doc.source !== title) parts.push(" · ", Dom.name(doc.source));
    if (doc.day || doc.date) parts.push(" · ", doc.day || doc.date);
    return Dom.el("p", { class: "geo-source" }, ...parts);
  };

  const piece = ([sentence, mention, doc], docs) => Dom.el("div", { class: "geo-piece" },
    sentence ? Sentences.quote(sentence, mention) : null, source(docs[doc]));

  /** The rest of a long list behind a button. */
  const more = (items, first, make, word) => {
    const box = Dom.el("div", {}, ...items.slice(0, first).map(make));
    if (items.length > first) {
      const button = Dom.el("button", { type: "button", class: "geo-text-button", onclick: () => {
        button.replaceWith(...items.slice(first).map(make));
      } }, `Show ${items.length - first} more ${word}`);
      box.append(button);
    }
    return box;
  };

  const sure = (event) => {
    if (event.confidence == null && !event.reason) return null;
    const parts = [];
    if (event.confidence != null) {
      const percent = Math.round(event.confidence * 100);
      parts.push(Dom.el("span", { class: "geo-meter", "aria-hidden": "true" }, Dom.el("span", { "--share": `${percent}%` })), Dom.el("b", {}, `${percent} % sure`));
    }
    if (event.reason) parts.push(event.confidence != null ? " · " : "", event.reason);
    return Dom.el("p", { class: "geo-sure" }, ...parts);
  };

  const entry = (event, docs) => Dom.el("article", { class: "geo-event-card", "data-event": event.id || "" },
    Dom.el("div", { class: "geo-when" }, Dom.el("h3", {}, capital(event.when)), badge(event.status)),
    event.to ? Dom.el("p", { class: "geo-actors" }, "to ", Dom.name(event.to[0])) : null,
    event.actors ? Dom.el("p", { class: "geo-actors" }, Dom.name(event.actors)) : null,
    more(event.evidence, PIECES, (one) => piece(one, docs), "sentences"),
    sure(event),
    event.correction ? Dom.el("p", { class: "geo-corrected" }, Dom.el("b", {}, "Corrected by hand: "), Dom.name(event.correction)) : null);

  const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

  const KINDS = { admin1: "province or state", admin2: "district" };
  const facts = (place) => {
    const parts = [];
    if (place.kind) parts.push(KINDS[place.kind] || place.kind);
    if (place.country) parts.push(place.country);
    if (place.direction) parts.push(place.direction.replace(/\s*([→↔])\s*/g, " $1 "));
    if (place.status) parts.push(`now ${place.status}`);
    if (place.from || place.to) parts.push(`${place.from || "…"} to ${place.to || "today"}`);
    return parts.join(" · ");
  };

  /** Fills `node` with a mark's card; `open(other mark)` and `close()` are its ways out. */
  const fill = (node, mark, docs, { open, close }) => {
    const { place, marks } = mark.site, others = marks.filter((other) => other !== mark && other.shown.length);
    const events = [...mark.shown].sort((a, b) => (b.start || "").localeCompare(a.start || ""));
    const title = Dom.el("h2", { id: "geo-card-title", tabindex: "-1" }, Dom.name(place.name),
      ...(place.other && place.other !== place.name ? [" / ", Dom.name(place.other)] : []));
    node.replaceChildren(
      Dom.el("header", { class: "geo-card-head", "--light": mark.layer.light, "--dark": mark.layer.dark },
        Dom.el("p", { class: "geo-kicker" }, Symbols.icon(mark.layer.id, "occurred", 15), `${mark.layer.name} · ${Dom.count(events.length, "event")}`),
        title,
        Dom.el("p", { class: "geo-facts" }, facts(place)),
        Dom.el("button", { type: "button", class: "geo-close", "aria-label": "Close", onclick: close }, "×")),
      Dom.el("div", { class: "geo-card-body", tabindex: "0", role: "group", "aria-label": "Evidence" },
        place.disputed ? Dom.el("p", { class: "geo-note" }, "A disputed place. Names and lines here take no side.") : null,
        Symbols.coarse(place.kind) && mark.site.kind === "point" ? Dom.el("p", { class: "geo-note" }, "The mark stands for the whole of it, not for a spot.") : null,
        more(events, FIRST, (event) => entry(event, docs), "events"),
        others.length ? Dom.el("div", { class: "geo-others" }, Dom.el("h3", {}, "Also here"), ...others.map((other) => Dom.el("button", {
          type: "button", class: "geo-chip", onclick: () => open(other),
        }, Symbols.icon(other.layer.id, "occurred", 14), `${other.layer.name} ${other.shown.length}`))) : null));
    return title;
  };

  return { fill, badge };
})();
