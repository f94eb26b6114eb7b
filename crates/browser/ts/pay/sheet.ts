/** An entered payment: what the bank calls it, how it can be signed, and where it stands. */

import type { Payment } from '../generated/cobs.js';
import { type Desk, refusedWith } from './desk.js';
import type { PaymentStatus } from './types.js';

/** The method that is a visit to the bank's own pages. */
export const REDIRECT = 'USERAGENT_REDIRECT';

/** Lists of methods, each in its order; one list has to be passed. */
export type Scenarios = readonly (readonly string[])[];

/** What answers tell of a signing. */
interface Told {
  readonly state?: string | null;
  readonly signId?: string | null;
}

interface Offer {
  /** Some banks write a list of one as its only entry. */
  readonly scenarios?: readonly (readonly string[] | string)[] | null;
  readonly signInfo?: Told | null;
}

interface Standing {
  readonly instructionStatus?: string | null;
  readonly statusChangeInfo?: unknown;
}

/** What the bank's words say for certain; a settled payment is one, whatever its signing says. */
const STATUS: Readonly<Record<string, PaymentStatus>> = { ACSC: 'settled', ACSP: 'accepted' };
const STATE: Readonly<Record<string, PaymentStatus>> = {
  CANCELLED: 'cancelled',
  CLOSED: 'expired',
  DONE: 'accepted',
};

/** Steps of the signing and the status. Words of the bank that are not known are kept as they are. */
export class Sheet {
  /** The bank's id. */
  readonly id: string;
  signId = '';
  /** State of the signing: `OPEN`, `DONE`, … */
  state = '';
  instructionStatus: string;
  reason: unknown;
  /** Milliseconds after which to ask again. */
  poll = 5000;

  constructor(
    readonly desk: Desk,
    readonly key: string,
    readonly payment: Payment,
  ) {
    this.id =
      payment.transactionIdentification ||
      payment.paymentIdentification?.transactionIdentification ||
      '';
    this.instructionStatus = payment.instructionStatus ?? '';
    this.#learn(payment.signInfo);
  }

  /** Learns how the payment can be signed: step 0 or I. Of step I a bank may have none. */
  async scenarios(): Promise<Scenarios> {
    const ask = () => (this.signId ? this.#sign<Offer>('GET') : this.#ask<Offer>('POST', ['sign']));
    const offer = await this.desk.steadily(ask).catch(missing<Offer>);
    this.#learn(offer.signInfo);
    return (offer.scenarios ?? [[REDIRECT]]).map((methods) => [methods].flat());
  }

  /** Step II: begins a method. */
  async begin<T extends { signInfo?: Told | null }>(body: object): Promise<T> {
    const answer = await this.desk.steadily(() => this.#sign<T>('POST', body));
    this.#learn(answer.signInfo);
    return answer;
  }

  /** Step III without a code: asks how the signing stands. True when nothing more can come. */
  async isOver(method: string): Promise<boolean> {
    const ask = () => this.end({ authorizationType: method });
    const told = await this.desk.steadily(ask).catch(missing<Told>);
    if (told.state === 'OPEN') return false;
    return this.state in STATE || (await this.status()) !== 'unsigned';
  }

  /** Step III. */
  async end(body: object): Promise<Told> {
    const answer = await this.#sign<Told & { pollInterval?: number | null }>('PUT', body);
    this.#learn(answer);
    this.poll = Math.min(Math.max(answer.pollInterval ?? 5000, 1000), 30_000);
    return answer;
  }

  /** Learns where the payment stands. */
  async status(): Promise<PaymentStatus> {
    const told = await this.desk.steadily(() => this.#ask<Standing>('GET', ['status']));
    this.instructionStatus = told.instructionStatus ?? '';
    this.reason = told.statusChangeInfo;
    return this.known;
  }

  /** Where it stands by what was learnt. */
  get known(): PaymentStatus {
    const { instructionStatus: status, state } = this;
    const rejected = status === 'RJCT' ? 'rejected' : undefined;
    if (state === 'DONE') return STATUS[status] ?? rejected ?? 'accepted';
    return STATUS[status] ?? STATE[state] ?? rejected ?? 'unsigned';
  }

  /** It is signed, and its status does not say so yet. */
  get isBehind(): boolean {
    return /^(AC[TW]C)?$/.test(this.instructionStatus);
  }

  #sign<T>(method: 'GET' | 'POST' | 'PUT', body?: object): Promise<T> {
    return this.#ask(method, ['sign', this.signId], body);
  }

  #ask<T>(method: 'GET' | 'POST' | 'PUT', below: readonly string[], body?: object): Promise<T> {
    return this.desk.bank(method, [this.id, ...below], body);
  }

  #learn(told: Told | null | undefined): void {
    this.signId = told?.signId || this.signId;
    this.state = told?.state || this.state;
  }
}

/** What a bank has not is no failure. */
function missing<T extends object>(thrown: unknown): T {
  if (refusedWith(thrown, 'NOT_IMPLEMENTED')) return {} as T;
  throw thrown;
}
