// A problem of an imported config is found: on its line, in the part with its name, and with the field that
// was likely meant.
import { describe, expect, it } from 'vitest';
import { parseConfig } from '#shared/config/config.ts';
import { meantField, partOf } from '../../../../src/renderer/src/features/revisions/issue-place.ts';
import { lineOf } from '../../../../src/renderer/src/features/revisions/json-line.ts';

const TEXT = `
{
  "version": 1,
  "listeners": [
    { "name": "one", "port": 1, "routes": [] },
    {
      "name": "many", "port": 2,
      "routes": [
        { "name": "a", "pool": "p" },
        {
          "name": "e",
          "match": {
            "path":
              "/x, {[\\"]}"
          },
          "pool": "p"
        }
      ]
    }
  ],
  "pools": [{ "name": "p" }, { "backends": [{ "name": "" }] }]
}`;

describe('the line', () => {
  it.each([
    ['', 2],
    ['version', 3],
    ['listeners.0.routes', 5],
    ['listeners.1.port', 7],
    ['listeners.1.routes.0', 9],
    ['listeners.1.routes.1', 10],
    ['listeners.1.routes.1.match.path', 13],
    ['listeners.1.routes.1.pool', 16],
    ['pools.1.backends.0.name', 21],
    // What is missing is looked for where it should be.
    ['pools.0.name.first', 21],
    ['listeners.1.routes.1.match.host', 12],
    ['engine.workers', 2],
  ])('of %j is %i', (path, line) => {
    expect(lineOf(TEXT, path)).toBe(line);
  });
});

describe('the part', () => {
  it.each([
    ['listeners.1.routes.1.match.path', 'listener “many”, route “e”'],
    ['pools.1.backends.0.name', 'pool 2, backend 1'],
    ['pools.0.name', 'pool “p”'],
    ['listeners.7.tls.certificates.0.hosts.1', 'listener 8, certificate 1'],
    ['pools', ''],
    ['version', ''],
    ['', ''],
  ])('of %j is %j', (path, part) => {
    expect(partOf(path, JSON.parse(TEXT))).toBe(part);
  });
});

describe('a field that is unknown', () => {
  it.each([
    ['listeners.1.routes.1.match.path', 'pathPrefix'],
    ['listenerz', 'listeners'],
    ['pools.0.backends.0.wieght', 'weight'],
    ['pools.0.healthCheck.expect', 'expectStatus'],
    ['pools.0.healthcheck', 'healthCheck'],
    ['listeners.0.tls.certificates.0.hostnames', undefined],
    ['pools.0.colour', undefined],
    ['nowhere.at.all', undefined],
    ['pools.0.lb', undefined],
    ['pools.0.healthCheck.port', undefined],
    ['pools.0.healthCheck.pass', undefined],
    ['pools.0.healthCheck.fal', 'fall'],
    ['pools.0.healthCheck.expectBodi', 'expectBody'],
    ['pools.0.retries.budgetPin', 'budgetMin'],
    // Two slips away from budgetMin and from budgetPct.
    ['pools.0.retries.budgetPi', undefined],
  ])('%s was likely meant as %s', (path, field) => {
    expect(meantField({ path, code: 'unknown-field' })).toBe(field);
  });

  it('is what the core says of such a field', () => {
    const parsed = parseConfig(JSON.parse(TEXT));
    const issue = parsed.ok ? undefined : parsed.issues.find(({ path }) => path.endsWith('match.path'));
    expect(issue && meantField(issue)).toBe('pathPrefix');
  });

  it('is the only thing for which another field is named', () => {
    expect(meantField({ path: 'listeners.1.routes.1.match.path', code: 'required' })).toBeUndefined();
  });
});
