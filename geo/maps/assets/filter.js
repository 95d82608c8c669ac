// Which events are shown: pure functions over the page's data, without the page.
const Filter = (() => {
  // Dates as vague as these have no month: a choice of months leaves them out rather than guess.
  const VAGUE = new Set(["year", "decade", "none", ""]);

  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  /** Months since year 0 of an ISO date. */
  const month = (date) => Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1;

  /** [first, last] month of an event, or null when its date is too vague for one. `end` is exclusive. */
  const months = (event) => {
    if (!event.start || VAGUE.has(event.precision || "")) return null;
    const first = month(event.start);
    if (!event.end || event.end <= event.start) return [first, first];
    return [first, event.end.slice(8, 10) === "01" ? month(event.end) - 1 : month(event.end)];
  };

  /** Everything that search looks in. */
  const haystack = (event) => fold([
    event.at.name, event.at.other, event.actors, ...event.evidence.map(([sentence]) => sentence),
  ].filter(Boolean).join("\n"));

  const words = (query) => fold(query).split(/\s+/).filter(Boolean);

  const inTime = (event, time) => !time || (event.months && event.months[0] <= time[1] && event.months[1] >= time[0]);
  const inText = (event, wanted) => wanted.every((word) => (event.hay ??= haystack(event)).includes(word));

  /**
   * What is shown under `choice` ({hidden, without, time, query}), and the counts that the panel tells.
   * A layer's count is of what would show if it were on; `byMonth` disregards the chosen months.
   */
  const apply = (events, choice) => {
    const wanted = words(choice.query), shown = [], layers = new Map(), statuses = new Map(), byMonth = new Map();
    const add = (map, key) => map.set(key, (map.get(key) || 0) + 1);
    for (const event of events) {
      event.on = false;
      if (!inText(event, wanted)) continue;
      const layer = !choice.hidden.has(event.layer), status = !choice.without.has(event.status);
      if (layer && status && event.months) add(byMonth, event.months[0]);
      if (!inTime(event, choice.time)) continue;
      if (status) add(layers, event.layer);
      if (layer) add(statuses, event.status);
      event.on = layer && status;
      if (event.on) shown.push(event);
    }
    return { shown, layers, statuses, byMonth };
  };

  /** Columns of the histogram: {from, to, label, name} in months; months of one to three years, else years. */
  const columns = (events) => {
    const all = events.filter((event) => event.months).map((event) => event.months[0]);
    if (!all.length) return [];
    let first = Infinity, last = -Infinity;
    for (const m of all) { first = Math.min(first, m); last = Math.max(last, m); }
    const from = Math.floor(first / 12), to = Math.floor(last / 12), found = [];
    if (to - from < 3) {
      for (let m = from * 12; m < (to + 1) * 12; m++) {
        found.push({ from: m, to: m, label: "JFMAMJJASOND"[m % 12], name: monthName(m) });
      }
      return found;
    }
    const step = Math.max(1, Math.ceil((to - from + 1) / 40));
    for (let year = from; year <= to; year += step) {
      const through = Math.min(year + step - 1, to);
      found.push({
        from: year * 12, to: through * 12 + 11, label: String(year),
        name: through > year ? `${year}–${through}` : String(year),
      });
    }
    return found;
  };

  const NAMES = ["January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December"];
  const monthName = (m) => `${NAMES[m % 12]} ${Math.floor(m / 12)}`;

  const timeName = ([from, to]) => (from === to ? monthName(from) : `${monthName(from)} – ${monthName(to)}`);

  return { fold, months, words, apply, columns, monthName, timeName };
})();
