// Reads the page aloud, sentence by sentence, with a voice of the reader's own device. It comes when the button of
// book.js is first pressed, and starts at once.
(() => {
  const button = document.querySelector(".vg-aloud");
  const speech = window.speechSynthesis;
  const UNREAD = "script, style, template, nav, footer, button, input, select, textarea, .headerlink, .anchor-link, "
    + ".footnote-ref, .vg-card, .vg-live, .vg-provenance, .vg-reproduce, .vg-numbers, .vg-badge, .vg-people, .jp-Prompt";

  // Formulas

  const SIGNS = {
    "∂": "partial", "∑": "the sum", "∏": "the product", "=": "equals", "+": "plus", "−": "minus", "-": "minus",
    "·": "times", "⋅": "times", "×": "times", "⊙": "times", "/": "over", "≤": "is at most", "≥": "is at least",
    "<": "is less than", ">": "is greater than", "≈": "is about", "∼": "is distributed as", "∈": "in", "→": "to",
    "←": "becomes", "∞": "infinity", "⊤": "transposed", "′": "prime", "⋯": "and so on", "…": "and so on", "ˆ": "hat",
    "^": "hat", "¯": "bar", "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "η": "eta",
    "θ": "theta", "λ": "lambda", "μ": "mu", "ξ": "xi", "π": "pi", "ρ": "rho", "σ": "sigma", "ϕ": "phi", "φ": "phi",
    "χ": "chi", "Δ": "delta",
  };
  const leaf = (node) => {
    const text = node.textContent.replace(/[\u2061-\u2064]/g, "").trim();
    return SIGNS[text] ?? SIGNS[text.normalize("NFKD")] ?? text.normalize("NFKD");
  };
  const raised = (power) => {
    if (["prime", "transposed"].includes(power)) return power;
    return power === "2" ? "squared" : `to the power of ${power}`;
  };
  const LAYOUTS = {
    mfrac: (above, below) => `${above} over ${below}`,
    msqrt: (...inside) => `the root of ${inside.join(" ")}`,
    mroot: (inside, degree) => `the root number ${degree} of ${inside}`,
    msub: (base, index) => `${base} sub ${index}`,
    msup: (base, power) => `${base} ${raised(power)}`,
    msubsup: (base, index, power) => `${base} sub ${index} ${raised(power)}`,
    munder: (base, from) => `${base} over ${from}`,
    munderover: (base, from, to) => `${base} from ${from} to ${to},`,
    mtr: (...cells) => `${cells.join(" ")};`,
  };
  const formula = (node) => {
    const parts = [...node.children].map(formula).filter(Boolean);
    if (!node.children.length) return leaf(node);
    return LAYOUTS[node.localName]?.(...parts) ?? parts.join(" ");
  };

  // What there is to read: passages of text, each with the nodes it comes from

  const words = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return node.data.replace(/\s/g, " ");
    if (node.nodeType !== Node.ELEMENT_NODE || node.matches(UNREAD) || !shown(node)) return "";
    return node.localName === "math" ? ` ${formula(node)} ` : [...node.childNodes].map(words).join("");
  };
  const shown = (node) => node.checkVisibility?.() ?? true;
  const row = (names, { cells }) => {
    const said = [...cells].map((cell, column) => [names[column], words(cell).trim()]).filter(([, text]) => text);
    return `${said.map(([name, text], place) => (place && name ? `${name}: ${text}` : text)).join("; ")}.`;
  };
  const BLOCKS = {
    pre: (node) => (node.closest(".jp-OutputArea") ? "Its output." : "A code listing."),
    svg: (node) => node.querySelector("desc") && `Figure: ${node.querySelector("desc").textContent}`,
  };

  const passages = (root) => {
    const found = [];
    let passage = { text: "", pieces: [] };
    const end = () => {
      if (passage.text.trim()) found.push(passage);
      passage = { text: "", pieces: [] };
    };
    const add = (text, node) => {
      passage.pieces.push({ from: passage.text.length, node });
      passage.text += text;
    };
    const alone = (text, node) => {
      end();
      if (text) found.push({ text, whole: node });
    };
    const walk = (node) => {
      if (node.nodeType === Node.TEXT_NODE || node.localName === "math") return add(words(node), node);
      if (node.nodeType !== Node.ELEMENT_NODE || node.matches(UNREAD) || !shown(node)) return;
      if (node.localName in BLOCKS) return alone(BLOCKS[node.localName](node), node);
      if (node.localName === "table") {
        const names = [...(node.tHead?.rows[0]?.cells ?? [])].map((cell) => cell.textContent.trim());
        for (const body of node.tBodies) for (const one of body.rows) alone(row(names, one), one);
        return;
      }
      const apart = !getComputedStyle(node).display.startsWith("inline");
      if (apart) end();
      node.childNodes.forEach(walk);
      if (apart) end();
    };
    walk(root);
    end();
    return found;
  };

  const range = ({ pieces }, from, to) => {
    const made = document.createRange();
    const start = pieces.findLast((piece) => piece.from <= from);
    const last = pieces.findLast((piece) => piece.from < to);
    if (start.node.data) made.setStart(start.node, from - start.from);
    else made.setStartBefore(start.node);
    if (last.node.data) made.setEnd(last.node, Math.min(to - last.from, last.node.length));
    else made.setEndAfter(last.node);
    return made;
  };
  const cut = (text) => {
    if (!Intl.Segmenter) return [{ index: 0, segment: text }];
    return [...new Intl.Segmenter("en", { granularity: "sentence" }).segment(text)];
  };
  const sentences = (passage) => {
    if (passage.whole) return [{ text: passage.text, whole: passage.whole }];
    return cut(passage.text).filter(({ segment }) => segment.trim()).map(({ index, segment }) => {
      const from = index + segment.length - segment.trimStart().length;
      return { text: segment.trim(), range: range(passage, from, index + segment.trimEnd().length) };
    });
  };

  // What is being read stands out

  const sheet = new CSSStyleSheet();
  sheet.replaceSync("::highlight(vg-aloud) { background: var(--vg-grid); color: var(--vg-ink) }"
    + "[data-aloud] { outline: 2px solid var(--vg-axis); outline-offset: 2px }");
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];

  const hide = () => {
    document.querySelector("[data-aloud]")?.removeAttribute("data-aloud");
    CSS.highlights?.delete("vg-aloud");
  };
  const show = ({ range: where, whole }) => {
    hide();
    if (whole) whole.dataset.aloud = "";
    else if (CSS.highlights) CSS.highlights.set("vg-aloud", new Highlight(where));
    else where.startContainer.parentElement.dataset.aloud = "";
    const { top, bottom } = (whole ?? where).getBoundingClientRect();
    if (top < 100 || bottom > innerHeight - 20) scrollBy(0, top - innerHeight / 3);
  };

  // Reading, pausing, stopping

  const ICONS = {
    read: button.innerHTML,
    pause: '<svg viewBox="0 0 24 24"><path d="M14 19h4V5h-4M6 19h4V5H6z"/></svg>',
    "go on": '<svg viewBox="0 0 24 24"><path d="M8 5v14l11-7z"/></svg>',
    stop: '<svg viewBox="0 0 24 24"><path d="M6 6h12v12H6z"/></svg>',
  };
  const LABELS = { read: button.title, pause: "Pause reading", "go on": "Go on reading", stop: "Stop reading" };
  const become = (one, what) => {
    one.innerHTML = ICONS[what];
    one.title = one.ariaLabel = LABELS[what];
  };
  const ending = Object.assign(document.createElement("button"), { type: "button", className: button.className });
  ending.classList.remove("vg-aloud");
  become(ending, "stop");

  let queue = [], place = 0, speaking = null;

  const silence = () => {
    speaking = null; // so that the end of what is cut off starts nothing
    speech.cancel();
  };
  const stop = () => {
    if (!queue.length) return;
    queue = [];
    silence();
    hide();
    if (document.activeElement === ending) button.focus();
    ending.remove();
    become(button, "read");
  };
  const say = () => {
    if (place >= queue.length) return stop();
    const voices = speech.getVoices().filter(({ lang, localService }) => localService && lang.startsWith("en"));
    const text = queue[place].text.replaceAll("∂", "partial ").replaceAll("−", "minus ");
    const one = new SpeechSynthesisUtterance(text.replace(/\s+/g, " ").replace(/ ([,.;:!?)])/g, "$1"));
    one.voice = voices.find((voice) => voice.default) ?? voices[0];
    one.lang = one.voice?.lang ?? "en";
    one.onend = () => {
      if (speaking !== one) return;
      place++;
      say();
    };
    one.onerror = () => speaking === one && stop();
    speaking = one;
    show(queue[place]);
    become(button, "pause");
    speech.speak(one);
  };
  // Paused and taken up again a sentence starts anew: some browsers cannot halt a voice
  const press = () => {
    if (speaking) {
      silence();
      become(button, "go on");
    } else if (queue.length) say();
    else {
      queue = passages(document.querySelector("article")).flatMap(sentences);
      place = 0;
      button.after(ending);
      say();
    }
  };

  button.addEventListener("click", press);
  ending.addEventListener("click", stop);
  addEventListener("keydown", ({ key }) => key === "Escape" && stop());
  addEventListener("pagehide", stop);
  window.document$?.subscribe(stop); // the theme loads the next page in place
  press();
})();
