// What the process costs: CPU since the last look, memory, history size. Made by core-parts.ts;
// core.ts has it look every 2 s.
import type { SystemStatus } from '#shared/status.ts';

export interface SystemMeter {
  /** Measures CPU over the time since the last call. */
  measure(at: number): SystemStatus;
  /** The last measurement, with the notices of now. */
  latest(): SystemStatus;
}

export interface SystemSources {
  engineWorkers(): number;
  engineNotice(): string | null;
  historyBytes(): number;
  storeNotice(): string | null;
  configNotice(): string | null;
  demoRunning(): boolean;
}

/** Seconds of samples kept: the retention of the 1-second level. */
export const RETENTION_S = 24 * 3600;

export function createSystemMeter(sources: SystemSources, startedAt: number): SystemMeter {
  let cpu = process.cpuUsage();
  let measuredAt = performance.now();
  let measured = {
    at: startedAt,
    cpuPct: 0,
    memoryBytes: process.memoryUsage.rss(),
    historyBytes: sources.historyBytes(),
  };

  const latest = (): SystemStatus => ({
    ...measured,
    engineWorkers: sources.engineWorkers(),
    engineNotice: sources.engineNotice(),
    retentionS: RETENTION_S,
    storeNotice: sources.storeNotice(),
    configNotice: sources.configNotice(),
    demoRunning: sources.demoRunning(),
  });

  return {
    measure(at) {
      const now = performance.now();
      const used = process.cpuUsage(cpu);
      cpu = process.cpuUsage();
      measured = {
        at,
        cpuPct: (used.user + used.system) / 10 / Math.max(1, now - measuredAt),
        memoryBytes: process.memoryUsage.rss(),
        historyBytes: sources.historyBytes(),
      };
      measuredAt = now;
      return latest();
    },
    latest,
  };
}
