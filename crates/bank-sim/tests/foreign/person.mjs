// A person who logs in at the bank's pages, so that the OAuth clients beside this file need no
// browser: it follows redirects, keeps one cookie and fills in what each form asks for.
//
// As a program (`node person.mjs URL`) it prints where the bank sent the person.

import { argv, env, stdout } from 'node:process';
import { fileURLToPath } from 'node:url';

const ANSWERS = {
  login: () => [
    ['username', env.BANK_USER],
    ['password', env.BANK_PASSWORD],
  ],
  sms: (page) => [['sms_code', /id="phone-code">(\d{8})</.exec(page)[1]]],
  accounts: (page) => values(page, 'account').map((id) => ['account', id]),
  consent: () => [['consent', 'yes']],
};

/** Walks from the authorization request to the address outside the bank. */
export async function walk(start, { cancel = false } = {}) {
  const bank = new URL(start).origin;
  let [url, cookie, form] = [new URL(start), '', undefined];
  // four forms with a redirect each, and those of the start and the end: about a dozen requests
  for (let request = 0; request < 20; request += 1) {
    const response = await fetch(url, {
      method: form ? 'POST' : 'GET',
      body: form,
      headers: { cookie, 'accept-language': 'en' },
      redirect: 'manual',
    });
    cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? cookie;
    const page = await response.text();
    const place = response.headers.get('location');
    if (place) {
      [url, form] = [new URL(place, url), undefined];
      if (url.origin !== bank) return url;
    } else {
      if (!response.ok) throw new Error(`the bank's page says ${response.status}: ${page}`);
      form = answer(page, cancel);
    }
  }
  throw new Error(`the login goes round in circles at ${url}`);
}

/** The filled-in form of a page; it is sent to the page's own address. */
function answer(page, cancel) {
  const [step] = values(page, 'step');
  const [csrf] = values(page, 'csrf');
  if (!ANSWERS[step]) throw new Error(`a page without a known step: ${page}`);
  const action = cancel ? 'cancel' : 'continue';
  const fields = cancel ? [] : ANSWERS[step](page);
  return new URLSearchParams([['csrf', csrf], ['step', step], ['action', action], ...fields]);
}

/** Values of all inputs of a name. */
function values(page, name) {
  const inputs = page.match(/<input [^>]*>/g) ?? [];
  const named = inputs.filter((input) => input.includes(`name="${name}"`));
  return named.map((input) => /value="([^"]*)"/.exec(input)[1]);
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  stdout.write((await walk(argv[2])).href);
}
