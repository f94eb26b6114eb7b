// A person in Firefox: what `walk.mjs` and `acts.mjs` ask of every engine, by puppeteer.

/** A driver of one page. */
export function driver(page) {
  let closed;
  // by asking again and again: puppeteer's own wait sees no change within a shadow tree
  const inside = (host, inner) =>
    page.waitForFunction(
      (outer, selector) => document.querySelector(outer)?.shadowRoot?.querySelector(selector),
      { polling: 50 },
      host,
      inner,
    );
  return {
    goto: (url) => page.goto(url),
    seen: (selector) => page.waitForSelector(selector),
    click: async (selector) => (await page.waitForSelector(selector)).click(),
    seenInside: inside,
    pressInside: async (host, inner) => (await inside(host, inner)).click(),
    fillInside: async (host, inner, text) => (await inside(host, inner)).type(text),
    fill: async (selector, text) => (await page.waitForSelector(selector)).type(text),
    text: (selector) => page.$eval(selector, (element) => element.textContent),
    attribute: (selector, name) =>
      page.$eval(selector, (element, attribute) => element.getAttribute(attribute), name),
    count: (selector) => page.$$eval(selector, (all) => all.length),
    unchecked: (selector) =>
      page.$$eval(selector, (all) => all.filter((box) => !box.checked).map((box) => `#${box.id}`)),
    evaluate: (expression) => page.evaluate(expression),
    type: (text) => page.keyboard.type(text),
    key: (name) => page.keyboard.press(name),
    /** Presses, and answers a driver of the window that opens. */
    popup: async (press) => {
      const opened = new Promise((found) => page.once('popup', found));
      await press();
      const window = await opened;
      closed = new Promise((gone) => window.once('close', gone));
      return driver(window);
    },
    /** Waits until that window has closed itself. */
    back: () => closed,
    /** Closes this tab, and answers a driver of a new one of the same person. */
    anotherTab: async () => {
      const other = await page.browserContext().newPage();
      await page.close();
      return driver(other);
    },
    windows: async () => (await page.browser().pages()).length,
  };
}
