// Looks for secrets in everything a page can reach: stores, history, document, WebAssembly memory.

/** Runs in the page; every place with its text. Memories are searched here, they are too large. */
async function places(needles) {
  const store = (storage) => JSON.stringify(Object.entries(storage));
  const shadows = (root) =>
    [...root.querySelectorAll('*')].flatMap(({ shadowRoot }) =>
      shadowRoot ? [shadowRoot.innerHTML, ...shadows(shadowRoot)] : [],
    );
  const unread = [
    ...(await indexedDB.databases()).map(({ name }) => name),
    ...(await caches.keys()),
  ];
  const entries = performance.getEntries().map((entry) => entry.name);
  const history_ = window.navigation
    ?.entries()
    .map((entry) => [entry.url, JSON.stringify(entry.getState())]);
  const texts = {
    localStorage: store(localStorage),
    sessionStorage: store(sessionStorage),
    performance: JSON.stringify(entries),
    history: JSON.stringify([history_, history.state]),
    address: location.href + document.referrer,
    cookies: document.cookie,
    document: new XMLSerializer().serializeToString(document),
    'shadow trees': shadows(document).join(),
    window: window.name,
  };
  const hits = unread.map((name) => `${name} is a database or a cache, and nothing here reads it`);
  for (const [place, text] of Object.entries(texts)) {
    for (const needle of needles) if (text.includes(needle)) hits.push(`${needle} in ${place}`);
  }
  for (const memory of window.__memories) {
    const latin = new TextDecoder('latin1').decode(memory.buffer);
    const wide = new TextDecoder('utf-16le').decode(memory.buffer);
    for (const needle of needles) {
      if (latin.includes(needle) || wide.includes(needle))
        hits.push(`${needle} in WebAssembly memory`);
    }
  }
  const bytes = window.__memories.reduce((sum, memory) => sum + memory.buffer.byteLength, 0);
  return { hits, bytes };
}

/** Hits of the needles anywhere in the page, and how many bytes of WebAssembly memory were read. */
export function scanPage(page, needles) {
  return page.evaluate(places, needles);
}

/** Hits of the needles in what went over the wire between page and broker. */
export function scanTraffic(seen, needles) {
  const hits = [];
  for (const needle of needles) {
    for (const { url, headers, text } of seen.bodies) {
      if (text.includes(needle) || JSON.stringify(headers).includes(needle))
        hits.push(`${needle} in answer of ${url}`);
    }
    for (const { url, body } of seen.requests) {
      if (url.includes(needle) || body.includes(needle))
        hits.push(`${needle} in request to ${url}`);
    }
  }
  return hits;
}

/** An expression for engines without Playwright: the text of every store and of the document. */
export const scanPlaces = `[
  JSON.stringify(Object.entries(localStorage)),
  JSON.stringify(Object.entries(sessionStorage)),
  JSON.stringify(history.state),
  JSON.stringify(performance.getEntries().map((entry) => entry.name)),
  document.cookie,
  location.href,
  document.referrer,
  window.name,
  new XMLSerializer().serializeToString(document),
].join()`;
