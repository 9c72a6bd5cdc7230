// The names on the base map. None touches another, a mark or a control: what a mark counts is named first, the most incidents
// before all others, then larger places before smaller ones. A name without room is left out.
(function () {
  "use strict";

  const GAP = 3; // pixels between two names
  const DOTTED = new Set(["city", "town", "village", "landmark"]);
  const AREAS = new Set(["foreign", "province"]); // a name of an area, which no mark stands for
  const SMALL = new Set(["neighbourhood", "village", "landmark"]);
  const WIDER = new Set(["city", "town", "district"]); // wider than the spot of a mark
  const APART = 14; // pixels between such a name and a number, which would be read as that of all of it
  const NEARER = 2; // a province's name stands so many times nearer to its mark than to any other
  const ORDER = ["city", "foreign", "town", "province", "district", "neighbourhood", "village", "landmark"];
  const NAMED = 2; // places of one spot that are named; an ellipsis stands for the others
  const LARGE = 0.05; // a number's share of the largest from which on it is to have a name
  const SPOT = 4; // pixels from a place to the rim of its dot

  atlas.Labels = class {
    constructor(map) {
      this.map = map;
      this.pane = map.getPane("labels");
      this.pane.setAttribute("aria-hidden", "true");
      this.names = [];
      this.ofNumbers = []; // the elements that name numbers
      this.sizes = new Map();
      this.waiting = 0;
      map.on("zoomstart", () => (this.pane.style.visibility = "hidden"));
      // A name does not outlast its number, not even until the next drawing.
      map.on("layerremove", ({ layer }) => layer.mark && this.ofNumbers.splice(0).forEach((one) => one.remove()));
      map.on("moveend zoomend resize layeradd layerremove controlsmoved", this.soon, this);
    }

    add(names) {
      this.names = this.names.concat(names).sort((one, other) => ORDER.indexOf(one.kind) - ORDER.indexOf(other.kind));
      this.soon();
    }

    measureAgain() {
      this.sizes.clear();
      this.soon();
    }

    // Many marks come and go in one turn: one drawing after the last of them.
    soon() {
      clearTimeout(this.waiting);
      this.waiting = setTimeout(() => this.draw(), 40);
    }

    draw() {
      const map = this.map;
      // Without the style sheet, which may arrive after this script, names, marks and controls have other sizes.
      if (!this.styled()) return this.soon();
      atlas.layOut(map);
      const zoom = map.getZoom();
      const { x: width, y: height } = map.getSize();
      const marks = atlas.boxes(map, ".leaflet-marker-pane .atlas-mark").map((box) => ({ ...box, ...description(box.element.dataset) }));
      const taken = [...marks, ...atlas.boxes(map, ".atlas-site, .leaflet-control")];
      // Where provinces are counted, the name of a town beside a number would be read as the town's.
      const counted = marks.some((mark) => mark.name);
      // No name may cover the dot of a large city, whose own name comes later.
      const dots = this.names.filter((name) => !counted && name.kind === "city" && within(name, zoom)).map((name) => ({ ...this.dot(name), name }));
      const shown = this.counted(marks, [...taken, ...dots], zoom, width, height);
      const ofNumbers = shown.length;
      taken.push(...shown.map(([, box]) => box));
      // The ring of the incident that is open; the name of a province may stand in it, beside its mark.
      taken.push(...atlas.boxes(map, ".atlas-chosen"));
      const free = (box, name) => !taken.some((other) => touch(box, other, GAP)) && !dots.some((dot) => dot.name !== name && touch(box, dot, 0));
      for (const name of this.names) {
        if (!within(name, zoom) || (counted && name.kind !== "foreign")) continue;
        const at = map.latLngToContainerPoint(name.at);
        if (at.x < 0 || at.y < 0 || at.x > width || at.y > height) continue;
        const dotted = DOTTED.has(name.kind);
        const dot = this.dot(name);
        // A mark on the very place hides its dot, and the name stands beside the mark.
        const mark = marks.find((mark) => touch(dot, mark, 0));
        const counts = mark && mark.incidents > 1;
        const wider = WIDER.has(name.kind);
        if (mark ? AREAS.has(name.kind) : dotted && taken.some((other) => touch(dot, other, 0))) continue;
        // The places of a number are named already; what it merely covers lies elsewhere.
        if (counts && !wider) continue;
        const here = mark && !wider ? this.onSpot(mark, zoom) : [name];
        if (here[0] !== name) continue;
        const inside = (box) => box.left >= 0 && box.top >= 0 && box.right <= width && box.bottom <= height;
        const apart = (box) => !wider || !marks.some((other) => other.incidents > 1 && touch(box, other, APART));
        const [label, box, near] = this.places(name, here, mark, counts && wider, at).find(([, box]) => inside(box) && free(box, name) && apart(box)) || [];
        if (!box) continue;
        const dotAt = dotted && !mark && near && at;
        taken.push(box);
        if (dotAt) taken.push(dot);
        shown.push([label, box, dotAt]);
      }
      const drawn = shown.map(([label, box, dotAt]) => element(label, box, dotAt, map));
      this.ofNumbers = drawn.slice(0, ofNumbers).flat();
      this.pane.replaceChildren(...drawn.flat());
      this.pane.style.visibility = "";
    }

    // What each number counts, beside it, the most incidents first: the province, or the small places of its spot. The name of a
    // large number without room takes that of one before it, where that one has another.
    counted(marks, taken, zoom, width, height) {
      const shown = [];
      const open = (box, but) => shown.every((one) => one === but || !touch(box, one.place[1], GAP));
      const inside = (box) => box.left >= 0 && box.top >= 0 && box.right <= width && box.bottom <= height;
      // What would be cut by the edge of the map may stand beside it where nothing else has room.
      const into = (box) => {
        const by = Math.max(0, -box.left) - Math.max(0, box.right - width);
        return { ...box, left: box.left + by, right: box.right + by, moved: by !== 0 };
      };
      // A number that the edge of the map hides has no name, which would seem to be of nothing.
      const seen = (mark) => inside(sized((mark.left + mark.right) / 2, (mark.top + mark.bottom) / 2, 0, 0, "center"));
      const numbers = marks.filter((mark) => (mark.name || mark.incidents > 1) && seen(mark));
      numbers.sort((one, other) => other.incidents - one.incidents || (one.name || "").localeCompare(other.name || "", "en"));
      for (const mark of numbers) {
        const large = mark.incidents >= LARGE * numbers[0].incidents;
        const free = (box) => inside(box) && !taken.some((other) => touch(box, other, 1));
        const clear = (nearer) => ([, box]) => marks.every((other) => other === mark || nearer * distance(box, mark) <= distance(box, other)); // prettier-ignore
        const all = this.labelsOf(mark, zoom).flatMap((label) => beside(mark, ...this.size(label)).map(into).filter(free).map((box) => [label, box])); // prettier-ignore
        const near = [NEARER, NEARER / 1.6].flatMap((nearer) => all.filter(clear(nearer)));
        const places = [...near.filter(([, box]) => !box.moved), ...near.filter(([, box]) => box.moved)];
        let place = places.find(([, box]) => open(box));
        for (let n = shown.length - 1; n >= 0 && large && !place; n--) {
          const other = shown[n];
          const instead = (box) => other.places.find(([, there]) => !touch(there, box, GAP) && open(there, other));
          place = places.find(([, box]) => open(box, other) && instead(box));
          if (place) other.place = instead(place[1]);
        }
        if (place) shown.push({ place, places });
      }
      return shown.map(({ place: [label, box] }) => [label, box, null]);
    }

    // What may stand beside a number, best first: in one line, or in two.
    labelsOf(mark, zoom) {
      if (mark.name) return [mark.name, inTwoLines(mark.name)].map((text) => ({ text, kind: "counted" }));
      const here = this.onSpot(mark, zoom);
      if (!here.length) return [];
      const { text, kind } = here[0];
      // It stands for other spots, too, of which most lie around.
      const more = atlas._("{place} and nearby", { place: text });
      if (mark.several) return [more, inTwoLines(more)].map((text) => ({ text, kind }));
      return this.texts(here).map((text) => ({ text, kind }));
    }

    styled() {
      const probe = L.DomUtil.create("span", "atlas-label", this.pane);
      const position = getComputedStyle(probe).position;
      probe.remove();
      return position === "absolute";
    }

    // Where a name may stand, best first: the name or what it stands for, its box, and whether that is beside its place.
    places(name, here, mark, covered, at) {
      return this.texts(here).flatMap((text) => {
        const label = { ...name, text };
        const size = this.size(label);
        const near = mark || DOTTED.has(name.kind) ? beside(mark || this.dot(name), ...size) : on(at, ...size);
        const far = covered || name.kind === "city" ? around(at, ...size) : [];
        return [...(covered ? [] : near).map((box) => [label, box, true]), ...far.map((box) => [label, box, false])];
      });
    }

    // The places of one spot as one name, in one line or in two.
    texts(here) {
      const named = here.slice(0, NAMED).map(({ text }) => text);
      const more = here.length > NAMED ? " …" : "";
      return here.length > 1 ? [", ", ",\n"].map((between) => named.join(between) + more) : named;
    }

    // The small places on the spot of a mark; of several spots, on that with the most incidents.
    onSpot(mark, zoom) {
      if (mark.several === "") return [];
      const reach = Math.max(2 * SPOT, 60 * 2 ** (zoom - 16)); // nearer ones are one spot, as in maps/clusters.py
      const main = mark.several && this.map.latLngToContainerPoint(mark.several.split(",").map(Number));
      const { x, y } = main || { x: (mark.left + mark.right) / 2, y: (mark.top + mark.bottom) / 2 };
      const far = (name) => this.map.latLngToContainerPoint(name.at).distanceTo([x, y]);
      const near = this.names.filter((name) => SMALL.has(name.kind) && within(name, zoom) && far(name) <= reach);
      return main ? near.sort((one, other) => far(one) - far(other)) : near;
    }

    // The box of a place's dot, in the map's pixels.
    dot(name) {
      const { x, y } = this.map.latLngToContainerPoint(name.at);
      return { left: x - SPOT, top: y - SPOT, right: x + SPOT, bottom: y + SPOT };
    }

    // Width and height of a name, measured once.
    size(name) {
      const key = name.kind + name.text;
      if (!this.sizes.has(key)) {
        const probe = element(name, sized(0, 0, 0, 0, "left"), null, this.map)[0];
        probe.style.visibility = "hidden";
        this.pane.append(probe);
        this.sizes.set(key, [Math.ceil(probe.offsetWidth), Math.ceil(probe.offsetHeight)]);
        probe.remove();
      }
      return this.sizes.get(key);
    }
  };

  // What a mark says of itself.
  function description({ name, incidents, several }) {
    return { name, incidents: Number(incidents), several };
  }

  function within(name, zoom) {
    return name.from <= zoom && zoom <= name.to;
  }

  // A name in two lines, as alike in length as its words allow.
  function inTwoLines(text) {
    const spaces = [...text.matchAll(/ /g)].map(({ index }) => index);
    const longer = (at) => Math.max(at, text.length - at - 1);
    const at = spaces.sort((one, other) => longer(one) - longer(other))[0];
    return at ? `${text.slice(0, at)}\n${text.slice(at + 1)}` : text;
  }

  function touch(one, other, gap) {
    return one.left < other.right + gap && other.left < one.right + gap && one.top < other.bottom + gap && other.top < one.bottom + gap;
  }

  // Pixels from the edge of a name to the rim of a mark.
  function distance(box, mark) {
    const x = (mark.left + mark.right) / 2;
    const y = (mark.top + mark.bottom) / 2;
    const [right, down] = [Math.max(box.left - x, 0, x - box.right), Math.max(box.top - y, 0, y - box.bottom)];
    return Math.max(0, Math.hypot(right, down) - (mark.right - mark.left) / 2);
  }

  // Where a name may stand beside a box, best first: right, left, below, above, then off the middle and at the corners.
  function beside(box, wide, high) {
    const x = (box.left + box.right) / 2 - wide / 2;
    const y = (box.top + box.bottom) / 2 - high / 2;
    const [right, left, below, above] = [box.right + GAP + 1, box.left - GAP - 1 - wide, box.bottom + GAP + 1, box.top - GAP - 1 - high];
    return [
      sized(right, y, wide, high, "left"),
      sized(left, y, wide, high, "right"),
      sized(x, below, wide, high, "center"),
      sized(x, above, wide, high, "center"),
      sized(right, y + high / 3, wide, high, "left"),
      sized(right, y - high / 3, wide, high, "left"),
      sized(left, y + high / 3, wide, high, "right"),
      sized(left, y - high / 3, wide, high, "right"),
      sized(right, below, wide, high, "left"),
      sized(right, above, wide, high, "left"),
      sized(left, below, wide, high, "right"),
      sized(left, above, wide, high, "right"),
    ];
  }

  // Where a name may stand whose own place has no room: ever farther from it, on eight sides.
  function around(at, wide, high) {
    const sides = [[0, 1], [0, -1], [1, 0], [-1, 0], [1, 1], [-1, 1], [1, -1], [-1, -1]]; // prettier-ignore
    return [30, 45, 60, 80, 110, 140].flatMap((far) =>
      sides.map(([right, down]) => sized(at.x + right * (far + wide / 2) - wide / 2, at.y + down * (far + high / 2) - high / 2, wide, high, "center")),
    );
  }

  function on(at, wide, high) {
    return [sized(at.x - wide / 2, at.y - high / 2, wide, high, "center")];
  }

  function sized(left, top, wide, high, align) {
    return { left, top, right: left + wide, bottom: top + high, align };
  }

  function element(name, box, dotAt, map) {
    const label = L.DomUtil.create("span", "atlas-label atlas-label-" + name.kind);
    label.append(name.text);
    label.style.textAlign = box.align;
    if (name.native) {
      const native = L.DomUtil.create("span", "atlas-label-native", label);
      native.lang = "fa";
      native.dir = "rtl";
      native.textContent = name.native;
    }
    place(label, box.left, box.top, map);
    if (!dotAt) return [label];
    const dot = L.DomUtil.create("i", "atlas-dot atlas-dot-" + name.kind);
    place(dot, dotAt.x, dotAt.y, map);
    return [label, dot];
  }

  function place(one, x, y, map) {
    const at = map.containerPointToLayerPoint([x, y]);
    one.style.left = at.x + "px";
    one.style.top = at.y + "px";
  }
})();
