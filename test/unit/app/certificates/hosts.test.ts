import { describe, expect, it } from 'vitest';
import { RouteConfig } from '#shared/config/listener.ts';
import { certificateHosts } from '../../../../src/main/app/certificates/hosts.ts';

const DEFAULT = ['localhost', '*.localhost'];

function local(...hosts: string[]) {
  return { source: 'local-ca', hosts } as const;
}

function files(...hosts: string[]) {
  return { source: 'files', hosts } as const;
}

function routes(...hosts: (string | undefined)[]): RouteConfig[] {
  return hosts.map((host, i) => RouteConfig.parse({ name: `r${i}`, match: { host }, pool: 'p' }));
}

describe('the names of a certificate', () => {
  it.each([
    [
      'are those asked for, lower case, when no route names a host',
      [local('LocalHost')],
      [undefined],
      [['localhost']],
    ],
    [
      'gain each host of a route below localhost',
      [local(...DEFAULT)],
      ['app.localhost', 'b.app.localhost'],
      [[...DEFAULT, 'app.localhost', 'b.app.localhost']],
    ],
    [
      'gain it once, lower case',
      [local(...DEFAULT)],
      ['App.localhost', 'app.localhost'],
      [[...DEFAULT, 'app.localhost']],
    ],
    [
      'gain it without a wildcard too',
      [local('localhost')],
      ['app.localhost'],
      [['localhost', 'app.localhost']],
    ],
    [
      'gain it where a wildcard stands for it',
      [local('*.shop.test')],
      ['eu.shop.test'],
      [['*.shop.test', 'eu.shop.test']],
    ],
    [
      'gain nothing for other hosts',
      [local(...DEFAULT)],
      ['shop.test', 'localhost.test', 'xlocalhost'],
      [DEFAULT],
    ],
    ['gain no wildcard and no address', [local(...DEFAULT)], ['*.app.localhost', '[::1]'], [DEFAULT]],
    [
      'gain no name that is in another one',
      [local(...DEFAULT), local('app.localhost')],
      ['app.localhost'],
      [DEFAULT, ['app.localhost']],
    ],
    [
      'gain no name of a certificate from files',
      [local('localhost'), files('*.localhost')],
      ['app.localhost'],
      [['localhost'], ['*.localhost']],
    ],
    ['from files gain nothing', [files(...DEFAULT)], ['app.localhost', 'b.app.localhost'], [DEFAULT]],
    [
      'gain in the first local one only',
      [files('a.test'), local('b.test'), local('c.test')],
      ['app.localhost'],
      [['a.test'], ['b.test', 'app.localhost'], ['c.test']],
    ],
    [
      'gain in the one whose wildcard is shown for it',
      [local('localhost'), local('*.localhost')],
      ['app.localhost'],
      [['localhost'], ['*.localhost', 'app.localhost']],
    ],
  ] as const)('%s', (_, certificates, hosts, expected) => {
    expect(certificateHosts(routes(...hosts), certificates)).toEqual(expected);
  });
});
