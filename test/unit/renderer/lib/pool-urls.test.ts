import { describe, expect, it } from 'vitest';
import { Config } from '#shared/config/config.ts';
import { poolUrls } from '../../../../src/renderer/src/lib/pool-urls.ts';

const config = Config.parse({
  version: 1,
  listeners: [
    {
      name: 'web',
      port: 0,
      routes: [
        { name: 'api', match: { pathPrefix: '/api' }, pool: 'api' },
        { name: 'again', match: { pathPrefix: '/api' }, pool: 'api' },
        { name: 'host', match: { host: 'shop.test' }, pool: 'api' },
        { name: 'rest', pool: 'site' },
      ],
    },
    { name: 'lan', host: '192.168.0.5', port: 80, routes: [{ name: 'all', pool: 'api' }] },
    { name: 'safe', protocol: 'https', port: 8443, routes: [{ name: 'all', pool: 'api' }] },
    {
      name: 'named',
      protocol: 'https',
      port: 8444,
      tls: { certificates: [{ name: 'c', source: 'local-ca', hosts: ['api.localhost'] }] },
      routes: [{ name: 'all', pool: 'api' }],
    },
    { name: 'moved', port: 8081, redirectToHttps: {}, routes: [{ name: 'all', pool: 'api' }] },
    { name: 'kept', port: 8091, routes: [{ name: 'all', pool: 'api' }] },
    { name: 'broken', port: 9000, routes: [{ name: 'all', pool: 'api' }] },
  ],
});
const listeners = [
  { name: 'web', state: 'listening', address: '127.0.0.1:8080' },
  { name: 'lan', state: 'listening', address: '192.168.0.5:80' },
  { name: 'safe', state: 'listening', address: '127.0.0.1:8443' },
  { name: 'named', state: 'listening', address: '127.0.0.1:8444' },
  { name: 'moved', state: 'listening', address: '127.0.0.1:8081' },
  { name: 'kept', state: 'failed', address: '127.0.0.1:8091', servedAddress: '127.0.0.1:8090' },
  { name: 'broken', state: 'failed', address: '127.0.0.1:9000' },
] as const;

describe('where a pool answers', () => {
  it('names every route that leads there once, with its scheme, a name of its certificate and the port it accepts at, and no listener that failed or only redirects', () => {
    expect(poolUrls('api', config, listeners)).toEqual([
      'http://localhost:8080/api',
      'http://shop.test:8080',
      'http://192.168.0.5',
      'https://localhost:8443',
      'https://api.localhost:8444',
      'http://localhost:8090',
    ]);
  });

  it('is empty for a pool nothing leads to', () => {
    expect(poolUrls('lonely', config, listeners)).toEqual([]);
  });
});
