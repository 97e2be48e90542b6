// Two extras: a card for each measured number, and tables that sort. Without this file a number is a link to its row
// in the ledger, and a table stays in its order.

(() => {
  const wide = matchMedia("(min-width: 44em)");
  const make = (name, properties) => Object.assign(document.createElement(name), properties);
  const on = (type, listener) => document.addEventListener(type, listener);

  // Claim cards; the style sheet places a card beside the number that has aria-details.
  const card = make("div", { className: "vg-card", id: "vg-card", popover: "auto", role: "group" });
  card.ariaLabel = "Where this number comes from";
  let owner, timer, pointer, closed = -1e3;

  const claimAt = ({ target }) => target.closest?.(".vg-claim[data-claim]");
  const within = (node) => node && (owner?.contains(node) || card.contains(node));
  const later = (milliseconds, action) => {
    clearTimeout(timer);
    timer = setTimeout(action, milliseconds);
  };
  const close = () => card.matches(":popover-open") && card.hidePopover();
  const open = (claim) => {
    clearTimeout(timer);
    if (claim === owner) return;
    close();
    owner = claim;
    const { claim: name, value, range, seeds, bounds } = claim.dataset;
    const spread = seeds > 1 ? `Median of ${seeds} seeds; all ${seeds} from ${range}. ` : "";
    card.replaceChildren(
      make("strong", { textContent: `Measured: ${value}` }),
      make("p", { textContent: `${spread}Checked on every build: ${bounds}.` }),
      make("a", { textContent: name, href: claim.href }),
    );
    claim.setAttribute("aria-details", card.id);
    claim.after(card); // so that Tab goes from the number into its card
    card.showPopover();
  };

  card.addEventListener("beforetoggle", ({ newState }) => {
    if (newState === "open") return;
    const back = card.contains(document.activeElement) && owner;
    owner.removeAttribute("aria-details");
    owner = undefined;
    closed = performance.now();
    back && back.focus();
  });

  if (card.showPopover) {
    on("pointerdown", (event) => { pointer = event.pointerType; });
    on("pointerover", (event) => {
      if (event.pointerType !== "mouse" || !wide.matches) return;
      const claim = claimAt(event);
      if (claim) later(150, () => open(claim));
      else if (within(event.target)) clearTimeout(timer);
      else later(250, close);
    });
    // Esc gives the focus back to the number, which must not open the card again
    on("focusin", (event) => {
      const claim = claimAt(event);
      if (claim?.matches(":focus-visible") && performance.now() - closed > 300) open(claim);
    });
    on("focusout", ({ target, relatedTarget }) => {
      if (relatedTarget && within(target) && !within(relatedTarget)) close();
    });
    // a tap opens the card, the link in it goes on; the mouse and the Enter key go on at once
    on("click", (event) => {
      const claim = claimAt(event);
      if (!claim || !event.detail || event.ctrlKey || event.metaKey || (pointer === "mouse" && wide.matches)) return;
      event.preventDefault();
      open(claim);
    });
  }

  // Sortable tables: data-sort on a cell overrides its text.
  const key = (row, column) => {
    const { dataset, textContent } = row.cells[column];
    const text = dataset.sort ?? textContent.trim();
    const number = parseFloat(text.replace("−", "-"));
    return isNaN(number) ? text : number;
  };
  const compare = (a, b) => (typeof a === typeof b ? (a > b) - (a < b) : typeof a === "number" ? -1 : 1);

  const sort = (table, heading, live) => {
    const order = heading.ariaSort === "ascending" ? "descending" : "ascending";
    for (const one of heading.parentNode.cells) one.ariaSort = null;
    heading.ariaSort = order;
    const [body] = table.tBodies, column = heading.cellIndex, sign = order === "ascending" ? 1 : -1;
    body.append(...[...body.rows].sort((a, b) => sign * compare(key(a, column), key(b, column))));
    live.textContent = `Sorted by ${heading.textContent.trim()}, ${order}`;
  };

  const ready = () => {
    close();
    for (const table of document.querySelectorAll("table.vg-sortable:not(:has(th > button))")) {
      const live = make("p", { className: "vg-live", ariaLive: "polite" });
      table.parentNode.after(live);
      for (const heading of table.tHead.rows[0].cells) {
        const button = make("button", { type: "button", onclick: () => sort(table, heading, live) });
        button.append(...heading.childNodes);
        heading.append(button);
      }
    }
  };

  // the theme tells of every page, those loaded in place included
  if (window.document$) window.document$.subscribe(ready);
  else on("DOMContentLoaded", ready);
})();
