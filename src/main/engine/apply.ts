// Makes the engine's state match a new plan, touching nothing the plan did not change: an edit of one
// pool closes no connection of another, a new weight closes none at all. Everything but binding
// happens at once, so a request sees either the old state or the new. Called by engine.ts.
import { createQueue, refreshPool } from './assignment.ts';
import { createPolicy } from './balance/registry.ts';
import { type Change, diffListeners } from './diff.ts';
import { DrainDeadline } from './drain-deadline.ts';
import { compileTrustedProxies } from './exchange/trusted-proxies.ts';
import { UpstreamPool } from './http1/upstream-pool.ts';
import { UpstreamSessions } from './http2/upstream-sessions.ts';
import { ListenerServer } from './listen/listener.ts';
import type { ListenerReport } from './messages.ts';
import type { BackendPlan, ListenerPlan, Plan, PoolPlan } from './plan.ts';
import { compileRoutes } from './routing/router.ts';
import { createSelector } from './select.ts';
import { inFlightOf, rowsElsewhere } from './shared-load.ts';
import type { BackendState, EngineState, ListenerState, PoolState } from './state.ts';
import { COUNTER, type Row, rowAt } from './telemetry/layout.ts';
import { TlsFront } from './tls/front.ts';
import { UpstreamTls } from './tls/upstream.ts';
import type { Upstreams } from './upstream.ts';

type Pages = readonly SharedArrayBuffer[];

/** Resolves once every listener has bound or failed. */
export async function applyPlan(
  engine: EngineState,
  before: Plan | undefined,
  after: Plan,
  pages: Pages,
): Promise<ListenerReport[]> {
  const listeners = diffListeners(before?.listeners ?? [], after.listeners);

  // Step 1: pools, so that routes find them.
  // Unchanged ones too: a health message may have come between the two plans.
  const names = new Set(after.pools.map((plan) => plan.name));
  for (const plan of after.pools) isolated(engine, () => setPool(engine, plan, pages, names));

  // Step 2: listeners that keep their socket.
  for (const change of [...listeners.updated, ...listeners.rebound]) updateListener(engine, change);

  // Step 3: sockets that must go, before those that may need their address.
  for (const plan of listeners.removed) removeListener(engine, plan.name);
  const taking = [...listeners.added, ...listeners.rebound.map((change) => change.after)];
  for (const { before: old } of listeners.rebound) {
    // Another listener takes its port over. If only its own new host is in question, it sees to that itself.
    const isTaken = taking.some(({ name, port }) => name !== old.name && port === old.port && port !== 0);
    if (isTaken) engine.listeners.get(old.name)?.server.close();
  }
  // The plan does not know what a listener still serves because its own address cannot be had.
  for (const { name, server } of engine.listeners.values())
    if (taking.some((plan) => plan.name !== name && plan.port === server.keptPort)) server.yieldKept();

  // Step 4: new sockets.
  const binding = listeners.rebound.map(({ after: plan }) => bind(engine, plan));
  for (const { before: old, after: plan } of listeners.updated)
    if (old.fault !== plan.fault) binding.push(bind(engine, plan));
  for (const plan of listeners.added) {
    isolated(engine, () => engine.listeners.set(plan.name, createListener(engine, plan, pages)));
    binding.push(bind(engine, plan));
  }

  // Step 5: what nothing leads to any more.
  for (const name of engine.pools.keys()) if (!names.has(name)) removePool(engine, name);

  await Promise.all(binding);
  return after.listeners.flatMap((plan) => engine.listeners.get(plan.name)?.server.report ?? []);
}

/** Health changed outside a plan. Closes nothing: what is under way may finish. */
export function applyHealth(
  engine: EngineState,
  updates: readonly { slot: number; usable: boolean }[],
): void {
  const touched = new Set<PoolState>();
  for (const { slot, usable } of updates) {
    const backend = engine.backends.get(slot);
    if (backend === undefined || backend.usable === usable) continue;
    backend.usable = usable;
    touched.add(backend.pool);
  }
  for (const pool of touched) refreshPool(pool);
}

/** What fails for one object, which takes a bug, leaves that one as it was and the others to go on. */
function isolated(engine: EngineState, action: () => void): void {
  try {
    action();
  } catch (error) {
    engine.fault(error);
  }
}

/** `names`: the pools there will be. */
function setPool(engine: EngineState, plan: PoolPlan, pages: Pages, names: ReadonlySet<string>): void {
  const existing = engine.pools.get(plan.name) ?? renamedPool(engine, plan, names);
  const row = rowAt(pages, plan.slot);
  const pool: PoolState = existing ?? {
    name: plan.name,
    row,
    plan,
    tls: null,
    selector: createSelector(createPolicy(plan.policy, engine.env)),
    backends: [],
    queue: createQueue(),
    load: { underWay: 0, retrying: 0 },
    look: undefined,
    releases: 0,
  };
  // By row: a backend keeps it under a new name, and with it its connections.
  const old = new Map(pool.backends.map((backend) => [backend.slot, backend]));
  // First what can fail, and then nothing has changed.
  const rows = plan.backends.map(({ slot }) => rowAt(pages, slot));
  const tls = poolTls(pool, plan);
  const backends = plan.backends.map((backendPlan, i) => {
    return old.get(backendPlan.slot) ?? createBackend(engine, pool, backendPlan, rows[i]!);
  });
  const policyChanged = pool.plan.policy !== plan.policy;
  const sameTls = tls === pool.tls;
  const sameProtocol = pool.plan.protocol === plan.protocol;
  if (pool.name !== plan.name) engine.pools.delete(pool.name);
  if (pool.plan.slot !== plan.slot) moveLoad(pool, row);
  pool.name = plan.name;
  pool.plan = plan;
  pool.row = row;
  pool.tls = tls;
  pool.backends = backends;
  backends.forEach((backend, i) => {
    updateBackend(backend, plan.backends[i]!);
    if (!sameProtocol) switchProtocol(engine, backend, plan.protocol);
    else if (!sameTls) backend.upstreams.readdress();
  });
  const current = new Set(backends);
  for (const backend of old.values()) if (!current.has(backend)) removeBackend(engine, backend);
  if (policyChanged) pool.selector = createSelector(createPolicy(plan.policy, engine.env));
  engine.pools.set(plan.name, pool);
  refreshPool(pool);
}

/**
 * With its name a pool changes its row. What it has under way goes along: a row that still counts
 * something is never used again.
 */
function moveLoad({ row: from, load, queue }: PoolState, to: Row): void {
  from.counters[COUNTER.underWay] = 0;
  from.counters[COUNTER.retrying] = 0;
  from.counters[COUNTER.queued] = 0;
  to.counters[COUNTER.underWay] = load.underWay;
  to.counters[COUNTER.retrying] = load.retrying;
  to.counters[COUNTER.queued] = queue.length;
}

/** Kept while nothing of it changed, sessions included; with a fault too: never fall back to clear text. */
function poolTls(pool: PoolState, plan: PoolPlan): UpstreamTls | null {
  if (plan.fault !== '') return pool.tls;
  if (plan.tls === null) return null;
  return pool.tls?.serves(plan.tls) === true ? pool.tls : new UpstreamTls(plan.tls);
}

/** The pool that had rows of this plan by a name that is no more. */
function renamedPool(engine: EngineState, plan: PoolPlan, names: ReadonlySet<string>): PoolState | undefined {
  for (const { slot } of plan.backends) {
    const pool = engine.backends.get(slot)?.pool;
    if (pool !== undefined && !names.has(pool.name)) return pool;
  }
  return undefined;
}

function removePool(engine: EngineState, name: string): void {
  const pool = engine.pools.get(name);
  if (pool === undefined) return;
  engine.pools.delete(name);
  for (const backend of pool.backends) removeBackend(engine, backend);
  pool.backends = [];
  refreshPool(pool);
}

function createBackend(engine: EngineState, pool: PoolState, plan: BackendPlan, row: Row): BackendState {
  const backend: BackendState = {
    name: plan.name,
    slot: plan.slot,
    row,
    pool,
    upstreams: createUpstreams(engine, pool.plan.protocol, () => backend),
    drain: new DrainDeadline(engine, () => backend),
    host: plan.host,
    port: plan.port,
    weight: plan.weight,
    admin: plan.admin,
    role: plan.role,
    usable: plan.usable,
    ownInFlight: 0,
    elsewhere: rowsElsewhere(engine, plan.slot),
    get inFlight() {
      return inFlightOf(backend);
    },
    removed: false,
  };
  engine.backends.set(plan.slot, backend);
  return backend;
}

function createUpstreams(
  engine: EngineState,
  protocol: PoolPlan['protocol'],
  backendOf: () => BackendState,
): Upstreams {
  return protocol === 'http2' ? new UpstreamSessions(engine, backendOf) : new UpstreamPool(engine, backendOf);
}

/** What is under way goes on as it began. */
function switchProtocol(engine: EngineState, backend: BackendState, protocol: PoolPlan['protocol']): void {
  backend.upstreams.readdress();
  backend.upstreams = createUpstreams(engine, protocol, () => backend);
}

function updateBackend(backend: BackendState, plan: BackendPlan): void {
  if (backend.host !== plan.host || backend.port !== plan.port) {
    backend.host = plan.host;
    backend.port = plan.port;
    backend.upstreams.readdress();
  }
  backend.name = plan.name;
  backend.weight = plan.weight;
  backend.admin = plan.admin;
  backend.role = plan.role;
  backend.usable = plan.usable;
  if (plan.admin === 'enabled') backend.upstreams.trim();
  else backend.upstreams.closeIdle();
  backend.drain.follow(plan, backend.pool.plan.drainMs);
}

/** What it has in flight may finish; its counters are written until then. */
function removeBackend(engine: EngineState, backend: BackendState): void {
  backend.removed = true;
  backend.drain.callOff();
  backend.upstreams.closeIdle();
  if (engine.backends.get(backend.slot) === backend) engine.backends.delete(backend.slot);
}

function createListener(engine: EngineState, plan: ListenerPlan, pages: Pages): ListenerState {
  const listener: ListenerState = {
    name: plan.name,
    slot: plan.slot,
    row: rowAt(pages, plan.slot),
    server: new ListenerServer(engine, plan.name, () => listener),
    plan,
    router: compileRoutes(plan.routes),
    trusted: compileTrustedProxies(plan.trustedProxies),
    tls: plan.tls === null ? null : new TlsFront(engine, plan.tls, () => listener),
  };
  return listener;
}

function updateListener(engine: EngineState, { after: plan }: Change<ListenerPlan>): void {
  const listener = engine.listeners.get(plan.name);
  if (listener === undefined) return;
  listener.plan = plan;
  listener.router = compileRoutes(plan.routes);
  listener.trusted = compileTrustedProxies(plan.trustedProxies);
  updateTls(engine, listener);
}

function updateTls(engine: EngineState, listener: ListenerState): void {
  const { tls } = listener.plan;
  if (tls === null) {
    listener.tls = null;
    return;
  }
  isolated(engine, () => {
    if (listener.tls !== null) listener.tls.update(tls);
    else listener.tls = new TlsFront(engine, tls, () => listener);
  });
}

async function bind(engine: EngineState, plan: ListenerPlan): Promise<void> {
  await engine.listeners.get(plan.name)?.server.bind(plan);
}

function removeListener(engine: EngineState, name: string): void {
  const listener = engine.listeners.get(name);
  if (listener === undefined) return;
  engine.listeners.delete(name);
  listener.server.close();
  for (const client of engine.clients)
    if (client.listener === listener) engine.deferred.add(() => client.retire());
}
