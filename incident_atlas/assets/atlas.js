// The map and the marks of Incident Atlas, on Leaflet: the same file draws the dashboard and the standalone page.
// It is given numbers, our own vocabulary and text that the server has made harmless; it never builds markup of its own
// from anything else.
(function () {
  "use strict";

  const home = document.currentScript ? document.currentScript.src : "";
  // The frame of the dashboard waits for each script before it asks for the next: asked for now, each is there in its turn.
  for (const name of home ? ["movement", "keyboard", "areas", "layout", "labels", "streets", "base"] : []) {
    const early = document.createElement("link");
    early.rel = "preload";
    early.as = "script";
    early.href = home.replace("atlas.js", "atlas_" + name + ".js");
    document.body.append(early); // the head is written anew when all are there
  }
  let heatScript = null;
  let palette = [];
  let hollowInk = "";
  let chosen = "";
  let surface = "";
  let lastFocus = null;
  let lastCircle = "";

  // A text in the reader's language, with values in place of {name}. The page brings what is not English: maps/script_texts.py.
  function _(message, values = {}) {
    return (atlas.texts[message] || message).replace(/\{(\w+)\}/g, (field, name) => values[name] ?? field);
  }

  function count(n, one, many, values = {}) {
    return _(n === 1 ? one : many, { n: n.toLocaleString("en"), ...values });
  }

  // The map before any mark. `base` is what atlas_base.js draws.
  function base(map, options) {
    atlas.texts = options.texts;
    palette = options.palette;
    hollowInk = options.theme.ink;
    chosen = options.theme.selected;
    surface = options.theme.surface;
    const style = map.getContainer().style;
    for (const token of ["ink", "muted", "surface", "border", "selected"]) style.setProperty("--atlas-" + token, options.theme[token]);
    atlas.movement(map);
    if (options.fit) map.showWhole(options.fit, { animate: false });
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
          map.showWhole(corners);
        });
      }
      L.DomEvent.disableClickPropagation(bar);
      return bar;
    };
    control.addTo(map);
  }

  // One layer of marks. The fields of a mark are named in payload.fields; maps/mark_layout.py says what each is.
  function marks(map, payload) {
    const group = L.featureGroup();
    if (payload.selected) {
      const [latitude, longitude, radius] = payload.selected;
      const ring = { radius, color: chosen, weight: 2, fillOpacity: 0.08, interactive: false };
      if (radius) L.circle([latitude, longitude], ring).addTo(group);
      // Far out the circle is too small to be seen; this ring has the same size at every zoom, and goes around the mark of a province.
      const name = payload.fields.indexOf("name");
      const wide = payload.marks.some((values) => values[name]) ? 32 : 15;
      L.circleMarker([latitude, longitude], { ...ring, radius: wide, weight: 3, fillOpacity: 0, className: "atlas-chosen" }).addTo(group);
    }
    if (payload.circle) around(map, payload.circle, group);
    else lastCircle = "";
    if (payload.choosing) {
      map.doubleClickZoom.disable();
      map.getContainer().style.cursor = "crosshair";
    }
    for (const values of payload.marks) {
      const mark = Object.fromEntries(payload.fields.map((name, n) => [name, values[n]]));
      one(map, mark, payload).addTo(group);
    }
    atlas.walkable(map, group);
    group.on("add", () => atlas.layOut(map));
    if (payload.outline) L.polyline(payload.outline, { color: chosen, weight: 2.5, interactive: false }).addTo(group);
    if (payload.areas) atlas.areas(map, group, payload.areas);
    if (payload.heat) heat(group, payload.heat);
    // What was asked for before this map was made is where it began; only a newer wish moves it.
    const turn = payload.focus ? payload.focus[3] : 0;
    if (lastFocus !== null && turn !== lastFocus) {
      const [latitude, longitude, zoom] = payload.focus;
      if (payload.fitted) map.showWhole(payload.fitted, { animate: false });
      else map.setView([latitude, longitude], zoom);
    }
    lastFocus = turn;
    return group;
  }

  // The point that is asked about: its circle, a dot, and its name inside the rim; a click goes through to the land.
  function around(map, circle, group) {
    const [latitude, longitude, radius, name] = circle;
    const line = { color: hollowInk, weight: 1.5, interactive: false };
    L.circle([latitude, longitude], { ...line, radius, fillOpacity: 0.05 }).addTo(group);
    L.circleMarker([latitude, longitude], { ...line, radius: 3, fillOpacity: 1 }).addTo(group);
    const label = document.createElement("span");
    label.className = "atlas-site";
    // It has been through safe_text on the server.
    label.innerHTML = name;
    const icon = L.divIcon({ html: label, className: "", iconSize: [0, 0] });
    const box = L.latLng(latitude, longitude).toBounds(2 * radius);
    L.marker([box.getNorth(), longitude], { icon, interactive: false, keyboard: false, zIndexOffset: 1000 }).addTo(group);
    const shown = JSON.stringify([latitude, longitude, radius]);
    if (shown !== lastCircle) map.showWhole(box, { animate: false, paddingTopLeft: [12, 44], paddingBottomRight: [12, 24] });
    lastCircle = shown;
  }

  function one(map, mark, payload) {
    const { latitude, longitude, incidents, px } = mark;
    const counts = incidents > 1 || Boolean(mark.name); // it shows a number, not the letter of one incident
    // With a palette of its own a layer colours cells too, and the name of what a colour stands for is said on hover.
    const dataSets = payload.palette;
    const [color, ink, letter, title] = dataSets ? dataSets[mark.colour] : counts ? [payload.cell, payload.cellInk, ""] : palette[mark.colour];
    const shares = dataSets && incidents > 1 && mark.words;
    const shape = document.createElement("span");
    shape.className = "atlas-mark" + (mark.name ? " atlas-province" : mark.ring ? " atlas-ring" : "") + (!counts && letter === "?" ? " atlas-unknown" : "");
    if (mark.uncertain_date) shape.style.setProperty("--atlas-uncertain-date", mark.uncertain_date / incidents);
    if (mark.selected) shape.className += " atlas-selected";
    shape.dataset.incidents = incidents;
    if (mark.name) shape.dataset.name = plain(mark.name).textContent;
    if (mark.extent) shape.dataset.several = mark.main_place ? mark.main_place.join() : "";
    const hollow = Boolean(mark.ring);
    const fill = shares && !(hollow && !mark.name) ? ring(shares, dataSets, mark.name ? surface : color, incidents) : mark.name ? surface : color;
    const text = hollow ? (counts && !dataSets ? hollowInk : color) : ink;
    shape.style.cssText += `width:${px}px;height:${px}px;background:${fill};color:${text}`;
    if (mark.name && shares) shape.style.borderColor = "transparent";
    const label = document.createElement("span");
    label.textContent = counts ? short(incidents) : letter;
    if (hollow) label.style.color = hollowInk;
    shape.append(label);
    const icon = L.divIcon({ html: shape, className: "", iconSize: [px, px] });
    const marker = L.marker([latitude, longitude], { icon, riseOnHover: true });
    marker.mark = mark;
    marker.feature = { type: "Feature", properties: { id: mark.id } };
    // The words have been through safe_text on the server, or are an element that holds only text; the rest is our own.
    let words = counts ? counted(mark, dataSets, title) : mark.words;
    if (mark.uncertain_date && !(words instanceof Node)) words += "<br>" + uncertainDates(mark);
    const element = words instanceof Node;
    marker.bindTooltip(words);
    marker.on("add", () => atlas.reachable(marker, element ? words : plain(words)));
    if (mark.extent) {
      const [south, west, north, east] = mark.extent;
      marker.on("click", () => map.fitBounds([[south, west], [north, east]], { paddingTopLeft: [56, 64], paddingBottomRight: [48, 72], maxZoom: 17 }));
    }
    return marker;
  }

  // What a mark of several incidents says on hover.
  function counted(mark, dataSets, title) {
    if (mark.incidents === 1 && mark.words instanceof Node) {
      const box = document.createElement("div");
      box.append(plain(mark.name), mark.words);
      return box;
    }
    if (mark.incidents === 1 && mark.words) return `${mark.name}<br>${mark.words}`;
    const values = { name: mark.name, incidents: count(mark.incidents, "{n} incident", "{n} incidents") };
    let words = _("{incidents} on one spot: click to list", values);
    if (mark.extent) words = _("{incidents}: click to look closer", values);
    if (mark.name) words = _("{name}: {incidents}, click to list", values);
    if (dataSets) words += "<br>" + dataSetCounts(mark.words, dataSets, title);
    return words + (mark.ring && !mark.name ? "<br>" + _("known only to the city or district") : "");
  }

  // Why a mark is drawn lighter.
  function uncertainDates(mark) {
    if (mark.incidents === 1) return _("day not known: it may have been outside these dates");
    return _("{n} of them without a known day may have been outside these dates", { n: mark.uncertain_date.toLocaleString("en") });
  }

  // A cell of several data sets: a ring with the share of each around the neutral middle that carries the number.
  function short(n) {
    if (n < 10000) return n.toLocaleString("en");
    return n < 1000000 ? Math.round(n / 1000) + "k" : (n / 1000000).toFixed(1) + "M";
  }

  function ring(parts, dataSets, middle, incidents) {
    let done = 0;
    const pieces = parts.map(([colour, n]) => `${dataSets[colour][0]} ${(100 * done) / incidents}% ${(100 * (done += n)) / incidents}%`);
    return `radial-gradient(circle closest-side, ${middle} 66%, transparent 70%), conic-gradient(${pieces.join(", ")})`;
  }

  // The names have been through safe_text on the server.
  function dataSetCounts(parts, dataSets, title) {
    return parts ? parts.map(([colour, n]) => n.toLocaleString("en") + " " + dataSets[colour][3]).join(", ") : title;
  }

  // What stands in harmless markup, as plain words.
  function plain(text) {
    const words = document.createElement("div");
    words.innerHTML = text.replace(/<br>/g, " <br>");
    return words;
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

  window.atlas = { base, marks, _, count, texts: {} };
})();
