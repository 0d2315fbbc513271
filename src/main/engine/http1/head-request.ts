// Parses one request head, strictly: whatever two servers could read differently is refused (RFC 9112). `text` is the head as latin1 INCLUDING its final empty line,
// that is buffer.toString('latin1', start, findHeadEnd(...)). One CRLF before the request line is skipped
// here (§2.2), so callers hand it over as received. Called by the client connections.
//
// `Content-Length: 0` gives body `none` with contentLength 0: there is nothing to read or relay.
import { createFraming, framingFault, keepsAlive, noteField } from './framing.ts';
import { HEAD_FAULTS } from './head-faults.ts';
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
import { BODY, type HeadError, type HeadLimits, type RequestHead, type ResponseHead } from './message.ts';
import { hostnameOf, sameAuthority, splitAbsoluteTarget, TARGET } from './request-target.ts';

/** A ResponseHead also has a status and a reason, so it is the missing fields that tell an error. */
export function isHeadError(
  parsed: RequestHead | ResponseHead | HeadError,
): parsed is HeadError & { names?: undefined } {
  return (parsed as RequestHead).names === undefined;
}

export function parseRequestHead(text: string, limits: HeadLimits): RequestHead | HeadError {
  // The request line.
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
  let target = text.substring(targetStart, at);

  const minor = minorVersion(text, at + 1);
  if (minor === -1) return versionFault(text, at + 1);
  at += 9;
  if (text.charCodeAt(at) !== CR || text.charCodeAt(at + 1) !== LF) return HEAD_FAULTS.requestLine;

  // The fields.
  const names: string[] = [];
  const values: string[] = [];
  const fieldFault = scanFields(text, at + 2, names, values, limits.headerLines);
  if (fieldFault !== null) return fieldFault;

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

  // Who it is for.
  if (hosts > 1) return HEAD_FAULTS.hostRepeated;
  if (hosts === 0 && minor === 1) return HEAD_FAULTS.hostMissing;
  let hostname = '';
  if (hosts === 1) {
    hostname = hostnameOf(host);
    if (hostname === '') return HEAD_FAULTS.hostInvalid;
  }
  if (target.charCodeAt(0) !== 47) {
    if (method === 'CONNECT') return hostnameOf(target) === '' ? HEAD_FAULTS.targetForm : HEAD_FAULTS.connect;
    if (target === '*') {
      if (method !== 'OPTIONS') return HEAD_FAULTS.targetAsterisk;
    } else {
      const absolute = splitAbsoluteTarget(target);
      if (absolute === null) return HEAD_FAULTS.targetForm;
      // The target's authority replaces Host (§3.2.2); one that differs is two answers to one question.
      if (hosts === 1 && !sameAuthority(absolute.authority, host, absolute.defaultPort)) {
        return HEAD_FAULTS.hostMismatch;
      }
      host = absolute.authority;
      hostname = absolute.hostname;
      target = absolute.rest === '' ? (method === 'OPTIONS' ? '*' : '/') : absolute.rest;
    }
  } else if (method === 'CONNECT') return HEAD_FAULTS.targetForm;

  // What follows. An expectation means nothing in HTTP/1.0 (RFC 9110 §10.1.1).
  const body = framing.chunked ? BODY.chunked : framing.contentLength > 0 ? BODY.length : BODY.none;
  const expects = expectation !== '' && minor === 1;
  if (expects && !equalsIgnoringCase(expectation, '100-continue')) return HEAD_FAULTS.expectation;
  const upgrades =
    framing.upgrade !== '' &&
    framing.upgrade !== 'h2c' &&
    minor === 1 &&
    method === 'GET' &&
    body === BODY.none &&
    framing.tokens !== null &&
    framing.tokens.includes('upgrade');
  const query = target.indexOf('?');
  return {
    minor,
    names,
    values,
    body,
    contentLength: framing.contentLength,
    keepAlive: keepsAlive(framing, minor),
    connectionTokens: framing.tokens,
    upgrade: upgrades ? framing.upgrade : '',
    method,
    target,
    path: query === -1 ? target : target.substring(0, query),
    host,
    hostname,
    expectContinue: expects && body !== BODY.none,
    teTrailers: teTrailers && minor === 1,
  };
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

function requestLineFault(code: number, fault: HeadError): HeadError {
  if (code === LF) return HEAD_FAULTS.bareLineFeed;
  return code === CR || code === SPACE ? HEAD_FAULTS.requestLine : fault;
}

function versionFault(text: string, at: number): HeadError {
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
