// Extras: a card for each measured number and each word of the glossary, figures in the whole window, tables that sort,
// code of labs that the keyboard scrolls, and a button that reads a page aloud. Without them a number is a link to the
// ledger, a word one to the glossary, and a figure one to its picture alone.
(() => {
  const wide = matchMedia("(min-width: 44em)");
  const make = (name, properties) => Object.assign(document.createElement(name), properties);
  const on = (type, listener) => document.addEventListener(type, listener, true);

  const card = make("div", { className: "vg-card", id: "vg-card", popover: "auto", role: "group" });
  let owner, wanted, timer, returning, glossary;

  const number = ({ dataset, href }) => {
    const { claim, value, seeds, range, bounds } = dataset;
    const spread = seeds > 1 ? `Median of ${seeds} seeds; all ${seeds} from ${range}. ` : "";
    card.ariaLabel = "Where this number comes from";
    return [
      make("strong", { textContent: `Measured: ${value}` }),
      make("p", { textContent: `${spread}Checked on every build: ${bounds}.` }),
      make("a", { textContent: claim, href }),
    ];
  };

  // the glossary is one page, which comes when a reader first asks for a word
  const learn = (term, tapped) => {
    if (location.protocol === "file:") return tapped && location.assign(term.href); // where no page comes in another
    fetch(term.href).then((answer) => answer.text()).then((text) => {
      glossary = new DOMParser().parseFromString(text, "text/html");
      for (const link of glossary.links) link.href = new URL(link.getAttribute("href"), term.href);
      if (wanted === term) open(term);
    }).catch(() => tapped && location.assign(term.href));
  };
  const meaning = ({ hash, href }) => {
    const term = glossary.getElementById(hash.slice(1));
    const words = glossary.querySelector(`${hash} ~ dd`).cloneNode(true);
    card.ariaLabel = "What this word means";
    return [
      make("strong", { textContent: term.textContent }),
      Object.assign(make("p"), { innerHTML: words.innerHTML }),
      make("a", { textContent: "Glossary", href }),
    ];
  };

  const ownerAt = ({ target }) => target.closest?.("[data-claim], .vg-term");
  const close = () => {
    wanted = null;
    if (owner) card.hidePopover();
  };
  const open = (one, tapped) => {
    clearTimeout(timer);
    if (one === owner) return;
    close();
    wanted = one;
    const defined = one.matches(".vg-term");
    if (defined && !glossary) return learn(one, tapped);
    owner = one;
    card.replaceChildren(...(defined ? meaning : number)(one));
    one.setAttribute("aria-details", card.id); // by which the style sheet places the card
    one.after(card); // so that Tab goes from the number into its card
    card.showPopover();
  };

  card.addEventListener("beforetoggle", ({ newState }) => {
    if (newState === "open") return;
    const last = owner;
    last.removeAttribute("aria-details");
    owner = null;
    returning = true; // it gets the focus back, and must not open its card again
    if (card.contains(document.activeElement)) last.focus();
    returning = false;
  });

  if (card.showPopover) {
    on("pointerover", (event) => {
      if (event.pointerType !== "mouse" || !wide.matches) return;
      const one = ownerAt(event);
      clearTimeout(timer);
      if (one) timer = setTimeout(open, 150, one);
      else if (!card.contains(event.target) && document.activeElement !== owner) timer = setTimeout(close, 250);
    });
    on("focusin", (event) => {
      const one = ownerAt(event);
      if (returning) return;
      if (one?.matches(":focus-visible")) open(one);
      else if (!card.contains(event.target)) close();
    });
    // a tap opens the card, and the link in it goes on; the mouse and the Enter key go on at once
    on("click", (event) => {
      const one = ownerAt(event);
      if (!one || !event.detail || event.ctrlKey || event.metaKey) return;
      if (wide.matches && event.pointerType === "mouse") return;
      event.preventDefault();
      event.stopPropagation(); // else the theme loads the link's page
      open(one, true);
    });
  }

  const enlarge = (figure) => {
    const place = figure.querySelector(".vg-column"), picture = place.firstChild;
    const dialog = make("dialog", { className: "vg-plot vg-large" });
    dialog.setAttribute("aria-labelledby", `${figure.id}-message`);
    const button = make("button", { type: "button", className: "vg-again", textContent: "Close" });
    button.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => {
      place.append(picture);
      place.style.blockSize = "";
      dialog.remove();
    });
    place.style.blockSize = `${place.clientHeight}px`; // so that nothing moves below
    dialog.append(button, picture);
    figure.after(dialog);
    dialog.showModal();
  };
  on("click", (event) => {
    const link = event.target.closest?.(".vg-enlarge");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation(); // else the theme loads the link's page
    enlarge(link.closest("figure"));
  });

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

  // a button for each page, where the device itself has a voice for it; what it does comes when it is pressed
  const folder = document.currentScript.src;
  const speech = window.speechSynthesis;
  const offer = () => {
    const search = document.querySelector(".md-header .md-search");
    const voice = speech?.getVoices().find(({ lang, localService }) => localService && lang.startsWith("en"));
    if (!voice || !search || document.querySelector(".vg-aloud")) return;
    const button = make("button", { type: "button", className: "vg-aloud md-header__button md-icon" });
    button.title = button.ariaLabel = "Read this page aloud";
    button.innerHTML = '<svg viewBox="0 0 24 24"><path d="M5 9v6h4l5 5V4L9 9m9.5 3c0-1.8-1-3.3-2.5-4v8c1.5-.7 2.5-2.2 2.5-4"/></svg>';
    const script = make("script", { src: new URL("read-aloud.js", folder) });
    button.addEventListener("click", () => document.head.append(script), { once: true });
    search.before(button);
  };
  if (speech) speech.onvoiceschanged = offer;

  const ready = () => {
    close();
    offer();
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
