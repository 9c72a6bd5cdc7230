// What is known only to a city, a district or a province is no point when the map is near: it is listed at the map's edge.
(function () {
  "use strict";

  const SHOWN = 3; // entries that stand open; the rest opens with a click

  // One entry per area: its name (safe text), the incidents known to no finer place, and what a click says. The control comes and goes with
  // the group of marks.
  atlas.areas = function (map, group, areas) {
    const control = L.control({ position: "topleft" });
    control.onAdd = () => {
      const box = L.DomUtil.create("div", "atlas-areas leaflet-bar");
      L.DomEvent.disableClickPropagation(box);
      L.DomEvent.disableScrollPropagation(box);
      const entries = areas.map((area) => entry(group, area));
      box.append(...entries.slice(0, SHOWN));
      const rest = entries.slice(SHOWN);
      if (rest.length) box.append(opener(box, rest, areas.slice(SHOWN).reduce((sum, [, n]) => sum + n, 0)));
      return box;
    };
    group.on("add", () => control.addTo(map));
    group.on("remove", () => control.remove());
  };

  function entry(group, [name, incidents, id]) {
    const button = document.createElement("button");
    button.type = "button";
    const number = document.createElement("b");
    number.textContent = incidents.toLocaleString("en");
    const words = document.createElement("span");
    // It has been through safe_text on the server.
    words.innerHTML = " known only to " + name;
    button.append(number, words);
    // A click is told as one on a layer of the group, which is never drawn.
    const layer = L.marker([0, 0]);
    layer.feature = { type: "Feature", properties: { id } };
    layer.addEventParent(group);
    L.DomEvent.on(button, "click", (event) => {
      L.DomEvent.stop(event);
      layer.fire("click", { latlng: layer.getLatLng() }, true);
    });
    return button;
  }

  function opener(box, rest, incidents) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = `${incidents.toLocaleString("en")} in ${rest.length} more ${rest.length === 1 ? "area" : "areas"}`;
    L.DomEvent.on(button, "click", (event) => {
      L.DomEvent.stop(event);
      button.replaceWith(...rest);
      box.classList.add("atlas-areas-open");
      rest[0].focus();
    });
    return button;
  }
})();
