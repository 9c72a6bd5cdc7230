// How the map is moved: one finger and the wheel scroll the page, two fingers or ctrl and the wheel move the map; and a map
// that the reader has not moved shows the same piece of land whatever the size of the window.
(function () {
  "use strict";

  const HINT_MS = 1600;
  const KEY = /Mac/.test(navigator.platform) ? "\u2318" : "Ctrl";
  let hinted = false; // once per visit is enough

  atlas.movement = function (map) {
    const container = map.getContainer();
    // The browser keeps one finger; two reach Leaflet.
    container.style.touchAction = "pan-x pan-y";
    allowPinch();
    const fingers = new Set();
    const before = { capture: true };
    container.addEventListener(
      "pointerdown",
      (event) => {
        if (event.pointerType !== "touch") return map.dragging.enable();
        fingers.add(event.pointerId);
        map.dragging.disable();
      },
      before,
    );
    for (const end of ["pointerup", "pointercancel"]) window.addEventListener(end, (event) => fingers.delete(event.pointerId), before);
    container.addEventListener("touchmove", (event) => event.touches.length === 1 && hint(map, atlas._("Use two fingers to move the map")), { passive: true });
    container.addEventListener(
      "wheel",
      (event) => {
        if (event.ctrlKey || event.metaKey) return;
        event.stopImmediatePropagation();
        hint(map, atlas._("Hold {key} and scroll to zoom the map", { key: KEY }));
      },
      before,
    );
    keepWhole(map);
  };

  // Text over the map for a moment, the first time only.
  function hint(map, words) {
    if (hinted) return;
    hinted = true;
    const box = L.DomUtil.create("div", "atlas-hint", map.getContainer());
    box.setAttribute("role", "status");
    box.textContent = words;
    setTimeout(() => box.remove(), HINT_MS);
  }

  // map.showWhole fits the map to corners and does so again when the window changes its size, until the reader moves the map.
  function keepWhole(map) {
    let whole = null;
    let own = false;
    map.showWhole = (corners, options) => {
      own = true;
      map.fitBounds(corners, options);
      own = false;
      whole = [corners, { ...options, animate: false }];
    };
    map.on("dragstart", () => (whole = null));
    map.on("zoomstart", () => own || (whole = null));
    map.on("resize", () => whole && map.showWhole(...whole));
    // Leaflet listens to the window alone; the style that gives the map its height may arrive after it.
    new ResizeObserver(() => map.invalidateSize()).observe(map.getContainer());
  }

  // The page around the map forbids phones to enlarge it.
  function allowPinch() {
    const page = document.querySelector("meta[name=viewport]");
    if (page) page.content = "width=device-width, initial-scale=1";
  }
})();
