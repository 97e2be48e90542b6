// What the press puts before the theme's own script. The index of the search is the largest file of the book: it comes
// when a reader opens the search, or follows a result, to a page on which the words that were sought are marked.
(() => {
  const { open, send } = XMLHttpRequest.prototype;
  const late = new WeakSet();
  XMLHttpRequest.prototype.open = function (method, url, ...rest) {
    if (url.endsWith("/search/search_index.json")) late.add(this);
    return open.call(this, method, url, ...rest);
  };
  XMLHttpRequest.prototype.send = function (body) {
    const toggle = document.getElementById("__search");
    if (!late.has(this) || toggle.checked || /[?&]h=/.test(location.search)) return send.call(this, body);
    toggle.addEventListener("change", () => send.call(this, body), { once: true });
  };
})();
