/** `<bank-connections>`: what a person has connected, and how to end it. Importing this module registers it. */

import type { Bank } from './bank.js';
import { ClientElement, type Live } from './base.js';
import { card, type Drawing, receiptCard, room, shared } from './connections-card.js';
import { type ConnectionsTexts, languages } from './connections-texts.js';
import { build, byBank, type Parts, remember, remembered } from './connections-view.js';
import {
  type BankConnect,
  BankConnectError,
  type BankConnectEventMap,
  type BankConnection,
  type ConnectResult,
  type Receipt,
} from './index.js';
import { filled } from './languages.js';
import { ask, type Question } from './question.js';
import { dayIn } from './when.js';

export type { ConnectionsTexts } from './connections-texts.js';
export type { BankConnectionsElementEventMap } from './events.js';

/** A connection that has ended while it was shown, and the room it had. */
interface Ended {
  readonly name: string;
  readonly receipt: Receipt;
  readonly at: number;
  readonly height: number;
}

const live: Live = new Set();

/** The element behind `<bank-connections>`. */
export class BankConnectionsElement extends ClientElement<ConnectionsTexts> {
  static readonly observedAttributes = ['locale', 'broker-url', 'wasm-url'];

  /** Adds a language to all elements, or changes words of one; what it lacks is said in English. */
  static addLanguage(tag: string, texts: Partial<ConnectionsTexts>): void {
    languages.add(tag, texts);
    for (const element of live) element.draw();
  }

  /** @internal */
  readonly live = live;
  /** @internal */
  readonly languages = languages;
  #parts: Parts | undefined;
  #held: readonly BankConnection[] | undefined;
  #banks: readonly Bank[] = [];
  /** What has ended here, until the person has read it. */
  #receipts: readonly Ended[] = [];
  #failure: BankConnectError | undefined;
  #asked: BankConnect | undefined;
  #turn = 0;
  #coming = false;
  #unask: (() => void) | undefined;

  override connectedCallback(): void {
    this.#parts ??= build(this.attachShadow({ mode: 'open' }), () => this.refresh());
    super.connectedCallback();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unask?.();
  }

  /** Asks the broker again. */
  async refresh(): Promise<void> {
    const { client } = this;
    this.#turn += 1;
    const turn = this.#turn;
    try {
      const [held, banks] = await Promise.all([client.connections(), client.providers()]);
      if (turn !== this.#turn) return;
      [this.#held, this.#banks, this.#failure] = [held, banks, undefined];
      remember(held.length);
    } catch (thrown) {
      if (turn !== this.#turn) return;
      if (!BankConnectError.is(thrown)) throw thrown;
      this.#failure = thrown;
      this.tell('failed', thrown);
    }
    this.draw();
  }

  /** @internal */
  start(client: BankConnect, signal: AbortSignal): void {
    const once = { signal };
    if (this.#asked !== client) {
      this.#asked = client;
      this.#held = undefined;
    }
    const come = ({ detail }: CustomEvent<ConnectResult>) => this.#come(detail.connection);
    const gone = ({ detail }: CustomEvent<Receipt>) => this.#gone(detail);
    client.addEventListener('connected', come, once);
    document.addEventListener('bankconnect:connected', come, once);
    client.addEventListener('disconnected', gone, once);
    document.addEventListener('bankconnect:disconnected', gone, once);
    this.draw();
    this.#soon();
  }

  /** Shows what is known at once, then asks for the whole. */
  #come(connection: BankConnection): void {
    if (this.#held) {
      this.#held = [...this.#held.filter(({ id }) => id !== connection.id), connection];
      this.draw();
    }
    this.#soon();
  }

  /** The receipt takes the place of the connection, whoever has ended it. */
  #gone(receipt: Receipt): void {
    const ended = this.#held?.find(({ id }) => id === receipt.connection);
    const node = this.#parts?.root.getElementById(`name-${receipt.connection}`)?.closest('li');
    if (ended && node) {
      const at = [...(node.parentElement?.children ?? [])].indexOf(node);
      const entry = { name: ended.provider_name, receipt, at, height: node.offsetHeight };
      this.#receipts = [...this.#receipts, entry];
      this.#held = this.#held?.filter((one) => one !== ended);
      this.draw();
    }
    this.#soon();
  }

  /** One question, however many say that there is news. */
  #soon(): void {
    if (this.#coming) return;
    this.#coming = true;
    queueMicrotask(() => {
      this.#coming = false;
      if (this.isConnected) void this.refresh();
    });
  }

  /** @internal */
  draw(): void {
    const parts = this.#parts;
    if (!parts) return;
    const [text, held] = [this.said, this.#held];
    const failure = held ? undefined : this.#failure; // what was seen last stays
    const waited = parts.list.ariaBusy === 'true' && parts.stage.offsetHeight;
    const drawing = { root: parts.root, text, language: this.language };
    const focused = parts.root.activeElement?.id;
    parts.list.setAttribute('aria-label', text.title);
    parts.list.setAttribute('aria-busy', String(!held && !failure));
    parts.list.replaceChildren(...this.#cards(drawing));
    if (focused) parts.root.getElementById(focused)?.focus();
    const none = held && held.length + this.#receipts.length === 0;
    parts.empty.hidden = !none;
    parts.list.hidden = Boolean(none || failure);
    // an empty list, or a failure, takes the room of what was waited for
    const bare = none ? parts.empty : parts.failed;
    if (waited && (none || failure)) bare.style.minBlockSize = `${waited}px`;
    parts.emptyText.textContent = text.empty;
    parts.status.textContent = held || failure ? '' : text.loading;
    parts.failed.hidden = !failure;
    if (failure) void this.#tellFailure(failure);
  }

  #cards(drawing: Drawing): HTMLElement[] {
    if (!this.#held) {
      const rooms = this.#failure ? 0 : Number(this.getAttribute('rows') ?? remembered());
      return Array.from({ length: rooms }, () => room(drawing));
    }
    const cards = byBank(this.#held, drawing.language).map((one) =>
      card(drawing, one, this.#bank(one), {
        renew: () => this.#renew(one),
        disconnect: () => this.#disconnect(one),
      }),
    );
    for (const ended of this.#receipts) {
      const node = receiptCard(drawing, ended.name, ended.receipt, () => {
        this.#receipts = this.#receipts.filter((other) => other !== ended);
        this.draw();
        this.#goOn();
      });
      node.style.minBlockSize = `${ended.height}px`; // nothing below it moves
      cards.splice(ended.at, 0, node);
    }
    return cards;
  }

  #bank({ provider }: BankConnection): Bank | undefined {
    return this.#banks.find(({ id }) => id === provider);
  }

  #renew(one: BankConnection): void {
    if (!this.tell('renew', one, true)) return;
    const text = this.said;
    const { provider, scopes, provider_name: name } = one;
    const days = this.#bank(one)?.consent_days;
    const lasts = days ? ` ${filled(text.renewed, dayIn(this.language, days))}` : '';
    const mode = this.getAttribute('mode') === 'popup' ? 'popup' : 'redirect';
    this.#question({
      title: filled(text.renewTitle, name),
      about: text.login + lasts,
      yes: text.go,
      no: text.cancel,
      act: async (signal, say) => {
        const { client } = this;
        const follow = ({ detail }: { detail: { state: string } }) =>
          say((text as Record<string, string>)[detail.state] ?? '');
        client.addEventListener('statechange', follow, { signal });
        const result = await Promise.race([
          client.connect({ provider, scopes, mode, signal }),
          cameBack(client, signal),
        ]);
        if (result) this.tell('connected', result);
      },
    });
  }

  #disconnect(one: BankConnection): void {
    const text = this.said;
    const others = this.#held?.some(
      ({ id, provider }) => id !== one.id && provider === one.provider,
    );
    const name = one.provider_name;
    this.#question({
      title: filled(text.question, name),
      about: others ? filled(text.part, shared(text, one)) : text.consequence,
      yes: text.disconnect,
      no: text.keep,
      act: async (_, say) => {
        say(text.loading);
        const receipt = await this.client.disconnect(one.id);
        this.tell('disconnected', receipt);
      },
      done: () => this.#goOn(),
    });
  }

  /** Puts the focus where there is something to read or do next. */
  #goOn(): void {
    const parts = this.#parts;
    const next = parts?.root.querySelector<HTMLElement>('[part=receipt] [part=name], li button');
    (next ?? parts?.empty)?.focus();
  }

  #question(question: Omit<Question, 'failed'>): void {
    const root = this.#parts?.root;
    if (!root) return;
    const failed = async (thrown: unknown) => {
      if (!BankConnectError.is(thrown)) throw thrown;
      const calm = thrown.code === 'cancelled' || thrown.code === 'closed';
      this.tell(calm ? 'cancelled' : 'failed', thrown);
      const [status, error = '', retry = ''] = await this.#outcome(thrown);
      const again = calm || thrown.retryable ? retry || question.yes : '';
      return { words: status || error, retry: calm ? question.yes : again };
    };
    this.#unask?.();
    this.#unask = ask(root, { ...question, failed });
  }

  async #tellFailure(failure: BankConnectError): Promise<void> {
    const [, words = '', retry = ''] = await this.#outcome(failure);
    const parts = this.#parts;
    if (!parts || this.#failure !== failure) return;
    parts.error.textContent = words;
    parts.retry.textContent = retry;
    parts.retry.hidden = !retry;
  }

  async #outcome(error: BankConnectError): Promise<[string, string?, string?]> {
    const part = await import('./outcomes.js').catch(() => undefined);
    if (part) languages.under(part.words);
    return part?.outcome(this.said, error) ?? ['', this.said.offline];
  }
}

/** The person came back from the bank by the browser's back button. */
function cameBack(client: BankConnect, signal: AbortSignal): Promise<undefined> {
  return new Promise((back) => {
    const follow = ({ detail }: BankConnectEventMap['statechange']) =>
      detail.previous === 'redirecting' && back(undefined);
    client.addEventListener('statechange', follow, { signal });
  });
}

if (globalThis.customElements && !customElements.get('bank-connections')) {
  customElements.define('bank-connections', BankConnectionsElement);
}

declare global {
  interface HTMLElementTagNameMap {
    'bank-connections': BankConnectionsElement;
  }
}
