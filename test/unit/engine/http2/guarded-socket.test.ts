import { type Duplex, PassThrough } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { GuardedSocket, type Verdict } from '../../../../src/main/engine/http2/guarded-socket.ts';

const MORE_THAN_A_BUFFER = Buffer.alloc(200_000, 'x');

/** Both ends of a connection whose every chunk gets this verdict. */
function guarded(verdict: Verdict): { socket: Duplex; session: GuardedSocket } {
  const socket = new PassThrough({ highWaterMark: 10 * MORE_THAN_A_BUFFER.length });
  return { socket, session: new GuardedSocket(socket, () => verdict) };
}

/** In which turn of the loop each of three chunks came. */
async function turnsOf(verdict: Verdict): Promise<number[]> {
  const { socket, session } = guarded(verdict);
  const turns: number[] = [];
  let turn = 0;
  session.on('data', () => turns.push(turn));
  // Counts before the guard acts.
  const count = (): void => {
    turn++;
    if (turns.length < 3) setImmediate(count);
  };
  setImmediate(count);
  for (const text of ['a', 'b', 'c']) socket.write(text);
  while (turns.length < 3) await nextTurn();
  return turns;
}

describe('the guarded socket', () => {
  it('passes at once what arrived at once', async () => {
    expect(new Set(await turnsOf('pass')).size).toBe(1);
  });

  it('keeps what follows the last chunk of a turn for the next one', async () => {
    expect(new Set(await turnsOf('last')).size).toBe(3);
  });

  it.each<Verdict>(['pass', 'last'])(
    'reads nothing for a session that is full, then goes on: %s',
    async (verdict) => {
      const { socket, session } = guarded(verdict);
      socket.write(MORE_THAN_A_BUFFER);
      socket.write('rest');
      for (let i = 0; i < 5; i++) await nextTurn();
      expect(socket.isPaused()).toBe(true);
      expect(session.readableLength).toBe(MORE_THAN_A_BUFFER.length);
      let received = 0;
      session.on('data', (chunk: Buffer) => {
        received += chunk.length;
      });
      while (received < MORE_THAN_A_BUFFER.length + 4) await nextTurn();
      expect(session.readableLength).toBe(0);
    },
  );

  it('drops what the session must not see', async () => {
    const { socket, session } = guarded('drop');
    socket.end('x');
    let received = 0;
    session.on('data', () => received++);
    await new Promise((resolve) => session.on('end', resolve));
    expect(received).toBe(0);
  });

  it('counts what it sends, written alone or together', async () => {
    const { session } = guarded('pass');
    session.write('abc');
    session.cork();
    session.write('de');
    session.write('f');
    session.uncork();
    await new Promise<void>((resolve) => session.end(resolve));
    expect(session.sentBytes).toBe(6);
  });
});
