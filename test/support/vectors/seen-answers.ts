// Holds what a client made of an answer against what the vector says of it. Used by the specs of the
// vectors that start at a backend.
import { expect } from 'vitest';
import type { SeenResponse } from './backend-responses.ts';
import type { ClientView } from './front-clients.ts';

/** For the name of a test. */
export function fateOf({ status, complete }: SeenResponse): string {
  if (complete === false) return 'is cut short';
  return status === 502 ? 'becomes 502' : `passes as ${status}`;
}

export function expectSeen(view: ClientView, seen: SeenResponse): void {
  const { interim = [], status, complete = true } = seen;
  if (seen.orWhole !== undefined && view.complete) {
    expect([view.status, view.body]).toEqual([status, seen.orWhole]);
    return;
  }
  expect(view).toMatchObject({
    interim,
    complete,
    // A reset may overtake what was on its way to the client.
    ...(complete ? { status } : {}),
    ...(seen.body === undefined ? {} : { body: seen.body }),
    ...(seen.contentLength === undefined ? {} : { contentLength: seen.contentLength }),
    trailers: seen.trailers ?? [],
  });
  if (status === 204) expect(view.contentLength).toBeUndefined();
  if (seen.fields !== undefined) {
    const names = new Set(seen.fields.map(nameOf));
    expect(view.fields.filter((field) => names.has(nameOf(field)))).toEqual(seen.fields);
  }
  const unwanted = seen.withoutFields ?? [];
  expect(view.fields.filter((field) => unwanted.includes(nameOf(field)))).toEqual([]);
}

function nameOf(field: string): string {
  return field.slice(0, field.indexOf(':'));
}
