// What we tell an HTTP/2 client and what node:http2 holds it to, from the plan in force when its
// connection began. Called by connection.ts.
import { performServerHandshake, type ServerHttp2Session, type ServerOptions } from 'node:http2';
import type { Duplex } from 'node:stream';
import type { ListenerLimits } from '#shared/config/listener.ts';

/** Request bodies on their way to us, all of a connection together; one stream has the usual 64 KiB. */
export const CONNECTION_WINDOW_BYTES = 1_048_576;
const HEADER_LIST_BYTES = 65_536;
/** Cookies sent one by one, pseudo-fields: more fields than the lines they become. */
const EXTRA_FIELDS = 150;
/** Backends may answer with heads as long as upstream-connection.ts reads them. */
const RESPONSE_HEAD_BYTES = 262_144;
const SESSION_MB = 32;

export function openSession(socket: Duplex, limits: ListenerLimits): ServerHttp2Session {
  const options: ServerOptions & { strictSingleValueFields: boolean } = {
    settings: {
      maxConcurrentStreams: limits.http2Streams,
      maxHeaderListSize: Math.max(HEADER_LIST_BYTES, limits.headerBytes),
      enableConnectProtocol: true,
    },
    maxHeaderListPairs: limits.headerLines + EXTRA_FIELDS,
    maxSendHeaderBlockLength: RESPONSE_HEAD_BYTES,
    maxSessionMemory: SESSION_MB,
    // What backends send is passed on, repeated fields too.
    strictSingleValueFields: false,
  };
  return performServerHandshake(socket, options);
}
