// Extras: a card for each measured number, tables that sort, and code of labs that the keyboard scrolls.
// Without them a number is a link to the ledger.
(() => {
  const wide = matchMedia("(min-width: 44em)");
  const make = (name, properties) => Object.assign(document.createElement(name), properties);
  const on = (type, listener) => document.addEventListener(type, listener, true);

  const card = make("div", { className: "vg-card", id: "vg-card", popover: "auto", role: "group" });
  card.ariaLabel = "Where this number comes from";
  let owner, timer, returning;

  const claimAt = ({ target }) => target.closest?.("[data-claim]");
  const close = () => owner && card.hidePopover();
  const open = (claim) => {
    clearTimeout(timer);
    if (claim === owner) return;
    close();
    owner = claim;
    const { value, seeds, range, bounds } = claim.dataset;
    const spread = seeds > 1 ? `Median of ${seeds} seeds; all ${seeds} from ${range}. ` : "";
    card.replaceChildren(
      make("strong", { textContent: `Measured: ${value}` }),
      make("p", { textContent: `${spread}Checked on every build: ${bounds}.` }),
      make("a", { textContent: claim.dataset.claim, href: claim.href }),
    );
    claim.setAttribute("aria-details", card.id); // by which the style sheet places the card
    claim.after(card); // so that Tab goes from the number into its card
    card.showPopover();
  };

  card.addEventListener("beforetoggle", ({ newState }) => {
    if (newState === "open") return;
    const last = owner;
    last.removeAttribute("aria-details");
    owner = null;
    returning = true; // the number gets the focus back, and must not open its card again
    if (card.contains(document.activeElement)) last.focus();
    returning = false;
  });

  if (card.showPopover) {
    on("pointerover", (event) => {
      if (event.pointerType !== "mouse" || !wide.matches) return;
      const claim = claimAt(event);
      clearTimeout(timer);
      if (claim) timer = setTimeout(open, 150, claim);
      else if (!card.contains(event.target) && document.activeElement !== owner) timer = setTimeout(close, 250);
    });
    on("focusin", (event) => {
      const claim = claimAt(event);
      if (returning) return;
      if (claim?.matches(":focus-visible")) open(claim);
      else if (!card.contains(event.target)) close();
    });
    // a tap opens the card, and the link in it goes on; the mouse and the Enter key go on at once
    on("click", (event) => {
      const claim = claimAt(event);
      if (!claim || !event.detail || event.ctrlKey || event.metaKey) return;
      if (wide.matches && event.pointerType === "mouse") return;
      event.preventDefault();
      event.stopPropagation(); // else the theme loads the link's page
      open(claim);
    });
  }

  const key = ({ dataset, textContent }) => {
    const text = dataset.sort ?? textContent.trim();
    const number = parseFloat(text.replace("−", "-"));
    return isNaN(number) ? text : number;
  };

  const sort = ({ tBodies: [body] }, heading, live) => {
    const up = heading.ariaSort !== "ascending", column = heading.cellIndex;
    const order = up ? "ascending" : "descending";
    for (const one of heading.parentNode.cells) one.ariaSort = null;
    heading.ariaSort = order;
    const rows = [...body.rows].map((row) => [key(row.cells[column]), row]);
    rows.sort(([a], [b]) => ((a > b) - (a < b)) * (up ? 1 : -1));
    body.append(...rows.map(([, row]) => row));
    live.textContent = `Sorted by ${heading.textContent.trim()}, ${order}`;
  };

  // the theme does this for code of its own
  const scrolling = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }
  });

  const ready = () => {
    close();
    scrolling.disconnect();
    for (const one of document.querySelectorAll(".jupyter-wrapper :is(pre, .jp-OutputArea-output)")) scrolling.observe(one);
    for (const table of document.querySelectorAll(".vg-sortable:not(:has(button))")) {
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
  if (window.document$) document$.subscribe(ready);
  else on("DOMContentLoaded", ready);
})();
