// Disposes after each test of a spec file what it has opened, the newest first. Called once at the top
// of the file; what it answers takes a resource and hands it back.
import { afterEach } from 'vitest';

export function disposedAfterEach(): <T extends AsyncDisposable>(resource: T) => T {
  const open: AsyncDisposable[] = [];
  afterEach(async () => {
    for (const resource of open.splice(0).toReversed()) await resource[Symbol.asyncDispose]();
  });
  return (resource) => {
    open.push(resource);
    return resource;
  };
}
