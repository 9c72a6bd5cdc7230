// The map of streets: one visible button, off until a reader asks for it, because its server then sees where she looks.
(function () {
  "use strict";

  const REMEMBERED = "atlas-streets";

  // streets: url, host and attribution of the tiles.
  atlas.streets = function (map, streets) {
    const layer = L.tileLayer(streets.url, { attribution: streets.attribution, maxZoom: 19 });
    const control = L.control({ position: "bottomright" });
    let button = null;
    control.onAdd = () => {
      const bar = L.DomUtil.create("div", "leaflet-bar atlas-streets");
      button = L.DomUtil.create("button", "", bar);
      button.type = "button";
      L.DomEvent.disableClickPropagation(bar);
      L.DomEvent.on(button, "click", () => (map.hasLayer(layer) ? layer.remove() : layer.addTo(map)));
      return bar;
    };
    control.addTo(map);
    const word = () => {
      const on = map.hasLayer(layer);
      button.textContent = on ? atlas._("Hide streets") : atlas._("Show streets (asks {host})", streets);
      button.setAttribute("aria-pressed", String(on));
      remember(on);
      map.fire("controlsmoved");
    };

    const trouble = L.control({ position: "topright" });
    trouble.onAdd = () => {
      const words = L.DomUtil.create("div", "atlas-trouble leaflet-bar");
      words.setAttribute("role", "status");
      words.textContent = atlas._("{host} cannot be reached. The map shows what it holds itself; all marks are in their places.", streets);
      return words;
    };
    // Our own land stays until a tile has come: without a network there would be nothing else to see.
    layer.on("tileload", () => {
      map.getContainer().classList.add("atlas-with-streets");
      trouble.remove();
    });
    layer.on("tileerror", () => trouble._map || trouble.addTo(map));
    layer.on("remove", () => {
      map.getContainer().classList.remove("atlas-with-streets");
      trouble.remove();
    });
    layer.on("add remove", word);
    const wanted = remembered;
    word();
    if (wanted) layer.addTo(map);
  };

  // For this session, in this tab. A page that a browser gives no memory forgets.
  let remembered = false;
  try {
    remembered = sessionStorage.getItem(REMEMBERED) === "1";
  } catch {
    remembered = false;
  }

  function remember(on) {
    remembered = on;
    try {
      sessionStorage.setItem(REMEMBERED, on ? "1" : "0");
    } catch {
      // Nothing is lost but the memory of it.
    }
  }
})();
