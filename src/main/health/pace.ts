// Starts few probes in one turn of the event loop. When thousands are due at once, after a stall or on a
// slow machine, the loop would otherwise spend its time on opening connections while answers that are
// here go unread until they count as late. Nothing is due to fail by waiting: a probe's time begins when
// it starts. Called by the monitor.

export interface Pace {
  /** Now, or in one of the next turns, in order. */
  run(task: () => void): void;
  /** Drops what waits. */
  stop(): void;
}

const TASKS_PER_TURN = 8;

export function createPace(): Pace {
  let waiting: (() => void)[] = [];
  let left = TASKS_PER_TURN;
  let turn: NodeJS.Immediate | null = null;

  function nextTurn(): void {
    turn = null;
    left = TASKS_PER_TURN;
    for (const task of waiting.splice(0, TASKS_PER_TURN)) run(task);
  }

  function run(task: () => void): void {
    // Not a timer: one that is due again at once runs before any socket is read.
    turn ??= setImmediate(nextTurn);
    if (left === 0) {
      waiting.push(task);
      return;
    }
    left--;
    task();
  }

  return {
    run(task) {
      if (waiting.length > 0) waiting.push(task);
      else run(task);
    },
    stop() {
      waiting = [];
      if (turn !== null) clearImmediate(turn);
    },
  };
}
