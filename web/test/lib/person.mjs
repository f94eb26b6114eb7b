// A person in Chromium: presses the button, walks the bank's pages, reads the page.

const APP_BUTTON = 'bank-connect [part=button]';

/** Opens the start page and waits until a bank can be connected. */
export async function openApp(page, app, fragment = '/') {
  await page.goto(`${app}${fragment}`);
  if (fragment === '/') await page.locator('.connect-card bank-connect').waitFor();
}

/** Chooses how the bank's page opens, then presses the button. */
export async function pressConnect(page, mode = 'redirect') {
  await page.locator(`.connect-card input[value=${mode}]`).check();
  await page.locator(`.connect-card ${APP_BUTTON}`).click();
}

/** Logs in with both factors; the page then shows the accounts to choose. */
export async function logIn(page, { username, password }) {
  await page.locator('#username').fill(username);
  await page.locator('#password').fill(password);
  await page.locator('#continue').click();
  const code = await page.locator('#phone-code').textContent();
  await page.locator('#sms_code').fill(code.trim());
  await page.locator('#continue').click();
  await page.locator('input[name=account]').first().waitFor();
}

/** Ticks every account, or the first so many. */
export async function chooseAccounts(page, most = Number.POSITIVE_INFINITY) {
  const boxes = await page.locator('input[name=account]').all();
  for (const [at, box] of boxes.entries()) await box.setChecked(at < most);
  await page.locator('#continue').click();
  await page.locator('#consent').waitFor();
}

/** The bank's pages from login to consent; the last click leads back to the app. */
export async function consent(page, user) {
  await logIn(page, user);
  await chooseAccounts(page);
  await agree(page);
}

export async function agree(page) {
  await page.locator('#consent').check();
  await page.locator('#continue').click();
}

/** The whole walk by redirect; the page then shows the accounts. */
export async function connect(page, world) {
  await openApp(page, world.app);
  await pressConnect(page);
  await consent(page, world.user);
  await page.locator('a.account').first().waitFor();
}

/** Starts by popup and answers the popup, which is at the bank. */
export async function connectInPopup(page, app) {
  await openApp(page, app);
  const opened = page.context().waitForEvent('page');
  await pressConnect(page, 'popup');
  const popup = await opened;
  await popup.locator('#username').waitFor();
  return popup;
}

/** Opens the account with this place in the list; its payments are there afterwards. */
export async function openAccount(page, at = 0) {
  await page.locator('a.account').nth(at).click();
  await page.locator('.payment').first().waitFor();
  await page.locator('figure.chart').waitFor();
}

/** Waits until every payment has been read; answers how many are shown. */
export async function allRead(page) {
  const card = page.locator('.payments[data-complete]');
  await card.waitFor({ timeout: 120_000 });
  return Number(await card.getAttribute('data-found'));
}

/** Disconnects from the connection's page; the receipt is there afterwards. */
export async function disconnect(page) {
  await page.locator('[data-act=disconnect]').click();
  await page.locator('dialog[open] [data-act=yes]').click();
  await page.locator('[data-at-bank]').waitFor();
}

/** The id in the address of a connection's page. */
export function connectionId(page) {
  return decodeURIComponent(/#\/c\/([^/]+)/.exec(page.url())?.[1] ?? '');
}

/** Presses the key until the focus is on what the selector says; so many presses must be enough. */
export async function reach(page, selector, key = 'Tab') {
  await page.locator(selector).first().waitFor();
  for (let presses = 0; presses < 60; presses += 1) {
    if (await page.locator(selector).and(page.locator(':focus')).count()) return;
    await page.keyboard.press(key);
  }
  throw new Error(`${selector} cannot be reached with ${key}`);
}
