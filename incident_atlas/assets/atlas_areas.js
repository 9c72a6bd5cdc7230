// What is known only to a city, a district or a province is no point when the map is near: it is listed at the map's edge.
(function () {
  "use strict";

  const SHOWN = 3; // entries that stand open; the rest opens with a click
  const NARROW = 400; // pixels; a map of a phone is better used for names than for entries
  const CORNERS = ["topleft", "topright", "bottomleft", "bottomright"];

  // One entry per area: its name (safe text), the incidents known to no finer place, and what a click says. The control comes and goes with
  // the group of marks. It stands in the first corner where it covers no mark; where there is none it is a single button that opens it.
  atlas.areas = function (map, group, areas) {
    const control = L.control({ position: CORNERS[0] });
    const box = L.DomUtil.create("div", "atlas-areas leaflet-bar");
    const entries = areas.map((area) => entry(group, area));
    const rest = entries.slice(SHOWN);
    L.DomEvent.disableClickPropagation(box);
    L.DomEvent.disableScrollPropagation(box);
    control.onAdd = () => box;

    const show = (few) => {
      const hidden = few && entries.length > 1 ? entries : rest;
      const shown = hidden === rest ? entries.slice(0, SHOWN) : [];
      if (hidden.length) shown.push(opener(areas.slice(entries.length - hidden.length), few, open));
      box.replaceChildren(...shown);
    };
    const open = () => {
      box.replaceChildren(...entries);
      box.classList.add("atlas-areas-open");
      (rest[0] || entries[0]).focus();
    };
    const place = () => {
      stand();
      map.fire("controlsmoved");
    };
    const stand = () => {
      if (box.classList.contains("atlas-areas-open") || box.contains(document.activeElement)) return;
      const marks = [...map.getPane("markerPane").querySelectorAll(".atlas-mark")].map((mark) => mark.getBoundingClientRect());
      for (const few of entries.length > 1 && map.getSize().x < NARROW ? [true] : [false, true]) {
        show(few);
        for (const corner of CORNERS) {
          control.setPosition(corner);
          if (fits(map, box.getBoundingClientRect(), marks)) return;
        }
      }
      control.setPosition(CORNERS[0]);
    };
    // The style sheets may arrive after it: then its size changes.
    const sized = new ResizeObserver(place);
    group.on("add", () => {
      control.addTo(map);
      place();
      sized.observe(box);
      map.on("moveend resize", place);
    });
    group.on("remove", () => {
      sized.disconnect();
      map.off("moveend resize", place);
      control.remove();
    });
  };

  // Whether a box covers no mark and no other control of a small map.
  function fits(map, box, marks) {
    const controls = [...map.getContainer().querySelectorAll(".leaflet-control:not(.atlas-areas)")].map((one) => one.getBoundingClientRect());
    const { top, bottom, left, right } = map.getContainer().getBoundingClientRect();
    if (box.top < top || box.bottom > bottom || box.left < left || box.right > right) return false;
    return ![...marks, ...controls].some((other) => box.left < other.right && other.left < box.right && box.top < other.bottom && other.top < box.bottom);
  }

  function entry(group, [name, incidents, id]) {
    const button = document.createElement("button");
    button.type = "button";
    const number = document.createElement("b");
    number.textContent = incidents.toLocaleString("en");
    const words = document.createElement("span");
    // It has been through safe_text on the server.
    words.innerHTML = atlas._("known only to {name}", { name });
    button.append(number, " ", words);
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

  // all: whether it stands for every area, so that none is named beside it.
  function opener(areas, all, open) {
    const button = document.createElement("button");
    button.type = "button";
    const incidents = areas.reduce((sum, [, n]) => sum + n, 0).toLocaleString("en");
    button.textContent = all
      ? atlas._("{incidents} known only to a larger area", { incidents })
      : atlas.count(areas.length, "{incidents} in {n} more area", "{incidents} in {n} more areas", { incidents });
    L.DomEvent.on(button, "click", (event) => {
      L.DomEvent.stop(event);
      open();
    });
    return button;
  }
})();
