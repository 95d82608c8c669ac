// The map beneath: land, coast, borders; the world always, the detailed squares from zoom 6 on.
const Ground = (() => {
  const DETAIL_FROM = 6;
  const css = (map, name) => getComputedStyle(map.getContainer()).getPropertyValue(name).trim();

  const draw = (map, renderer, sheet, grid) => {
    const options = { renderer, pane: "geo-ground", interactive: false, smoothFactor: 0.8 };
    const land = sheet.land.map((rings) => rings.map((ring) => Data.line(ring, grid)));
    const coast = land.flatMap((rings) => rings.flatMap((ring) => Data.coast(ring, sheet.box)));
    const lines = (encoded) => encoded.map((text) => Data.line(text, grid));
    const parts = [
      [L.polygon(land, { ...options, stroke: false, fillOpacity: 1 }), "fillColor", "--geo-land"],
      [L.polyline(coast, { ...options, weight: 0.9 }), "color", "--geo-coast"],
      [L.polyline(lines(sheet.borders), { ...options, weight: 1 }), "color", "--geo-border"],
      [L.polyline(lines(sheet.contested), { ...options, weight: 1.1, dashArray: "3 4" }), "color", "--geo-contested"],
    ];
    return parts.map(([layer, property, name]) => ({ layer, paint: () => layer.setStyle({ [property]: css(map, name) }) }));
  };

  /** Puts the ground under the map; gives the names that it has: {countries, cities}. */
  const add = (map, world, detail) => {
    if (!world) return { countries: [], cities: [] };
    map.createPane("geo-ground").style.zIndex = 150;
    const renderer = L.canvas({ pane: "geo-ground", padding: 0.4 });
    const parts = draw(map, renderer, world, world);
    const coarse = L.layerGroup(parts.map((part) => part.layer)).addTo(map);
    const squares = detail ? detail.squares : [];
    let fine;
    const refine = () => {
      const on = squares.length > 0 && map.getZoom() >= DETAIL_FROM;
      if (on && !fine) {
        const sheets = squares.map((square) => {
          const [west, south, east, north] = square.box;
          const water = L.rectangle([[south, west], [north, east]],
            { renderer, pane: "geo-ground", interactive: false, stroke: false, fillOpacity: 1 });
          return [{ layer: water, paint: () => water.setStyle({ fillColor: css(map, "--geo-water") }) },
            ...draw(map, renderer, square, detail)];
        });
        // All water, then all land, then all lines: squares overlap by a hair so that no seam shows.
        const fresh = [0, 1, 2, 3, 4].flatMap((level) => sheets.map((sheet) => sheet[level]));
        for (const part of fresh) part.paint();
        parts.push(...fresh);
        fine = L.layerGroup(fresh.map((part) => part.layer));
      }
      if (fine && on) fine.addTo(map);
      else if (fine) fine.remove();
    };
    const paint = () => { for (const part of parts) part.paint(); };
    paint();
    Symbols.scheme.addEventListener("change", paint);
    map.on("zoomend", refine);
    map.whenReady(refine);
    const towns = squares.flatMap((square) => square.cities);
    const seen = new Set(world.cities.map((city) => city.slice(0, 3).join()));
    return { countries: world.countries, cities: [...world.cities, ...towns.filter((city) => !seen.has(city.slice(0, 3).join()))] };
  };

  return { add, css };
})();
