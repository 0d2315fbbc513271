// Parses one request head, strictly: whatever two servers could read differently is refused (RFC 9112).
// `text` is the head as latin1 INCLUDING its final empty line, that is buffer.toString('latin1', start,
// findHeadEnd(...)). One CRLF before the request line is skipped here (§2.2), so callers hand it over as
// received. Pure; called by the client connections.
//
// `Content-Length: 0` gives body `none` with contentLength 0: there is nothing to read or relay.
import {
  BODY,
  type BodyKind,
  type HeadLimits,
  type RequestHead,
  type ResponseHead,
} from '../exchange/message.ts';
import { hasWebSocketKey } from '../exchange/web-socket-handshake.ts';
import { createFraming, type Framing, framingFault, keepsAlive, noteField } from './framing.ts';
import { HEAD_FAULTS, type HeadFault } from './head-faults.ts';
import {
  CR,
  equalsIgnoringCase,
  FIELD,
  fieldKind,
  LF,
  listHas,
  SPACE,
  scanFields,
  TOKEN,
} from './head-fields.ts';
import { hostnameOf, resolveTarget, TARGET } from './request-target.ts';

export function isHeadError(parsed: RequestHead | ResponseHead | HeadFault): parsed is HeadFault {
  return parsed.names === undefined;
}

export function parseRequestHead(text: string, limits: HeadLimits): RequestHead | HeadFault {
  const start = text.charCodeAt(0) === CR && text.charCodeAt(1) === LF ? 2 : 0;
  let at = start;
  let code = text.charCodeAt(at);
  while (TOKEN[code] === 1) code = text.charCodeAt(++at);
  if (code !== SPACE || at === start) return requestLineFault(code, HEAD_FAULTS.method);
  const method = text.substring(start, at);

  const targetStart = ++at;
  code = text.charCodeAt(at);
  while (TARGET[code] === 1) code = text.charCodeAt(++at);
  if (at - targetStart > limits.urlBytes) return HEAD_FAULTS.targetLength;
  if (code !== SPACE || at === targetStart) return requestLineFault(code, HEAD_FAULTS.targetCharacter);
  const target = text.substring(targetStart, at);

  const minor = minorVersion(text, at + 1);
  if (minor === -1) return versionFault(text, at + 1);
  at += 9;
  if (text.charCodeAt(at) !== CR || text.charCodeAt(at + 1) !== LF) return HEAD_FAULTS.requestLine;

  const names: string[] = [];
  const values: string[] = [];
  const fault = scanFields(text, at + 2, names, values, limits.headerLines);
  return fault === null ? interpret(method, target, minor, names, values) : fault;
}

/** From well-formed parts to a request that has one meaning. */
function interpret(
  method: string,
  target: string,
  minor: 0 | 1,
  names: string[],
  values: string[],
): RequestHead | HeadFault {
  const framing = createFraming();
  let hosts = 0;
  let host = '';
  let expectation = '';
  let teTrailers = false;
  for (let index = 0; index < names.length; index++) {
    const kind = fieldKind(names[index]!);
    if (kind === FIELD.other) continue;
    const value = values[index]!;
    if (kind === FIELD.host) {
      host = value;
      hosts++;
    } else if (kind === FIELD.expect) expectation = expectation === '' ? value : `${expectation}, ${value}`;
    else if (kind === FIELD.te) teTrailers = teTrailers || listHas(value, 'trailers');
    else {
      const fault = noteField(framing, kind, value);
      if (fault !== null) return fault;
    }
  }
  const fault = framingFault(framing, minor);
  if (fault !== null) return fault;
  if (framing.tokens !== null && namesEndToEndField(framing.tokens)) return HEAD_FAULTS.connectionNames;

  if (hosts > 1) return HEAD_FAULTS.hostRepeated;
  if (hosts === 0 && minor === 1) return HEAD_FAULTS.hostMissing;
  let hostname = hosts === 0 ? '' : hostnameOf(host);
  if (hosts === 1 && hostname === '') return HEAD_FAULTS.hostInvalid;
  if (target.charCodeAt(0) !== 47 || method === 'CONNECT') {
    const resolved = resolveTarget(method, target, host);
    if ('reason' in resolved) return resolved;
    target = resolved.target;
    host = resolved.host;
    hostname = hostnameOf(host);
  }

  const body = framing.chunked ? BODY.chunked : framing.contentLength > 0 ? BODY.length : BODY.none;
  // An expectation means nothing in HTTP/1.0 (RFC 9110 §10.1.1).
  const expects = expectation !== '' && minor === 1;
  if (expects && !equalsIgnoringCase(expectation, '100-continue')) return HEAD_FAULTS.expectation;
  const upgrade = minor === 1 && method === 'GET' ? upgradeAsked(framing, body) : '';
  if (upgrade === 'websocket' && !hasWebSocketKey(names, values)) return HEAD_FAULTS.webSocketKey;
  const query = target.indexOf('?');
  return {
    minor,
    names,
    values,
    body,
    contentLength: framing.contentLength,
    keepAlive: keepsAlive(framing, minor),
    connectionTokens: framing.tokens,
    upgrade,
    method,
    target,
    path: query === -1 ? target : target.substring(0, query),
    host,
    hostname,
    expectContinue: expects && body !== BODY.none,
    teTrailers: teTrailers && minor === 1,
  };
}

/**
 * An upgrade not properly asked for is ignored, as a server may. So is h2c: it would let a client
 * speak past the proxy in a protocol the proxy does not check.
 */
function upgradeAsked(framing: Framing, body: BodyKind): string {
  if (framing.upgrade === '' || framing.upgrade === 'h2c' || body !== BODY.none) return '';
  return framing.tokens?.includes('upgrade') === true ? framing.upgrade : '';
}

/** Of `HTTP/1.0` or `HTTP/1.1` at `at`; -1 for anything else. */
export function minorVersion(text: string, at: number): 0 | 1 | -1 {
  if (
    text.charCodeAt(at) !== 72 ||
    text.charCodeAt(at + 1) !== 84 ||
    text.charCodeAt(at + 2) !== 84 ||
    text.charCodeAt(at + 3) !== 80 ||
    text.charCodeAt(at + 4) !== 47 ||
    text.charCodeAt(at + 5) !== 49 ||
    text.charCodeAt(at + 6) !== 46
  ) {
    return -1;
  }
  const minor = text.charCodeAt(at + 7);
  return minor === 49 ? 1 : minor === 48 ? 0 : -1;
}

function requestLineFault(code: number, fault: HeadFault): HeadFault {
  if (code === LF) return HEAD_FAULTS.bareLineFeed;
  return code === CR || code === SPACE ? HEAD_FAULTS.requestLine : fault;
}

function versionFault(text: string, at: number): HeadFault {
  const version = /^HTTP\/(\d)\.\d\r\n/.exec(text.slice(at, at + 10));
  if (version === null) return HEAD_FAULTS.requestLine;
  return version[1] === '1' ? HEAD_FAULTS.version : HEAD_FAULTS.versionMajor;
}

/**
 * A Connection list removes the fields it names on the way, so a client could use it to take away
 * what backends rely on: what names the site, frames the body or tells who is calling.
 */
function namesEndToEndField(tokens: string[]): boolean {
  for (const token of tokens) {
    switch (token) {
      case 'host':
      case 'content-length':
      case 'forwarded':
      case 'x-real-ip':
      case 'cookie':
      case 'authorization':
        return true;
    }
    if (token.startsWith('x-forwarded-')) return true;
  }
  return false;
}
