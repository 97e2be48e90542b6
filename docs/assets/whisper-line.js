// A slider above the table of the whisper line: how much of the message arrives after so many people.
(() => {
  const place = document.querySelector(".vg-line");
  const table = place?.querySelector("table");
  if (!table || place.querySelector("input")) return;
  const make = (name, properties) => Object.assign(document.createElement(name), properties);
  const DEEPEST = 14; // decades at which a bar is empty: what twenty sigmoid layers lose, and a little more

  const lines = [...table.tBodies[0].rows].map(({ cells: [name, factor] }) => ({
    name: name.textContent,
    decades: Math.log10(parseFloat(factor.querySelector("[data-value]").dataset.value)),
    bar: make("span", { className: "vg-loud" }),
    said: make("span"),
  }));

  const said = (decades) => {
    if (decades < -3.2) return `${(-decades).toFixed(1)} decades lost`;
    if (decades > 0.2) return `${Math.round(10 ** decades)} times too loud`;
    const percent = 100 * 10 ** decades;
    return `${percent < 1 ? percent.toFixed(2) : percent.toFixed(0)}%`;
  };

  const slider = make("input", { type: "range", id: "vg-people", min: 1, max: 60, value: 20 });
  const label = make("label", { htmlFor: slider.id });
  const list = make("ul");
  for (const { name, bar, said } of lines) {
    const item = make("li");
    item.append(make("span", { textContent: name }), bar, said);
    list.append(item);
  }
  const tell = () => {
    const people = slider.valueAsNumber;
    label.textContent = people === 1 ? "1 person in the line" : `${people} people in the line`;
    for (const line of lines) {
      const decades = people * line.decades;
      line.said.textContent = said(decades);
      line.bar.style.setProperty("--loud", Math.min(1, Math.max(0, 1 + decades / DEEPEST)));
    }
    slider.ariaValueText = `${label.textContent}. ${lines.map((one) => `${one.name}: ${one.said.textContent}`).join(". ")}`;
  };
  slider.addEventListener("input", tell);
  tell();
  const group = make("div", { className: "vg-people" });
  const note = "What would arrive if all people of a line passed on the same fraction. A bar is full at what was said and loses a fourteenth for "
    + "every factor of ten. The table below is measured.";
  group.append(label, slider, list, make("p", { className: "vg-note", textContent: note }));
  place.prepend(group);
})();
