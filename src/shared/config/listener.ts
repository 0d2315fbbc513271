// A port that accepts connections, and the routes that decide which pool serves a request.
import { z } from 'zod';
import { Cidr, durationMs, ListenPort, Name } from './primitives.ts';
import { ListenerTls } from './tls.ts';

export const RouteMatch = z.strictObject({
  host: z
    .string()
    .regex(
      /^(\*\.)?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$|^\[[0-9a-f:]+\]$/i,
      'use a host name without a port, optionally starting with "*."',
    )
    .max(253)
    .optional()
    .meta({
      description:
        'Host the request must name, case-insensitive, port ignored. "*.example.test" matches one label.',
    }),
  pathPrefix: z
    .string()
    .regex(/^\/[\x21-\x7e]*$/, 'must start with "/" and hold no spaces')
    .max(2048)
    .optional()
    .meta({
      description:
        'Whole path segments the path must start with: "/api" matches "/api" and "/api/x", not "/apiary".',
    }),
});
export type RouteMatch = z.infer<typeof RouteMatch>;

export const RouteConfig = z.strictObject({
  name: Name,
  match: RouteMatch.prefault({}).meta({
    description: 'All given conditions must hold; none given matches everything.',
  }),
  pool: Name.meta({ description: 'Name of the pool that serves matching requests.' }),
});
export type RouteConfig = z.infer<typeof RouteConfig>;

export const ListenerTimeouts = z.strictObject({
  tlsHandshakeMs: durationMs(1, 600_000).default(10_000).meta({
    description:
      'From the connection of a client to the end of its TLS handshake, ms. Exceeded: it is disconnected. For https listeners.',
  }),
  requestHeaderMs: durationMs(1, 600_000).default(10_000).meta({
    description: 'From the first byte of a request to the end of its header, ms. Exceeded: 408.',
  }),
  keepAliveMs: durationMs(1).default(60_000).meta({
    description: 'An idle client connection is closed after this long, ms.',
  }),
  idleMs: durationMs(1).default(300_000).meta({
    description:
      'Longest silence of a client while it sends or reads a body, ms. Exceeded: 408 while it sends, else it is disconnected.',
  }),
  halfClosedMs: durationMs(1).default(500).meta({
    description:
      'Longest wait for an answer once the client has closed its side of the connection, ms. Exceeded: the request is given up, because a client that has left looks the same.',
  }),
});
export type ListenerTimeouts = z.infer<typeof ListenerTimeouts>;

export const ListenerLimits = z.strictObject({
  headerBytes: z.int().min(1024).max(1_048_576).default(16_384).meta({
    description:
      'Largest request header in bytes, request line included. Exceeded: 431. A client that sends one above about 140 KB over HTTP/2 is disconnected instead.',
  }),
  headerLines: z
    .int()
    .min(1)
    .max(10_000)
    .default(100)
    .meta({ description: 'Most header lines. Exceeded: 431.' }),
  urlBytes: z.int().min(16).max(1_048_576).default(8192).meta({
    description: 'Longest request target in bytes. Exceeded: 414.',
  }),
  bodyBytes: z.int().min(0).max(Number.MAX_SAFE_INTEGER).default(0).meta({
    description: 'Largest request body in bytes; 0: any. Exceeded: 413.',
  }),
  bodyMinBytesPerS: z.int().min(0).max(1_000_000_000).default(0).meta({
    description:
      'Slowest request body, bytes per second over any 5 s while Sluice is ready to read; 0: any. Slower: 408.',
  }),
  keepAliveRequests: z.int().min(1).max(1_000_000_000).default(1000).meta({
    description: 'Requests on one client connection before it is asked to open a new one.',
  }),
  connections: z.int().min(1).max(1_000_000).default(20_000).meta({
    description: 'Client connections at a time. More: closed at once.',
  }),
  connectionsPerClient: z.int().min(0).max(1_000_000).default(0).meta({
    description:
      'Connections at a time from one client address; 0: no limit of its own. More: closed at once.',
  }),
  http2Streams: z.int().min(1).max(10_000).default(100).meta({
    description: 'Requests under way at a time on one HTTP/2 connection.',
  }),
});
export type ListenerLimits = z.infer<typeof ListenerLimits>;

export const ListenerConfig = z.strictObject({
  name: Name,
  protocol: z.enum(['http', 'https']).default('http').meta({
    description: 'http: HTTP/1.1 with WebSocket upgrades. https: the same and HTTP/2, encrypted; see tls.',
  }),
  host: z
    .string()
    .regex(/^[A-Za-z0-9:._-]{1,253}$/, 'use an IP address or host name of this machine')
    .default('127.0.0.1')
    .meta({
      description:
        'Address to bind. 127.0.0.1 is reachable from this machine only; 0.0.0.0 from the network.',
    }),
  port: ListenPort.meta({ description: 'Port to bind; 0 lets the system choose.' }),
  tls: ListenerTls.optional().meta({
    description:
      'Certificates and TLS rules of an https listener. Default: a local certificate for localhost.',
  }),
  redirectToHttps: z
    .strictObject({
      port: z
        .int()
        .min(1)
        .max(65535)
        .default(443)
        .meta({ description: 'Port of the https listener clients are sent to.' }),
    })
    .optional()
    .meta({
      description: 'Answer every request with 308 to the same address over https. For http listeners.',
    }),
  trustedProxies: z.array(Cidr).max(1000).default([]).meta({
    description:
      'Addresses whose X-Forwarded-* and Forwarded fields are believed and extended; all others’ are overwritten.',
  }),
  forwarded: z
    .boolean()
    .default(false)
    .meta({ description: 'Also send the Forwarded field of RFC 7239 to backends.' }),
  via: z.boolean().default(true).meta({
    description:
      'Add a Via field (RFC 9110 §7.6.3) and refuse a request that has passed this listener before with 508.',
  }),
  timeouts: ListenerTimeouts.prefault({}).meta({ description: 'How long a client may take, each in ms.' }),
  limits: ListenerLimits.prefault({}).meta({ description: 'How much a client may send and open.' }),
  routes: z.array(RouteConfig).max(1000, 'at most 1000 routes a listener').default([]).meta({
    description: 'Tried in order; the first that matches decides. No match: 404.',
  }),
});
export type ListenerConfig = z.infer<typeof ListenerConfig>;
