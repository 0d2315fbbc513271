import { expect, it } from 'vitest';
import { withoutPool } from '../../../../../src/renderer/src/features/pools/mark-text.ts';

it.each([
  ['r7 weight of api/api-3: 5 → 10', 'r7 weight of api-3: 5 → 10'],
  ['r7 rename backend api/a to api/b', 'r7 rename backend a to b'],
  ['r7 remove backend api/api', 'r7 remove backend api'],
  [
    'r7 path prefix of route web/all: /api/v1 → /api/v2',
    'r7 path prefix of route web/all: /api/v1 → /api/v2',
  ],
  ['r7 check path of pool api: / → /api/health', 'r7 check path of pool api: / → /api/health'],
  ['r7 host of route api/all: none → a.test', 'r7 host of route api/all: none → a.test'],
  ['r7 add route api/all', 'r7 add route api/all'],
  ['r7 remove certificate api/local', 'r7 remove certificate api/local'],
  ['drain api-4', 'drain api-4'],
])('leaves the pool out where a backend is named: "%s"', (text, shorter) => {
  expect(withoutPool(text, 'api')).toBe(shorter);
});
