// What an app of web/examples has to do, built and served as its README says, with the packed package: a
// person connects, sees accounts, and pays; under the policy that the app sends.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { violations } from './axe.mjs';
import { launchChromium } from './browsers.mjs';
import { locked, startExample } from './example.mjs';
import { PAYEE, sent, sign } from './pay.mjs';
import { consent } from './person.mjs';
import { complaints, reports, watched } from './watch.mjs';

const PAID = /You have signed the payment|The payment is made/;

let browser;
let world;
/** The page of a person who connects and pays, from test to test. */
let person;

/** The tests of one app. `fromServer`: whether its text is in the first HTML. */
export function testExample(name, { fromServer }) {
  before(async () => {
    [world, browser] = await Promise.all([startExample(name), launchChromium()]);
    person = await opened();
  });
  after(async () => {
    await browser?.close();
    await world?.stop();
  });

  test('locks the package by its file and by no sum of it', () => {
    const { resolved, integrity } = locked(world.folder);
    assert.deepEqual([resolved, integrity], ['file:bankconnect.tgz', undefined]);
  });
  test('sends its text, and a strict policy with every page', async () => {
    await strict('/callback');
    const text = await strict('/');
    assert.equal(/<h1>Your money<\/h1>/.test(text), fromServer);
  });
  test('connects, shows accounts, and pays by redirect', pays);
  test('goes on with a payment that was left at the bank', goesOn);
  test('says that the person has said no at the bank', saysNo);
}

/** The text of a page, which comes with a strict policy. */
async function strict(path) {
  const answer = await fetch(world.app + path);
  const policy = answer.headers.get('content-security-policy');
  const scripts = /script-src ([^;]*)/.exec(policy)[1];
  assert.match(scripts, /'self'.*'wasm-unsafe-eval'/);
  assert.doesNotMatch(scripts, /'unsafe-(inline|eval)'/);
  assert.match(policy, /default-src 'none'/);
  assert.ok(policy.includes(`form-action 'self' ${world.bank};`)); // for a signing by a form
  assert.match(policy, /require-trusted-types-for 'script'/);
  assert.equal(answer.headers.get('referrer-policy'), 'no-referrer');
  return answer.text();
}

async function pays() {
  const { page, done } = person;
  await connect(page, 'aisp');
  const accounts = page.locator('#accounts li');
  await accounts
    .first()
    .getByText(/CZ\d{22}/)
    .waitFor();
  await accounts.first().getByText(/CZK/).waitFor();
  await connect(page, 'pisp');
  await order(page, { to: '19-2000145398/0800', amount: 'ten' });
  const faults = page.locator('form :invalid');
  assert.deepEqual(await faults.evaluateAll((all) => all.map((it) => it.validationMessage)), [
    'There is no such account number. Please compare it with the invoice.',
    'Write the amount as a number.',
  ]);
  assert.equal(await sent(world), 0);
  assert.deepEqual(await violations(page), []);

  await order(page, { to: PAYEE, amount: '150,50', message: 'Oběd' });
  await sign(page, world.user);
  await page.getByRole('status').getByText(PAID).waitFor();
  assert.equal(page.url(), `${world.app}/callback`);
  assert.equal(await sent(world), 1);
  assert.deepEqual(await violations(page), []);
  await done(page);
}

async function goesOn() {
  const { page, done } = person; // connected by now
  const before = await sent(world);
  await page.goto(world.app);
  await order(page, { to: PAYEE, amount: '7' });
  await page.locator('#username').waitFor();
  await page.goto(world.app);
  await page.locator('#payments li', { hasText: '7.00' }).getByText('Go on').click();
  await sign(page, world.user);
  await page.getByRole('status').getByText(PAID).waitFor();
  assert.equal(await sent(world), before + 1, 'it was not sent again');
  await page.getByRole('link').click();
  await page.getByRole('button', { name: 'Pay', exact: true }).waitFor();
  assert.equal(await page.locator('#payments li').count(), 0, 'nothing is left to do');
  await done(page);
}

async function saysNo() {
  const { page, context, done } = await opened();
  await page.locator('bank-connect[scopes=aisp] [part=bank]').getByText('Bank').waitFor();
  assert.deepEqual(await violations(page), []);
  await page.locator('bank-connect[scopes=aisp] [part=button]').click();
  await page.locator('#username').waitFor();
  await page.locator('#cancel').click();
  await page.getByRole('status').getByText('You said no at the bank').waitFor();
  assert.equal(page.url(), `${world.app}/callback`);
  await done(page, ['status of 403']); // by which the broker says `cancelled`
  await context.close();
}

/** The app's page in a context of its own, and the check that nobody had anything to complain about. */
async function opened() {
  const { context, seen } = await watched(browser, world);
  const messages = [];
  context.on('console', (message) => {
    if (message.location().url.startsWith(world.app)) messages.push(message.text());
  });
  const page = await context.newPage();
  await page.goto(world.app);
  const done = async (last, allowed = []) => {
    assert.deepEqual(complaints(seen, allowed), []);
    const others = messages.filter((text) => !allowed.some((part) => text.includes(part)));
    assert.deepEqual(others, []);
    assert.deepEqual(await reports(last), []);
    assert.deepEqual(seen.foreign, []);
  };
  return { page, context, done };
}

async function connect(page, scope) {
  await page.locator(`bank-connect[scopes=${scope}] [part=button]`).click();
  await consent(page, world.user);
  await page.waitForURL(`${world.app}/`);
}

/** Fills the form in and sends it. */
async function order(page, { to, amount, message = '' }) {
  await page.getByLabel('To account').fill(to);
  await page.getByLabel('Amount').fill(amount);
  await page.getByLabel('Message').fill(message);
  await page.getByRole('button', { name: 'Pay', exact: true }).click();
}
