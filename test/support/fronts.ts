// The ways an HTTP/1.1 client may reach the engine, in clear text and over TLS, for specs that hold
// for both: they take a front and say the same bytes through it.

import { EngineHarness, type ListenerWords, type PoolWords } from './engine-harness.ts';
import { http2Listener } from './h2-engine.ts';
import { RawClient } from './raw-client.ts';
import { TlsClient } from './tls-client.ts';

export interface Http1Front {
  name: 'clear text' | 'TLS';
  /** As backends are told. */
  proto: 'http' | 'https';
  /** A pool "api" of these backends behind the listener "web". */
  serving(
    backends: PoolWords['backends'],
    pool?: Partial<PoolWords>,
    listener?: ListenerWords,
  ): Promise<EngineHarness>;
  client(engine: EngineHarness): Promise<RawClient>;
  /** For plans of more than one listener or pool. */
  listener(words: ListenerWords): Promise<ListenerWords>;
}

const CLEAR: Http1Front = {
  name: 'clear text',
  proto: 'http',
  serving: (backends, pool = {}, listener = {}) => EngineHarness.serving(backends, pool, listener),
  client: (engine) => RawClient.connect(engine.port()),
  listener: async (words) => words,
};

const TLS: Http1Front = {
  name: 'TLS',
  proto: 'https',
  serving: async (backends, pool = {}, listener = {}) =>
    EngineHarness.serving(backends, pool, await http2Listener(listener)),
  client: (engine) =>
    TlsClient.handshake(engine.port(), {
      servername: 'a.test',
      rejectUnauthorized: false,
      ALPNProtocols: ['http/1.1'],
    }),
  listener: http2Listener,
};

export const HTTP1_FRONTS = [CLEAR, TLS] as const;
