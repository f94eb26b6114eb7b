// Sees everything a page does: console, policy reports, requests, answers, memories of WebAssembly.

/** Runs in the page before its scripts: keeps every memory and every policy report. */
function spy() {
  const memories = [];
  const reports = [];
  Object.defineProperty(window, '__memories', { value: memories });
  Object.defineProperty(window, '__reports', { value: reports });
  const keep = (instance) => {
    for (const exported of Object.values(instance.exports)) {
      if (exported instanceof WebAssembly.Memory) memories.push(exported);
    }
  };
  WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
    construct: (original, given) => {
      const instance = new original(...given);
      keep(instance);
      return instance;
    },
  });
  for (const name of ['instantiate', 'instantiateStreaming']) {
    const original = WebAssembly[name];
    WebAssembly[name] = async (...given) => {
      const made = await original.apply(WebAssembly, given);
      keep(made.instance ?? made);
      return made;
    };
  }
  // what a page reads just before it is left can no longer be asked for; so it is told at once
  const asked = window.fetch;
  window.fetch = async (...given) => {
    const answer = await asked(...given);
    await window.__answered(answer.url, await answer.clone().text());
    return answer;
  };
  document.addEventListener('securitypolicyviolation', (event) => {
    reports.push(`${event.violatedDirective} ${event.blockedURI}`);
  });
}

/** A context whose every page is watched. */
export async function watched(browser, world, options = {}) {
  const context = await browser.newContext({
    locale: 'en-GB',
    reducedMotion: 'reduce',
    ...options,
  });
  const seen = { complaints: [], foreign: [], bodies: [], requests: [] };
  const reading = [];
  await context.exposeFunction('__answered', (url, text) => {
    seen.bodies.push({ url, headers: {}, text });
  });
  await context.addInitScript(spy);
  context.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') {
      seen.complaints.push(`${message.location().url}: ${message.text()}`);
    }
  });
  context.on('weberror', (thrown) => seen.complaints.push(String(thrown.error())));
  context.on('request', (request) => {
    const url = request.url();
    if (/^(data|about|blob|chrome-error):/.test(url)) return;
    seen.requests.push({
      method: request.method(),
      url,
      body: request.postData() ?? '',
      document: request.isNavigationRequest(),
    });
    if (!url.startsWith(`${world.app}/`) && !url.startsWith(`${world.bank}/`))
      seen.foreign.push(url);
  });
  context.on('response', (response) => {
    if (!response.url().startsWith(`${world.app}/`)) return;
    const body = response.body().then(
      (bytes) =>
        seen.bodies.push({
          url: response.url(),
          headers: response.headers(),
          text: bytes.toString('latin1'),
        }),
      () => {}, // a redirect, or a page that is gone: what its scripts read is told by `__answered`
    );
    reading.push(body);
  });
  const settled = () => Promise.all(reading);
  return { context, seen, settled };
}

/** What the browser complained about, without the failed answers that a test forces or expects. */
export function complaints(seen, allowed = []) {
  return seen.complaints.filter((text) => !allowed.some((part) => text.includes(part)));
}

/** Policy reports of a page. */
export function reports(page) {
  return page.evaluate(() => window.__reports);
}

/** Calls of the page to the broker, by method and path. */
export function brokerCalls(seen, app, path, method = 'POST') {
  return seen.requests.filter(
    (request) => request.method === method && request.url === `${app}/bank${path}`,
  );
}
