// Wires the parts of the core by hand: `Traffic` is what makes a Config run, `View` what tells of it, `News`
// what the first tells the second. Invariant: none serves or writes when they are made, and what a failed start
// would leave at work has a step in `undo`, here or where core.ts sets it to work. Called once by core.ts, which
// starts and stops them.
import { randomBytes } from 'node:crypto';
import { formatAddress } from '#shared/config/primitives.ts';
import type { Event, SystemInfo } from '#shared/contract.ts';
import type { Service } from '#shared/rpc/serve.ts';
import { type ConfigFile, createConfigFile } from './app/config-file.ts';
import { type Configuration, createConfiguration } from './app/configuration.ts';
import { createConnections } from './app/connections.ts';
import { createDemo, type Demo } from './app/demo/demo.ts';
import { createDrains, type Drains } from './app/drains.ts';
import { createEngineLink, type EngineLink } from './app/engine-link.ts';
import { createEventHub, type EventHub } from './app/events.ts';
import { createFaultLog } from './app/faults.ts';
import { createHealthLink, type HealthLink } from './app/health-link.ts';
import { createLive, type Live } from './app/live.ts';
import type { Log } from './app/log.ts';
import { createHandlers } from './app/operations.ts';
import { type CounterPages, createCounterPages } from './app/pages.ts';
import { createRecorder, type Recorder } from './app/recorder.ts';
import { createRequestHistory, type RequestHistory } from './app/request-history.ts';
import { createSettings, type SettingsStore } from './app/settings.ts';
import { projectStatus } from './app/status.ts';
import { createSystemMeter, type SystemMeter } from './app/system.ts';
import { createTlsMaterial, type TlsMaterial } from './app/tls-material.ts';
import { canShareAddresses, workersNotice } from './app/workers.ts';
import type { CoreOptions } from './core-messages.ts';
import type { ListenerReport } from './engine/messages.ts';
import { createSlotTable, type SlotTable } from './engine/slots.ts';
import { COUNTER } from './engine/telemetry/layout.ts';
import { createReader } from './engine/telemetry/reader.ts';
import { systemMonitorClock } from './health/run-probe.ts';
import type { Store } from './store/open.ts';

/** What all parts are made from. */
export interface Ground {
  options: CoreOptions;
  log: Log;
  now(): number;
  info: SystemInfo;
  store: Store;
  undo: Undo;
}

/** What ends each part that works by itself; run in reverse if the start fails. */
export type Undo = (() => unknown)[];

export interface Parts extends Traffic, View {
  demo: Demo;
  /** Undefined when the core was given none. */
  file: ConfigFile | undefined;
  service: Service;
}

/** Said while traffic runs. Nobody is told before every part is made. */
interface News {
  emit(event: Event): void;
  /** Something a Status shows is another. */
  changed(): void;
  /** Something a SystemStatus shows is another. */
  systemChanged(): void;
}

export function createParts(ground: Ground): Parts {
  const news: News = {
    emit: (event) => view.events.emit(event),
    changed: () => view.live.changed(),
    systemChanged: () => view.events.emit({ type: 'system', value: view.meter.latest() }),
  };
  const traffic = createTraffic(ground, news);
  const demo = createDemo({
    entry: ground.options.demoThread,
    configuration: traffic.configuration,
    addressOf(name) {
      const report = traffic.heard.listeners.get(name);
      return report?.state === 'listening' ? formatAddress(report.host, report.port) : undefined;
    },
    onChange: news.systemChanged,
  });
  const file = createWatchedFile(ground, traffic.configuration, news);
  const view: View = createView(ground, traffic, demo, file);
  return { ...traffic, ...view, demo, file, service: createService(ground, traffic, view, demo) };
}

interface Traffic {
  slots: SlotTable;
  pages: CounterPages;
  recorder: Recorder;
  requests: RequestHistory;
  engine: EngineLink;
  heard: EngineWord;
  tls: TlsMaterial;
  health: HealthLink;
  drains: Drains;
  configuration: Configuration;
}

function createTraffic(ground: Ground, news: News): Traffic {
  const { options, log, now, store, undo } = ground;
  const slots = createSlotTable();
  const pages = createCounterPages();
  const recorder = createRecorder(store.db, now);
  const requests = createRequestHistory();
  const { engine, heard } = createEngine(ground, pages, requests, news);
  undo.push(() => engine.stop(0));

  const tls = createTlsMaterial({
    dataDir: options.dataDir,
    now,
    onChange: () => void configuration.deploy().catch((error: unknown) => log.error(error)),
    onNotice: (notice) => log.warn(notice),
  });
  undo.push(() => tls.close());
  const health = createHealthLink({
    poolTls: tls.poolTls,
    clock: systemMonitorClock,
    random: Math.random,
    onResult: (checked) => recorder.check(checked),
    onTransition(transition) {
      recorder.transition(transition);
      news.emit({ type: 'transition', value: transition });
      news.changed();
    },
    onUsable(pool, backend, usable) {
      engine.setHealth([{ slot: slots.backendSlot(pool, backend), usable }]);
    },
  });
  undo.push(() => health.stop());

  const counted = (pool: string, backend: string, counter: number) =>
    pages.counters(slots.backendSlot(pool, backend))[counter] ?? 0;
  const drains = createDrains({
    now,
    inFlight: (pool, backend) => counted(pool, backend, COUNTER.inFlight),
    closed: (pool, backend) => counted(pool, backend, COUNTER.closed),
  });
  const configuration = createConfiguration({
    db: store.db,
    now,
    instance: randomBytes(4).toString('hex'),
    engine,
    health,
    slots,
    drains,
    tls,
    onRevision: (revision) => news.emit({ type: 'revision', value: revision }),
    retire: (checked) => recorder.retire(checked),
  });
  return { slots, pages, recorder, requests, engine, heard, tls, health, drains, configuration };
}

/** What the engine last said of itself. */
interface EngineWord {
  listeners: ReadonlyMap<string, ListenerReport>;
  appliedRevision: number;
}

function createEngine(
  { options, log, now }: Ground,
  pages: CounterPages,
  requests: RequestHistory,
  news: News,
): { engine: EngineLink; heard: EngineWord } {
  const heard: EngineWord = { listeners: new Map(), appliedRevision: 0 };
  let workers = 0;
  const faults = createFaultLog({
    now,
    log,
    onFault: (fault) => news.emit({ type: 'fault', value: fault }),
  });
  const engine = createEngineLink({
    entry: options.engineThread,
    pages,
    shares: canShareAddresses(process.platform),
    onChange(revision, reports) {
      for (const { name, state, error } of reports) {
        if (state === 'failed' && heard.listeners.get(name)?.error !== error) log.warn(error);
      }
      heard.listeners = new Map(reports.map((report) => [report.name, report]));
      heard.appliedRevision = revision;
      news.changed();
      if (engine.workers() === workers) return;
      workers = engine.workers();
      news.systemChanged();
    },
    onReport(report) {
      if (report.type === 'requests') requests.add(report.records, report.dropped);
      else faults.add(report);
    },
    onDied: (name, reason) => log.error(`${name} ended and is started again: ${reason}`),
  });
  return { engine, heard };
}

function createWatchedFile(
  { options, log, now, store }: Ground,
  configuration: Configuration,
  news: News,
): ConfigFile | undefined {
  const path = options.configFile;
  if (!path) return undefined;
  return createConfigFile({
    db: store.db,
    path,
    now,
    configuration,
    onImport: (revision) => log.info(`r${revision} runs, imported from ${path}`),
    onNotice(notice) {
      if (notice) log.warn(notice);
      news.systemChanged();
    },
  });
}

interface View {
  settings: SettingsStore;
  meter: SystemMeter;
  events: EventHub;
  live: Live;
}

function createView(
  { now, info, store }: Ground,
  traffic: Traffic,
  demo: Demo,
  file: ConfigFile | undefined,
): View {
  const { configuration, engine, recorder, slots, pages } = traffic;
  const reader = createReader();
  const settings = createSettings(store.db, (value) => events.emit({ type: 'settings', value }));
  const meter = createSystemMeter(
    {
      engineWorkers: () => engine.workers(),
      engineNotice: () => workersNotice(configuration.current().config.engine.workers, process.platform),
      historyBytes: () => store.sizeBytes(),
      storeNotice: () => recorder.notice() ?? store.notice,
      configNotice: () => file?.notice() ?? null,
      demoRunning: () => demo.running(),
    },
    info.startedAt,
  );
  const project = (at: number) =>
    projectStatus(
      { ...traffic, ...traffic.heard, reader, counters: pages.counters, startedAt: info.startedAt },
      at,
    );
  const events = createEventHub(() => ({
    status: project(now()),
    system: meter.latest(),
    settings: settings.get(),
    info,
  }));
  const live = createLive({
    now,
    configuration,
    slots,
    reader,
    pages: pages.all,
    events,
    project,
    record: (atS, rows) => recorder.second(atS, rows),
  });
  return { settings, meter, events, live };
}

function createService(
  { log, now, info, store }: Ground,
  { configuration, engine, slots, requests, tls }: Traffic,
  { live, settings, meter, events }: View,
  demo: Demo,
): Service {
  return {
    handlers: createHandlers({
      db: store.db,
      now,
      configuration,
      live,
      connections: createConnections({ configuration, engine, slots }),
      requests,
      settings,
      tls,
      demo,
      info,
      system: () => meter.latest(),
    }),
    events,
    onBug: (operation, error) => log.error(error, `operation ${operation} failed unexpectedly`),
  };
}
