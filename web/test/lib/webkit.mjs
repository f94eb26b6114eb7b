// A person in WebKitGTK: what `walk.mjs` and `acts.mjs` ask of every engine, by selenium.

import { By, Key } from 'selenium-webdriver';

const PATIENCE_MS = 30_000;
const KEYS = { ArrowDown: Key.ARROW_DOWN, Enter: Key.ENTER, Escape: Key.ESCAPE };

/** A driver of the window that is in front. */
export function adapter(driver) {
  let own;
  const all = (selector) => driver.findElements(By.css(selector));
  const one = (selector) => calm(driver, async () => (await all(selector))[0]);
  const inside = async (host, inner) =>
    (await (await one(host)).getShadowRoot()).findElement(By.css(inner));
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
    pressInside: (host, inner) => click(() => inside(host, inner)),
    seenInside: (host, inner) => calm(driver, () => inside(host, inner)),
    fillInside: async (host, inner, text) =>
      (await calm(driver, () => inside(host, inner))).sendKeys(text),
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
    type: (text) => driver.actions().sendKeys(text).perform(),
    key: (name) => driver.actions().sendKeys(KEYS[name]).perform(),
    /** Presses, and answers a driver of the window that opens. */
    popup: async (press) => {
      own = await driver.getWindowHandle();
      await press();
      const other = async () =>
        (await driver.getAllWindowHandles()).find((handle) => handle !== own);
      await driver.switchTo().window(await driver.wait(other, PATIENCE_MS));
      return adapter(driver);
    },
    /** Waits until that window has closed itself. */
    back: async () => {
      const alone = async () => (await driver.getAllWindowHandles()).length === 1;
      await driver.wait(alone, PATIENCE_MS);
      await driver.switchTo().window(own);
    },
    /** Closes this tab, and answers a driver of a new one of the same person. */
    anotherTab: async () => {
      const left = await driver.getWindowHandle();
      await driver.switchTo().newWindow('tab');
      const other = await driver.getWindowHandle();
      await driver.switchTo().window(left);
      await driver.close();
      await driver.switchTo().window(other);
      return adapter(driver);
    },
    windows: async () => (await driver.getAllWindowHandles()).length,
  };
}

// A page that is just being left answers a question with one of these; asked again, the next page does.
const PASSING = new Set([
  'JavascriptError',
  'NoSuchElementError',
  'NoSuchFrameError',
  'NoSuchShadowRootError', // not drawn yet
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
