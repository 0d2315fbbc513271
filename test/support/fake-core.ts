// A core without sockets, probes or disk that honours the contract: a double for the window's tests and
// the preview. Config changes follow the core's own rules (fake-configuration.ts); health, traffic and
// latency follow a script. `Handlers` makes it complete: an operation it lacks does not compile.
import { backendKey } from '#shared/backend-ref.ts';
import type { AdminState } from '#shared/config/backend.ts';
import { type Config, parseConfig } from '#shared/config/config.ts';
import type { Settings, Snapshot } from '#shared/contract.ts';
import { summarize } from '#shared/errors.ts';
import type { Service } from '#shared/rpc/serve.ts';
import type { ListenerStatus, SystemStatus } from '#shared/status.ts';
import { createEventHub } from '../../src/main/app/events.ts';
import { type CertificateScript, certificateScript } from './fake-certificates.ts';
import {
  fakeConfiguration,
  newestRevision,
  type SavedRevision,
  sceneRevisions,
} from './fake-configuration.ts';
import { fakeHandlers, fakeInfo } from './fake-handlers.ts';
import type { BackendScript, Scene } from './fake-scene.ts';
import { fakeSample, fakeStatus } from './fake-status.ts';

/** What a test says of a listener; refused nothing unless told. */
export type ScriptedListener = Pick<ListenerStatus, 'state' | 'error'> &
  Partial<Pick<ListenerStatus, 'connectionsRefused' | 'servedAddress'>>;

/** What the fake core knows. */
export interface FakeState {
  scene: Scene;
  /** ms since the epoch; moves only with `tick`. */
  now: number;
  startedAt: number;
  config: Config;
  /** Newest first. */
  revisions: SavedRevision[];
  /** Revision the engine would confirm. */
  appliedRevision: number;
  /** While set, saved revisions are not applied. */
  engineHangs: boolean;
  /** Admin states set at run time, by "pool/backend". */
  intents: Map<string, { state: AdminState; at: number }>;
  /** Scripts by "pool/backend"; a backend without one is up since the start. */
  scripts: Map<string, BackendScript>;
  listeners: Map<string, ScriptedListener>;
  certificates: CertificateScript;
  settings: Settings;
  system: SystemStatus;
}

export interface FakeCore {
  service: Service;
  state: FakeState;
  /** Every operation called, in order. */
  calls: { operation: string; input: unknown }[];
  /** Lets one second pass: a sample and a status are sent. */
  tick(): void;
  /** Changes what a backend looks like from now on and announces it. */
  script(pool: string, backend: string, script: BackendScript): void;
  setListener(name: string, status: ScriptedListener): void;
  setSystem(change: Partial<SystemStatus>): void;
  /** While true, saved revisions stay unapplied, as when the engine is gone. */
  hangEngine(hangs: boolean): void;
}

export function createFakeCore(scene: Scene, now: number): FakeCore {
  const state = initialState(scene, now);
  const calls: FakeCore['calls'] = [];
  const events = createEventHub(() => snapshotOf(state));
  const { emit } = events;
  const announce = () => emit({ type: 'status', value: fakeStatus(state) });
  const configuration = fakeConfiguration({ state, emit, announce });
  const handlers = fakeHandlers({ state, configuration, emit, announce });

  const service: Service = {
    handlers: recorded(handlers, calls),
    events,
    onBug(operation, error) {
      throw new Error(`the fake core failed in ${operation}`, { cause: error });
    },
  };

  return {
    service,
    state,
    calls,
    tick() {
      state.now += 1000;
      emit({ type: 'sample', value: fakeSample(state) });
      announce();
      state.system = { ...state.system, at: state.now };
      if (state.now % 2000 < 1000) emit({ type: 'system', value: state.system });
    },
    script(pool, backend, script) {
      const key = backendKey(pool, backend);
      const from = state.scripts.get(key)?.health.at(-1)?.health ?? 'up';
      const to = script.health.at(-1)?.health ?? 'up';
      state.scripts.set(key, script);
      if (from !== to) {
        const check = script.check ? { ...script.check, at: state.now } : null;
        emit({ type: 'transition', value: { at: state.now, pool, backend, from, to, check } });
      }
      announce();
    },
    setListener(name, status) {
      state.listeners.set(name, status);
      announce();
    },
    setSystem(change) {
      state.system = { ...state.system, ...change };
      emit({ type: 'system', value: state.system });
    },
    hangEngine(hangs) {
      state.engineHangs = hangs;
      if (!hangs) state.appliedRevision = newestRevision(state);
      announce();
    },
  };
}

function initialState(scene: Scene, now: number): FakeState {
  const parsed = parseConfig(scene.config);
  if (!parsed.ok) throw new Error(`the scene's config is not valid: ${summarize(parsed.issues)}`);
  const config = parsed.value;
  return {
    scene,
    now,
    startedAt: now - 3 * 3_600_000,
    config,
    revisions: sceneRevisions(scene, config, now),
    appliedRevision: scene.revisions.length,
    engineHangs: false,
    intents: new Map(
      Object.entries(scene.drains).map(([key, agoMs]) => [key, { state: 'draining', at: now - agoMs }]),
    ),
    scripts: new Map(Object.entries(scene.backends)),
    listeners: new Map(),
    certificates: certificateScript(),
    settings: { theme: 'system', closeToTray: true },
    system: {
      at: now,
      engineWorkers: 1,
      engineNotice: null,
      cpuPct: 4.2,
      memoryBytes: 96 * 1024 ** 2,
      historyBytes: 38 * 1024 ** 2,
      retentionS: 24 * 3600,
      storeNotice: null,
      configNotice: null,
      demoRunning: false,
    },
  };
}

function snapshotOf(state: FakeState): Snapshot {
  return {
    status: fakeStatus(state),
    system: state.system,
    settings: state.settings,
    info: fakeInfo(state),
  };
}

/** The same handlers, with every call written down first. */
function recorded(handlers: Service['handlers'], calls: FakeCore['calls']): Service['handlers'] {
  return new Proxy(handlers, {
    get(target, operation: keyof Service['handlers']) {
      const handler = target[operation] as (input: unknown, caller: unknown) => unknown;
      return (input: unknown, caller: unknown) => {
        calls.push({ operation, input });
        return handler(input, caller);
      };
    },
  });
}
