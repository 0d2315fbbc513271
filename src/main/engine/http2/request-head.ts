// Turns the header list of an HTTP/2 request into the model of message.ts, strictly: what another
// server could read differently is refused. node:http2 has checked framing, order and number of
// pseudo-fields, letter case and connection-specific fields (RFC 9113 §8.2, §8.3). Pure; called by
// connection.ts.
import { BODY, type RequestHead } from '../exchange/message.ts';
import { createFraming, noteField } from '../http1/framing.ts';
import { HEAD_FAULTS, type HeadFault } from '../http1/head-faults.ts';
import { equalsIgnoringCase, FIELD, fieldKind, listHas } from '../http1/head-fields.ts';
import { hostnameOf, TARGET } from '../http1/request-target.ts';

export interface Http2Limits {
  headerBytes: number;
  headerLines: number;
  urlBytes: number;
}

const SLASH = 47;
const COLON = 58;
const WEBSOCKET = 'websocket';
/** ": " and CRLF: what a field takes in HTTP/1.1 beside its name and value. */
const LINE_BYTES = 4;

/**
 * `fields` alternates names and values. `webSocketKey` goes to the backend when the request opens a
 * WebSocket, which then is a GET with `upgrade` (RFC 8441 §5).
 */
export function http2RequestHead(
  fields: readonly string[],
  endsStream: boolean,
  limits: Http2Limits,
  webSocketKey: string,
): RequestHead | HeadFault {
  let method = '';
  let target = '';
  let authority = '';
  let scheme = '';
  let protocol = '';
  let host = '';
  let cookies = '';
  let expectation = '';
  let teTrailers = false;
  const names: string[] = [];
  const values: string[] = [];
  const framing = createFraming();
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i]!;
    const value = fields[i + 1]!;
    if (name.charCodeAt(0) === COLON) {
      if (name === ':method') method = value;
      else if (name === ':path') target = value;
      else if (name === ':authority') authority = value;
      else if (name === ':scheme') scheme = value;
      else protocol = value;
      continue;
    }
    // Clients send cookies one by one, for the sake of compression (RFC 9113 §8.2.3).
    if (name === 'cookie') {
      cookies = cookies === '' ? value : `${cookies}; ${value}`;
      continue;
    }
    const kind = fieldKind(name);
    if (kind === FIELD.host) host = value;
    else if (kind === FIELD.expect) expectation = expectation === '' ? value : `${expectation}, ${value}`;
    else if (kind === FIELD.te) teTrailers = teTrailers || listHas(value, 'trailers');
    else {
      const fault = noteField(framing, kind, value);
      if (fault !== null) return fault;
    }
    if (protocol === WEBSOCKET && name === 'sec-websocket-key') continue;
    names.push(name);
    values.push(value);
  }
  if (cookies !== '') {
    names.push('cookie');
    values.push(cookies);
  }

  if (method === 'CONNECT' && protocol !== WEBSOCKET) return HEAD_FAULTS.connect;
  const opensWebSocket = protocol === WEBSOCKET;
  // Whoever is named twice is named by :authority (RFC 9113 §8.3.1).
  if (authority !== '') host = authority;
  const fault = listFault(fields, names.length, target, limits) ?? partsFault(method, target, scheme, host);
  if (fault !== null) return fault;
  if (expectation !== '' && !equalsIgnoringCase(expectation, '100-continue')) return HEAD_FAULTS.expectation;
  if (opensWebSocket) {
    names.push('sec-websocket-key');
    values.push(webSocketKey);
  }

  const query = target.indexOf('?');
  const bodiless = endsStream || opensWebSocket || framing.contentLength === 0;
  // A backend that refuses the switch would take the next request on its connection for that body.
  if (bodiless && framing.contentLength > 0) return HEAD_FAULTS.lengthWithoutBody;
  const body = bodiless ? BODY.none : framing.contentLength > 0 ? BODY.length : BODY.chunked;
  return {
    minor: 1,
    names,
    values,
    body,
    contentLength: framing.contentLength,
    keepAlive: true,
    connectionTokens: null,
    upgrade: opensWebSocket ? WEBSOCKET : '',
    method: opensWebSocket ? 'GET' : method,
    target,
    path: query === -1 ? target : target.substring(0, query),
    host,
    hostname: hostnameOf(host),
    expectContinue: expectation !== '' && body !== BODY.none,
    teTrailers,
  };
}

/** The size of a header list, as the same fields would take in HTTP/1.1. */
export function headerListBytes(fields: readonly string[]): number {
  let bytes = 0;
  for (let i = 0; i < fields.length; i += 2) bytes += fields[i]!.length + fields[i + 1]!.length + LINE_BYTES;
  return bytes;
}

function listFault(
  fields: readonly string[],
  lines: number,
  target: string,
  limits: Http2Limits,
): HeadFault | null {
  if (target.length > limits.urlBytes) return HEAD_FAULTS.targetLength;
  if (lines > limits.headerLines) return HEAD_FAULTS.fieldCount;
  return headerListBytes(fields) > limits.headerBytes ? HEAD_FAULTS.headerLength : null;
}

function partsFault(method: string, target: string, scheme: string, host: string): HeadFault | null {
  if (target === '*') {
    if (method !== 'OPTIONS') return HEAD_FAULTS.targetAsterisk;
  } else if (target.charCodeAt(0) !== SLASH) return HEAD_FAULTS.targetForm;
  for (let at = 0; at < target.length; at++)
    if (TARGET[target.charCodeAt(at)] !== 1) return HEAD_FAULTS.targetCharacter;
  if (!equalsIgnoringCase(scheme, 'https') && !equalsIgnoringCase(scheme, 'http'))
    return HEAD_FAULTS.targetForm;
  if (host === '') return HEAD_FAULTS.hostMissing;
  return hostnameOf(host) === '' ? HEAD_FAULTS.hostInvalid : null;
}
