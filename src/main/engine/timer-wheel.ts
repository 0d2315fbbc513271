// All timeouts of an engine thread in one coarse wheel: arming, moving and disarming one costs a few
// stores and never a timer of the runtime. A deadline fires between its time and two ticks later.
// Each connection owns one WheelTimer for its whole life and re-arms it as its phase changes.

export const TICK_MS = 100;
const SLOTS = 512;
/** Small enough to be kept within the timer itself, as all ticks are; reached after six years. */
const NEVER = 2 ** 31 - 1;
/**
 * Ticks credited for one turn of the wheel at most. After a stall of the loop or a suspended
 * machine, connections get the chance to progress before they are declared silent.
 */
const MAX_STEP = 3;
/** How long one turn of the loop may be busy with timers that are due, and after how many that is looked at. */
const TURN_MS = 0.5;
const FIRED_PER_LOOK = 8;

/** One deadline; a node of the list of the slot it is queued in. */
export class WheelTimer {
  readonly fire: () => void;
  next: WheelTimer = this;
  previous: WheelTimer = this;
  /** Tick to fire at; may be later than `queuedTick`, the slot it sits in, and is then moved lazily. */
  deadlineTick = NEVER;
  queuedTick = NEVER;

  constructor(fire: () => void) {
    this.fire = fire;
  }
}

export class TimerWheel {
  readonly #slots: WheelTimer[] = Array.from({ length: SLOTS }, () => new WheelTimer(noop));
  readonly #due = new WheelTimer(noop);
  readonly #monotonicMs: () => number;
  readonly #onFault: (error: unknown) => void;
  #tick = 0;
  #lastMs = 0;
  #queued = 0;
  /** Some that are due have been left to the next turn of the loop. */
  #firing = false;
  #interval: NodeJS.Timeout | undefined;

  /** `onFault` gets what a timer throws: it keeps no other one from firing. */
  constructor(monotonicMs: () => number, onFault: (error: unknown) => void) {
    this.#monotonicMs = monotonicMs;
    this.#onFault = onFault;
  }

  /** A clock that costs nothing to read: ticks of TICK_MS while anything is armed. */
  get tick(): number {
    return this.#tick;
  }

  /** Fires `timer` once, `delayMs` from now, replacing what it was armed for. */
  arm(timer: WheelTimer, delayMs: number): void {
    // One more tick, because the current one has partly passed.
    const deadline = this.#tick + Math.ceil(delayMs / TICK_MS) + 1;
    timer.deadlineTick = deadline;
    // Still queued and not too late: the wheel moves it on when it comes by.
    if (timer.queuedTick <= deadline) return;
    this.#unlink(timer);
    this.#link(timer, deadline);
  }

  /** Keeps the timer queued, so that arming it again is cheap. */
  disarm(timer: WheelTimer): void {
    timer.deadlineTick = NEVER;
  }

  /** Takes the timer off the wheel for good. */
  remove(timer: WheelTimer): void {
    timer.deadlineTick = NEVER;
    this.#unlink(timer);
  }

  stop(): void {
    clearInterval(this.#interval);
    this.#interval = undefined;
  }

  #link(timer: WheelTimer, tick: number): void {
    const head = this.#slots[tick % SLOTS] as WheelTimer;
    timer.queuedTick = tick;
    timer.previous = head.previous;
    timer.next = head;
    head.previous.next = timer;
    head.previous = timer;
    this.#queued++;
    if (this.#interval === undefined) {
      this.#lastMs = this.#monotonicMs();
      this.#interval = setInterval(() => this.#turn(), TICK_MS);
    }
  }

  #unlink(timer: WheelTimer): void {
    if (timer.queuedTick === NEVER) return;
    timer.queuedTick = NEVER;
    timer.previous.next = timer.next;
    timer.next.previous = timer.previous;
    timer.next = timer;
    timer.previous = timer;
    this.#queued--;
  }

  #turn(): void {
    const elapsed = Math.floor((this.#monotonicMs() - this.#lastMs) / TICK_MS);
    if (elapsed < 1) return;
    this.#lastMs += elapsed * TICK_MS;
    const steps = Math.min(elapsed, MAX_STEP);
    for (let step = 0; step < steps; step++) {
      this.#tick++;
      this.#collect(this.#slots[this.#tick % SLOTS] as WheelTimer);
    }
    if (!this.#firing) this.#fireDue();
  }

  /** Firing may arm, disarm or remove any timer, so the slot is emptied into a list of its own first. */
  #collect(head: WheelTimer): void {
    if (head.next === head) return;
    const due = this.#due;
    head.next.previous = due.previous;
    due.previous.next = head.next;
    head.previous.next = due;
    due.previous = head.previous;
    head.next = head;
    head.previous = head;
  }

  /** A crowd that is due at once is seen to over several turns of the loop, so that no traffic waits for it. */
  readonly #fireDue = (): void => {
    const endMs = this.#monotonicMs() + TURN_MS;
    const due = this.#due;
    this.#firing = false;
    let fired = 0;
    while (due.next !== due) {
      const timer = due.next;
      const { queuedTick, deadlineTick } = timer;
      this.#unlink(timer);
      if (queuedTick > this.#tick) {
        this.#link(timer, queuedTick);
      } else if (deadlineTick <= this.#tick) {
        timer.deadlineTick = NEVER;
        this.#fire(timer);
        if (++fired % FIRED_PER_LOOK === 0 && this.#monotonicMs() >= endMs) {
          this.#firing = true;
          setImmediate(this.#fireDue);
          return;
        }
      } else if (deadlineTick !== NEVER) {
        this.#link(timer, deadlineTick);
      }
    }
    // An engine without connections does not wake the machine.
    if (this.#queued === 0) this.stop();
  };

  #fire(timer: WheelTimer): void {
    try {
      timer.fire();
    } catch (error) {
      this.#onFault(error);
    }
  }
}

function noop(): void {}
