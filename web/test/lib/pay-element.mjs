// A person before <bank-pay>: connects its page, fills in the form, reads what it says.

import assert from 'node:assert/strict';
import { shifts, watchingShifts } from './facts.mjs';
import { agree, chooseAccounts, logIn } from './person.mjs';
import { complaints, reports, watched } from './watch.mjs';

/** What a bank offers that signs on its own pages only, or by a code only. */
export const BY_PAGE = [['USERAGENT_REDIRECT']];
export const BY_CODE = [['SMS']];

/** A part of the element, or of one of its steps. */
export const part = (page, name) => page.locator(`bank-pay [part=${name}]`);

/** Waits for a step by its title. */
export const step = (page, title) => part(page, 'title').getByText(title).waitFor();

/** What the element has told the page, across the walk through the bank. */
export const told = (page) => page.evaluate(() => window.app.kept());

/** Opens the page in the state that the fragment asks for. */
export async function openElement(page, world, fragment = '') {
  await page.goto('about:blank'); // or a new fragment would load nothing
  await page.goto(`${world.app}/pay-element.html${fragment && `#${fragment}`}`);
  await page.locator('#ready', { hasText: 'ready' }).waitFor();
}

/** Connects for these: `connect` to pay, `read` to read accounts. */
export async function connectElement(page, world, ids = ['read', 'connect']) {
  for (const id of ids) {
    await page.locator(`#${id}`).click();
    await logIn(page, world.user);
    await chooseAccounts(page);
    await agree(page);
    await page.locator('#ready', { hasText: 'ready' }).waitFor();
  }
  await page.locator('bank-pay form select#from:enabled, bank-pay form input#from').waitFor();
}

/** The memory of a browser that is connected for these. */
export async function connected(browser, world, ids) {
  const context = await browser.newContext({ locale: 'en-GB' });
  const page = await context.newPage();
  await openElement(page, world);
  await connectElement(page, world, ids);
  const storageState = await context.storageState();
  await context.close();
  return storageState;
}

/** A watched page of a person who is connected and has left nothing unfinished. */
export async function atForm(browser, world, { fragment = 'lang=en', ...options }, work) {
  const { context, seen } = await watched(browser, world, options);
  await watchingShifts(context);
  const page = await context.newPage();
  await openElement(page, world);
  await page.evaluate(async () => {
    for (const connection of await window.app.client.connections()) {
      for (const one of await connection.payments()) await one.forget();
    }
  });
  await openElement(page, world, fragment);
  await page.locator('bank-pay #from:enabled').waitFor();
  await work({ page, context, seen });
  await context.close();
}

/**
 * A page of a person in the state that the fragment asks for, on which nothing moves by itself. `moves`: a
 * fill is no press as typing is, and an order of the app takes less room than the page keeps.
 */
export async function inState(browser, world, given, work) {
  const { fragment, moves = false, allowed, ...options } = given;
  const { context, seen } = await watched(browser, world, options);
  await watchingShifts(context);
  const page = await context.newPage();
  await openElement(page, world, fragment);
  await page.locator('bank-pay .stage[aria-busy=false]').waitFor();
  await page.locator('bank-pay section:not(.room) #from:disabled').waitFor({ state: 'detached' });
  await work(page);
  if (!moves) assert.deepEqual(await shifts(page), []);
  assert.deepEqual(complaints(seen, allowed), []);
  assert.deepEqual(await reports(page), []);
  await context.close();
}

/** Fills in fields by their names. */
export async function fillIn(page, fields) {
  for (const [name, value] of Object.entries(fields)) {
    await page.locator(`bank-pay #${name}`).fill(value);
  }
}

/** From the form to the signature. */
export async function payFor(page, fields) {
  await fillIn(page, fields);
  await part(page, 'check').click();
  await part(page, 'pay').click();
}
