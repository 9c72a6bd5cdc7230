// The page in one file: draws the data that lies in it. Text of the record is only ever written with textContent.
(function () {
  "use strict";

  const data = JSON.parse(document.getElementById("data").textContent);
  const FIELDS = ["id", "date", "title", "place", "known", "killed", "wounded", "by", "rung", "sources", "point", "radius", "blunt", "index"];
  const COLUMNS = ["Date", "What", "Where", "Killed", "Wounded", "By", "Sources"];
  const AT_ONCE = 300;
  const incidents = data.incidents.map((cells) => Object.fromEntries(cells.map((cell, i) => [FIELDS[i], cell])));
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
  for (const [value, label, rest] of data.figures) {
    const box = make("div", "", document.getElementById("figures"));
    make("b", value + " ", box);
    make("span", label, box);
    if (rest) make("span", rest, box);
  }
  for (const note of data.notes) make("p", note, document.getElementById("notes"));
  for (const [label, text] of data.citation) {
    const list = document.getElementById("citation");
    make("dt", label, list);
    const value = make("dd", "", list);
    if (label === "Link") link(text, text, value);
    else value.textContent = text;
  }
  for (const [name, color, letter] of data.legend) legend(name, letter, color);
  document.getElementById("placed").textContent = data.placed;
  legend("ring: known only to the city or coarser; a number counts incidents", "", null);

  function legend(name, letter, color) {
    const item = make("span", "", document.getElementById("legend"));
    const ink = (data.base.palette.find(([one]) => one === color) || [])[1];
    const dot = make("i", letter, item, "atlas-mark" + (color ? "" : " atlas-blunt") + (letter === "?" ? " atlas-unknown" : ""));
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
    const words = shown.length === 1 ? "1 incident" : shown.length.toLocaleString("en") + " incidents";
    document.getElementById("listed").textContent = picked ? words + " chosen" : words + ", newest first";
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
      button.title = "Show on the map";
      button.addEventListener("click", () => show(one));
    } else cells[1].textContent = one.title;
    cells[2].textContent = one.place;
    make("small", one.known, cells[2]);
    cells[3].textContent = one.killed;
    cells[4].textContent = one.wounded;
    cells[5].textContent = one.by;
    make("small", one.rung, cells[5]);
    for (const [name, address] of one.sources) link(name, address, cells[6]);
    if (!one.sources.length) cells[6].textContent = "no report held";
    return line;
  }

  document.getElementById("all").addEventListener("click", () => {
    picked = selected = null;
    list();
    draw();
  });

  // --- the map

  const placed = incidents.filter((one) => one.point);
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

  // The cells of cells.map_cells: a grid of squares, areas apart from spots when near, neighbours joined.
  function cells(zoom) {
    const scale = (256 * 2 ** zoom) / data.grid.cell;
    const found = new Map();
    for (const one of placed) {
      const blunt = zoom >= data.grid.apart ? one.blunt : 0;
      const key = (Math.floor(one.y * scale) * 2 ** 25 + Math.floor(one.x * scale)) * 2 + blunt;
      if (!found.has(key)) found.set(key, { key, blunt, x: 0, y: 0, members: [] });
      found.get(key).members.push(one);
    }
    const reach = data.grid.merge / (256 * 2 ** zoom);
    const kept = [];
    const bySize = [...found.values()].sort((a, b) => b.members.length - a.members.length || a.key - b.key);
    for (const cell of bySize) {
      middle(cell);
      const near = kept.find((other) => other.blunt === cell.blunt && Math.abs(other.x - cell.x) < reach && Math.abs(other.y - cell.y) < reach);
      if (!near) kept.push(cell);
      else {
        near.members = near.members.concat(cell.members);
        middle(near);
      }
    }
    return kept.sort((a, b) => a.y - b.y);
  }

  function middle(cell) {
    cell.x = cell.members.reduce((sum, one) => sum + one.x, 0) / cell.members.length;
    cell.y = cell.members.reduce((sum, one) => sum + one.y, 0) / cell.members.length;
  }

  // Rings of areas give way to marks of spots, as on the dashboard: an area has no spot of its own.
  function nudge(marks, zoom) {
    const px = 256 * 2 ** zoom;
    const taken = [];
    const steps = [[0, 0]];
    for (const r of [26, 40, 56, 72])
      for (let i = 0; i < 8; i++) steps.push([Math.round(r * Math.cos((i / 4 + 0.5) * Math.PI)), Math.round(r * Math.sin((i / 4 + 0.5) * Math.PI))]);
    const free = (m, dx, dy) => taken.every((t) => Math.hypot(t.x - m.x * px - dx, t.y - m.y * px - dy) > t.size / 2 + m.size / 2);
    for (const m of marks.filter((one) => !one.blunt)) taken.push({ x: m.x * px, y: m.y * px, size: m.size });
    for (const m of marks.filter((one) => one.blunt)) {
      [m.dx, m.dy] = steps.find(([dx, dy]) => free(m, dx, dy)) || [0, 0];
      taken.push({ x: m.x * px + m.dx, y: m.y * px + m.dy, size: m.size });
    }
  }

  function draw() {
    const zoom = map.getZoom();
    map.getContainer().dataset.zoom = zoom;
    const seen = map.getBounds().pad(0.2);
    const marks = cells(zoom).filter((cell) => seen.contains(latLng(cell)));
    for (const mark of marks) {
      const n = mark.members.length;
      mark.size = n === 1 ? 22 : Math.min(48, Math.round(24 + 8 * Math.log10(n)));
      if (n === 1) mark.blunt = mark.members[0].blunt;
      Object.assign(mark, { dx: 0, dy: 0 });
    }
    nudge(marks, zoom);
    if (layer) layer.remove();
    const chosen = selected && selected.point ? [...selected.point, selected.radius] : null;
    const payload = { marks: marks.map(asMark), cell: scheme.cell, cellInk: scheme.cellInk, focus: null, selected: chosen };
    layer = atlas.marks(map, payload).addTo(map);
    layer.on("click", (event) => pick(marks[event.layer.feature.properties.id]));
  }

  function asMark(mark, id) {
    const { lat, lng } = latLng(mark);
    const [first] = mark.members;
    const spread = mark.members.some((one) => one.point[0] !== first.point[0] || one.point[1] !== first.point[1]);
    const single = mark.members.length === 1;
    const own = single && first === selected ? 1 : 0;
    return [lat, lng, mark.members.length, mark.blunt, spread ? 1 : 0, first.index, id, single ? hover(first) : "", own, mark.size, mark.dx, mark.dy];
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
    if (!mark || mark.members.some((one) => one.point[0] !== mark.members[0].point[0] || one.point[1] !== mark.members[0].point[1])) return;
    picked = mark.members;
    selected = picked.length === 1 ? picked[0] : null;
    list();
    draw();
  }

  map.on("moveend", draw);
  dark.addEventListener("change", () => location.reload());
  list();
  draw();
})();
