// Brings the parts together: one state, one way for it to change, everything drawn from it.
const App = (() => {
  const QUIET = "mentions"; // shown from the start only where there is nothing else

  const prepare = (data) => {
    for (const event of data.events) {
      event.at = data.places[event.place];
      event.status ||= "occurred";
      event.when ||= "undated";
      event.months = Filter.months(event);
    }
    const ids = [...new Set(data.events.map((event) => event.layer))];
    ids.sort((a, b) => Symbols.layer(a).order - Symbols.layer(b).order);
    const statuses = LEGEND.statuses.map((status) => status.id).filter((id) => data.events.some((event) => event.status === id));
    const quiet = new Set(ids.length > 1 && ids.includes(QUIET) ? [QUIET] : []);
    return { ids, statuses, quiet };
  };

  const same = (a, b) => a.size === b.size && [...a].every((one) => b.has(one));

  const start = async (map, name) => {
    const [data, world] = await Promise.all(["data", "world"].map((block) => Data.read(`${name}_${block}`)));
    const { ids, statuses, quiet } = prepare(data);
    const choice = { hidden: new Set(quiet), without: new Set(), time: null, query: "" };
    const container = map.getContainer();
    container.classList.add("geo-map");
    container.setAttribute("aria-label", "Map of the events; the list beside it opens them by keyboard");
    container.setAttribute("role", "region");
    let marks, labels, selected = null, selectedEvent = "", back = null, ready = false, shown = [];

    // --- one way to change
    let drawing = false, waiting = false;
    const change = (changes) => {
      Object.assign(choice, changes);
      if (drawing) { waiting = true; return; } // more changes in one frame than one are drawn with the next
      drawing = true;
      refresh();
      requestAnimationFrame(() => {
        drawing = false;
        if (waiting) { waiting = false; change({}); }
      });
    };
    const flip = (set, id) => { const next = new Set(set); if (!next.delete(id)) next.add(id); return next; };

    const timeline = Timeline.make(Filter.columns(data.events), (time) => change({ time }));
    const layers = Layers.make(ids, statuses.length > 1 || statuses[0] !== "occurred" ? statuses : [], {
      toggle: (id) => change({ hidden: flip(choice.hidden, id) }),
      only: (id) => change({ hidden: new Set(ids.filter((other) => other !== id)) }),
      all: (on) => change({ hidden: new Set(on ? [] : ids) }),
      status: (id) => change({ without: flip(choice.without, id) }),
    });
    const list = List.make(data.events, (event) => open(event.mark, event, true));
    const panel = Panel.make(data, { timeline: timeline.node, layers: layers.node, list: list.node, backdrop: Backdrop.choice(map, data.tiles) }, {
      search: (query) => change({ query }),
      link: () => location.href.replace(/#.*/, "") + Address.format(state()),
      save: (format) => {
        const text = Save[format](shown, data.docs), type = format === "csv" ? "text/csv" : "application/geo+json";
        Save.download(`events-${data.title.replace(/[^\p{L}\p{N}]+/gu, "-").toLowerCase()}.${format}`, type, text);
        panel.say(`Saved ${Dom.count(shown.length, "event")}`);
      },
      resized: () => labels && labels.update(),
    });
    const card = Dom.el("section", { class: "geo-card", role: "dialog", "aria-labelledby": "geo-card-title", hidden: true });
    const skip = Dom.el("button", { type: "button", class: "geo-skip", onclick: () => { panel.fold(false); list.focus(); } }, "Skip to the list of events");
    for (const node of [panel.node, card]) {
      L.DomEvent.disableClickPropagation(node).disableScrollPropagation(node);
      // a button that its own click takes out of the page is no longer inside the node when Leaflet looks
      node.addEventListener("click", (event) => event.stopPropagation());
      container.append(node);
    }
    container.before(skip); // the map itself takes the focus: the way past it comes first

    // --- what depends on it
    const refresh = () => {
      const counts = Filter.apply(data.events, choice);
      ({ shown } = counts);
      timeline.update(choice.time, counts.byMonth);
      layers.update(choice, counts);
      panel.update(choice, shown, data.events.length);
      marks.update(shown);
      if (selected && !selected.shown.length) close();
      else if (selected) fillCard();
      relist();
      labels.update();
      remember();
    };

    /** The list tells what is in view; a search looks everywhere. */
    const relist = () => {
      const everywhere = choice.query.trim() !== "", bounds = map.getBounds();
      if (!everywhere) for (const place of data.places) place.near = place.bounds ? bounds.intersects(place.bounds) : bounds.contains(place.at);
      list.update(everywhere ? shown : shown.filter((event) => event.at.near), everywhere ? "found" : "in view");
    };

    // --- the card
    const fillCard = () => Card.fill(card, selected, data.docs, { open: (mark) => open(mark, null, true), close });
    const open = (mark, event, move) => {
      if (!mark) { close(); return; }
      if (card.hidden) back = document.activeElement;
      selected = mark;
      selectedEvent = (event || mark.shown[0] || {}).id || "";
      card.hidden = false;
      container.classList.add("geo-open");
      const title = fillCard();
      card.querySelector(".geo-card-body").scrollTop = 0;
      marks.select(mark);
      if (event) show(event);
      if (move) bring(mark.site.place);
      title.focus({ preventScroll: true });
      remember();
    };
    const show = (event) => {
      const node = [...card.querySelectorAll("article")].find((one) => one.dataset.event === event.id);
      if (node && node.offsetTop > 60) card.querySelector(".geo-card-body").scrollTop = node.offsetTop - 60;
    };
    const close = () => {
      if (card.hidden) return;
      card.hidden = true;
      container.classList.remove("geo-open");
      selected = null;
      selectedEvent = "";
      marks.select(null);
      goBack();
      remember();
    };
    /** Focus returns to where the card was opened from; the list may have been written anew since. */
    const goBack = () => {
      const there = back && back.isConnected && container.contains(back) ? back : back && list.find(back.dataset.event);
      if (there) there.focus({ preventScroll: true });
    };
    container.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });

    // --- the view
    const narrow = () => container.clientWidth < 700;
    const padding = () => {
      const folded = panel.node.classList.contains("geo-folded");
      if (narrow()) return { paddingTopLeft: [24, 24], paddingBottomRight: [24, (card.hidden && folded ? 90 : container.clientHeight * 0.5) + 16] };
      return { paddingTopLeft: [folded ? 40 : panel.node.offsetWidth + 50, 50], paddingBottomRight: [card.hidden ? 50 : card.offsetWidth + 50, 60] };
    };
    const calm = () => ({ animate: !matchMedia("(prefers-reduced-motion: reduce)").matches });
    const bring = (place) => {
      if (place.bounds) { map.fitBounds(place.bounds, { ...padding(), maxZoom: 9, ...calm() }); return; }
      const spot = L.latLngBounds(place.at, place.at);
      map.fitBounds(spot, { ...padding(), maxZoom: Math.max(map.getZoom(), Math.min(6.5, map.getMaxZoom())), ...calm() });
    };
    const home = () => {
      const told = data.events.filter((event) => !quiet.has(event.layer));
      const bounds = L.latLngBounds(told.flatMap((event) => (event.to ? [event.at.at, event.to.slice(1, 3)] : [event.at.at])));
      for (const event of told) if (event.at.bounds && event.layer === "corridors") bounds.extend(event.at.bounds);
      if (bounds.isValid()) map.fitBounds(bounds, { ...padding(), maxZoom: 7, animate: false });
      else map.setView([25, 15], 2, { animate: false });
    };

    // --- the address
    const state = () => {
      const centre = map.getCenter();
      return {
        ...choice, hidden: same(choice.hidden, quiet) ? null : choice.hidden, event: selectedEvent,
        view: { zoom: map.getZoom(), lat: centre.lat, lon: centre.lng },
      };
    };
    // A brush changes the state at every frame, but a browser complains of a page that rewrites its address so often.
    let writes = [], writing = 0;
    const remember = () => {
      if (!ready) return;
      const now = performance.now();
      writes = writes.filter((time) => now - time < 10_000);
      clearTimeout(writing);
      if (writes.length < 40) { writes.push(now); write(); } else writing = setTimeout(remember, 400);
    };
    const write = () => {
      try { history.replaceState(history.state, "", Address.format(state())); } catch { /* a framed page may have no address */ }
    };
    const follow = () => {
      const wanted = Address.parse(location.hash);
      Object.assign(choice, { hidden: wanted.hidden || new Set(quiet), without: wanted.without, time: wanted.time || null, query: wanted.query });
      if (wanted.view) map.setView([wanted.view.lat, wanted.view.lon], wanted.view.zoom, { animate: false });
      else home();
      refresh();
      const event = wanted.event && data.events.find((one) => one.id === wanted.event);
      if (event && event.on) open(event.mark, event, !wanted.view);
      else close();
    };

    // --- the map
    for (const place of data.places) if (place.geometry) place.bounds = L.geoJSON(place.geometry).getBounds();
    const size = () => {
      container.classList.toggle("geo-narrow", narrow());
      container.classList.toggle("geo-short", container.clientHeight < 520);
    };
    size();
    if (narrow()) panel.fold(true);
    const ground = Ground.add(map, world, () => Data.read(`${name}_detail`), () => labels && labels.update());
    if (world) dress(map);
    const sites = Marks.sites(data.events, data.places);
    marks = Marks.add(map, sites, (mark, event = null) => open(mark, event, false));
    labels = Labels.add(map, ground, marks.visible, (box) => [0, 0, box.x, box.y]);
    follow();
    if (world) map.setMaxBounds([[-75, -230], [86, 230]]); // after the view is set, else it starts a pan of its own
    await ground.settled();
    labels.now();
    ready = true;
    map.on("moveend", () => { relist(); remember(); });
    map.on("resize", size);
    addEventListener("hashchange", follow);
    requestAnimationFrame(() => container.classList.add("geo-ready"));
    return { map, data, choice, sites };
  };

  const dress = (map) => {
    L.control.attribution({ position: "bottomright", prefix: false }).addAttribution("Natural Earth · GeoNames (CC BY 4.0) · Leaflet").addTo(map);
    L.control.zoom({ position: "bottomright" }).addTo(map);
    L.control.scale({ position: "bottomright", imperial: false }).addTo(map);
  };

  return { start };
})();

window.GeoEvents = {
  /** Shows the events in the blocks of that name on a Leaflet map. */
  show: (map, name) => {
    const started = App.start(map, name);
    (window.GeoEvents.shown ??= []).push(started);
    started.catch((error) => {
      map.getContainer().append(Dom.el("p", { class: "geo-failed", role: "alert" }, "This map needs a browser of 2023 or later. ", String(error)));
    });
  },
  parts: { Dom, Data, Filter, Address, Sentences, Symbols, Routes, Arcs, Marks, Labels, List, Save },
};
