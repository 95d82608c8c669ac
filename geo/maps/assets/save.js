// What is shown, to take along: GeoJSON (RFC 7946) and CSV with the columns of the event table.
const Save = (() => {
  const COLUMNS = [
    "id", "group", "layer", "plover", "status", "start", "end", "precision", "date_text", "year", "place", "place_id",
    "place_kind", "country", "other_name", "place_status", "valid_from", "valid_to", "direction", "waypoints", "disputed",
    "destination", "destination_id", "destination_lon", "destination_lat", "actors", "evidence", "mention", "mention_start",
    "mention_end", "doc_id", "doc_title", "doc_source", "doc_url", "doc_date", "confidence", "reason", "correction",
    "mentions_count", "sources",
  ];

  const told = ([sentence, mention, doc], docs) => ({
    evidence: sentence, mention, doc_id: docs[doc].id, doc_title: docs[doc].title, doc_source: docs[doc].source,
    doc_url: docs[doc].url, doc_date: docs[doc].date,
  });

  /** An event as a row of the table: every column, null where nothing is known. */
  const row = (event, docs) => {
    const pieces = event.evidence.map((piece) => told(piece, docs)), { at, to = [] } = event;
    const values = {
      ...event, ...pieces[0], place: at.name, place_id: at.id, place_kind: at.kind, country: at.country,
      other_name: at.other, place_status: at.status, valid_from: at.from, valid_to: at.to, direction: at.direction,
      waypoints: at.stops && JSON.stringify(at.stops.map(([name, lat, lon]) => ({ name, lon, lat }))), disputed: Boolean(at.disputed),
      destination: to[0], destination_lat: to[1], destination_lon: to[2], destination_id: to[3],
      mentions_count: pieces.length, sources: JSON.stringify(pieces),
    };
    return Object.fromEntries(COLUMNS.map((name) => [name, values[name] ?? null]));
  };

  const geometry = ({ at: [lat, lon], geometry: shape }) => shape || { type: "Point", coordinates: [lon, lat] };

  const geojson = (events, docs) => JSON.stringify({
    type: "FeatureCollection",
    features: events.map((event) => ({ type: "Feature", geometry: geometry(event.at), properties: row(event, docs) })),
  }, null, 1);

  // A cell that begins so is a formula to a spreadsheet: an article's text must not become one.
  const cell = (value) => {
    if (value === null) return "";
    if (typeof value === "number") return String(value);
    const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
    return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };

  const csv = (events, docs) => {
    const head = [...COLUMNS, "lon", "lat"];
    const lines = events.map((event) => {
      const values = { ...row(event, docs), lat: event.at.at[0], lon: event.at.at[1] };
      return head.map((name) => cell(values[name])).join(",");
    });
    return `\uFEFF${[head.join(","), ...lines].join("\r\n")}\r\n`;
  };

  const download = (name, type, text) => {
    const url = URL.createObjectURL(new Blob([text], { type }));
    Dom.el("a", { href: url, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  };

  return { geojson, csv, download, COLUMNS };
})();
