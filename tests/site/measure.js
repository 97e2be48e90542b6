// What the tests ask of a page once it is shown; every length is in pixels on the screen.
window.measure = (() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const shown = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const box = ({ left, top, right, bottom }) => ({ left, top, right, bottom });
  const pictures = () => all(":is(.vg-plot, .vg-gallery) svg").filter(shown);

  let shift = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) shift += entry.value;
  }).observe({ type: "layout-shift", buffered: true });

  let paint = 0;
  new PerformanceObserver((list) => {
    for (const { startTime } of list.getEntries()) paint = startTime;
  }).observe({ type: "largest-contentful-paint", buffered: true });

  const word = (text) => {
    const { a, b } = text.getScreenCTM();
    const parts = [text, ...all("tspan", text)].map((part) => parseFloat(getComputedStyle(part).fontSize));
    return { text: text.textContent, size: Math.min(...parts) * Math.hypot(a, b), box: box(text.getBoundingClientRect()) };
  };
  const drawn = () => pictures().map((svg) => ({
    name: svg.querySelector("title").textContent,
    box: box(svg.getBoundingClientRect()),
    words: all("text", svg).map(word),
  }));

  // the number of characters in each line of a paragraph
  const lines = (paragraph) => {
    const walker = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
    const range = document.createRange(), counts = [0];
    let right = -Infinity;
    while (walker.nextNode()) {
      for (let i = 0; i < walker.currentNode.length; i++) {
        range.setStart(walker.currentNode, i);
        range.setEnd(walker.currentNode, i + 1);
        const place = range.getClientRects()[0];
        if (!place?.width) continue;
        if (place.left < right - 20) counts.push(0);
        right = place.right;
        counts[counts.length - 1]++;
      }
    }
    return counts;
  };
  const prose = () => all(".md-content p")
    .filter((one) => shown(one) && !one.closest("figure, aside, table, .vg-doors, .vg-gallery, .vg-card"))
    .map(lines);

  const wider = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
  const cut = () => all(".md-content *")
    .filter((one) => shown(one) && getComputedStyle(one).overflowX !== "visible" && one.scrollWidth > one.clientWidth + 1)
    .filter((one) => one.clientWidth > 1) // for screen readers only
    .map((one) => `${one.tagName} ${one.className}: ${one.textContent.trim().slice(0, 40)}`);

  const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d");
  const luminance = (colour) => {
    for (canvas.fillStyle of ["white", colour]) canvas.fillRect(0, 0, 1, 1);
    const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const paper = () => luminance(getComputedStyle(document.body).backgroundColor);
  // the contrast with the paper of the page's text and of its pictures' text
  const ink = (selector) => all(selector).filter(shown).map((one) => {
    const style = getComputedStyle(one);
    return (paper() + 0.05) / (luminance(one.closest("svg") ? style.fill : style.color) + 0.05);
  });

  return { cut, drawn, ink, paper, prose, wider, shift: () => shift, paint: () => paint };
})();
