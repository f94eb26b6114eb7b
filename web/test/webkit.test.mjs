// WebKitGTK over WebDriver: the same walk. It refuses Secure cookies on http://localhost, so the
// demo gives it the development cookie. Needs a display; run.mjs starts it under xvfb-run.

import { after, before, test } from 'node:test';
import { By } from 'selenium-webdriver';
import { launchWebKit } from './lib/browsers.mjs';
import { startDemo } from './lib/demo.mjs';
import { cancelled, walk, walkInPopup } from './lib/walk.mjs';

const PATIENCE_MS = 30_000;

let world;
let webkit;
before(async () => {
  world = await startDemo('--cookie', 'development');
  webkit = await launchWebKit();
});
after(async () => {
  await webkit?.close();
  await world?.stop();
});

test('WebKit: connect, accounts, payments, chart, disconnect (B01 B07)', () =>
  walk(adapter(webkit.driver), world));

test('WebKit: connect in a popup, which closes itself (B12)', async () => {
  const { driver } = webkit;
  const own = await driver.getWindowHandle();
  const popup = async (press) => {
    await press();
    const other = async () => (await driver.getAllWindowHandles()).find((handle) => handle !== own);
    await driver.switchTo().window(await driver.wait(other, PATIENCE_MS));
    return adapter(driver);
  };
  const back = async () => {
    const alone = async () => (await driver.getAllWindowHandles()).length === 1;
    await driver.wait(alone, PATIENCE_MS);
    await driver.switchTo().window(own);
  };
  await walkInPopup(adapter(driver), world, popup, back);
});

test('WebKit: cancel at the bank is told calmly', () => cancelled(adapter(webkit.driver), world));

function adapter(driver) {
  const all = (selector) => driver.findElements(By.css(selector));
  const one = (selector) => calm(driver, async () => (await all(selector))[0]);
  // an element that is redrawn between finding and clicking was not clicked: found anew
  const click = (find) =>
    calm(driver, async () => {
      const element = await find();
      await driver.executeScript(
        'arguments[0].scrollIntoView({ block: "center", behavior: "instant" })',
        element,
      );
      if (!(await element.isDisplayed())) return false;
      return element.click().then(
        () => true,
        (fault) => {
          if (fault.name === 'StaleElementReferenceError') return false;
          throw new Error('the click itself failed', { cause: fault }); // it may have acted
        },
      );
    });
  const read = (selector, what) =>
    calm(driver, async () => ({ value: await what((await all(selector))[0]) }));
  return {
    goto: (url) => driver.get(url),
    seen: one,
    click: (selector) => click(async () => (await all(selector))[0]),
    pressInside: (host, inner) =>
      click(async () => (await (await one(host)).getShadowRoot()).findElement(By.css(inner))),
    fill: async (selector, text) => (await one(selector)).sendKeys(text),
    text: async (selector) => (await read(selector, (element) => element.getText())).value,
    attribute: async (selector, name) =>
      (await read(selector, (element) => element.getAttribute(name))).value,
    count: async (selector) => (await calm(driver, () => all(selector))).length,
    unchecked: async (selector) => {
      await one(selector);
      const boxes = await all(selector);
      const free = await Promise.all(boxes.map(async (box) => !(await box.isSelected())));
      const ids = await Promise.all(boxes.map((box) => box.getAttribute('id')));
      return ids.filter((_, at) => free[at]).map((id) => `#${id}`);
    },
    evaluate: async (expression) => {
      const run = async () => ({ value: await driver.executeScript(`return ${expression}`) });
      return (await calm(driver, run)).value;
    },
  };
}

// A page that is just being left answers a question with one of these; asked again, the next page does.
const PASSING = new Set([
  'JavascriptError',
  'NoSuchElementError',
  'NoSuchFrameError',
  'StaleElementReferenceError',
  'TypeError', // no element yet
]);

/** Asks until there is something, and through navigations. What acts must act once at most. */
function calm(driver, ask) {
  return driver.wait(async () => {
    try {
      return await ask();
    } catch (fault) {
      if (fault instanceof Error && PASSING.has(fault.name)) return false;
      throw fault;
    }
  }, PATIENCE_MS);
}
