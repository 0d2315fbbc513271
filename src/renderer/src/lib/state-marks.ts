// The one place where a state becomes what people see: a shape, a tone and a word. The same three in
// the table, the rail, the palette and the ribbons, so a state is recognised without its colour.
import type {
  BackendStatus,
  EffectiveState,
  HealthState,
  ListenerStatus,
  PoolCondition,
  PoolStatus,
} from '#shared/status.ts';
import { formatAge } from './format.ts';

/** Each is told apart in greyscale: filled, half, square, quarter dots, triangles, bars, ring. */
export type MarkShape =
  | 'dot'
  | 'half'
  | 'square'
  | 'checking'
  | 'triangle'
  | 'triangle-hollow'
  | 'pause'
  | 'ring';

export type Tone = 'up' | 'warn' | 'down' | 'drain' | 'off' | 'neutral' | 'accent';

export interface Mark {
  shape: MarkShape;
  tone: Tone;
  /** Capitalised, stands alone: "Failing". */
  word: string;
}

const BACKEND_MARKS: Readonly<Record<EffectiveState, Mark>> = {
  up: { shape: 'dot', tone: 'up', word: 'Up' },
  failing: { shape: 'half', tone: 'warn', word: 'Failing' },
  recovering: { shape: 'half', tone: 'warn', word: 'Recovering' },
  down: { shape: 'square', tone: 'down', word: 'Down' },
  checking: { shape: 'checking', tone: 'off', word: 'Checking' },
  unchecked: { shape: 'ring', tone: 'off', word: 'Unchecked' },
  draining: { shape: 'triangle', tone: 'drain', word: 'Draining' },
  drained: { shape: 'triangle-hollow', tone: 'drain', word: 'Drained' },
  disabled: { shape: 'pause', tone: 'off', word: 'Disabled' },
};

const POOL_MARKS: Readonly<Record<PoolCondition, Mark>> = {
  up: { shape: 'dot', tone: 'up', word: 'Up' },
  degraded: { shape: 'half', tone: 'warn', word: 'Degraded' },
  down: { shape: 'square', tone: 'down', word: 'Down' },
  checking: { shape: 'checking', tone: 'off', word: 'Checking' },
  off: { shape: 'pause', tone: 'off', word: 'Off' },
  empty: { shape: 'ring', tone: 'off', word: 'Empty' },
};

const LISTENER_MARKS: Readonly<Record<ListenerStatus['state'], Mark>> = {
  listening: { shape: 'dot', tone: 'up', word: 'Listening' },
  starting: { shape: 'checking', tone: 'off', word: 'Starting' },
  failed: { shape: 'square', tone: 'down', word: 'Failed' },
};

export function backendMark(state: EffectiveState): Mark {
  return BACKEND_MARKS[state];
}

export function poolMark(state: PoolCondition): Mark {
  return POOL_MARKS[state];
}

export function listenerMark(state: ListenerStatus['state']): Mark {
  return LISTENER_MARKS[state];
}

/** The whole phrase beside the mark: "Up 2h 14m", "Failing ↓ 2 of 3", "Draining · 3 left". */
export function stateText(
  backend: Pick<BackendStatus, 'state' | 'since' | 'progress' | 'inFlight'>,
  now: number,
): string {
  const { word } = BACKEND_MARKS[backend.state];
  const { progress } = backend;
  switch (backend.state) {
    case 'failing':
      return progress ? `${word} ↓ ${progress.count} of ${progress.of}` : word;
    case 'recovering':
      return progress ? `${word} ↑ ${progress.count} of ${progress.of}` : word;
    case 'draining':
      return `${word} · ${backend.inFlight} left`;
    case 'up':
    case 'down':
      return `${word} ${formatAge(now - backend.since)}`;
    default:
      return word;
  }
}

/** What the rail and the overview put after a pool's name: "3/5", "off", "empty". */
export function poolCount(pool: Pick<PoolStatus, 'state' | 'serving' | 'backends'>): string {
  if (pool.state === 'off') return 'off';
  if (pool.backends.length === 0) return 'empty';
  return `${pool.serving}/${pool.backends.length}`;
}

/** Colour of one cell of a health ribbon; null health means nothing is known about that time. */
export function healthTone(health: HealthState | null): Tone {
  switch (health) {
    case 'up':
      return 'up';
    case 'failing':
    case 'recovering':
      return 'warn';
    case 'down':
      return 'down';
    case 'checking':
    case 'unchecked':
      return 'off';
    case null:
      return 'neutral';
  }
}

/** Worst first, for sorting problems to the top. */
const SEVERITY: readonly EffectiveState[] = [
  'down',
  'failing',
  'recovering',
  'checking',
  'draining',
  'drained',
  'disabled',
  'unchecked',
  'up',
];

/** 0 is worst. */
export function severityRank(state: EffectiveState): number {
  return SEVERITY.indexOf(state);
}

/** What nobody uses comes last: off was someone's decision. */
const POOL_SEVERITY: readonly PoolCondition[] = ['down', 'degraded', 'checking', 'empty', 'up', 'off'];

export function poolSeverityRank(state: PoolCondition): number {
  return POOL_SEVERITY.indexOf(state);
}

/** Whether a person should look at it. A drain or a disable was someone's decision, not a problem. */
export function isProblem(state: EffectiveState): boolean {
  return state === 'down' || state === 'failing' || state === 'recovering';
}
