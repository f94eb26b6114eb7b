// Chromium: the bank's login pages by themselves. The warning before the login ends, the way to stay,
// another SMS; by keyboard, with axe, and without a script.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { violations } from './lib/axe.mjs';
import { launchChromium } from './lib/browsers.mjs';
import { startDemo } from './lib/demo.mjs';
import { chooseAccounts, logIn, openApp, pressConnect } from './lib/person.mjs';

/** Milliseconds of silence: surely before the warning, surely at it, surely over. */
const EARLY = 200_000;
const WARNING = 241_000;
const OVER = 302_000;

let world;
let browser;
before(async () => {
  world = await startDemo();
  browser = await launchChromium();
});
after(async () => {
  await browser?.close();
  await world?.stop();
});

for (const locale of ['en-GB', 'cs-CZ']) {
  for (const colorScheme of ['light', 'dark']) {
    test(`the warning can be seen, heard and answered: ${locale}, ${colorScheme}`, async () => {
      const page = await atSms({ locale, colorScheme });
      await page.locator('#sms_code').fill('1234');
      await page.clock.runFor(EARLY);
      assert.equal(await page.locator('#stay').count(), 0);
      await page.clock.runFor(WARNING - EARLY);
      const stay = page.getByRole('alert').getByRole('button');
      await stay.waitFor();
      for (const size of [
        { width: 1280, height: 900 },
        { width: 320, height: 640 },
      ]) {
        await page.setViewportSize(size);
        assert.deepEqual(await violations(page), [], `${size.width}`);
        const seen = await stay.evaluate((button) => {
          const { top, bottom } = button.getBoundingClientRect();
          return top >= 0 && bottom <= window.innerHeight;
        });
        assert.ok(seen, `the button is outside a window of ${size.width}`);
      }
      assert.equal(await focused(page), 'sms_code', 'the warning takes nothing away');

      await page.locator('#sms_code').focus();
      const order = [];
      for (let at = 0; at < 4; at += 1) {
        await page.keyboard.press('Tab');
        order.push(await focused(page));
      }
      assert.deepEqual(order, ['continue', 'cancel', 'resend', 'stay']);
      await page.keyboard.press('Enter');
      await stay.waitFor({ state: 'detached' });
      assert.equal(await focused(page), 'resend', 'the focus is where it was before');
      assert.notEqual(await page.locator('#stayed').textContent(), '');
      assert.equal(await page.locator('#sms_code').inputValue(), '1234');
      assert.deepEqual(await violations(page), []);

      await page.clock.runFor(EARLY);
      assert.equal(await page.locator('#stay').count(), 0, 'the time began anew');
      await page.context().close();
    });
  }
}

test('when time is over the page asks the bank for its way out', async () => {
  const page = await atSms({ locale: 'en-GB' });
  const left = page.waitForRequest((request) => request.isNavigationRequest());
  const arrived = page.waitForEvent('load');
  await page.clock.fastForward(OVER);
  assert.ok((await left).url().endsWith('/powerauth-webflow/authenticate'));
  // only the page's clock ran ahead, so the bank still waits
  await arrived;
  await page.locator('#sms_code').waitFor();
  await page.context().close();
});

test('an answer that gets lost leaves the button there', async () => {
  const page = await atSms({ locale: 'en-GB' });
  await page.clock.runFor(WARNING);
  await page.route('**/authenticate/stay', (route) => route.abort());
  const lost = page.waitForEvent('requestfailed');
  await page.locator('#stay').click();
  await lost;
  assert.equal(await page.locator('#stay').count(), 1);
  await page.unroute('**/authenticate/stay');
  await page.locator('#stay').click();
  await page.locator('#stay').waitFor({ state: 'detached' });
  await page.context().close();
});

test('another SMS too soon is explained, and the explanation leads to the button', async () => {
  const page = await atSms({ locale: 'en-GB' });
  await page.locator('#resend').click();
  const summary = page.locator('#errors');
  await summary.waitFor();
  assert.equal(await focused(page), 'errors');
  assert.match(await summary.textContent(), /Seconds left: \d+\./);
  assert.deepEqual(await violations(page), []);
  await summary.getByRole('link').click();
  assert.ok(page.url().endsWith('#resend'));
  await page.context().close();
});

test('the skip link leads past the head of the page', async () => {
  const page = await atSms({ locale: 'en-GB' });
  await page.locator('.skip').focus();
  assert.ok(await page.locator('.skip').evaluate((link) => link.getBoundingClientRect().left >= 0));
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  assert.equal(await focused(page), 'sms_code');
  await page.context().close();
});

test('everything works without a script', async () => {
  const scripted = await browser.newContext();
  const app = await scripted.newPage();
  const asked = app.waitForRequest(/\/oauth\/authorize\?/);
  await openApp(app, world.app);
  await pressConnect(app);
  const authorization = (await asked).url();
  await scripted.close();

  const context = await browser.newContext({ locale: 'en-GB', javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(authorization);
  await logIn(page, world.user);
  await chooseAccounts(page);
  await page.locator('#consent').check();
  const back = page.waitForRequest(/[?&]code=/);
  await page.locator('#continue').click();
  assert.ok(new URL((await back).url()).searchParams.has('state'));
  await context.close();
});

/** A person who has given the password and waits at the step of the SMS code; time can be run. */
async function atSms(options) {
  const page = await (await browser.newContext(options)).newPage();
  await page.clock.install();
  await openApp(page, world.app);
  await pressConnect(page);
  await page.locator('#username').fill(world.user.username);
  await page.locator('#password').fill(world.user.password);
  await page.locator('#continue').click();
  await page.locator('#sms_code').waitFor();
  return page;
}

function focused(page) {
  return page.evaluate(() => document.activeElement.id);
}
