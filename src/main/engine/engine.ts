// One engine: takes commands, runs the plan, reports. Everything between is sockets, timers and
// memory of this thread. Hosted by thread.ts; tests host it directly.
import { applyHealth, applyPlan } from './apply.ts';
import { DeferredWork } from './deferred-work.ts';
import { closeConnections, endExchanges, listConnections } from './drain.ts';
import type { Env } from './env.ts';
import { retireEngine } from './listen/retire.ts';
import type { EngineCommand, EngineReport } from './messages.ts';
import type { Plan } from './plan.ts';
import { RequestLog } from './request-log.ts';
import { setCrew } from './shared-load.ts';
import type { EngineState } from './state.ts';
import { TimerWheel } from './timer-wheel.ts';

/** Leaves room to count on from any start without losing precision. */
const ID_SPAN = 2 ** 48;
/** How often a stopping engine looks whether its clients have gone. */
const STOP_POLL_MS = 20;
/** What tunnels may take to end in good order once the deadline has passed. */
const GOODBYE_MS = 100;

export interface EngineOptions {
  env: Env;
  post: (report: EngineReport) => void;
}

export interface Engine {
  handle(command: EngineCommand): void;
}

export function createEngine({ env, post }: EngineOptions): Engine {
  const engine = createState(env, post);
  let plan: Plan | undefined;
  let stopAsked = false;
  let stopped = false;

  async function apply(command: Extract<EngineCommand, { type: 'apply' }>): Promise<void> {
    const before = plan;
    plan = command.plan;
    setCrew(engine, command.crew);
    try {
      const listeners = await applyPlan(engine, before, command.plan, command.pages);
      post({ type: 'applied', id: command.id, revision: command.plan.revision, listeners });
    } catch (error) {
      engine.fault(error);
    }
  }

  async function join({ id, crew }: Extract<EngineCommand, { type: 'join' }>): Promise<void> {
    setCrew(engine, crew);
    const servers = [...engine.listeners.values()].map(({ server }) => server);
    await Promise.all(servers.map((server) => server.join()));
    post({ type: 'joined', id, listeners: servers.map(({ report }) => report) });
  }

  function close({ slot, connection }: Extract<EngineCommand, { type: 'close-connections' }>): number {
    return closeConnections(engine, engine.backends.get(slot), connection);
  }

  function finish(): void {
    if (stopped) return;
    stopped = true;
    engine.log.flush();
    engine.wheel.stop();
    post({ type: 'stopped' });
  }

  function stop(deadlineMs: number): void {
    if (stopAsked) return;
    stopAsked = true;
    stopEngine(engine, deadlineMs, finish);
  }

  return {
    handle(command) {
      switch (command.type) {
        case 'apply':
          void apply(command);
          break;
        case 'join':
          void join(command);
          break;
        case 'list-connections':
          post({ type: 'connections', id: command.id, ...listConnections(engine, command.slot) });
          break;
        case 'close-connections':
          post({ type: 'connections-closed', id: command.id, count: close(command) });
          break;
        case 'set-health':
          applyHealth(engine, command.updates);
          break;
        case 'stop':
          stop(command.deadlineMs);
          break;
        case 'retire':
          retireEngine(engine, command.deadlineMs, finish);
      }
    },
  };
}

function createState(env: Env, post: EngineOptions['post']): EngineState {
  const fault = (error: unknown): void => post(faultReport(error));
  return {
    env,
    wheel: new TimerWheel(env.clock.monotonicMs, fault),
    log: new RequestLog((records, dropped) => post({ type: 'requests', records, dropped })),
    pools: new Map(),
    listeners: new Map(),
    backends: new Map(),
    clients: new Set(),
    crew: undefined,
    fence: undefined,
    sharedClients: undefined,
    post,
    fault,
    deferred: new DeferredWork(env.clock, fault),
    stopping: false,
    // Not from 1: a number of this thread is none of another's, nor of the one it replaces.
    lastListedId: Math.floor(env.random() * ID_SPAN),
  };
}

/** Accepts nothing more; what is under way may finish until the deadline and is ended then. */
function stopEngine(engine: EngineState, deadlineMs: number, onGone: () => void): void {
  const { clock } = engine.env;
  engine.stopping = true;
  for (const listener of engine.listeners.values()) listener.server.close();
  for (const backend of engine.backends.values()) backend.upstreams.closeIdle();
  for (const client of engine.clients) client.retire();
  const endMs = clock.monotonicMs() + deadlineMs;
  let ending = false;
  const poll = setInterval(() => {
    if (anyBusy(engine)) {
      const overMs = clock.monotonicMs() - endMs;
      if (overMs < 0) return;
      if (!ending) endExchanges(engine);
      ending = true;
      if (anyBusy(engine) && overMs < GOODBYE_MS) return;
    }
    clearInterval(poll);
    for (const client of engine.clients) client.destroy();
    onGone();
  }, STOP_POLL_MS);
}

function anyBusy(engine: EngineState): boolean {
  for (const client of engine.clients) if (client.busy) return true;
  return false;
}

export function faultReport(error: unknown): EngineReport {
  if (error instanceof Error) return { type: 'fault', message: error.message, stack: error.stack ?? '' };
  return { type: 'fault', message: String(error), stack: '' };
}
