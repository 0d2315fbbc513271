import { describe, expect, it } from 'vitest';
import { CONTENT_SECURITY_POLICY } from '#shared/content-security-policy.ts';
import { assetPath } from '../../../src/main/transport/window-files.ts';

describe('the file a path means', () => {
  const cases: [urlPath: string, file: string | undefined][] = [
    ['/', 'index.html'],
    ['/assets/index-abc.js', 'assets/index-abc.js'],
    ['/assets/with%20space.css', 'assets/with space.css'],
    ['/../secret', undefined],
    ['/assets/../../secret', undefined],
    ['/assets/%2e%2e/secret', undefined],
    ['/assets/..%2f..%2fsecret', undefined],
    ['/assets\\..\\secret', undefined],
    ['/assets/%5c..%5csecret', undefined],
    ['/index.html%00.png', undefined],
    ['/%zz', undefined],
    ['relative', undefined],
  ];
  it.each(cases)('%s is %s', (urlPath, file) => {
    expect(assetPath(urlPath)).toBe(file);
  });
});

describe('the content security policy', () => {
  it('starts from nothing and allows no eval, inline script or outside source', () => {
    const directives = new Map(
      CONTENT_SECURITY_POLICY.split('; ').map((directive) => {
        const [name = '', ...sources] = directive.split(' ');
        return [name, sources];
      }),
    );
    expect(directives.get('default-src')).toEqual(["'none'"]);
    expect(directives.get('script-src')).toEqual(["'self'"]);
    expect([...directives.values()].flat().filter((source) => /http|\*|eval|blob/.test(source))).toEqual([]);
  });
});
