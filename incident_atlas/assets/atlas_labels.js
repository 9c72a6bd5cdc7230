// The names on the base map. None touches another, a mark or a control: larger places get theirs first, and a name without
// room is left out.
(function () {
  "use strict";

  const GAP = 3; // pixels between two names
  const DOTTED = new Set(["city", "town", "village", "landmark"]);
  const ORDER = ["city", "foreign", "town", "province", "district", "neighbourhood", "village", "landmark"];
  const SPOT = 5; // pixels from a place to its name

  atlas.Labels = class {
    constructor(map) {
      this.map = map;
      this.pane = map.getPane("labels");
      this.pane.setAttribute("aria-hidden", "true");
      this.names = [];
      this.sizes = new Map();
      this.waiting = 0;
      map.on("zoomstart", () => (this.pane.style.visibility = "hidden"));
      map.on("moveend zoomend resize layeradd layerremove", this.soon, this);
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
      const zoom = map.getZoom();
      const { x: width, y: height } = map.getSize();
      const taken = this.obstacles();
      const shown = [];
      for (const name of this.names) {
        if (zoom < name.from || zoom > name.to) continue;
        const at = map.latLngToContainerPoint(name.at);
        if (at.x < 0 || at.y < 0 || at.x > width || at.y > height) continue;
        const dotted = DOTTED.has(name.kind);
        const dot = { left: at.x - SPOT, top: at.y - SPOT, right: at.x + SPOT, bottom: at.y + SPOT };
        if (dotted && taken.some((other) => touch(dot, other, 0))) continue;
        const [wide, high] = this.size(name);
        const box = places(at, wide, high, dotted).find(
          (box) => box.left >= 0 && box.top >= 0 && box.right <= width && box.bottom <= height && !taken.some((other) => touch(box, other, GAP)),
        );
        if (!box) continue;
        taken.push(box);
        if (dotted) taken.push(dot);
        shown.push(element(name, box, dotted && at, map));
      }
      this.pane.replaceChildren(...shown.flat());
      this.pane.style.visibility = "";
    }

    // What stands on the map already: marks and controls, as boxes in the map's pixels.
    obstacles() {
      const container = this.map.getContainer();
      const zero = container.getBoundingClientRect();
      return [...container.querySelectorAll(".leaflet-marker-pane .atlas-mark, .atlas-site, .leaflet-control")].map((one) => {
        const box = one.getBoundingClientRect();
        return { left: box.left - zero.left, top: box.top - zero.top, right: box.right - zero.left, bottom: box.bottom - zero.top };
      });
    }

    // Width and height of a name, measured once.
    size(name) {
      const key = name.kind + name.text;
      if (!this.sizes.has(key)) {
        const probe = element(name, { left: 0, top: 0 }, null, this.map)[0];
        probe.style.visibility = "hidden";
        this.pane.append(probe);
        this.sizes.set(key, [Math.ceil(probe.offsetWidth), Math.ceil(probe.offsetHeight)]);
        probe.remove();
      }
      return this.sizes.get(key);
    }
  };

  function touch(one, other, gap) {
    return one.left < other.right + gap && other.left < one.right + gap && one.top < other.bottom + gap && other.top < one.bottom + gap;
  }

  // Where a name may stand, best first: beside its dot, above, below; a name without a dot stands on its place.
  function places(at, wide, high, dotted) {
    const box = (left, top) => ({ left, top, right: left + wide, bottom: top + high });
    if (!dotted) return [box(at.x - wide / 2, at.y - high / 2)];
    const middle = at.y - high / 2;
    return [
      box(at.x + SPOT + 1, middle),
      box(at.x - SPOT - 1 - wide, middle),
      box(at.x - wide / 2, at.y - SPOT - 1 - high),
      box(at.x - wide / 2, at.y + SPOT + 1),
    ];
  }

  function element(name, box, dotAt, map) {
    const label = L.DomUtil.create("span", "atlas-label atlas-label-" + name.kind);
    label.append(name.text);
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
