// The one sentence in the title bar: does the engine do what was asked? Worst truth first. Pure.

import type { PoolCondition, PoolStatus } from '#shared/status.ts';
import { noServiceText } from '../../lib/no-service.ts';
import type { MarkShape, Tone } from '../../lib/state-marks.ts';
import { type LiveState, latestRevision } from '../../live/live-state.ts';
import { shownState, unservedLastMinute } from '../../live/unserved.ts';

export interface EngineVerdict {
  shape: MarkShape;
  tone: Tone;
  text: string;
  /** The whole story, for the tooltip. */
  detail: string;
  /** The pool it is about; none: the listeners. */
  pool?: string;
}

export function engineVerdict(state: LiveState): EngineVerdict {
  const { connection, status, system } = state;
  if (connection === 'lost') {
    return {
      shape: 'square',
      tone: 'down',
      text: 'Not connected',
      detail: state.lostReason ?? 'The core is gone',
    };
  }
  if (!status) return { shape: 'checking', tone: 'off', text: 'Connecting', detail: 'Waiting for the core' };

  const revision = latestRevision(state);
  const applied = status.appliedRevision;
  if (system?.engineWorkers === 0) {
    return {
      shape: 'square',
      tone: 'down',
      text: 'Engine stopped',
      detail: 'No engine worker runs; nothing is proxied until it is back',
    };
  }
  const failed = status.listeners.filter((listener) => listener.state === 'failed');
  if (failed.length > 0) {
    const all = status.listeners.every(({ state, servedAddress }) => state === 'failed' && !servedAddress);
    const [first] = failed;
    return {
      shape: all ? 'square' : 'half',
      tone: all ? 'down' : 'warn',
      text:
        failed.length === 1 && first ? `Listener ${first.name} failed` : `${failed.length} listeners failed`,
      detail: failed.map((listener) => `${listener.name}: ${listener.error ?? 'cannot accept'}`).join('\n'),
    };
  }
  if (applied !== revision) {
    return {
      shape: 'half',
      tone: 'warn',
      text: `r${revision} saved · r${applied} runs`,
      detail: `The engine still runs r${applied}; r${revision} is being applied`,
    };
  }
  if (status.listeners.length === 0) {
    return {
      shape: 'ring',
      tone: 'off',
      text: 'No listeners',
      detail: 'Add a listener to accept connections',
    };
  }
  const out = poolsWithoutService(state, status.pools);
  const [worst] = out;
  if (worst !== undefined) {
    return {
      shape: 'half',
      tone: 'warn',
      text: `Proxying · ${withoutServiceText(out)}`,
      detail: out.map((pool) => `${pool.name}: ${noServiceText(pool)}`).join('\n'),
      pool: worst.name,
    };
  }
  return {
    shape: 'dot',
    tone: 'up',
    text: `Proxying · r${applied} applied`,
    detail: `The engine confirmed that it runs r${applied}, the newest revision`,
  };
}

/** In which a pool sends no request on, worst first. */
const WITHOUT_SERVICE: readonly PoolCondition[] = ['down', 'checking'];

/** Worst first. Those that are off or empty are among them while requests come for them. */
function poolsWithoutService(live: LiveState, pools: readonly PoolStatus[]): PoolStatus[] {
  const unserved = unservedLastMinute(live);
  return WITHOUT_SERVICE.flatMap((state) => pools.filter((pool) => shownState(pool, unserved) === state));
}

function withoutServiceText(out: readonly PoolStatus[]): string {
  const waiting = out.filter(({ state }) => state === 'checking').length;
  // Those that only wait are not counted in with the ones that are out.
  const counted = waiting === out.length ? waiting : out.length - waiting;
  const [subject, verbs] =
    counted === 1
      ? [shortName(out[0]?.name ?? ''), ['waits', 'has']]
      : [`${counted} pools`, ['wait', 'have']];
  return waiting === out.length ? `${subject} ${verbs[0]} for checks` : `${subject} ${verbs[1]} no backend`;
}

/** What is wrong must stay in sight behind the longest name; the tooltip has all of it. */
function shortName(name: string): string {
  return name.length <= NAME_CHARS ? name : `${name.slice(0, NAME_CHARS - 1)}…`;
}

const NAME_CHARS = 18;
