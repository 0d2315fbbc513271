// One engine: takes commands, runs the plan, reports. Everything between is sockets, timers and
// memory of this thread. Hosted by thread.ts; tests host it directly.
import { applyHealth, applyPlan } from './apply.ts';
import type { Env } from './env.ts';
import type { EngineCommand, EngineReport } from './messages.ts';
import type { Plan } from './plan.ts';
import { RequestLog } from './request-log.ts';
import type { EngineState } from './state.ts';
import { TimerWheel } from './timer-wheel.ts';

/** How often a stopping engine looks whether its clients have gone. */
const STOP_POLL_MS = 20;

export interface EngineOptions {
  env: Env;
  post: (report: EngineReport) => void;
}

export interface Engine {
  handle(command: EngineCommand): void;
}

export function createEngine({ env, post }: EngineOptions): Engine {
  const engine: EngineState = {
    env,
    wheel: new TimerWheel(env.clock.monotonicMs),
    log: new RequestLog((records, dropped) => post({ type: 'requests', records, dropped })),
    pools: new Map(),
    listeners: new Map(),
    backends: new Map(),
    clients: new Set(),
    post,
    fault: (error) => post(faultReport(error)),
    stopping: false,
  };
  let plan: Plan | undefined;

  async function apply(command: Extract<EngineCommand, { type: 'apply' }>): Promise<void> {
    const before = plan;
    plan = command.plan;
    try {
      const listeners = await applyPlan(engine, before, command.plan, command.pages);
      post({ type: 'applied', id: command.id, revision: command.plan.revision, listeners });
    } catch (error) {
      engine.fault(error);
    }
  }

  function stop(deadlineMs: number): void {
    if (engine.stopping) return;
    engine.stopping = true;
    for (const listener of engine.listeners.values()) listener.server.close();
    for (const backend of engine.backends.values()) backend.upstreams.closeIdle();
    for (const client of engine.clients) client.retire();
    const endMs = env.clock.monotonicMs() + deadlineMs;
    const poll = setInterval(() => {
      if (anyBusy(engine) && env.clock.monotonicMs() < endMs) return;
      clearInterval(poll);
      for (const client of engine.clients) client.destroy();
      engine.log.flush();
      engine.wheel.stop();
      post({ type: 'stopped' });
    }, STOP_POLL_MS);
  }

  return {
    handle(command) {
      switch (command.type) {
        case 'apply':
          void apply(command);
          break;
        case 'set-health':
          applyHealth(engine, command.updates);
          break;
        case 'stop':
          stop(command.deadlineMs);
      }
    },
  };
}

function anyBusy(engine: EngineState): boolean {
  for (const client of engine.clients) if (client.busy) return true;
  return false;
}

export function faultReport(error: unknown): EngineReport {
  if (error instanceof Error) return { type: 'fault', message: error.message, stack: error.stack ?? '' };
  return { type: 'fault', message: String(error), stack: '' };
}
