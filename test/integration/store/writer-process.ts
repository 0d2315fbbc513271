// Run as a process of its own: writes revisions and samples as fast as it can and says on stdout what
// it has written, until it is killed. Argument: the data directory.
import { writeSync } from 'node:fs';
import { setIntent } from '../../../src/main/store/intents.ts';
import { openStore } from '../../../src/main/store/open.ts';
import { saveRevision } from '../../../src/main/store/revisions.ts';
import { insertSamples } from '../../../src/main/store/samples.ts';
import { configWith } from './temp-store.ts';

const { db } = openStore(process.argv[2] ?? '', { now: () => 0 });
const STDOUT = 1;

for (let n = 1; ; n++) {
  const revision = saveRevision(db, {
    at: n,
    author: 'system',
    note: '',
    changes: [],
    config: configWith(`p${n}`),
  });
  writeSync(STDOUT, `revision ${revision}\n`);
  setIntent(db, {
    pool: 'api',
    backend: `b${n}`,
    state: 'draining',
    configState: 'enabled',
    author: 'api',
    at: n,
  });
  writeSync(STDOUT, `intent b${n}\n`);
  insertSamples(db, n, [
    {
      pool: 'api',
      backend: 'one',
      requests: n,
      status2xx: n,
      status3xx: 0,
      status4xx: 0,
      status5xx: 0,
      errors: 0,
      bytesIn: 0,
      bytesOut: 0,
      p50Ms: 1,
      p95Ms: 1,
      p99Ms: 1,
      latency: new Uint8Array(50),
    },
  ]);
  writeSync(STDOUT, `sample ${n}\n`);
}
