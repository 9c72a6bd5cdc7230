// Where marks stand: none lies on another or under a control. The map's size and zoom are the browser's own, so it is done here.
(function () {
  "use strict";

  const GAP = 2; // pixels between two marks, and between a mark and a control or the map's edge
  const ROUNDS = 150;
  const PULL = 0.15; // the part of the way back to its place that a mark goes in the first round; in the last rounds it is 0
  const FARTHEST = 160; // a mark that finds no room within so many pixels stays where it is
  const NAMED = 0.05; // provinces with at least this share of the largest one's incidents keep their place and room for their name
  const NAME = { letter: 6.6, high: 16, gap: 6 }; // width of a letter, height of a name, and what keeps others off it; pixels
  const STEPS = [[0, 0]]; // pixels right and down, nearest first
  for (let radius = 3; radius <= FARTHEST; radius += 3)
    for (let turn = 0; turn < 24; turn++) STEPS.push([radius * Math.cos((turn * Math.PI) / 12), radius * Math.sin((turn * Math.PI) / 12)]);

  // Boxes of what a selector finds, in the map's pixels, each with the element.
  atlas.boxes = function (map, selector) {
    const container = map.getContainer();
    const zero = container.getBoundingClientRect();
    return [...container.querySelectorAll(selector)].map((element) => {
      const box = element.getBoundingClientRect();
      return { left: box.left - zero.left, top: box.top - zero.top, right: box.right - zero.left, bottom: box.bottom - zero.top, element };
    });
  };

  // Marks of spots never move, because a place that is known is where it is. Rings and provinces stand for areas. The largest
  // take the free place that is nearest to their own, and room for a name. The others push each other aside as little as possible, so
  // that they stay on their side of their neighbours (a cartogram of circles as in Dorling 1996); what still overlaps takes the
  // nearest free place. A line leads from a place to a mark that does not cover it.
  atlas.layOut = function (map) {
    const size = map.getSize();
    const taken = atlas.boxes(map, ".leaflet-control:not(.atlas-areas)"); // the list of areas finds room among the marks
    const marks = marksOf(map, size);
    const placed = marks.filter((mark) => !mark.ring);
    const areas = marks.filter((mark) => mark.ring).sort((one, other) => other.incidents - one.incidents);
    const least = NAMED * Math.max(...marks.map((mark) => mark.incidents));
    const large = areas.filter((mark) => mark.name && mark.incidents >= least);
    const others = areas.filter((mark) => !large.includes(mark));
    for (const mark of large) settle(mark, placed, taken, size);
    for (const mark of large) taken.push(...roomForName(mark, others, placed, taken));
    pushApart(others, placed, taken, size);
    for (const mark of others) settle(mark, placed, taken, size);
    marks.forEach(move);
    const displaced = marks.filter((mark) => mark.at.distanceTo(mark.home) > mark.radius);
    map.getPane("lines").replaceChildren(...displaced.map((mark) => line(map, mark)));
  };

  // home: where a mark belongs, in the map's pixels; at: where it stands; inside: whether it belongs into the map.
  function marksOf(map, size) {
    const marks = [];
    map.eachLayer((layer) => {
      if (!layer.mark || !layer._icon) return;
      const home = map.latLngToContainerPoint(layer.getLatLng());
      const inside = home.x >= 0 && home.y >= 0 && home.x <= size.x && home.y <= size.y;
      marks.push({ ...layer.mark, layer, home, at: home, inside, radius: layer.mark.px / 2 });
    });
    return marks;
  }

  function settle(mark, placed, taken, size) {
    const { radius, inside } = mark;
    const free = (at) => placed.every((other) => !overlap(radius, at, other)) && (!inside || !ways(at, radius, taken, size).length);
    const step = STEPS.find((step) => free(mark.at.add(step)));
    if (step) mark.at = mark.at.add(step);
    placed.push(mark);
  }

  // Beside a mark, where the fewest others belong; nothing where there is no room.
  function roomForName({ name, at, radius }, others, placed, taken) {
    const [wide, high] = [name.length * NAME.letter + 2 * NAME.gap, NAME.high + 2 * NAME.gap];
    const corners = [[radius - 2, -high / 2], [2 - radius - wide, -high / 2], [-wide / 2, radius - 2], [-wide / 2, 2 - radius - high]]; // prettier-ignore
    const boxes = corners.map(([right, down]) => ({ left: at.x + right, top: at.y + down, right: at.x + right + wide, bottom: at.y + down + high }));
    const clear = (box) => placed.every((mark) => mark.at === at || apart(mark.at, box) >= mark.radius) && taken.every((other) => !touch(box, other));
    const free = boxes.filter((box) => box.left > -NAME.gap && clear(box));
    const covers = (box) => others.filter((mark) => apart(mark.home, box) < mark.radius).length;
    return free.sort((one, other) => covers(one) - covers(other)).slice(0, 1);
  }

  function pushApart(marks, placed, taken, size) {
    for (let round = 0; round < ROUNDS; round++) {
      const pull = PULL * Math.max(0, 1 - (1.5 * round) / ROUNDS);
      for (const mark of marks) mark.at = mark.at.add(mark.home.subtract(mark.at).multiplyBy(pull));
      marks.forEach((one, n) => {
        for (const other of marks.slice(n + 1)) {
          const way = overlap(one.radius, one.at, other);
          if (way) [one.at, other.at] = [one.at.add(way.divideBy(2)), other.at.subtract(way.divideBy(2))];
        }
        for (const other of placed) one.at = one.at.add(overlap(one.radius, one.at, other) || [0, 0]);
        if (one.inside) for (const way of ways(one.at, one.radius, taken, size)) one.at = one.at.add(way);
      });
    }
  }

  // The way for a mark of this radius off another; nothing where they do not overlap.
  function overlap(radius, at, other) {
    const far = at.distanceTo(other.at);
    const over = radius + other.radius + GAP - far;
    if (over < 0.01) return null;
    return far ? at.subtract(other.at).multiplyBy(over / far) : L.point(over, 0);
  }

  // The ways for a mark out of the boxes and back into the map.
  function ways(at, radius, boxes, size) {
    const edge = radius + GAP;
    const nearest = L.point(Math.max(edge, Math.min(at.x, size.x - edge)), Math.max(edge, Math.min(at.y, size.y - edge)));
    return [nearest.subtract(at), ...boxes.map((box) => out(at, edge, box))].filter((way) => way.distanceTo([0, 0]) > 0.01);
  }

  function out(at, edge, box) {
    const far = apart(at, box);
    if (far) return at.subtract(nearestIn(box, at)).multiplyBy(Math.max(0, edge - far) / far);
    const sides = [[box.left - edge - at.x, 0], [box.right + edge - at.x, 0], [0, box.top - edge - at.y], [0, box.bottom + edge - at.y]]; // prettier-ignore
    return L.point(sides.reduce((least, side) => (Math.hypot(...side) < Math.hypot(...least) ? side : least)));
  }

  function nearestIn({ left, top, right, bottom }, { x, y }) {
    return L.point(Math.max(left, Math.min(x, right)), Math.max(top, Math.min(y, bottom)));
  }

  function apart(at, box) {
    return at.distanceTo(nearestIn(box, at));
  }

  function touch(one, other) {
    return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
  }

  function move({ layer, home, at, radius }) {
    const by = at.subtract(home);
    Object.assign(layer._icon.style, { marginLeft: by.x - radius + "px", marginTop: by.y - radius + "px" });
    layer.getTooltip().options.offset = by;
  }

  // From the place of a mark to its rim.
  function line(map, { home, at, radius }) {
    const element = L.DomUtil.create("i", "atlas-line");
    const { x, y } = map.containerPointToLayerPoint(home);
    const turn = Math.atan2(at.y - home.y, at.x - home.x);
    Object.assign(element.style, { left: x + "px", top: y + "px", width: at.distanceTo(home) - radius + "px", transform: `rotate(${turn}rad)` });
    return element;
  }
})();
