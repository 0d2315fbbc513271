// The monitor with real probes and real time, black box: a backend that comes, breaks and returns.
import { describe, expect, it } from 'vitest';
import type { HealthCheckConfig } from '#shared/config/health-check.ts';
import { createMonitor, type HealthTransition } from '../../../src/main/health/monitor.ts';
import { systemMonitorClock } from '../../../src/main/health/run-probe.ts';
import { httpBackend } from './servers.ts';

const CHECK: HealthCheckConfig = {
  type: 'http',
  method: 'GET',
  path: '/',
  expectStatus: ['200'],
  intervalMs: 100,
  timeoutMs: 80,
  rise: 2,
  fall: 2,
};

describe('a monitored backend', () => {
  it('is seen failing, down, recovering and up again, and is left alone after stop', async () => {
    let status = 200;
    let requests = 0;
    await using backend = await httpBackend((_request, response) => {
      requests += 1;
      response.writeHead(status).end();
    });
    const seen: HealthTransition[] = [];
    const done = Promise.withResolvers<void>();
    const monitor = createMonitor({
      clock: systemMonitorClock,
      random: Math.random,
      onResult: () => {},
      onTransition: (transition) => {
        seen.push(transition);
        if (transition.to === 'up' && status === 200) status = 503;
        else if (transition.to === 'down') status = 204;
        if (transition.to === 'up' && transition.from === 'recovering') done.resolve();
      },
    });
    monitor.apply([
      {
        key: 'api/one',
        host: backend.host,
        port: backend.port,
        tls: null,
        fault: '',
        protocol: 'http1',
        check: { ...CHECK, expectStatus: ['200', '204'] },
        optimistic: false,
      },
    ]);
    await done.promise;
    await monitor.stop();
    expect(seen.map(({ to, check }) => [to, check?.code])).toEqual([
      ['checking', undefined],
      ['up', 'L7 200'],
      ['failing', 'L7 503'],
      ['down', 'L7 503'],
      ['recovering', 'L7 204'],
      ['up', 'L7 204'],
    ]);
    expect(requests).toBe(5);
  });

  it('that hangs goes down without two probes at a time', async () => {
    let open = 0;
    let mostOpen = 0;
    await using backend = await httpBackend((request) => {
      open += 1;
      mostOpen = Math.max(mostOpen, open);
      request.socket.on('close', () => {
        open -= 1;
      });
    });
    const down = Promise.withResolvers<HealthTransition>();
    const monitor = createMonitor({
      clock: systemMonitorClock,
      random: Math.random,
      onResult: () => {},
      onTransition: (transition) => transition.to === 'down' && down.resolve(transition),
    });
    monitor.apply([
      {
        key: 'api/one',
        host: backend.host,
        port: backend.port,
        tls: null,
        fault: '',
        protocol: 'http1',
        check: CHECK,
        optimistic: true,
      },
    ]);
    expect((await down.promise).check?.code).toBe('L7 timeout');
    await monitor.stop();
    expect(mostOpen).toBe(1);
  });
});
