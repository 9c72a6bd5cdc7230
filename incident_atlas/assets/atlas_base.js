// The base map of Incident Atlas: relief, water, borders and names, from files that lie beside this one or inside the page.
// Each is loaded when the map first needs it. What is drawn lies under the marks and answers no click.
(function () {
  "use strict";

  const PANES = { land: 150, close: 155, relief: 160, water: 320, borders: 350, labels: 450, lines: 590 };
  const CLOSE_ZOOM = 8; // from here on the fine lines are drawn
  const RELIEF_ZOOM = 6.5; // the relief is whole up to here; nearer, its pixels grow large, and it fades to a hint of the slopes
  const HOME = "AF";
  const AROUND = new Set(["AF", "CN", "IN", "IR", "PK", "TJ", "TM", "UZ"]);
  const FIT = { smoothFactor: 0.6, interactive: false };

  // options: root and version (of the files' address) or files; scheme, colours, bounds (of the relief), attribution, font,
  // streets (url, host, attribution; null for none).
  atlas.drawBase = function (map, options) {
    const colours = options.colours;
    const container = map.getContainer();
    container.style.background = colours.water;
    for (const [name, zIndex] of Object.entries(PANES)) {
      const pane = map.getPane(name) || map.createPane(name);
      pane.style.zIndex = zIndex;
      pane.style.pointerEvents = "none";
    }
    for (const token of ["town", "foreign", "river", "halo", "country"]) container.style.setProperty("--base-" + token, colours[token]);
    map.attributionControl.addAttribution(options.attribution);
    const file = (name) =>
      options.files
        ? Promise.resolve(options.files[name])
        : fetch(`${options.root}${name}.json?v=${options.version}`).then((answer) => answer.json());

    const labels = new atlas.Labels(map);
    const relief = options.files ? options.files["relief-" + options.scheme] : `${options.root}relief-${options.scheme}.webp?v=${options.version}`;
    drawRelief(map, relief, options.bounds);
    file("world").then((topology) => {
      drawWorld(map, topology, colours);
      labels.add(countryNames(topology));
    });
    file("region").then((topology) => drawLines(map, topology, colours, false));
    file("labels").then((named) => labels.add(named.labels.map((label) => placeName(label, named.zooms))));
    whenNear(map, () => file("close").then((topology) => drawClose(map, topology, colours)));
    if (options.font) useFont(options.font).then(() => labels.measureAgain());
    if (options.streets) atlas.streets(map, options.streets);
  };

  // --- files: TopoJSON, whose arcs are lists of differences

  function decoded(topology) {
    const [stepX, stepY] = topology.transform.scale;
    return topology.arcs.map((arc) => {
      let x = 0;
      let y = 0;
      return arc.map(([right, up]) => [(y += up) * stepY, (x += right) * stepX]);
    });
  }

  function ring(numbers, arcs) {
    return numbers.flatMap((n) => (n < 0 ? arcs[~n].slice().reverse() : arcs[n]).slice(0, -1));
  }

  function rings(geometry, arcs) {
    return geometry.arcs.map((polygon) => polygon.map((numbers) => ring(numbers, arcs)));
  }

  function set(topology, name, arcs) {
    return topology.objects[name].arcs.map(([n]) => arcs[n]);
  }

  // --- layers

  function drawRelief(map, address, bounds) {
    const layer = L.imageOverlay(address, bounds, { pane: "relief", interactive: false, alt: "" }).addTo(map);
    const fade = () => layer.setOpacity(Math.max(0.3, Math.min(1, 1 - (map.getZoom() - RELIEF_ZOOM) / 5)));
    map.on("zoomend", fade);
    fade();
  }

  function drawWorld(map, topology, colours) {
    const arcs = decoded(topology);
    const countries = topology.objects.countries.geometries;
    const users = arcs.map(() => []);
    for (const country of countries) {
      for (const n of country.arcs.flat(2)) users[n < 0 ? ~n : n].push(country.properties.iso2);
    }
    const near = (arc) => arc.some(([lat, lon]) => lat > 28.5 && lat < 39.3 && lon > 58.5 && lon < 77);
    const fill = (list, color) =>
      L.polygon(list.map((country) => rings(country, arcs)).flat(), { ...FIT, pane: "land", stroke: false, fillColor: color, fillOpacity: 1 }).addTo(map);
    fill(countries.filter((country) => country.properties.iso2 !== HOME), colours.abroad);
    fill(countries.filter((country) => country.properties.iso2 === HOME), colours.land);
    const lines = (test, style) => L.polyline(arcs.filter((arc, n) => test(users[n], arc)), { ...FIT, pane: "borders", ...style });
    lines((by) => by.length === 1, { color: colours.coast, weight: 0.8 }).addTo(map);
    const foreign = { color: colours.country, weight: 0.8, opacity: 0.55 };
    lines((by, arc) => by.length > 1 && !by.includes(HOME) && !near(arc), foreign).addTo(map);
    const coarse = [
      lines((by, arc) => by.length > 1 && !by.includes(HOME) && near(arc), foreign),
      lines((by) => by.includes(HOME), { color: colours.country, weight: 1.6 }),
    ];
    swap(map, coarse, false);
  }

  // Rivers, lakes and provinces of one level of detail.
  function drawLines(map, topology, colours, fine) {
    const arcs = decoded(topology);
    const line = (name, pane, style) => L.polyline(set(topology, name, arcs), { ...FIT, pane, ...style });
    const rivers = L.polyline(set(topology, "rivers", arcs).map(rounded), { ...FIT, pane: "water", color: colours.river, opacity: 0.75 });
    const lakes = L.polygon(set(topology, "lakes", arcs).map((shore) => [shore]), { ...FIT, pane: "water", color: colours.river, weight: 0.7, fillColor: colours.water, fillOpacity: 1 });
    const provinces = line("provinces", "borders", { color: colours.province });
    const scale = () => {
      const zoom = map.getZoom();
      rivers.setStyle({ weight: Math.max(0.3, Math.min(2.6, 0.25 * zoom - 0.8)) });
      provinces.setStyle({ weight: zoom < 6 ? 0.7 : zoom < 9 ? 0.9 : 1.2, dashArray: zoom < 9 ? null : "5 3" });
    };
    map.on("zoomend", scale);
    scale();
    swap(map, [lakes, rivers, provinces], fine);
  }

  // A line without corners (Chaikin 1974): its ends stay, every corner is cut twice.
  function rounded(line) {
    for (let times = 0; times < 2; times++) {
      const cut = [line[0]];
      for (let n = 1; n < line.length; n++) {
        const [[y, x], [toY, toX]] = [line[n - 1], line[n]];
        cut.push([0.75 * y + 0.25 * toY, 0.75 * x + 0.25 * toX], [0.25 * y + 0.75 * toY, 0.25 * x + 0.75 * toX]);
      }
      cut.push(line[line.length - 1]);
      line = cut;
    }
    return line;
  }

  function drawClose(map, topology, colours) {
    const arcs = decoded(topology);
    const [west, south, east, north] = topology.bbox;
    const home = topology.objects.country.geometries[0];
    const outline = rings(home, arcs);
    const flat = { ...FIT, pane: "close", stroke: false, fillOpacity: 1 };
    swap(
      map,
      [
        // Over the coarse land, whose edges would show.
        L.rectangle([[south, west], [north, east]], { ...flat, fillColor: colours.abroad }),
        L.polygon(outline, { ...flat, fillColor: colours.land }),
        L.polyline(set(topology, "borders", arcs), { ...FIT, pane: "borders", color: colours.country, weight: 1, opacity: 0.6 }),
        L.polyline(outline.flat(), { ...FIT, pane: "borders", color: colours.country, weight: 2 }),
      ],
      true,
    );
    drawLines(map, topology, colours, true);
  }

  // Show these layers only when near (fine) or only when far. Until the fine ones are there the coarse ones stay.
  function swap(map, layers, fine) {
    if (fine) map.fineIsThere = true;
    const show = () => {
      const near = map.getZoom() >= CLOSE_ZOOM && Boolean(map.fineIsThere);
      for (const layer of layers) {
        if (near === fine) layer.addTo(map);
        else layer.remove();
      }
    };
    map.on("zoomend fineready", show);
    show();
    if (fine) map.fire("fineready");
  }

  function whenNear(map, load) {
    const look = () => {
      if (map.getZoom() < CLOSE_ZOOM) return;
      map.off("zoomend", look);
      load();
    };
    map.on("zoomend", look);
    look();
  }

  // --- names

  function placeName([text, native, latitude, longitude, kind], zooms) {
    return { text, native, at: [latitude, longitude], kind, from: zooms[kind][0], to: zooms[kind][1] };
  }

  // A country is named where its name fits into it, and not when the map is near it. Of Afghanistan's neighbours only a part is in
  // view then, and labels.json says where their names stand.
  function countryNames(topology) {
    return topology.objects.countries.geometries
      .map((country) => country.properties)
      .filter((country) => country.iso2)
      .map((country) => {
        const [longitude, latitude] = country.label;
        const from = Math.max(2, Math.log2((360 * (country.name.length * 7 + 10)) / (256 * Math.sqrt(country.area))));
        return { text: country.name, native: "", at: [latitude, longitude], kind: "foreign", from, to: AROUND.has(country.iso2) ? 4.9 : from + 4 };
      });
  }

  function useFont(address) {
    const face = new FontFace("Source Sans", `url("${address}") format("woff2")`, { weight: "200 900" });
    document.fonts.add(face);
    // Without it the next font in the list is used.
    return face.load().catch(() => undefined);
  }
})();
