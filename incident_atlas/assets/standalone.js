// The page in one file: draws the data that lies in it. Text of the record is only ever written with textContent.
(function () {
  "use strict";

  const data = JSON.parse(document.getElementById("data").textContent);
  const { _, count } = atlas;
  atlas.texts = data.base.texts;
  const COLUMNS = [_("Date"), _("What"), _("Where"), _("Killed"), _("Wounded"), _("Perpetrator"), _("Sources")];
  const AT_ONCE = 300;
  const everything = data.incidents.map((cells) => Object.fromEntries(cells.map((cell, i) => [data.incidentFields[i], cell])));
  let incidents = everything; // those inside the chosen dates
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const scheme = data.schemes[dark.matches ? "dark" : "light"];
  let selected = incidents.find((one) => one.id === data.selected) || null;
  let picked = selected && [selected];

  function make(tag, text, parent, className) {
    const element = document.createElement(tag);
    if (text) element.textContent = text;
    if (className) element.className = className;
    if (parent) parent.append(element);
    return element;
  }

  // --- words

  document.title = data.sentence;
  document.getElementById("sentence").textContent = data.sentence;
  function figures(rows) {
    document.getElementById("figures").replaceChildren();
    for (const [value, label, rest] of rows) {
      const box = make("div", "", document.getElementById("figures"));
      make("b", value + " ", box);
      make("span", label, box);
      if (rest) make("span", rest, box);
    }
  }

  figures(data.figures);
  for (const note of data.notes) make("p", note, document.getElementById("notes"));
  for (const [label, text] of data.citation) {
    const list = document.getElementById("citation");
    make("dt", label, list);
    const value = make("dd", "", list);
    if (label === _("Link")) link(text, text, value);
    else value.textContent = text;
  }
  for (const [name, color, letter] of data.legend) legend(name, letter, color);
  document.getElementById("placed").textContent = data.placed;
  legend(_("Dashed ring: only the city or district is known. Number: incidents"), "", null);

  function legend(name, letter, color) {
    const item = make("span", "", document.getElementById("legend"));
    const ink = (data.base.palette.find(([one]) => one === color) || [])[1];
    const dot = make("i", letter, item, "atlas-mark" + (color ? "" : " atlas-ring") + (letter === "?" ? " atlas-unknown" : ""));
    if (color) Object.assign(dot.style, { background: color, color: ink, fontStyle: "normal" });
    item.append(name);
  }

  // Only http and https become links; anything else stays text.
  function link(text, address, parent) {
    if (!/^https?:\/\//i.test(address || "")) return make("span", text, parent, "unlinked");
    const element = make("a", text, parent);
    element.href = address;
    element.rel = "noopener noreferrer";
    element.target = "_blank";
    return element;
  }

  // --- the table: a first part at once, the rest while the reader reads

  const table = document.getElementById("table");
  let turn = 0;

  function list() {
    for (const body of [...table.tBodies]) body.remove();
    const shown = picked || incidents;
    document.getElementById("listed").textContent = picked
      ? count(shown.length, "{n} incident chosen", "{n} incidents chosen")
      : count(shown.length, "{n} incident", "{n} incidents, newest first");
    document.getElementById("all").hidden = !picked;
    const mine = ++turn;
    const next = (start) => {
      if (mine !== turn || start >= shown.length) return;
      const body = make("tbody", "");
      for (const one of shown.slice(start, start + AT_ONCE)) body.append(row(one));
      table.append(body);
      setTimeout(() => next(start + AT_ONCE), 0);
    };
    next(0);
  }

  function row(one) {
    const line = make("tr", "", null, one === selected ? "chosen" : "");
    const cells = COLUMNS.map((name) => {
      const cell = make("td", "", line);
      cell.dataset.name = name;
      return cell;
    });
    cells[0].textContent = one.date;
    if (one.point) {
      const button = make("button", one.title, cells[1]);
      button.type = "button";
      button.title = _("Show on the map");
      button.addEventListener("click", () => show(one));
    } else cells[1].textContent = one.title;
    cells[2].textContent = one.place;
    make("small", one.known, cells[2]);
    cells[3].textContent = one.killed;
    cells[4].textContent = one.wounded;
    cells[5].textContent = one.by;
    make("small", one.attribution, cells[5]);
    for (const [name, address] of one.sources) link(name, address, cells[6]);
    if (!one.sources.length) cells[6].textContent = _("no report held");
    return line;
  }

  document.getElementById("all").addEventListener("click", () => {
    picked = selected = null;
    list();
    draw();
  });

  // --- the map

  let placed = incidents.filter((one) => one.point);
  for (const one of placed) {
    const sine = Math.sin((Math.max(-85, Math.min(85, one.point[0])) * Math.PI) / 180);
    one.x = one.point[1] / 360 + 0.5;
    one.y = 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
  }
  const map = L.map("map", { maxZoom: data.maxZoom, minZoom: 4, zoomSnap: 0.5, zoomAnimation: false });
  map.fitBounds(data.view || data.base.places[0][1], { animate: false });
  atlas.base(map, { ...data.base, theme: scheme.theme, base: { ...data.base.base, ...scheme.base } });
  let layer = null;

  function show(one) {
    selected = one;
    const reach = one.radius / 111320;
    const [latitude, longitude] = one.point;
    map.fitBounds([[latitude - reach, longitude - reach], [latitude + reach, longitude + reach]], { maxZoom: 15, animate: false });
    draw();
    document.getElementById("map").scrollIntoView({ block: "nearest" });
    for (const line of table.querySelectorAll("tr.chosen")) line.className = "";
  }

  // Whether an incident is known only to an area that is larger than a mark at this zoom, as on the dashboard.
  function isArea(one, zoom) {
    const from = data.areaFrom[one.rank];
    return from !== null && zoom >= from;
  }

  // The cells of clusters.map_cells: a grid of squares, areas apart from spots, neighbours joined.
  function cells(members, zoom) {
    const world = 256 * 2 ** zoom;
    const found = new Map();
    for (const one of members) {
      const key = (Math.floor((one.y * world) / data.grid.cell) * 2 ** 25 + Math.floor((one.x * world) / data.grid.cell)) * 2 + one.imprecise;
      if (!found.has(key)) found.set(key, { key, ring: one.imprecise, x: 0, y: 0, members: [] });
      found.get(key).members.push(one);
    }
    let kept = [...found.values()];
    kept.forEach(middle);
    for (let before = -1; before !== kept.length; ) {
      before = kept.length;
      kept = joined(kept.sort((a, b) => b.members.length - a.members.length || a.key - b.key), world);
    }
    return kept.sort((a, b) => a.y - b.y);
  }

  function joined(cells, world) {
    const kept = [];
    for (const cell of cells) {
      const near = kept.find(
        (other) => other.ring === cell.ring && Math.hypot(other.x - cell.x, other.y - cell.y) * world < (size(other) + size(cell)) / 2 + data.grid.gap,
      );
      if (!near) kept.push(cell);
      else {
        near.members = near.members.concat(cell.members);
        middle(near);
      }
    }
    return kept;
  }

  function size(cell) {
    return diameter(cell.members.length);
  }

  function diameter(n) {
    return Math.min(56, Math.round(22 + 1.3 * (Math.sqrt(n) - 1)));
  }

  function middle(cell) {
    cell.x = cell.members.reduce((sum, one) => sum + one.x, 0) / cell.members.length;
    cell.y = cell.members.reduce((sum, one) => sum + one.y, 0) / cell.members.length;
  }

  function draw() {
    const zoom = map.getZoom();
    map.getContainer().dataset.zoom = zoom;
    const far = zoom < data.provinceZoom ? data.provinceMarks.map(withWords).filter(Boolean) : [];
    const points = placed.filter((one) => !isArea(one, zoom) && !(far.length && one.province >= 0));
    const seen = map.getBounds().pad(0.2);
    const marks = cells(points, zoom).filter((cell) => seen.contains(latLng(cell)));
    for (const mark of marks) if (mark.members.length === 1) mark.ring = mark.members[0].imprecise;
    const areas = areasInView(zoom, far.length > 0);
    if (layer) layer.remove();
    const chosen = selected && selected.point ? [...selected.point, selected.radius] : null;
    const payload = { fields: data.fields, marks: [...far, ...marks.map(asMark)], cell: scheme.cell, cellInk: scheme.cellInk, focus: null, selected: chosen };
    if (areas.length) payload.areas = areas.map((area, n) => [data.areas[area.name], area.members.length, { area: n }]);
    layer = atlas.marks(map, payload).addTo(map);
    layer.on("click", (event) => {
      const id = event.layer.feature.properties.id;
      if (id && id.area !== undefined) return choose(areas[id.area].members);
      if (typeof id === "number") return choose(incidents.filter((one) => one.province === id));
      pick(marks[id[0]]);
    });
  }

  // A province of one incident says on hover what it is.
  function withWords(values) {
    const mark = Object.fromEntries(data.fields.map((name, n) => [name, values[n]]));
    if (incidents !== everything) {
      mark.incidents = placed.filter((one) => one.province === mark.id).length;
      mark.px = diameter(mark.incidents);
      if (!mark.incidents) return null;
    }
    if (mark.incidents === 1) mark.words = hover(incidents.find((one) => one.province === mark.id));
    return data.fields.map((name) => mark[name]);
  }

  // What no point stands for at this zoom, by area, the largest first; provinces that are counted hold theirs.
  function areasInView(zoom, provinces) {
    const bounds = map.getBounds();
    const found = new Map();
    for (const one of placed) {
      if (!isArea(one, zoom) || (provinces && one.province >= 0)) continue;
      if (!found.has(one.area)) found.set(one.area, { name: one.area, members: [], reaches: false });
      const area = found.get(one.area);
      area.members.push(one);
      area.reaches ||= L.latLng(one.point).toBounds(2 * one.radius).intersects(bounds);
    }
    return [...found.values()].filter((area) => area.reaches).sort((a, b) => b.members.length - a.members.length);
  }

  // The fields of maps/mark_layout.py, in the order of data.fields.
  function asMark(mark, number) {
    const { lat, lng } = latLng(mark);
    const [first] = mark.members;
    const single = mark.members.length === 1;
    const values = {
      latitude: lat, longitude: lng, incidents: mark.members.length, ring: mark.ring, name: "", extent: extent(mark), colour: first.colour,
      id: [number], words: single ? hover(first) : "", selected: single && first === selected ? 1 : 0, px: size(mark), main_place: mainPlace(mark),
    }; // prettier-ignore
    return data.fields.map((name) => values[name]);
  }

  // The point that most of a mark's incidents have.
  function mainPlace({ members }) {
    const counts = new Map();
    for (const { point } of members) counts.set(String(point), { point, n: (counts.get(String(point))?.n || 0) + 1 });
    return [...counts.values()].reduce((most, one) => (one.n > most.n ? one : most)).point;
  }

  // South, west, north, east of a mark's incidents; null when looking closer would not pull them apart.
  function extent(mark) {
    const span = (name) => Math.max(...mark.members.map((one) => one[name])) - Math.min(...mark.members.map((one) => one[name]));
    if (Math.max(span("x"), span("y")) <= data.grid.sameSpot) return null;
    const bounds = L.latLngBounds(mark.members.map((one) => one.point));
    return [bounds.getSouth(), bounds.getWest(), bounds.getNorth(), bounds.getEast()];
  }

  function latLng(cell) {
    return L.latLng((2 * Math.atan(Math.exp((0.5 - cell.y) * 2 * Math.PI)) - Math.PI / 2) * (180 / Math.PI), (cell.x - 0.5) * 360);
  }

  function hover(one) {
    const box = make("div", "");
    for (const words of [one.date, one.title, one.known]) make("div", words, box);
    return box;
  }

  // A mark of several spots only zooms in; one spot lists what happened there.
  function pick(mark) {
    if (mark && !extent(mark)) choose(mark.members);
  }

  function choose(members) {
    picked = members;
    selected = picked.length === 1 ? picked[0] : null;
    list();
    draw();
  }

  // --- the dates: they move the figures, the map, the charts and the table

  for (const one of everything) [one.types, one.names] = [one.types.map((n) => data.terms[n]), one.names.map((n) => data.terms[n])];
  const charted = everything.map((one) => ({ ...one, killed: one.killedOf, wounded: one.woundedOf, one }));
  atlasCharts(charted, make, (members, some, [killed, wounded], uncertain) => {
    incidents = some ? members.map((member) => member.one) : everything;
    placed = incidents.filter((one) => one.point);
    picked = selected = null;
    const [newest] = incidents;
    const n = incidents.length.toLocaleString("en");
    const whole = count(everything.length, "of {n} incident, in the chosen dates", "of {n} incidents, in the chosen dates");
    figures(some ? [[n, whole], ...(newest ? [killed, wounded, [newest.date, _("last incident")]] : [])] : data.figures);
    const maybe = count(uncertain, "{n} incident dated by week, month or year may lie outside the chosen dates.", "{n} incidents dated by week, month or year may lie outside the chosen dates.");
    document.getElementById("uncertain").textContent = uncertain ? maybe : "";
    const part = count(everything.length, "{chosen} of {n} incident", "{chosen} of {n} incidents", { chosen: n });
    document.getElementById("chosen").textContent = some ? part : "";
    const values = { placed: placed.length, incidents: count(incidents.length, "{n} incident", "{n} incidents"), count: incidents.length - placed.length };
    document.getElementById("placed").textContent = some ? _("{placed} of {incidents} on the map, {count} with no known location.", values) : data.placed;
    list();
    draw();
  });

  map.on("moveend", draw);
  dark.addEventListener("change", () => location.reload());
  list();
  draw();
})();
