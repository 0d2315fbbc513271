// What one turn of this thread's loop does at the most: how long it keeps the processor, which is not
// more on a machine where others want it too, and how far something counted gets.

export interface TurnWatch {
  /** The most of any turn since the start. */
  stop(): { busiestMs: number; counted: number };
}

export function watchTurns(count: () => number = () => 0): TurnWatch {
  const most = { busiestMs: 0, counted: 0 };
  let stopped = false;
  let usageBefore = process.threadCpuUsage();
  let countBefore = count();
  const measure = (): void => {
    const usage = process.threadCpuUsage();
    const micros = usage.user + usage.system - usageBefore.user - usageBefore.system;
    most.busiestMs = Math.max(most.busiestMs, micros / 1000);
    usageBefore = usage;
    const counted = count();
    most.counted = Math.max(most.counted, counted - countBefore);
    countBefore = counted;
  };
  const turn = (): void => {
    measure();
    if (!stopped) setImmediate(turn);
  };
  setImmediate(turn);
  return {
    stop() {
      stopped = true;
      measure();
      return most;
    },
  };
}
