// How the recorder forgets: what is older than the retention, a part at a time.
import { describe, expect, it } from 'vitest';
import { createRecorder } from '../../../src/main/app/recorder.ts';
import { RETENTION_S } from '../../../src/main/app/system.ts';
import { insertSamples, type SampleRow } from '../../../src/main/store/samples.ts';
import { storedSeconds, tempStore } from '../store/temp-store.ts';

const NOW_S = 1_000_000;
const ROW: SampleRow = {
  pool: 'api',
  backend: 'one',
  requests: 1,
  status2xx: 1,
  status3xx: 0,
  status4xx: 0,
  status5xx: 0,
  errors: 0,
  bytesIn: 1,
  bytesOut: 1,
  p50Ms: null,
  p95Ms: null,
  p99Ms: null,
  latency: new Uint8Array(0),
};

describe('what is older than the retention', () => {
  it('is forgotten every 2 s, 3,000 rows at a time, and once it is gone a minute later', () => {
    using temp = tempStore();
    const firstS = NOW_S - RETENTION_S - 7000;
    for (let atS = firstS; atS < NOW_S - RETENTION_S; atS++) insertSamples(temp.db, atS, [ROW]);
    let nowS = NOW_S;
    const recorder = createRecorder(temp.db, () => nowS * 1000);
    const leftAfter = (seconds: number): number => {
      nowS = NOW_S + seconds;
      recorder.second(nowS, []);
      return storedSeconds(temp.db, { fromS: firstS, toS: NOW_S }).length;
    };
    expect([0, 1, 2, 4].map(leftAfter)).toEqual([4000, 4000, 1000, 0]);
    // Nothing is left: it is found out, and rests.
    expect(leftAfter(6)).toBe(0);
    insertSamples(temp.db, firstS, [ROW]);
    expect([8, 65, 66].map(leftAfter)).toEqual([1, 1, 0]);
  });
});
