// What the engine threads said about their listeners, joined into one picture: a listener has failed
// when it has in any thread. Also knows which addresses they hold, so that other threads can join
// them and a successor gets the same port. Pure; kept by engine-link.ts.
import { WAITS_FOR_LEAD } from '../engine/crew.ts';
import type { HeldAddress, ListenerReport } from '../engine/messages.ts';
import type { Plan } from '../engine/plan.ts';

export interface ListenerView {
  /** A new plan is about to be handed out. Answers its round. */
  planned(plan: Plan): number;
  /** A thread runs the plan of that round. */
  applied(thread: number, round: number, revision: number, listeners: readonly ListenerReport[]): void;
  /** What a thread says now of the listeners of the plan it runs. */
  heard(thread: number, listeners: readonly ListenerReport[]): void;
  /** The thread is gone, or soon will be. */
  forget(thread: number): void;
  /** Whether the thread runs any plan. */
  runs(thread: number): boolean;
  /** Of the current plan, and of the one before it: those addresses may still be in use. */
  held(): HeldAddress[];
  /** Whether the thread has a listener that waits for the lead. */
  waits(thread: number): boolean;
  /** In the plan's order; none for a listener nobody has answered for. */
  merged(): ListenerReport[];
  /** The oldest revision any thread runs; 0 without any. */
  revision(): number;
}

interface Said {
  round: number;
  revision: number;
  listeners: Map<string, ListenerReport>;
}

export function createListenerView(): ListenerView {
  const byThread = new Map<number, Said>();
  const held = new Map<string, HeldAddress>();
  let listeners: Plan['listeners'] = [];
  let round = 0;

  /** Only of the newest plan: under an older one the same name may have meant another address. */
  function learn(said: Said): void {
    if (said.round !== round) return;
    for (const { name, host, port } of listeners) {
      const report = said.listeners.get(name);
      if (report?.state === 'listening') held.set(name, { name, host, port, boundPort: report.port });
    }
  }

  return {
    planned(plan) {
      const kept = new Set([...listeners, ...plan.listeners].map(({ name }) => name));
      for (const name of held.keys()) if (!kept.has(name)) held.delete(name);
      listeners = plan.listeners;
      return ++round;
    },
    applied(thread, appliedRound, revision, reports) {
      const said = { round: appliedRound, revision, listeners: byName(reports) };
      byThread.set(thread, said);
      learn(said);
    },
    heard(thread, reports) {
      const said = byThread.get(thread);
      if (said === undefined) return;
      for (const report of reports) said.listeners.set(report.name, report);
      learn(said);
    },
    forget: (thread) => void byThread.delete(thread),
    runs: (thread) => byThread.has(thread),
    held: () => [...held.values()],
    waits: (thread) => [...(byThread.get(thread)?.listeners.values() ?? [])].some(isWaiting),
    merged() {
      return listeners.flatMap(({ name }) => {
        const reports = [...byThread.values()].flatMap((said) => said.listeners.get(name) ?? []);
        const answers = reports.filter((report) => !isWaiting(report));
        const failed = answers.filter(({ state }) => state === 'failed');
        // A thread started since then never had the old address; the listener serves while any has it.
        return (
          failed.find(({ servedAddress }) => servedAddress !== undefined) ?? failed[0] ?? answers[0] ?? []
        );
      });
    },
    revision() {
      const revisions = [...byThread.values()].map((said) => said.revision);
      return revisions.length === 0 ? 0 : Math.min(...revisions);
    },
  };
}

function byName(reports: readonly ListenerReport[]): Map<string, ListenerReport> {
  return new Map(reports.map((report) => [report.name, report]));
}

function isWaiting({ state, error }: ListenerReport): boolean {
  return state === 'failed' && error === WAITS_FOR_LEAD;
}
