// Via, read for our own name only.
import { describe, expect, it } from 'vitest';
import { passedBefore } from '../../../../src/main/engine/exchange/via.ts';

describe('a request has passed before', () => {
  it.each([
    ['H9 the only hop', '1.1 sluice-web', true],
    ['H9 one of several', '1.0 a, HTTP/1.1 sluice-web (Sluice), 1.1 b', true],
    ['H9 with blanks and an empty element', ' , 1.1 \t sluice-web ', true],
    ['another name that holds ours', '1.1 sluice-web-2, 1.1 my-sluice-web', false],
    ['our name as a protocol', 'sluice-web x', false],
    ['our name in a comment', '1.1 a (1.0, 1.1 sluice-web)', false],
    ['our name in a nested comment', '1.1 a (b (c), 1.1 sluice-web, \\), 1.1 sluice-web)', false],
    ['nothing', '', false],
  ])('%s', (_, value, passed) => {
    expect(passedBefore(['Host', 'vIA'], ['a', value], 'sluice-web')).toBe(passed);
  });

  it('H9 by the second of two fields, and by no other field', () => {
    expect(passedBefore(['Via', 'Via'], ['1.1 a', '1.1 me'], 'me')).toBe(true);
    expect(passedBefore(['X-Via', 'Vib'], ['1.1 me', '1.1 me'], 'me')).toBe(false);
  });
});
