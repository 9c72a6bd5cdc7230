// The map and the marks of Incident Atlas, on Leaflet: the same file draws the dashboard and the standalone page.
// It is given numbers, our own vocabulary and text that the server has made harmless; it never builds markup of its own
// from anything else.
(function () {
  "use strict";

  const home = document.currentScript ? document.currentScript.src : "";
  let heatScript = null;
  let palette = [];
  let blunt = "";
  let chosen = "";
  let lastFocus = null;
  let lastCircle = "";

  // The map before any mark. `base` is what atlas_base.js draws.
  function base(map, options) {
    palette = options.palette;
    blunt = options.theme.ink;
    chosen = options.theme.selected;
    const style = map.getContainer().style;
    for (const token of ["ink", "muted", "surface", "border", "selected"]) style.setProperty("--atlas-" + token, options.theme[token]);
    if (options.fit) map.fitBounds(options.fit, { animate: false });
    map.attributionControl.setPrefix('<a href="https://leafletjs.com">Leaflet</a>');
    atlas.drawBase(map, options.base);
    places(map, options.places);
    L.control.scale({ imperial: false }).addTo(map);
  }

  // Buttons that show one place whole: the country, Kabul, Herat.
  function places(map, list) {
    const control = L.control({ position: "topright" });
    control.onAdd = () => {
      const bar = L.DomUtil.create("div", "leaflet-bar atlas-places");
      for (const [name, corners] of list) {
        const link = L.DomUtil.create("a", "", bar);
        link.href = "#";
        link.textContent = name;
        link.setAttribute("role", "button");
        L.DomEvent.on(link, "click", (event) => {
          L.DomEvent.stop(event);
          map.fitBounds(corners);
        });
      }
      L.DomEvent.disableClickPropagation(bar);
      return bar;
    };
    control.addTo(map);
  }

  // One layer of marks. A mark: latitude, longitude, incidents, blunt, spread, index in the palette, id, words on hover,
  // selected, diameter, and the pixels right and down by which it gives way to others.
  function marks(map, payload) {
    const group = L.featureGroup();
    if (payload.selected) {
      const [latitude, longitude, radius] = payload.selected;
      const ring = { radius, color: chosen, weight: 2, fillOpacity: 0.08, interactive: false };
      if (radius) L.circle([latitude, longitude], ring).addTo(group);
      // Far out the circle is too small to be seen; this ring has the same size at every zoom.
      L.circleMarker([latitude, longitude], { ...ring, radius: 15, weight: 3, fillOpacity: 0 }).addTo(group);
    }
    if (payload.circle) around(map, payload.circle, group);
    else lastCircle = "";
    if (payload.choosing) {
      map.doubleClickZoom.disable();
      map.getContainer().style.cursor = "crosshair";
    }
    for (const mark of payload.marks) one(map, mark, payload).addTo(group);
    if (payload.heat) heat(group, payload.heat);
    // What was asked for before this map was made is where it began; only a newer wish moves it.
    const turn = payload.focus ? payload.focus[3] : 0;
    if (lastFocus !== null && turn !== lastFocus) {
      const [latitude, longitude, zoom] = payload.focus;
      map.setView([latitude, longitude], zoom);
    }
    lastFocus = turn;
    return group;
  }

  // The point that is asked about: its circle, a dot, and its name inside the rim; a click goes through to the land.
  function around(map, circle, group) {
    const [latitude, longitude, radius, name] = circle;
    const line = { color: blunt, weight: 1.5, interactive: false };
    L.circle([latitude, longitude], { ...line, radius, fillOpacity: 0.05 }).addTo(group);
    L.circleMarker([latitude, longitude], { ...line, radius: 3, fillOpacity: 1 }).addTo(group);
    const label = document.createElement("span");
    label.className = "atlas-site";
    // It has been through safe_text on the server.
    label.innerHTML = name;
    const icon = L.divIcon({ html: label, className: "", iconSize: [0, 0] });
    const box = L.latLng(latitude, longitude).toBounds(2 * radius);
    L.marker([box.getNorth(), longitude], { icon, interactive: false, keyboard: false, zIndexOffset: 1000 }).addTo(group);
    const here = JSON.stringify([latitude, longitude, radius]);
    if (here !== lastCircle) map.fitBounds(box, { animate: false, paddingTopLeft: [12, 44], paddingBottomRight: [12, 24] });
    lastCircle = here;
  }

  function one(map, mark, payload) {
    const [latitude, longitude, incidents, isBlunt, spread, index, id, hover, selected, size, right, down] = mark;
    const single = incidents === 1;
    // With a palette of its own a layer colours cells too, and the name of what a colour stands for is said on hover.
    const hues = payload.palette;
    const [color, ink, letter, name] = hues ? hues[index] : single ? palette[index] : [payload.cell, payload.cellInk, ""];
    const split = hues && !single && hover && !isBlunt;
    const shape = document.createElement("span");
    shape.className = "atlas-mark" + (isBlunt ? " atlas-blunt" : "") + (single && letter === "?" ? " atlas-unknown" : "");
    if (selected) shape.className += " atlas-selected";
    shape.style.cssText = `width:${size}px;height:${size}px;background:${split ? ring(hover, hues, color, incidents) : color};color:${isBlunt ? (single || hues ? color : blunt) : ink}`;
    const label = document.createElement("span");
    label.textContent = single ? letter : short(incidents);
    if (isBlunt) label.style.color = blunt;
    shape.append(label);
    const icon = L.divIcon({ html: shape, className: "", iconSize: [size, size], iconAnchor: [size / 2 - right, size / 2 - down] });
    const marker = L.marker([latitude, longitude], { icon, riseOnHover: true });
    marker.feature = { type: "Feature", properties: { id } };
    // `hover` has been through safe_text on the server, or is an element that holds only text; the rest is our own.
    const text = single ? hover : incidents.toLocaleString("en") + " incidents" + (spread ? ": click to look closer" : " on one spot: click to list") + (hues ? "<br>" + said(hover, hues, name) : "");
    const element = text instanceof Node;
    marker.bindTooltip(element ? text : text + (isBlunt && !single ? "<br>known only to the city or coarser" : ""));
    marker.on("add", () => reachable(marker, element ? text : spoken(text)));
    if (spread) marker.on("click", () => map.setView([latitude, longitude], Math.min(map.getZoom() + 2, 17)));
    return marker;
  }

  // A cell of several data sets: a ring with the share of each around the neutral middle that carries the number.
  function short(n) {
    if (n < 10000) return n.toLocaleString("en");
    return n < 1000000 ? Math.round(n / 1000) + "k" : (n / 1000000).toFixed(1) + "M";
  }

  function ring(parts, hues, middle, incidents) {
    let done = 0;
    const pieces = parts.map(([hue, n]) => `${hues[hue][0]} ${(100 * done) / incidents}% ${(100 * (done += n)) / incidents}%`);
    return `radial-gradient(circle closest-side, ${middle} 66%, transparent 70%), conic-gradient(${pieces.join(", ")})`;
  }

  // The names have been through safe_text on the server.
  function said(parts, hues, name) {
    return parts ? parts.map(([hue, n]) => n.toLocaleString("en") + " " + hues[hue][3]).join(", ") : name;
  }

  // What stands in harmless markup, as plain words.
  function spoken(text) {
    const words = document.createElement("div");
    words.innerHTML = text.replace(/<br>/g, " <br>");
    return words;
  }

  // A mark says what it is, and Enter or the space bar do what a click does.
  function reachable(marker, words) {
    const parts = words.children.length && !words.querySelector("br") ? [...words.children] : [words];
    const said = parts.map((part) => part.textContent).join(" ");
    marker._icon.setAttribute("aria-label", marker._icon.innerText + " " + said);
    marker._icon.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      L.DomEvent.stop(event);
      marker.fire("click", { latlng: marker.getLatLng() }, true);
    });
  }

  // The heat layer. Its script is a file of its own, beside this one, fetched when somebody first asks for it: most never do.
  function heat(group, payload) {
    if (atlas.Heat) {
      new atlas.Heat(payload).addTo(group);
      return;
    }
    if (!heatScript) {
      heatScript = document.createElement("script");
      heatScript.src = home.replace(/atlas\.js/, "atlas_heat.js");
      document.head.append(heatScript);
    }
    // The marks may have been replaced by then; a group that is off the map draws nothing.
    heatScript.addEventListener("load", () => new atlas.Heat(payload).addTo(group));
  }

  window.atlas = { base, marks };
})();
