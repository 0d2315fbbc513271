// The header lists of an HTTP/2 backend: what it is asked, made of the same HTTP/1.1 text every backend
// gets, and what it answers, as the model of message.ts. node:http2 has checked pseudo-fields, letter
// case and connection-specific fields (RFC 9113 §8.2, §8.3). Pure; called by upstream-stream.ts.
import { BODY, type BodyKind, type RequestHead, type ResponseHead } from '../exchange/message.ts';
import { acceptOf } from '../exchange/web-socket-handshake.ts';
import { createFraming, noteField } from '../http1/framing.ts';
import type { HeadFault } from '../http1/head-faults.ts';
import { FIELD, fieldKind, scanFields } from '../http1/head-fields.ts';
import { reasonPhrase } from '../http1/serialize.ts';

const WEBSOCKET = 'websocket';
const WEBSOCKET_KEY = 'sec-websocket-key';

export interface Destination {
  /** Of our own connection to the backend: some servers refuse a scheme their connection has not. */
  scheme: 'http' | 'https';
  /** Address of the backend, for requests that name no host. */
  authority: string;
}

/** An upgrade to anything else cannot be carried; it is ignored, as a server may (RFC 9110 §7.8). */
export function opensWebSocket(head: RequestHead): boolean {
  return head.upgrade === WEBSOCKET;
}

/** `text` is `head` as HTTP/1.1. Alternates names and values; names may have capitals. */
export function http2RequestFields(head: RequestHead, text: string, to: Destination): string[] {
  const webSocket = opensWebSocket(head);
  const fields = [':method', webSocket ? 'CONNECT' : head.method];
  if (webSocket) fields.push(':protocol', WEBSOCKET);
  fields.push(':scheme', to.scheme, ':authority', head.host === '' ? to.authority : head.host);
  fields.push(':path', head.target);
  const names: string[] = [];
  const values: string[] = [];
  scanFields(text, text.indexOf('\n') + 1, names, values, Number.POSITIVE_INFINITY);
  for (let i = 0; i < names.length; i++) {
    const name = names[i]!;
    const kind = fieldKind(name);
    const isOurs = kind === FIELD.other || kind >= FIELD.xForwardedFor;
    if (!isOurs && kind !== FIELD.contentLength && kind !== FIELD.te) continue;
    if (webSocket && name.toLowerCase() === WEBSOCKET_KEY) continue;
    fields.push(name, values[i]!);
  }
  return fields;
}

/** How the client will be told where the body ends. */
export interface ResponseFraming {
  /** The response ends with its head. */
  ended: boolean;
  /** Trailers can follow any body: the client's protocol has a place for them. */
  trailersAnywhere: boolean;
}

/** `fields` alternates names and values. */
export function http2ResponseHead(
  fields: readonly string[],
  request: RequestHead,
  { ended, trailersAnywhere }: ResponseFraming,
): ResponseHead | HeadFault {
  const names: string[] = [];
  const values: string[] = [];
  const framing = createFraming();
  let status = 0;
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i]!;
    const value = fields[i + 1]!;
    if (name === ':status') {
      status = Number(value);
      continue;
    }
    const fault = noteField(framing, fieldKind(name), value);
    if (fault !== null) return fault;
    names.push(name);
    values.push(value);
  }
  let { contentLength } = framing;
  const bodiless = status < 200 || status === 204 || status === 304 || request.method === 'HEAD';
  // To HTTP/1.1, a head that says nothing has a body up to the end of the connection.
  if (ended && !bodiless) contentLength = 0;
  let body: BodyKind = BODY.none;
  if (!bodiless && !ended) body = contentLength < 0 || trailersAnywhere ? BODY.chunked : BODY.length;
  if (body === BODY.length && contentLength === 0) body = BODY.none;
  return {
    minor: 1,
    names,
    values,
    body,
    contentLength: status < 200 || status === 204 ? -1 : contentLength,
    keepAlive: true,
    connectionTokens: null,
    upgrade: '',
    status,
    reason: reasonPhrase(status),
    version: '2',
  };
}

/** Whether the answer to an extended CONNECT opens the WebSocket (RFC 8441 §5). */
export function grantsWebSocket(head: ResponseHead): boolean {
  return head.status >= 200 && head.status < 300;
}

/** The switch an HTTP/1.1 client expects, with the proof that belongs to its key (RFC 6455 §4.2.2). */
export function webSocketSwitch(head: ResponseHead, request: RequestHead): ResponseHead {
  const kept = head.names.map((name) => name !== 'sec-websocket-accept' && name !== 'content-length');
  const at = request.names.findIndex((name) => name.toLowerCase() === WEBSOCKET_KEY);
  return {
    ...head,
    names: [...head.names.filter((_, i) => kept[i]), 'Sec-WebSocket-Accept'],
    values: [...head.values.filter((_, i) => kept[i]), acceptOf(request.values[at] ?? '')],
    status: 101,
    reason: reasonPhrase(101),
    body: BODY.none,
    contentLength: -1,
    upgrade: WEBSOCKET,
  };
}

/** RFC 9113 §7, by number. */
const ERROR_NAMES = [
  'NO_ERROR',
  'PROTOCOL_ERROR',
  'INTERNAL_ERROR',
  'FLOW_CONTROL_ERROR',
  'SETTINGS_TIMEOUT',
  'STREAM_CLOSED',
  'FRAME_SIZE_ERROR',
  'REFUSED_STREAM',
  'CANCEL',
  'COMPRESSION_ERROR',
  'CONNECT_ERROR',
  'ENHANCE_YOUR_CALM',
  'INADEQUATE_SECURITY',
  'HTTP_1_1_REQUIRED',
] as const;

export function errorName(code: number): string {
  return ERROR_NAMES[code] ?? `error ${code}`;
}
