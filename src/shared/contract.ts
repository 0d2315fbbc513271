// THE surface: every operation and event Sluice has. The window's client, the HTTP API and the test doubles
// derive from these tables, so a thing that is not here cannot be called. A snapshot test shows any change to
// it in review. Start reading here.
import { z } from 'zod';
import { BackendRef } from './backend-ref.ts';
import { AuthorityStatus, CertificateStatus } from './certificates.ts';
import { AdminState, BackendConfig, Weight } from './config/backend.ts';
import { Config } from './config/config.ts';
import { ListenerConfig, RouteConfig } from './config/listener.ts';
import { PoolConfig } from './config/pool.ts';
import { HistoryQuery, HistoryResult, Incident, RequestRecord, Sample, Transition } from './history.ts';
import { CheckResult, ConnectionStatus, Status, SystemStatus } from './status.ts';

/** `query` changes nothing and may be repeated; `command` changes something and is recorded with its author. */
export interface OperationDef<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  kind: 'query' | 'command';
  /** What it does, in a sentence or two: this table is the reference of the API. */
  summary: string;
  input: I;
  output: O;
}

function query<I extends z.ZodType, O extends z.ZodType>(summary: string, input: I, output: O) {
  return { kind: 'query' as const, summary, input, output } satisfies OperationDef<I, O>;
}
function command<I extends z.ZodType, O extends z.ZodType>(summary: string, input: I, output: O) {
  return { kind: 'command' as const, summary, input, output } satisfies OperationDef<I, O>;
}

const None = z.strictObject({});
const Ref = z.string().min(1);

export const Author = z.enum(['window', 'api', 'cli', 'file', 'tray', 'demo', 'system']);
export type Author = z.infer<typeof Author>;

export const RevisionSummary = z.object({
  revision: z.number(),
  at: z.number(),
  author: Author,
  /** Why, in the author's words; may be empty. */
  note: z.string(),
  /** What changed against the revision before, one sentence each: "weight of api/api-3: 5 → 10". */
  changes: z.array(z.string()),
});
export type RevisionSummary = z.infer<typeof RevisionSummary>;

/**
 * What every command that saves answers. A save that changes nothing makes no revision: `changed` is
 * false then, and `revision` the newest one, which somebody else may have made.
 */
const Saved = z.object({ revision: z.number(), changed: z.boolean() });
export type Saved = z.infer<typeof Saved>;

const IssueSchema = z.object({ path: z.string(), code: z.string(), message: z.string() });

export const Settings = z.strictObject({
  theme: z.enum(['system', 'dark', 'light']).default('system'),
  /** Closing the window keeps proxying in the tray. */
  closeToTray: z.boolean().default(true),
});
export type Settings = z.infer<typeof Settings>;

/** Only what is given changes. Spelled out because a default would fill in what was left out. */
const SettingsChange = z.strictObject({
  theme: Settings.shape.theme.unwrap().optional(),
  closeToTray: Settings.shape.closeToTray.unwrap().optional(),
});

export const SystemInfo = z.object({
  version: z.string(),
  host: z.enum(['desktop', 'headless', 'test']),
  platform: z.string(),
  dataDir: z.string(),
  configFile: z.string().nullable(),
  startedAt: z.number(),
});
export type SystemInfo = z.infer<typeof SystemInfo>;

export const OPERATIONS = {
  'status.get': query('What every listener, pool and backend does now.', None, Status),
  'system.info': query('What this Sluice is and where it keeps its data.', None, SystemInfo),
  'system.get': query('CPU, memory and history size of the process.', None, SystemStatus),

  'config.get': query(
    'The newest Config and its revision; with `revision`, an older one.',
    z.strictObject({ revision: z.int().min(0).optional() }),
    z.object({ revision: z.number(), config: Config }),
  ),
  'config.validate': query(
    'Every problem of a Config, without saving it.',
    z.strictObject({ config: z.unknown() }),
    z.object({ valid: z.boolean(), issues: z.array(IssueSchema) }),
  ),
  'config.apply': command(
    'Saves a whole Config as a new revision and runs it. With `baseRevision`, refuses if another change came first.',
    z.strictObject({
      config: z.unknown(),
      note: z.string().max(500).optional(),
      baseRevision: z.int().optional(),
    }),
    Saved,
  ),
  'config.export': query(
    'The file form of what runs now, drains and disables included.',
    None,
    z.object({ revision: z.number(), text: z.string() }),
  ),

  'listeners.add': command('Adds a listener.', z.strictObject({ listener: ListenerConfig }), Saved),
  'listeners.update': command(
    'Replaces the listener called `name`; its routes too.',
    z.strictObject({ name: Ref, listener: ListenerConfig }),
    Saved,
  ),
  'listeners.remove': command('Stops and removes a listener.', z.strictObject({ name: Ref }), Saved),

  'routes.add': command(
    'Adds a route to a listener, at `index` or at the end.',
    z.strictObject({ listener: Ref, route: RouteConfig, index: z.int().min(0).optional() }),
    Saved,
  ),
  'routes.update': command(
    'Replaces a route; `index` moves it.',
    z.strictObject({ listener: Ref, name: Ref, route: RouteConfig, index: z.int().min(0).optional() }),
    Saved,
  ),
  'routes.remove': command('Removes a route.', z.strictObject({ listener: Ref, name: Ref }), Saved),

  'pools.add': command('Adds a pool.', z.strictObject({ pool: PoolConfig }), Saved),
  'pools.update': command(
    'Changes a pool’s own settings, its backends stay; routes follow a new name.',
    z.strictObject({ name: Ref, pool: PoolConfig.omit({ backends: true }) }),
    Saved,
  ),
  'pools.remove': command('Removes a pool no route uses.', z.strictObject({ name: Ref }), Saved),

  'backends.add': command(
    'Adds a backend to a pool.',
    z.strictObject({ pool: Ref, backend: BackendConfig }),
    Saved,
  ),
  'backends.update': command(
    'Replaces the backend called `name`.',
    z.strictObject({ pool: Ref, name: Ref, backend: BackendConfig }),
    Saved,
  ),
  'backends.remove': command(
    'Removes a backend; requests in flight finish.',
    z.strictObject({ pool: Ref, backend: Ref }),
    Saved,
  ),
  'backends.setState': command(
    'Enables, drains or disables a backend. Remembered across restarts, not a revision.',
    BackendRef.extend({ state: AdminState }),
    z.object({ previous: AdminState, state: AdminState }),
  ),
  'backends.setWeight': command(
    'Sets a backend’s weight as a new revision; closes no connection.',
    BackendRef.extend({ weight: Weight }),
    Saved.extend({ previous: z.number() }),
  ),

  'connections.list': query(
    'What a backend has under way, oldest first, 500 at most; `total` counts the rest too.',
    BackendRef,
    z.object({ total: z.number(), connections: z.array(ConnectionStatus) }),
  ),
  'connections.close': command(
    'Ends one request or tunnel of a backend, by its `id` in the list. `closed` is 0 when it had ended before.',
    BackendRef.extend({ id: z.number() }),
    z.object({ closed: z.number() }),
  ),
  'connections.closeAll': command(
    'Ends every request and tunnel a backend has under way.',
    BackendRef,
    z.object({ closed: z.number() }),
  ),

  'revisions.list': query(
    'Saved revisions, newest first.',
    z.strictObject({ limit: z.int().min(1).max(500).default(50), before: z.int().optional() }),
    z.object({ revisions: z.array(RevisionSummary) }),
  ),
  'revisions.compare': query(
    'What differs between the Configs of two revisions, or with `config` from a revision to that Config, which is not saved: a sentence each; nothing of what was changed and changed back.',
    z
      .strictObject({ from: z.int().min(0), to: z.int().min(0).optional(), config: z.unknown().optional() })
      .refine((q) => (q.to === undefined) !== (q.config === undefined), {
        path: ['to'],
        message: 'give either to or config',
      }),
    z.object({ changes: z.array(z.string()) }),
  ),
  'revisions.rollback': command(
    'Saves an older revision’s Config as the newest one. Revision 0 is the empty Config before the first.',
    z.strictObject({ revision: z.int().min(0) }),
    Saved,
  ),

  'history.query': query(
    'Traffic, latency and health of a period in equal buckets, with what changed in it.',
    HistoryQuery,
    HistoryResult,
  ),
  'checks.list': query(
    'Single probe results of a backend, newest first.',
    BackendRef.extend({
      from: z.number().optional(),
      to: z.number().optional(),
      limit: z.int().min(1).max(1000).default(100),
    }),
    z.object({ checks: z.array(CheckResult) }),
  ),
  'incidents.list': query(
    'Periods in which a backend was down, newest first, with their cause.',
    z.strictObject({
      pool: Ref.optional(),
      backend: Ref.optional(),
      from: z.number().optional(),
      to: z.number().optional(),
      limit: z.int().min(1).max(500).default(100),
    }),
    z.object({ incidents: z.array(Incident) }),
  ),
  'requests.list': query(
    'The most recent requests the engine recorded, newest first.',
    z.strictObject({
      pool: Ref.optional(),
      backend: Ref.optional(),
      limit: z.int().min(1).max(1000).default(200),
    }),
    z.object({ requests: z.array(RequestRecord), dropped: z.number() }),
  ),

  'certificates.list': query(
    'The certificates that listeners show, until when, and what is wrong with them.',
    None,
    z.object({ certificates: z.array(CertificateStatus) }),
  ),
  'certificates.authority': query(
    'The local authority that signs certificates of this machine, and how to have it trusted.',
    None,
    AuthorityStatus,
  ),

  'settings.get': query('The person’s settings.', None, Settings),
  'settings.set': command('Changes the given settings.', SettingsChange, Settings),

  'demo.start': command(
    'Starts three demo backends, a listener in front of them and some traffic.',
    None,
    z.object({ pool: z.string(), url: z.string() }),
  ),
  'demo.stop': command('Stops the demo and removes its pool and listener.', None, z.object({})),
} satisfies Record<string, OperationDef>;

export type OperationName = keyof typeof OPERATIONS;
/** What a caller may pass: defaults may be left out. */
export type OperationInput<K extends OperationName> = z.input<(typeof OPERATIONS)[K]['input']>;
/** What a handler receives: parsed, defaults filled in. */
export type OperationParsedInput<K extends OperationName> = z.output<(typeof OPERATIONS)[K]['input']>;
export type OperationOutput<K extends OperationName> = z.output<(typeof OPERATIONS)[K]['output']>;

export function isOperation(name: string): name is OperationName {
  return Object.hasOwn(OPERATIONS, name);
}

export const Fault = z.object({ at: z.number(), message: z.string() });
export type Fault = z.infer<typeof Fault>;

/** Changes pushed up, in order, each with the next sequence number. */
export const EVENTS = {
  /** Whole Status, at most 4 a second: once a second with traffic, at once when a state changes. */
  status: Status,
  /** The second that just ended. */
  sample: Sample,
  /** A backend's health changed. */
  transition: Transition,
  /** A revision was saved. */
  revision: RevisionSummary,
  system: SystemStatus,
  settings: Settings,
  /** A bug ended a connection; at most a few a minute. */
  fault: Fault,
} satisfies Record<string, z.ZodType>;

export type EventName = keyof typeof EVENTS;
export type Event = { [K in EventName]: { type: K; value: z.output<(typeof EVENTS)[K]> } }[EventName];

/** What a subscriber starts from; events after it carry higher sequence numbers. */
export const Snapshot = z.object({
  status: Status,
  system: SystemStatus,
  settings: Settings,
  info: SystemInfo,
});
export type Snapshot = z.infer<typeof Snapshot>;
