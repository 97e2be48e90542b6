// Lets readers explore runs: choices, a sentence, a line. All of it was made with the page; nothing is computed here.
(() => {
  const place = document.querySelector(".vg-explore");
  const source = place?.querySelector("template");
  if (!source) return;
  const { controls, lines, views, map, x: across, y: up, theory } = JSON.parse(source.content.textContent);
  source.remove();

  const HEIGHT = 300, LEFT = 34, RIGHT = 14, TOP = 30, BOTTOM = 46, SIZE = 3.5;
  const MARKS = {
    o: "m-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0", s: "m-3.2-3.2h6.4v6.4h-6.4z", "^": "m0-4.2l4.2 7.6h-8.4z",
    D: "m0-4.4l4.4 4.4l-4.4 4.4l-4.4-4.4z", v: "m0 4.2l4.2-7.6h-8.4z",
  };
  const make = (name, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };
  const drawn = (name, attributes, text = "") => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(text);
    return made;
  };
  const colour = (name) => `var(--vg-${name})`;
  const number = (value) => String(value).replace("-", "−");
  const key = (text) => text.toLowerCase().replace(/[^a-z0-9.]+/g, "-").replace(/-$/, "");

  // what is chosen: the place of an option for each control, kept in the address
  let chosen = [];
  const read = () => {
    const kept = new URLSearchParams(location.hash.slice(1));
    chosen = controls.map(({ name, options, start }) => {
      const found = options.findIndex((option) => key(option) === kept.get(key(name)));
      return found < 0 ? start : found;
    });
  };
  const keep = () => {
    const kept = new URLSearchParams(controls.map(({ name, options }, i) => [key(name), key(options[chosen[i]])]));
    if (location.hash !== `#${kept}`) history.pushState(history.state, "", `#${kept}`);
  };
  const applies = ({ only }) => {
    const other = only && controls.findIndex(({ name }) => name === only[0]);
    return !only || controls[other].options[chosen[other]] === only[1];
  };

  const choose = (control, option) => {
    chosen[control] = option;
    show();
  };
  const slider = ({ name, options }, i) => {
    const id = `vg-choice-${i}`;
    const input = make("input", { type: "range", id, min: 0, max: options.length - 1 });
    const value = make("output");
    input.addEventListener("input", () => choose(i, input.valueAsNumber));
    const tell = () => {
      input.value = chosen[i];
      input.ariaValueText = value.textContent = options[chosen[i]];
    };
    return [make("div", {}, make("label", { htmlFor: id, textContent: name }), input, value), tell];
  };
  const radios = ({ name, options }, i) => {
    const id = `vg-choice-${i}`;
    const inputs = options.map((_, option) => {
      const input = make("input", { type: "radio", name: id });
      input.addEventListener("input", () => choose(i, option));
      return input;
    });
    const labels = inputs.map((input, option) => make("label", {}, input, options[option]));
    const group = make("div", { role: "radiogroup" }, make("span", { id, textContent: name }), ...labels);
    group.setAttribute("aria-labelledby", id);
    return [group, () => inputs.forEach((input, option) => { input.checked = option === chosen[i]; })];
  };
  const fields = controls.map((control, i) => (control.slider ? slider : radios)(control, i));

  const said = make("p", { className: "vg-said", ariaLive: "polite" });
  const plot = make("div"), plane = make("div");
  const how = make("p", { className: "vg-how" });
  const rows = make("tbody");
  const heads = [across, "median", "lowest", "highest", "theory"].map((text) => make("th", { scope: "col", textContent: text }));
  const table = make("table", {}, make("thead", {}, make("tr", {}, ...heads)), rows);
  const numbers = make("details", {}, make("summary", { textContent: "The numbers of this view as a table" }), table);

  const steps = (low, high, most) => {
    const step = [1, 2, 4, 5, 10, 20, 40, 50].find((one) => (high - low) / one <= most);
    return { step, first: Math.floor(low / step) * step, last: Math.ceil(high / step) * step };
  };
  // all lines of one length share their scales, so that what changes is the line
  const scales = (line, width) => {
    const end = line.x.at(-1);
    const alike = lines.filter(({ x }) => x.at(-1) === end).flatMap(({ low, high, theory }) => [...low, ...high, ...theory]);
    const { step, first, last } = steps(Math.min(0, ...alike), Math.max(0, ...alike), 6);
    const start = line.x[0], margin = 0.03 * (end - start);
    return {
      step, first, last, start, end,
      x: (value) => LEFT + ((value - start + margin) / (end - start + 2 * margin)) * (width - LEFT - RIGHT),
      y: (value) => TOP + ((last - value) / (last - first)) * (HEIGHT - TOP - BOTTOM),
    };
  };
  const canvas = (width, height, words) => {
    const svg = drawn("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img" });
    svg.append(drawn("title", {}, words));
    return svg;
  };
  const axes = (svg, { step, first, last, start, end, x, y }, width) => {
    for (let value = first; value <= last; value += step) {
      svg.append(
        drawn("path", { d: `M${LEFT} ${y(value)}H${width - RIGHT}`, stroke: colour("grid") }),
        drawn("text", { x: LEFT - 6, y: y(value) + 4.5, "text-anchor": "end", fill: colour("muted") }, number(value)),
      );
    }
    svg.append(drawn("path", { d: `M${LEFT} ${HEIGHT - BOTTOM}H${width - RIGHT}`, stroke: colour("axis") }));
    const every = [1, 2, 5, 10, 20].find((one) => end <= 5 * one) ?? 50;
    for (let value = start; value <= end; value = (Math.floor(value / every) + 1) * every) {
      svg.append(drawn("text", { x: x(value), y: HEIGHT - 28, "text-anchor": "middle", fill: colour("muted") }, value));
    }
    svg.append(
      drawn("text", { x: 0, y: 14, fill: colour("ink") }, up),
      drawn("text", { x: (LEFT + width - RIGHT) / 2, y: HEIGHT - 8, "text-anchor": "middle", fill: colour("muted") }, across),
    );
  };
  const draw = ([place, at, words]) => {
    const line = lines[place], width = plot.clientWidth, scale = scales(line, width), { x, y } = scale;
    const svg = canvas(width, HEIGHT, words);
    axes(svg, scale, width);
    const joined = (values) => values.map((value, i) => `${i ? "L" : "M"}${x(line.x[i])} ${y(value)}`).join("");
    const plain = { fill: "none", "stroke-width": 1.5 }, hue = colour(line.meaning);
    const bars = line.x.map((value, i) => `M${x(value)} ${y(line.low[i])}V${y(line.high[i])}`).join("");
    const marks = line.x.map((value, i) => `M${x(value)} ${y(line.middle[i])}${MARKS[line.marker]}`).join("");
    svg.append(
      line.theory.length
        ? drawn("path", { ...plain, d: joined(line.theory), stroke: colour("ink"), "stroke-dasharray": "5 3.5" })
        : drawn("path", { ...plain, d: joined(line.middle), stroke: hue }),
      drawn("path", { ...plain, d: bars, stroke: hue }),
      drawn("path", { d: marks, fill: hue }),
    );
    const marked = line.x.indexOf(at), high = y(line.middle[marked]);
    const below = high < TOP + 40, right = x(at) > width - 90;
    svg.append(
      drawn("circle", { ...plain, cx: x(at), cy: high, r: 2.4 * SIZE, stroke: colour("ink") }),
      drawn("text", { x: x(at) + (right ? 8 : -8), y: high + (below ? 28 : -16), "text-anchor": right ? "end" : "start", fill: hue }, line.name),
    );
    plot.replaceChildren(svg);
  };

  const drawMap = () => {
    const width = plane.clientWidth, [columns, levels] = controls.map(({ options }) => options);
    const svg = canvas(width, HEIGHT, `${map.y}, by ${map.x}`);
    const wide = (width - LEFT - RIGHT) / columns.length, tall = (HEIGHT - TOP - BOTTOM) / levels.length;
    const left = (column) => LEFT + column * wide, top = (level) => HEIGHT - BOTTOM - (level + 1) * tall;
    const word = (x, y, text, fill = "muted") => drawn("text", { x, y, "text-anchor": "middle", fill: colour(fill) }, text);
    columns.forEach((name, column) => {
      levels.forEach((_, level) => {
        const cell = drawn("g", { cursor: "pointer", "data-cell": `${column} ${level}` });
        const box = { x: left(column), y: top(level), width: wide, height: tall };
        cell.append(
          drawn("rect", { ...box, fill: colour(map.inks[level][column]), stroke: colour("paper") }),
          word(left(column) + wide / 2, top(level) + tall / 2 + 4.5, map.texts[level][column], "ink"),
        );
        cell.addEventListener("click", () => {
          chosen[0] = column;
          choose(1, level);
          keep();
        });
        svg.append(cell);
      });
      svg.append(word(left(column) + wide / 2, HEIGHT - 28, name));
    });
    levels.forEach((name, level) => {
      svg.append(drawn("text", { x: LEFT - 6, y: top(level) + tall / 2 + 4.5, "text-anchor": "end", fill: colour("muted") }, name));
    });
    svg.append(
      drawn("text", { x: 0, y: 14, fill: colour("ink") }, map.y),
      word((LEFT + width - RIGHT) / 2, HEIGHT - 8, map.x),
      drawn("rect", {
        x: left(chosen[0]), y: top(chosen[1]), width: wide, height: tall, fill: "none", stroke: colour("ink"),
        "stroke-width": 2.5, "pointer-events": "none",
      }),
    );
    plane.replaceChildren(svg);
  };

  const show = () => {
    fields.forEach(([field, tell], i) => {
      tell();
      for (const input of field.querySelectorAll("input")) input.disabled = !applies(controls[i]);
      field.classList.toggle("vg-idle", !applies(controls[i]));
    });
    const view = views[controls.reduce((sum, { options }, i) => sum * options.length + chosen[i], 0)];
    const line = lines[view[0]];
    said.textContent = view[2];
    how.textContent = `Marks: the median of the seeds. Bars: all of them. ${line.theory.length ? `Dashed: ${theory}, nothing is fitted.` : "This book has no theory for this view, so its marks are joined."}`;
    rows.replaceChildren(...line.x.map((value, i) => {
      const cells = [line.middle, line.low, line.high, line.theory].map((values) => values[i]?.toFixed(2) ?? "none");
      return make("tr", {}, ...[value, ...cells].map((text) => make("td", { textContent: number(text) })));
    }));
    if (!plot.clientWidth) return; // not on the screen yet, or on paper
    if (map) drawMap();
    draw(view);
  };

  const box = make("div", { className: "vg-choices" }, ...fields.map(([field]) => field));
  box.addEventListener("change", keep);
  const pictures = make("div", { className: "vg-views" }, ...(map ? [plane] : []), plot);
  place.append(box, said, pictures, how, numbers);
  const again = () => {
    if (!place.isConnected) return;
    read();
    show();
  };
  addEventListener("popstate", again);
  addEventListener("hashchange", again);
  read();
  new ResizeObserver(show).observe(pictures);
})();
