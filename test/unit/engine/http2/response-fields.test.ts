import { describe, expect, it } from 'vitest';
import type { ResponseHead } from '../../../../src/main/engine/exchange/message.ts';
import { parseResponseHead } from '../../../../src/main/engine/http1/head-response.ts';
import {
  fieldObject,
  http2ResponseFields,
  ownAnswer,
} from '../../../../src/main/engine/http2/response-fields.ts';

function head(...lines: string[]): ResponseHead {
  const parsed = parseResponseHead(['HTTP/1.1 200 OK', ...lines, '', ''].join('\r\n'), 'GET');
  if (parsed.names === undefined) throw new Error(parsed.reason);
  return parsed;
}

describe('http2ResponseFields', () => {
  it('keeps order and number, lowers names', () => {
    expect(
      http2ResponseFields(head('Content-Length: 05', 'Set-Cookie: A', 'X-B: C', 'SET-COOKIE: D'), 200, ''),
    ).toEqual([':status', '200', 'content-length', '5', 'set-cookie', 'A', 'x-b', 'C', 'set-cookie', 'D']);
  });

  it('leaves out what is for one connection, named ones too', () => {
    const lines = [
      'Connection: keep-alive, X-Hop',
      'x-hop: 1',
      'Keep-Alive: 5',
      'Proxy-Connection: x',
      'Upgrade: h2c',
    ];
    expect(
      http2ResponseFields(head(...lines, 'Trailer: x', 'TE: x', 'Transfer-Encoding: chunked'), 200, ''),
    ).toEqual([':status', '200']);
  });

  it('says who passed it on', () => {
    expect(http2ResponseFields(head('Via: 1.0 far'), 200, 'near')).toEqual([
      ':status',
      '200',
      'via',
      '1.0 far',
      'via',
      '1.1 near',
    ]);
  });

  it('says no length of what has no body of its own', () => {
    expect(http2ResponseFields(head('Content-Length: 5'), 205, '')).toEqual([':status', '205']);
  });
});

describe('ownAnswer', () => {
  it('is a line of text with its length', () => {
    expect(ownAnswer(503, 'no “backend”', 1)).toEqual({
      fields: [
        ':status',
        '503',
        'content-type',
        'text/plain; charset=utf-8',
        'content-length',
        '13',
        'retry-after',
        '1',
      ],
      line: 'no ?backend?\n',
    });
  });
});

describe('fieldObject', () => {
  it('collects repeated fields, whatever their name', () => {
    const object = fieldObject(['a', '1', '__proto__', 'x', 'a', '2', 'a', '3']);
    expect(Object.entries(object)).toEqual([
      ['a', ['1', '2', '3']],
      ['__proto__', 'x'],
    ]);
  });
});
