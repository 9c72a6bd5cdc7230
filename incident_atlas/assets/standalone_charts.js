// The dates, the timeline and the bars of the page in one file. Text is only ever written with textContent.
// atlasCharts(incidents, make, onChange): draws them with make(tag, text, parent, className), and calls onChange with the incidents
// inside the chosen dates, whether dates are chosen, the totals of killed and wounded, and how many of the incidents may lie outside.
(function () {
  "use strict";

  const DAY = 864e5; // milliseconds
  const MOST_BARS = 12;
  const LARGE_SHARE = 1 / 4; // as totals.LARGE_SHARE
  const UNKNOWN = "Unknown";
  const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

  const iso = (day) => new Date(day * DAY).toISOString().slice(0, 10);
  const monthOf = (day) => new Date(day * DAY).getUTCFullYear() * 12 + new Date(day * DAY).getUTCMonth();
  const firstOf = (month) => Date.UTC(Math.floor(month / 12), month % 12, 1) / DAY;
  const monthName = (month) => `${MONTHS[month % 12]} ${Math.floor(month / 12)}`;
  const { _, count } = atlas;
  const words = (n) => count(n, "{n} incident", "{n} incidents");

  function svg(tag, attributes, parent) {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    parent.append(element);
    return element;
  }

  // A total as the dashboard writes it, as its figure and the notes on it: each incident gives least, best, most and whether it may be
  // more, or null without a figure.
  function sums(members, field) {
    const known = members.map((one) => one[field]).filter(Boolean);
    const missing = members.length - known.length;
    const [low, best, high] = [0, 1, 2].map((at) => known.reduce((sum, one) => sum + one[at], 0));
    const open = missing > 0 || known.some((one) => one[3]);
    const notes = [];
    const ends = { low: low.toLocaleString("en"), high: high.toLocaleString("en") };
    // What may be more than nobody has its range for a figure, and no 0.
    const unknown = !best && high;
    if (low !== high && !unknown) notes.push(open ? _("range {low} to at least {high}", ends) : _("range {low} to {high}", ends));
    else if (open && !unknown) notes.push(_("or more"));
    if (missing) notes.push(_("no figure for {incidents}", { incidents: words(missing) }));
    const figure = unknown ? `0–${ends.high}${open ? ` ${_("or more")}` : ""}` : best.toLocaleString("en");
    return { figure, note: notes.length ? ` (${notes.join("; ")})` : "", best, known: known.length };
  }

  // The figure, what it counts, and the same without its largest incident where that makes too much of it.
  function total(members, field, kind) {
    const all = sums(members, field);
    if (members.length && !all.known) return ["–", _("{kind}: no figure reported", { kind })];
    return [all.figure, kind + all.note, withoutLargest(members, field, all)];
  }

  function withoutLargest(members, field, all) {
    const best = (one) => (one[field] ? one[field][1] : 0);
    const most = Math.max(0, ...members.map(best));
    if (all.known < 2 || !most || most <= LARGE_SHARE * all.best) return "";
    const [largest] = members.filter((one) => best(one) === most).sort((a, b) => a.row - b.row);
    const rest = sums(members.filter((one) => one !== largest), field); // prettier-ignore
    const values = { date: largest.date, rest: rest.figure + rest.note };
    return field === "killed" ? _("excluding the deadliest, {date}: {rest}", values) : _("excluding the largest, {date}: {rest}", values);
  }

  window.atlasCharts = function (incidents, make, onChange) {
    const root = document.getElementById("charts");
    if (!incidents.length) {
      root.hidden = true;
      return;
    }
    const first = Math.min(...incidents.map((one) => one.first));
    const last = Math.max(...incidents.map((one) => one.last));
    const [begin, end] = [document.getElementById("from"), document.getElementById("to")];
    let from = null;
    let to = null;

    const inside = (one) => (from === null || one.last >= from) && (to === null || one.first <= to);
    const within = (low, high) => (from === null || high >= from) && (to === null || low <= to);

    // Choosing the same dates again takes them back.
    function choose(low, high) {
      const same = from === low && to === high;
      from = same ? null : low;
      to = same ? null : high;
      changed();
    }

    for (const field of [begin, end]) {
      field.min = iso(first);
      field.max = iso(last);
      field.addEventListener("change", () => {
        const [low, high] = [begin, end].map((one) => (one.value ? Date.parse(one.value) / DAY : null));
        from = Number.isNaN(low) ? null : low;
        to = Number.isNaN(high) ? null : high;
        changed();
      });
    }
    document.getElementById("whole").addEventListener("click", () => {
      from = to = null;
      changed();
    });

    function changed() {
      begin.value = from === null ? "" : iso(from);
      end.value = to === null ? "" : iso(to);
      document.getElementById("whole").hidden = from === null && to === null;
      const members = incidents.filter(inside);
      draw(members);
      // Only of a date known no better than to its week, month or year do the first and the last possible day differ.
      const uncertain = members.filter((one) => one.first < one.last && ((from !== null && one.first < from) || (to !== null && one.last > to)));
      const totals = [total(members, "killed", _("killed")), total(members, "wounded", _("wounded"))];
      onChange(members, from !== null || to !== null, totals, uncertain.length);
    }

    function draw(members) {
      timeline();
      years();
      bars("types", counts(members, (one) => one.types));
      bars("perpetrators", counts(members, (one) => one.names));
    }

    function timeline() {
      const box = document.getElementById("timeline");
      box.replaceChildren();
      const [low, high] = [Math.floor(monthOf(first) / 12) * 12, Math.floor(monthOf(last) / 12) * 12 + 11];
      const found = new Map();
      for (const one of incidents) if (one.month >= 0) found.set(one.month, (found.get(one.month) || 0) + 1);
      const most = Math.max(1, ...found.values());
      const wide = box.clientWidth || 800;
      const step = wide / (high - low + 1);
      const drawing = svg("svg", { width: wide, height: 120, role: "img", "aria-label": _("Incidents per month; the most in one month are {most}.", { most }) }, box);
      const every = Math.max(1, Math.ceil(40 / (12 * step)));
      for (let month = low; month <= high; month++) {
        const n = found.get(month) || 0;
        const x = (month - low) * step;
        if (n) {
          const high = Math.max(1, (n / most) * 96);
          const pale = !within(firstOf(month), firstOf(month + 1) - 1);
          const bar = svg("rect", { x, y: 98 - high, width: Math.max(1, step - 0.5), height: high, class: pale ? "bar pale" : "bar" }, drawing);
          svg("title", {}, bar).textContent = `${monthName(month)}: ${words(n)}`;
        }
        if (month % 12 === 0 && (month / 12) % every === 0) svg("text", { x, y: 114 }, drawing).textContent = month / 12;
      }
      // A press is a month, a drag several.
      const at = (event) => Math.max(low, Math.min(high, low + Math.floor((event.clientX - drawing.getBoundingClientRect().left) / step)));
      let start = null;
      drawing.addEventListener("pointerdown", (event) => (start = at(event)));
      drawing.addEventListener("pointerup", (event) => {
        if (start === null) return;
        const [one, other] = [start, at(event)].sort((a, b) => a - b);
        start = null;
        choose(firstOf(one), firstOf(other + 1) - 1);
      });
    }

    function years() {
      const found = new Map();
      for (let year = Math.floor(monthOf(first) / 12); year <= Math.floor(monthOf(last) / 12); year++) found.set(year, 0);
      for (const one of incidents) found.set(one.year, (found.get(one.year) || 0) + 1);
      const day = (year) => Date.UTC(year, 0, 1) / DAY;
      const rows = [...found].sort(([a], [b]) => a - b);
      bars("years", rows, (year) => !within(day(year), day(year + 1) - 1), (year) => choose(day(year), day(year + 1) - 1));
    }

    // Names with most incidents first, Unknown last, the smallest as one bar.
    function counts(members, namesOf) {
      const found = new Map();
      for (const one of members) for (const name of new Set(namesOf(one).length ? namesOf(one) : [UNKNOWN])) found.set(name, (found.get(name) || 0) + 1);
      const unknown = found.get(UNKNOWN);
      found.delete(UNKNOWN);
      let rows = [...found].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
      if (rows.length > MOST_BARS) rows = [...rows.slice(0, MOST_BARS), [_("all others"), rows.slice(MOST_BARS).reduce((sum, row) => sum + row[1], 0)]];
      return unknown ? [...rows, [UNKNOWN, unknown]] : rows;
    }

    function bars(id, rows, pale, take) {
      const list = document.getElementById(id);
      list.replaceChildren();
      const most = Math.max(1, ...rows.map((row) => row[1]));
      for (const [name, n] of rows) {
        const line = make("li", "", list, pale && pale(name) ? "pale" : "");
        if (take) {
          const button = make("button", String(name), line);
          button.type = "button";
          button.addEventListener("click", () => take(name));
        } else make("span", String(name), line);
        make("i", "", line).style.width = `${(n / most) * 100}%`;
        make("b", n.toLocaleString("en"), line);
      }
      if (!rows.length) make("li", _("none"), list);
    }

    window.addEventListener("resize", timeline);
    draw(incidents);
  };
})();
