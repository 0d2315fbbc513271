// What the window knows of the core, and the pure step that folds each message into it. Nothing here
// is computed by the window: it is the last thing the core said, plus a short memory of samples.
import type { Event, Fault, RevisionSummary, Settings, Snapshot, SystemInfo } from '#shared/contract.ts';
import type { Sample, Transition } from '#shared/history.ts';
import type { Status, SystemStatus } from '#shared/status.ts';
import { shareStructure } from './share-structure.ts';

export type ConnectionState = 'connecting' | 'live' | 'lost';

export interface LiveState {
  connection: ConnectionState;
  /** A sentence for the person while `connection` is lost. */
  lostReason: string | null;
  /** False while `connection` is lost and only the person can mend it. */
  retrying: boolean;
  /** Grows with every snapshot: anything fetched before may have missed events. */
  epoch: number;
  status: Status | null;
  system: SystemStatus | null;
  settings: Settings | null;
  info: SystemInfo | null;
  /** The last revision saved while this window watched. */
  lastRevision: RevisionSummary | null;
  /** The last bug that ended a connection while this window watched. */
  lastFault: Fault | null;
  /** Oldest first, at most SAMPLES_KEPT. Has holes where the window was hidden or cut off. */
  samples: readonly Sample[];
  /** Newest first, at most TRANSITIONS_KEPT. */
  transitions: readonly Transition[];
}

export type LiveMessage =
  | { type: 'snapshot'; snapshot: Snapshot }
  | { type: 'event'; event: Event }
  | { type: 'lost'; reason: string; retrying: boolean };

export const SAMPLES_KEPT = 300;
export const TRANSITIONS_KEPT = 200;

export function initialState(): LiveState {
  return {
    connection: 'connecting',
    lostReason: null,
    retrying: true,
    epoch: 0,
    status: null,
    system: null,
    settings: null,
    info: null,
    lastRevision: null,
    lastFault: null,
    samples: [],
    transitions: [],
  };
}

/** Returns the same object, and the same parts, wherever nothing changed. */
export function reduce(state: LiveState, message: LiveMessage): LiveState {
  switch (message.type) {
    case 'snapshot': {
      const { status, system, settings, info } = message.snapshot;
      return {
        ...state,
        connection: 'live',
        lostReason: null,
        retrying: true,
        epoch: state.epoch + 1,
        status: shareStructure(state.status, status),
        system: shareStructure(state.system, system),
        settings: shareStructure(state.settings, settings),
        info: shareStructure(state.info, info),
      };
    }
    case 'event':
      return reduceEvent(state, message.event);
    case 'lost':
      if (state.connection === 'lost' && state.lostReason === message.reason) return state;
      return { ...state, connection: 'lost', lostReason: message.reason, retrying: message.retrying };
  }
}

function reduceEvent(state: LiveState, event: Event): LiveState {
  switch (event.type) {
    case 'status':
      return replaced(state, 'status', event.value);
    case 'system':
      return replaced(state, 'system', event.value);
    case 'settings':
      return replaced(state, 'settings', event.value);
    case 'revision':
      return replaced(state, 'lastRevision', event.value);
    case 'fault':
      return replaced(state, 'lastFault', event.value);
    case 'sample': {
      const last = state.samples.at(-1);
      // The same second can come twice around a reconnect; the later word counts.
      const kept =
        last && last.at >= event.value.at
          ? state.samples.filter(({ at }) => at < event.value.at)
          : state.samples;
      return { ...state, samples: [...kept, event.value].slice(-SAMPLES_KEPT) };
    }
    case 'transition':
      return { ...state, transitions: [event.value, ...state.transitions].slice(0, TRANSITIONS_KEPT) };
  }
}

function replaced<K extends keyof LiveState>(state: LiveState, key: K, value: LiveState[K]): LiveState {
  const next = shareStructure(state[key], value);
  return next === state[key] ? state : { ...state, [key]: next };
}

/** The newest revision this window has heard of; 0 before the first snapshot. */
export function latestRevision(state: LiveState): number {
  return Math.max(state.status?.revision ?? 0, state.lastRevision?.revision ?? 0);
}
