import { createFakeCore } from '/work/main/test/support/fake-core.ts';
import { boardScene } from '/work/main/test/support/fake-scene.ts';
const scene: any = boardScene(Date.now());
scene.config.pools[0].backends = Array.from({ length: 1000 }, (_, i) => ({ name: `api-${i + 1}`, address: `127.0.0.1:${10000 + i}`, weight: 1 + (i % 9) }));
const core = createFakeCore(scene, Date.now());
let t = performance.now(); core.service.events.snapshot(); console.log('snapshot', performance.now() - t);
t = performance.now(); core.tick(); console.log('tick', performance.now() - t);
t = performance.now(); await core.service.handlers['history.query']({ pool: 'api', from: Date.now() - 300000, to: Date.now(), buckets: 1 } as any, {} as any); console.log('hist1', performance.now() - t);
t = performance.now(); await core.service.handlers['history.query']({ pool: 'api', from: Date.now() - 300000, to: Date.now(), buckets: 300 } as any, {} as any); console.log('hist300', performance.now() - t);
