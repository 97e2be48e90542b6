// A filter above a table of the ledger: only the rows that contain what is typed stay. Without it the table is whole.
// And roles, by which it stays a table to every screen reader where a phone shows it row by row.
(() => {
  const place = document.querySelector(".vg-filter");
  if (!place || place.firstChild) return;
  const make = (name, properties) => Object.assign(document.createElement(name), properties);
  const rows = [...document.querySelectorAll(".vg-ledger tbody tr")].map((row) => [row, row.textContent.toLowerCase()]);

  const label = make("label", { htmlFor: "vg-filter", textContent: "Filter " });
  // its look stands here, since no other page needs it
  const field = make("input", {
    type: "search", id: "vg-filter", autocomplete: "off", spellcheck: false,
    style: "font: inherit; color: inherit; background: var(--vg-panel); border: 1px solid var(--vg-axis);"
      + "padding: .1rem .4rem; inline-size: 8rem",
  });
  const left = make("output", { htmlFor: "vg-filter", style: "margin-inline-start: .5rem; color: var(--vg-muted)" });

  const filter = () => {
    const words = field.value.toLowerCase().split(/\s+/);
    for (const [row, text] of rows) row.hidden = !words.every((word) => text.includes(word));
    const shown = rows.filter(([row]) => !row.hidden).length;
    left.textContent = shown < rows.length ? `${shown} of ${rows.length} rows` : `${rows.length} rows`;
  };

  const roles = { thead: "rowgroup", tbody: "rowgroup", tr: "row", "thead th": "columnheader", "tbody th": "rowheader", td: "cell" };
  for (const [names, role] of Object.entries(roles)) {
    for (const one of document.querySelectorAll(`.vg-ledger :is(${names})`)) one.role = role;
  }

  field.addEventListener("input", filter);
  place.append(label, field, left);
  filter();
})();
