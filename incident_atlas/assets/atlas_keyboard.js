// The map by keyboard: all marks are one stop of the Tab key, and the arrow keys go from mark to mark.
(function () {
  "use strict";

  const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const ASIDE = 2; // a mark that lies aside of the arrow's way counts as so many times farther

  // A mark says what it is, and Enter or the space bar do what a click does.
  atlas.reachable = function (marker, words) {
    const parts = [marker._icon.innerText];
    for (const walk = document.createTreeWalker(words, NodeFilter.SHOW_TEXT); walk.nextNode(); ) parts.push(walk.currentNode.data);
    marker._icon.setAttribute("aria-label", parts.join(" "));
    marker._icon.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      L.DomEvent.stop(event);
      marker.fire("click", { latlng: marker.getLatLng() }, true);
    });
  };

  // The largest mark is the one that Tab reaches first; then the one that was reached last.
  atlas.walkable = function (map, group) {
    const container = map.getContainer();
    container.setAttribute("role", "region");
    container.setAttribute("aria-label", atlas._("Map of incidents. Arrow keys move it, plus and minus zoom. Tab goes to its marks."));
    group.on("add", () => {
      const icons = group.getLayers().map((layer) => layer._icon).filter((icon) => icon && icon.querySelector(".atlas-mark")); // prettier-ignore
      const one = (chosen) => icons.forEach((icon) => (icon.tabIndex = icon === chosen ? 0 : -1));
      one(icons.reduce((largest, icon) => (largest && largest.offsetWidth >= icon.offsetWidth ? largest : icon), null));
      for (const icon of icons) {
        icon.addEventListener("focus", () => one(icon));
        icon.addEventListener("keydown", (event) => {
          const next = KEYS[event.key] && nearest(icon, icons, KEYS[event.key]);
          if (!KEYS[event.key]) return;
          L.DomEvent.stop(event);
          if (next) next.focus();
        });
      }
    });
  };

  // The nearest mark in the direction of the arrow, or nothing.
  function nearest(from, icons, [right, down]) {
    const [x, y] = middle(from);
    let found = null;
    let least = Infinity;
    for (const icon of icons) {
      const [along, aside] = ((across, below) => [across * right + below * down, Math.abs(across * down) + Math.abs(below * right)])(
        middle(icon)[0] - x,
        middle(icon)[1] - y,
      );
      const far = along + ASIDE * aside;
      if (along <= 0 || aside > 2 * along || far >= least) continue;
      least = far;
      found = icon;
    }
    return found;
  }

  function middle(icon) {
    const { left, top, width, height } = icon.getBoundingClientRect();
    return [left + width / 2, top + height / 2];
  }
})();
