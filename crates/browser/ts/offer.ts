/** What can be connected and what is, and what a press would do with it. */

import type { Bank } from './bank.js';
import type { BankConnect, BankConnection } from './index.js';
import { filled } from './languages.js';
import type { Choice } from './picker.js';
import { languages, type Texts } from './texts.js';
import { dayIn } from './when.js';

/** What to ask a bank for. */
export interface Step {
  readonly provider: string;
  readonly scopes: readonly string[];
  readonly appState: unknown;
  /** Of a sandbox that hands out tokens by name. */
  readonly token?: string | undefined;
}

/** The element that shows it. */
type Shown = Pick<Element, 'getAttribute'> & { draw(): void };

/** What one client has learned. */
export class Offer {
  readonly client: BankConnect;
  providers: readonly Bank[] | undefined;
  /** What this browser holds, to see what should be renewed. */
  held: readonly BankConnection[] = [];
  /** What knows of renewing, once there is something to renew. */
  part: typeof import('./renewal.js') | undefined;
  readonly #element: Shown;
  #asking: Promise<void> | undefined;

  constructor(client: BankConnect, element: Shown) {
    this.client = client;
    this.#element = element;
  }

  /** Learns what can be connected, to name the bank before anything is asked of it (B04). */
  ask(): Promise<void> {
    const show = (found: readonly Bank[]) => {
      this.providers = found;
      this.#element.draw();
      const hold = (held: readonly BankConnection[]) => {
        const named = this.#element.getAttribute('connection');
        if (named && !held.some(({ id }) => id === named))
          import('./mistakes.js').then(
            (part) => part.tellNoConnection(named, held),
            () => {},
          );
        void this.#hold(held);
      };
      this.client.connections().then(hold, () => {}); // unknown: then it is a first connection
    };
    const over = () => {
      this.#asking = undefined;
    };
    this.#asking ??= this.client.providers().then(show).finally(over);
    return this.#asking;
  }

  /** What a person may choose from: the banks, or the prepared tokens of one. */
  choices(of?: Bank): Choice[] {
    if (of) return of.prepared_tokens.map((token) => ({ provider: of, token }));
    return (this.providers ?? []).map((provider) => ({ provider }));
  }

  /** Scopes of these that nothing connected to the bank has yet; all of them where none is left. */
  left(provider: string | undefined, scopes: readonly string[]): readonly string[] {
    const has = (scope: string) =>
      this.held.some(
        (one) =>
          one.provider === provider && one.status === 'connected' && one.scopes.includes(scope),
      );
    const left = scopes.filter((scope) => !has(scope));
    return left[0] ? left : scopes;
  }

  /** A connection is there, or there anew. */
  learn(connection: BankConnection): void {
    void this.#hold([...this.held.filter(({ id }) => id !== connection.id), connection]);
  }

  /** A connection has ended. */
  forget(connection: string): void {
    void this.#hold(this.held.filter(({ id }) => id !== connection));
  }

  async #hold(held: readonly BankConnection[]): Promise<void> {
    this.held = held;
    if (held[0]) this.part ??= await import('./renewal.js').catch(() => undefined);
    if (this.part) languages.under(this.part.words);
    this.#element.draw();
  }
}

/** What an element was asked for. */
export interface Wanted {
  /** Id of a connection. */
  readonly connection: string | null;
  readonly provider: string | null;
  readonly scopes: readonly string[];
}

/** What the next press does. */
export interface Aim {
  /** Id of the bank; none: the person chooses. */
  readonly provider: string | undefined;
  /** The same, once it is known. */
  readonly bank: Bank | undefined;
  /** What of it is connected, where anything is. */
  readonly standing: Standing | undefined;
}

/** How a press goes on from what is connected. */
export interface Standing {
  /** The connection that is renewed. */
  readonly renewed?: BankConnection;
  /** What the button is called. */
  readonly label: keyof Texts;
  /** All that was asked for is connected. */
  readonly quiet?: boolean;
  /** What is connected, and until when. */
  line(text: Texts, language: string): string;
}

/** The bank that was named, or the one of the connection that was, or the only one there is. */
export function aim(offer: Offer | undefined, wanted: Wanted): Aim {
  const { providers = [], held = [], part } = offer ?? {};
  const id = wanted.provider ?? held.find(({ id }) => id === wanted.connection)?.provider;
  const only = providers.length === 1 ? providers[0] : undefined;
  const bank = id ? providers.find((one) => one.id === id) : only;
  const provider = id ?? bank?.id;
  return { provider, bank, standing: part?.standing(held, { ...wanted, provider }) };
}

/** The bank, the end of the present access, and the end of the access to come; a line each. */
export function terms(text: Texts, language: string, { bank, standing }: Aim): string {
  const days = !standing?.quiet && bank?.consent_days;
  const lines = [
    bank && filled(text.bankIs, bank.name),
    standing?.line(text, language),
    days && filled(standing?.renewed ? text.anew : text.until, dayIn(language, days)),
  ];
  return lines.filter(Boolean).join('\n');
}
