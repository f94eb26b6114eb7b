/** Signs an entered payment by one of the bank's scenarios (COBS 2.0 §3.3.5). */

import { BankConnectError } from '../index.js';
import { leave, prepare, type Visit, visit } from './away.js';
import { failure, isPassing, refusedWith } from './desk.js';
import { REDIRECT, type Scenarios, type Sheet } from './sheet.js';
import type { PayOptions } from './types.js';

/** The method that is a code on the person's phone. */
export const SMS = 'SMS';
/** The bank's word for a method that is not the next one. */
const NOT_NEXT = 'AUTH_LIMIT_EXCEEDED';

/**
 * The first scenario that can be walked here. An app that asks for codes wants the person to stay, so
 * with it one that needs no visit to the bank's pages comes first; not where a popup is open for them.
 *
 * Errors: `unsupported`.
 */
export function choose(scenarios: Scenarios, { code, mode }: PayOptions): readonly string[] {
  const can = (method: string) => method === REDIRECT || (method === SMS && Boolean(code));
  const able = scenarios.filter((methods) => methods.length > 0 && methods.every(can));
  const stays = code && mode !== 'popup';
  const staying = able.find((methods) => stays && !methods.includes(REDIRECT));
  const chosen = staying ?? able[0];
  if (chosen) return chosen;
  throw failure('unsupported', `the bank signs by ${scenarios.join(' or ')} only`);
}

/** Walks methods one after the other; ends when the signing is over or the person goes no further. */
export async function walk(
  sheet: Sheet,
  [method, ...left]: readonly string[],
  popup: Window | null,
): Promise<void> {
  const there = method === REDIRECT ? await prepare(sheet) : undefined;
  if (!there) {
    popup?.close(); // opened within the click, when the method was not known
    await sheet.begin({ authorizationType: method });
  }
  let wrong = false;
  for (let attempt = 1; ; attempt += 1) {
    if (there) await go(sheet, there, left, popup);
    else {
      const known = await askCode(sheet, attempt, wrong);
      if (known === undefined) return;
      wrong = known;
    }
    if (sheet.known !== 'unsigned') return;
    if (left.length > 0) {
      // of a method in the middle the state does not tell whether it was passed; the next one does
      try {
        return await walk(sheet, left, null);
      } catch (thrown) {
        if (!refusedWith(thrown, NOT_NEXT)) throw thrown;
      }
    }
    if (there) return;
  }
}

function go(sheet: Sheet, there: Visit, left: readonly string[], popup: Window | null) {
  return popup && !popup.closed ? visit(sheet, there, left, popup) : leave(sheet, there, left);
}

/** Sends a code. True: if the signing is still open, it was wrong. `undefined`: there is none. */
async function askCode(
  sheet: Sheet,
  attempt: number,
  wrong: boolean,
): Promise<boolean | undefined> {
  const { payment } = sheet;
  const { options } = sheet.desk;
  options.onprogress?.('code');
  let code: string | null | undefined;
  try {
    code = await options.code?.({ attempt, wrong, payment });
  } catch (cause) {
    throw new BankConnectError(
      { code: 'closed', message: 'no code was given', retryable: false },
      { cause },
    );
  }
  if (!code) return undefined;
  options.onprogress?.('confirming');
  try {
    await sheet.end({ authorizationType: SMS, oneTimePassword: code.replace(/\s/g, '') });
    return true;
  } catch (thrown) {
    if (!isPassing(thrown)) throw thrown;
    await sheet.isOver(SMS); // it may have arrived, and is not sent again
    return false;
  }
}
