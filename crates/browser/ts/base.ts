/** What the elements have in common: a client, words, and a place in a page. */

import { upgrade } from './dom.js';
import { BankConnect } from './index.js';
import { type Languages, languageOf, type Said } from './languages.js';

const Base = globalThis.HTMLElement ?? (class {} as typeof HTMLElement);

/** Elements of one kind that stand in a page. */
export type Live = Set<{ draw(): void }>;

/** An element that works with a client and speaks. */
export abstract class ClientElement<T extends Said> extends Base {
  #given: BankConnect | undefined;
  #made: BankConnect | undefined;
  #words: Partial<T> = {};
  #unlisten: AbortController | undefined;

  /** The client it works with; set one to share it. */
  get client(): BankConnect {
    if (this.#given) return this.#given;
    const wasm = this.getAttribute('wasm-url');
    const brokerUrl = this.getAttribute('broker-url') ?? '/bank';
    this.#made ??= new BankConnect(wasm ? { brokerUrl, wasm } : { brokerUrl });
    return this.#made;
  }

  set client(client: BankConnect) {
    this.#given = client;
    if (this.isConnected) this.#start();
  }

  /** Words of this element alone. */
  get texts(): Partial<T> {
    return this.#words;
  }

  set texts(texts: Partial<T>) {
    this.#words = texts;
    if (this.isConnected) this.draw();
  }

  connectedCallback(): void {
    upgrade(this, 'client', 'texts', 'appState'); // what was set before the element was known
    this.live.add(this);
    this.#start();
  }

  disconnectedCallback(): void {
    this.live.delete(this);
    this.#unlisten?.abort();
  }

  attributeChangedCallback(name: string): void {
    if (!this.isConnected || !this.#unlisten) return; // connectedCallback is still to come
    if (name.endsWith('-url') && !this.#given) {
      this.#made = undefined;
      this.#start();
    }
    this.draw();
  }

  /** @internal */
  abstract readonly live: Live;
  /** @internal */
  abstract readonly languages: Languages<T>;
  /** Begins to work with the client there is now, until the signal. @internal */
  abstract start(client: BankConnect, until: AbortSignal): void;
  /** Shows what is so. @internal */
  abstract draw(): void;

  /** @internal */
  get language(): string {
    return languageOf(this);
  }

  /** Every text in the language of the element. @internal */
  get said(): T {
    return { ...this.languages.of(this.language), ...this.#words };
  }

  /** False when a listener prevented it. @internal */
  tell(name: string, detail: unknown, cancelable = false): boolean {
    const options = { detail, bubbles: true, composed: true, cancelable };
    return this.dispatchEvent(new CustomEvent(`bankconnect:${name}`, options));
  }

  #start(): void {
    this.#unlisten?.abort();
    this.#unlisten = new AbortController();
    this.start(this.client, this.#unlisten.signal);
  }
}
