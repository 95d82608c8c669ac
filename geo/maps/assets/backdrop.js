// What the events are seen on: the drawn map, or online tiles, of which none is asked for before the reader chooses them.
const Backdrop = (() => {
  const plain = (text) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

  /** The choice, as a node for the panel; null on a page without tiles. */
  const choice = (map, tiles) => {
    if (!tiles) return null;
    const offline = map.getMaxZoom();
    let layer = null;
    const show = (online) => {
      if (online) {
        layer ||= L.tileLayer(tiles.url, { maxZoom: tiles.max_zoom, subdomains: tiles.subdomains, attribution: plain(tiles.attribution) });
        layer.addTo(map);
      } else if (layer) layer.remove();
      map.getPane("geo-ground")?.classList.toggle("geo-away", online);
      map.getContainer().classList.toggle("geo-online", online);
      map.setMaxZoom(online ? tiles.max_zoom : offline);
    };
    const option = (online, text) => Dom.el("label", {}, Dom.el("input", { type: "radio", name: "geo-backdrop", checked: !online, onchange: () => show(online) }), text);
    return Dom.el("fieldset", { class: "geo-backdrop" }, Dom.el("legend", {}, "Background"),
      option(false, "drawn, offline"), option(true, `${tiles.name}, online: its server learns where you look`));
  };

  return { choice };
})();
