// What the backends of the fake core have under way: as many requests and tunnels as their scripts
// count, the oldest first, less what was closed. Also how far the scene's drains have come.
import type { ConnectionStatus, DrainStatus } from '#shared/status.ts';
import type { FakeState } from './fake-core.ts';

const SECOND_MS = 1000;
const TUNNEL_AGES_S = [252, 123, 96, 61];
const REQUEST_AGES_S = [38, 21, 12, 4, 1];
const TARGETS = ['/report.csv', '/search?q=pump', '/export', '/users', '/'];
/** What a drain of the scene is said to have begun with. */
const SCENE_DRAIN_STARTED_WITH = 21;

const closedIds = new WeakMap<FakeState, Map<string, Set<number>>>();

function closedOf(state: FakeState, key: string): Set<number> {
  const byBackend = closedIds.get(state) ?? new Map<string, Set<number>>();
  closedIds.set(state, byBackend);
  const ids = byBackend.get(key) ?? new Set<number>();
  byBackend.set(key, ids);
  return ids;
}

export function fakeConnections(state: FakeState, pool: string, backend: string): ConnectionStatus[] {
  const key = `${pool}/${backend}`;
  const { inFlight = 0, tunnels = 0 } = state.scripts.get(key) ?? {};
  const closed = closedOf(state, key);
  const closedTunnels = [...closed].filter(isTunnel).length;
  const all = [
    ...Array.from({ length: tunnels + closedTunnels }, (_, i) => tunnel(state, i)),
    ...Array.from({ length: inFlight - tunnels + closed.size - closedTunnels }, (_, i) => request(state, i)),
  ];
  return all.filter(({ id }) => !closed.has(id)).sort((a, b) => b.ageMs - a.ageMs);
}

/** Null: all. Answers how many were there. */
export function closeFakeConnections(
  state: FakeState,
  pool: string,
  backend: string,
  id: number | null,
): number {
  const key = `${pool}/${backend}`;
  const script = state.scripts.get(key);
  const gone = fakeConnections(state, pool, backend).filter((one) => id === null || one.id === id);
  if (!script || gone.length === 0) return 0;
  const closed = closedOf(state, key);
  for (const one of gone) closed.add(one.id);
  state.scripts.set(key, {
    ...script,
    inFlight: (script.inFlight ?? 0) - gone.length,
    tunnels: (script.tunnels ?? 0) - gone.filter((one) => isTunnel(one.id)).length,
  });
  return gone.length;
}

export function fakeDrain(
  state: FakeState,
  pool: { name: string; drainMs: number },
  backend: string,
): DrainStatus | null {
  const key = `${pool.name}/${backend}`;
  const intent = state.intents.get(key);
  if (intent?.state !== 'draining') return null;
  const left = state.scripts.get(key)?.inFlight ?? 0;
  const closed = closedOf(state, key).size;
  return {
    since: intent.at,
    closed,
    deadline: pool.drainMs === 0 ? null : intent.at + pool.drainMs,
    startedWith: key in state.scene.drains ? SCENE_DRAIN_STARTED_WITH : left + closed,
  };
}

/** Tunnels have odd numbers, requests even ones. */
function isTunnel(id: number): boolean {
  return id % 2 === 1;
}

function tunnel(state: FakeState, i: number): ConnectionStatus {
  const ageMs = ageOf(state, TUNNEL_AGES_S, i);
  return {
    id: 2 * i + 1,
    kind: 'websocket',
    method: 'GET',
    path: '/live',
    client: '127.0.0.1',
    ageMs,
    idleMs: Math.min(ageMs, 4 * SECOND_MS),
    bytesIn: 2_400 + i,
    bytesOut: 81_000 + i,
  };
}

function request(state: FakeState, i: number): ConnectionStatus {
  return {
    id: 2 * i + 2,
    kind: 'http',
    method: 'GET',
    path: TARGETS[i % TARGETS.length] ?? '/',
    client: `192.168.0.${21 + i}`,
    ageMs: ageOf(state, REQUEST_AGES_S, i),
    idleMs: 0,
    bytesIn: 410,
    bytesOut: 1_900_000 + i,
  };
}

/** They grow older as the scene goes on. */
function ageOf(state: FakeState, agesS: readonly number[], i: number): number {
  const sceneMs = state.now - state.startedAt - 3 * 3_600_000;
  return (agesS[i % agesS.length] ?? 0) * SECOND_MS + sceneMs;
}
