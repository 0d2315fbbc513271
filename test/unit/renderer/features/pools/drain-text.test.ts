import { describe, expect, it } from 'vitest';
import type { ConnectionStatus, PoolStatus } from '#shared/status.ts';
import {
  connectionText,
  deadlineText,
  kindsText,
  leftText,
  outcomeText,
  successorsText,
} from '../../../../../src/renderer/src/features/pools/drain-text.ts';

const drain = (startedWith: number, deadline: number | null = null, closed = 0) => ({
  since: 0,
  deadline,
  startedWith,
  closed,
});

function connection(kind: ConnectionStatus['kind'], ageMs: number): ConnectionStatus {
  const common = {
    method: 'GET',
    path: '/live?x=1',
    client: '127.0.0.1',
    idleMs: 0,
    bytesIn: 0,
    bytesOut: 0,
  };
  return { id: ageMs, kind, ageMs, ...common };
}

describe('how much is left of a drain', () => {
  it.each([
    [3, 21, '3 of 21 connections left'],
    [1, 1, '1 of 1 connection left'],
    [3, 0, '3 connections left'],
    [1, 0, '1 connection left'],
  ])('says %d of %d as %j', (left, startedWith, text) => {
    expect(leftText(left, drain(startedWith))).toBe(text);
  });
});

describe('what kinds are left', () => {
  const listed = [connection('websocket', 252_000), connection('websocket', 61_000), connection('http', 900)];

  it('counts each kind of a list that is whole, and says the oldest', () => {
    expect(kindsText({ inFlight: 9, tunnels: 9 }, { total: 3, connections: listed })).toBe(
      '1 HTTP · 2 WebSocket · oldest 4 m 12 s',
    );
    expect(
      kindsText({ inFlight: 1, tunnels: 1 }, { total: 1, connections: [connection('upgrade', 0)] }),
    ).toBe('1 other upgrade · oldest 0 s');
  });

  it('counts as the status does while not all of it is listed', () => {
    expect(kindsText({ inFlight: 900, tunnels: 4 }, { total: 900, connections: listed })).toBe(
      '896 HTTP · 4 upgraded · oldest 4 m 12 s',
    );
    expect(kindsText({ inFlight: 2, tunnels: 0 }, undefined)).toBe('2 HTTP');
  });
});

describe('the end of a drain', () => {
  it.each([
    [null, 'None of it is closed: the pool gives a drain all the time'],
    [260_000, 'What remains is closed in 4 m 20 s'],
    [12_000, 'What remains is closed in 12 s'],
    [999, 'What remains is being closed now'],
    [-5000, 'What remains is being closed now'],
  ])('at %j is %j', (deadline, text) => {
    expect(deadlineText(drain(1, deadline), 0)).toBe(text);
  });
});

describe('what became of a drain that ended', () => {
  it.each([
    [21, 0, 'All of them finished by themselves'],
    [1, 0, 'It finished by itself'],
    [21, 3, '18 finished by themselves, Sluice closed 3'],
    [21, 20, '1 finished by itself, Sluice closed 20'],
    [21, 21, 'Sluice closed all of them'],
    [1, 1, 'Sluice closed it'],
    [0, 2, 'Sluice closed 2'],
    [0, 0, ''],
  ])('with %d at the start and %d closed says %j', (startedWith, closed, text) => {
    expect(outcomeText(drain(startedWith, null, closed))).toBe(text);
  });
});

describe('where new requests go', () => {
  const pool = (shares: number[]) =>
    ({ backends: shares.map((targetShare, i) => ({ name: `b${i}`, targetShare })) }) as unknown as PoolStatus;

  it.each([
    [[0.5, 0, 0.5], 'New requests go to b0, b2'],
    [[0.2, 0.2, 0.2, 0.2, 0.1, 0.1], 'New requests go to b0, b1, b2, b3 and 2 more'],
    [[0, 0], 'No other backend takes new requests'],
  ])('with shares %j says %j', (shares, text) => {
    expect(successorsText(pool(shares))).toBe(text);
  });
});

describe('a connection', () => {
  it.each([
    ['http', 'GET /live?x=1'],
    ['websocket', 'WS /live?x=1'],
    ['upgrade', 'UPGRADE /live?x=1'],
  ] as const)('of kind %s reads %j', (kind, text) => {
    expect(connectionText(connection(kind, 0))).toBe(text);
  });
});
