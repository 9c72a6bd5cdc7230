// The heat layer of Incident Atlas: few points, smoothed with a quartic kernel and coloured by one sequential ramp. It is
// given numbers alone, and lies under the borders, the names and the marks.
(function () {
  "use strict";

  const STEP = 4; // screen pixels per pixel of the canvas: what is smooth needs no more
  // Of viridis, without the end that is the colour of the page.
  const ON_LIGHT = [[94, 201, 98], [33, 145, 140], [59, 82, 139], [68, 1, 84]]; // prettier-ignore
  const ON_DARK = [[59, 82, 139], [33, 145, 140], [94, 201, 98], [253, 231, 37]]; // prettier-ignore
  const EQUATOR = 40075016.686; // metres

  // payload: spots (latitude, longitude, incidents), km (radius of the smoothing), dark (whether the page is).
  atlas.Heat = L.Layer.extend({
    initialize: function (payload) {
      this._payload = payload;
      this._ramp = payload.dark ? ON_DARK : ON_LIGHT;
    },

    onAdd: function (map) {
      const pane = map.getPane("heat") || map.createPane("heat");
      pane.style.zIndex = 300;
      pane.style.pointerEvents = "none";
      map.getContainer().classList.add("atlas-warm");
      this._canvas = L.DomUtil.create("canvas", "atlas-heat", pane);
      this._canvas.setAttribute("aria-hidden", "true");
      map.on("moveend zoomend resize", this._draw, this);
      map.on("zoomstart", this._hide, this);
      this._draw();
    },

    onRemove: function (map) {
      map.off("moveend zoomend resize", this._draw, this);
      map.off("zoomstart", this._hide, this);
      map.getContainer().classList.remove("atlas-warm");
      this._canvas.remove();
    },

    // While the map zooms, the points are elsewhere than the canvas shows.
    _hide: function () {
      this._canvas.style.visibility = "hidden";
    },

    _draw: function () {
      const map = this._map;
      const canvas = this._canvas;
      const size = map.getSize();
      const wide = (canvas.width = Math.max(1, Math.ceil(size.x / STEP)));
      const high = (canvas.height = Math.max(1, Math.ceil(size.y / STEP)));
      canvas.style.cssText = `position:absolute;width:${wide * STEP}px;height:${high * STEP}px`;
      L.DomUtil.setPosition(canvas, map.containerPointToLayerPoint([0, 0]));
      const [density, most] = this._density(wide, high);
      if (!most) return;
      const image = new ImageData(wide, high);
      density.forEach((value, at) => {
        // The root lets a single attack be seen beside a place of many.
        const strength = Math.sqrt(value / most);
        if (strength) image.data.set([...this._colour(strength), 160 * Math.min(1, 2.2 * strength)], 4 * at);
      });
      canvas.getContext("2d").putImageData(image, 0, 0);
    },

    _density: function (wide, high) {
      const map = this._map;
      const density = new Float32Array(wide * high);
      let most = 0;
      for (const [latitude, longitude, incidents] of this._payload.spots) {
        const at = map.latLngToContainerPoint([latitude, longitude]).divideBy(STEP);
        const metres = (EQUATOR * Math.cos((latitude * Math.PI) / 180) * STEP) / (256 * 2 ** map.getZoom());
        const reach = (this._payload.km * 1000) / metres;
        for (let y = Math.max(0, Math.ceil(at.y - reach)); y < Math.min(high, at.y + reach); y++) {
          for (let x = Math.max(0, Math.ceil(at.x - reach)); x < Math.min(wide, at.x + reach); x++) {
            const near = 1 - ((x - at.x) ** 2 + (y - at.y) ** 2) / reach ** 2;
            if (near > 0) most = Math.max(most, (density[y * wide + x] += incidents * near * near));
          }
        }
      }
      return [density, most];
    },

    _colour: function (strength) {
      const at = strength * (this._ramp.length - 1);
      const from = Math.min(Math.floor(at), this._ramp.length - 2);
      return this._ramp[from].map((channel, n) => channel + (at - from) * (this._ramp[from + 1][n] - channel));
    },
  });
})();
