// Long work in short slices: typing and scrolling stay quick however much there is to look through.

/** Milliseconds that a slice may take: with two of them a frame is still in time. */
const SLICE = 7;
/** How often the clock is looked at. */
const EVERY = 128;

export class Slices {
  #until = performance.now() + SLICE;
  #steps = 0;

  /** Counts a step; answers whether it is time to `pause`. */
  due(): boolean {
    this.#steps += 1;
    return this.#steps % EVERY === 0 && performance.now() > this.#until;
  }

  /** Lets everything else have its turn. */
  async pause(): Promise<void> {
    await turn();
    this.#until = performance.now() + SLICE;
  }
}

/** A task of its own, without the delay that nested timers get. */
function turn(): Promise<void> {
  return new Promise((done) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      done();
    };
    port2.postMessage(null);
  });
}
