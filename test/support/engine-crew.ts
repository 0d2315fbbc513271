// Several engines in this process that carry the same traffic, each with counter pages of its own, as
// the core's threads do. The test decides which connection reaches which: every engine has its own port.
import type { ConfigInput } from '#shared/config/config.ts';
import { createClientTable } from '../../src/main/engine/client-table.ts';
import { createEngine, type Engine } from '../../src/main/engine/engine.ts';
import { systemEnv } from '../../src/main/engine/env.ts';
import type { Crew, EngineCommand, EngineReport, ListenerReport } from '../../src/main/engine/messages.ts';
import type { Plan } from '../../src/main/engine/plan.ts';
import { createSlotTable } from '../../src/main/engine/slots.ts';
import { COUNTER, createPage, rowAt } from '../../src/main/engine/telemetry/layout.ts';
import { planOf } from './engine-plan.ts';
import { RawClient } from './raw-client.ts';

export class CrewMember {
  readonly pages = [createPage()];
  readonly clients = createClientTable();
  readonly reports: EngineReport[] = [];
  readonly #engine: Engine;
  readonly #waiting = new Set<() => void>();

  constructor() {
    this.#engine = createEngine({
      env: systemEnv,
      post: (report) => {
        this.reports.push(report);
        for (const look of [...this.#waiting]) look();
      },
    });
  }

  send(command: EngineCommand): void {
    this.#engine.handle(command);
  }

  until(matches: (report: EngineReport) => boolean): Promise<EngineReport> {
    return new Promise((resolve) => {
      const look = (): void => {
        const found = this.reports.find(matches);
        if (found === undefined) return;
        this.#waiting.delete(look);
        resolve(found);
      };
      this.#waiting.add(look);
      look();
    });
  }

  async apply(id: number, plan: Plan, crew: Crew): Promise<ListenerReport[]> {
    this.send({ type: 'apply', id, plan: structuredClone(plan), pages: this.pages, crew });
    const report = await this.until((candidate) => candidate.type === 'applied' && candidate.id === id);
    return report.type === 'applied' ? report.listeners : [];
  }

  async join(id: number, crew: Crew): Promise<ListenerReport[]> {
    this.send({ type: 'join', id, crew });
    const report = await this.until((candidate) => candidate.type === 'joined' && candidate.id === id);
    return report.type === 'joined' ? report.listeners : [];
  }

  /** A counter of a row of `plan`'s listeners. */
  count(listener: string, counter: keyof typeof COUNTER, plan: Plan): number {
    const slot = plan.listeners.find(({ name }) => name === listener)?.slot ?? 0;
    return rowAt(this.pages, slot).counters[COUNTER[counter]] ?? 0;
  }

  async stop(): Promise<void> {
    this.send({ type: 'stop', deadlineMs: 0 });
    await this.until(({ type }) => type === 'stopped');
  }
}

/** Engines that bind ports of their own and count together. */
export class EngineCrew implements AsyncDisposable {
  readonly members: CrewMember[];
  readonly #slots = createSlotTable();
  readonly #ports: number[] = [];
  readonly #fence = new SharedArrayBuffer(4);
  #applied = 0;

  constructor(count: number) {
    this.members = Array.from({ length: count }, () => new CrewMember());
  }

  static async serving(count: number, config: ConfigInput): Promise<EngineCrew> {
    const crew = new EngineCrew(count);
    await crew.apply(config);
    return crew;
  }

  async apply(config: ConfigInput): Promise<void> {
    const id = ++this.#applied;
    const plan = planOf(config, id, this.#slots);
    for (const [i, member] of this.members.entries()) {
      const others = this.members.filter((other) => other !== member);
      const peers = others.map(({ pages }) => pages);
      const clients = { own: member.clients, others: others.map((other) => other.clients) };
      const crew = { lead: true, held: [], peers, fence: this.#fence, clients };
      const [web] = await member.apply(id, plan, crew);
      this.#ports[i] = web?.port ?? 0;
    }
  }

  client(member: number, localAddress?: string): Promise<RawClient> {
    return RawClient.connect(this.#ports[member] ?? 0, undefined, localAddress);
  }

  /** In flight to a backend, over all of them. */
  inFlight(pool: string, backend: string): number {
    const slot = this.#slots.backendSlot(pool, backend);
    const counts = this.members.map(({ pages }) => rowAt(pages, slot).counters[COUNTER.inFlight] ?? 0);
    return counts.reduce((sum, count) => sum + count, 0);
  }

  /** As if one of them had so many requests more, or fewer, under way at a backend. */
  occupy(member: number, pool: string, backend: string, more = 1): void {
    const { counters } = rowAt(this.members[member]!.pages, this.#slots.backendSlot(pool, backend));
    counters[COUNTER.inFlight]! += more;
  }

  /** As if so many requests more, or fewer, waited for the pool in one of them. */
  queue(member: number, pool: string, more: number): void {
    const { counters } = rowAt(this.members[member]!.pages, this.#slots.poolSlot(pool));
    counters[COUNTER.queued]! += more;
  }

  /** So many requests wait in one of them. */
  async untilQueued(member: number): Promise<void> {
    const { pages } = this.members[member]!;
    const { counters } = rowAt(pages, this.#slots.listenerSlot('web'));
    while (counters[COUNTER.queued] === 0) await new Promise((resolve) => setImmediate(resolve));
  }

  /** The counter of the listener "web" in one of them. */
  async untilCount(member: number, counter: keyof typeof COUNTER, wanted: number): Promise<void> {
    const { counters } = rowAt(this.members[member]!.pages, this.#slots.listenerSlot('web'));
    while (counters[COUNTER[counter]] !== wanted) await new Promise((resolve) => setImmediate(resolve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.members.map((member) => member.stop()));
    const faults = this.members.flatMap(({ reports }) =>
      reports.flatMap((report) => (report.type === 'fault' ? [report.stack] : [])),
    );
    if (faults.length > 0) throw new Error(`the engines reported faults:\n${faults.join('\n')}`);
  }
}
