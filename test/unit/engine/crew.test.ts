import { describe, expect, it } from 'vitest';
import { permissionToBind } from '../../../src/main/engine/crew.ts';
import type { Crew, HeldAddress } from '../../../src/main/engine/messages.ts';

const web = { name: 'web', host: '127.0.0.1', port: 8080 };
const any = { ...web, port: 0 };
const held: HeldAddress = { ...web, boundPort: 8080 };
const crew = (lead: boolean, ...addresses: HeldAddress[]): Crew => ({
  lead,
  held: addresses,
  peers: [],
  fence: new SharedArrayBuffer(4),
  clients: undefined,
});

describe('permissionToBind', () => {
  it.each([
    [
      'a thread that is alone binds for itself',
      undefined,
      web,
      { port: 8080, reusePort: false, probe: false },
    ],
    [
      'the lead looks first who has an address',
      crew(true),
      web,
      { port: 8080, reusePort: true, probe: true },
    ],
    ['the kernel chooses a port nobody shares', crew(true), any, { port: 0, reusePort: true, probe: false }],
    ['a held address is joined', crew(false, held), web, { port: 8080, reusePort: true, probe: false }],
    [
      'a chosen port is joined where it is',
      crew(false, { ...any, boundPort: 41_000 }),
      any,
      { port: 41_000, reusePort: true, probe: false },
    ],
    [
      'a port of ours is not probed on another host, for it is we who would be found',
      crew(true, held),
      { ...web, host: '0.0.0.0' },
      { port: 8080, reusePort: true, probe: false },
    ],
  ])('%s', (_name, given, listener, expected) => {
    expect(permissionToBind(given, listener)).toEqual({ kind: 'bind', ...expected });
  });

  it.each([
    ['what nobody holds', crew(false), web],
    ['an address that is held on another port', crew(false, held), { ...web, port: 8081 }],
    ['an address that is held on another host', crew(false, held), { ...web, host: '0.0.0.0' }],
    ['an address another listener holds', crew(false, held), { ...web, name: 'admin' }],
  ])('the others wait for the lead with %s', (_name, given, listener) => {
    expect(permissionToBind(given, listener)).toEqual({ kind: 'wait' });
  });
});
