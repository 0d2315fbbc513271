// What a person reads at a field whose value was refused: a sentence with the fix, in the words of the form.
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import {
  backendFormSchema,
  newBackendValues,
} from '../../../../src/renderer/src/features/forms/backend-values.ts';
import { fieldErrors, sentenceOf } from '../../../../src/renderer/src/features/forms/field-errors.ts';
import { plainMessage } from '../../../../src/renderer/src/features/forms/form-schema.ts';
import { newCertificate } from '../../../../src/renderer/src/features/forms/listener-tls-values.ts';
import {
  listenerFormSchema,
  newListenerValues,
} from '../../../../src/renderer/src/features/forms/listener-values.ts';
import { newPoolValues, poolFormSchema } from '../../../../src/renderer/src/features/forms/pool-values.ts';

type Values = Record<string, unknown>;

const certificates = [
  { ...newCertificate('own'), source: 'files' as const, certFile: '/c.pem', keyFile: '/k.pem' },
  newCertificate('local'),
];
/** Each with everything shown, so that every field is asked. */
const FORMS: Readonly<Record<'backend' | 'pool' | 'http' | 'https', [z.ZodType, Values]>> = {
  backend: [backendFormSchema(), { ...newBackendValues('a'), address: '3001' }],
  pool: [
    poolFormSchema(),
    {
      ...newPoolValues('a'),
      tls: { on: true, verify: true, serverName: '', caFile: '' },
      healthCheck: {
        ...newPoolValues('a').healthCheck,
        type: 'http',
        expectJson: { path: 'a', equals: 'b' },
      },
    },
  ],
  http: [listenerFormSchema(), { ...newListenerValues('a', 80), redirectToHttps: { on: true, port: '443' } }],
  https: [
    listenerFormSchema(),
    {
      ...newListenerValues('a', 443),
      protocol: 'https',
      tls: {
        ...newListenerValues('a', 1).tls,
        certificates,
        clientCertificates: { ask: 'required', caFile: '/ca.pem' },
      },
    },
  ],
};

function refused(form: keyof typeof FORMS, field: string, text: string): { path: string; message: string }[] {
  const [schema, good] = FORMS[form];
  const values = structuredClone(good);
  const keys = field.split('.');
  const last = keys.pop() as string;
  const group = keys.reduce<Values>((node, key) => node[key] as Values, values);
  if (!(last in group)) throw new Error(`${form} has no ${field}`);
  group[last] = text;
  const parsed = schema.safeParse(values, { error: plainMessage });
  return parsed.success ? [] : fieldErrors(parsed.error, schema, values);
}

describe('the sentence at a refused field', () => {
  it.each<[keyof typeof FORMS, string, string, string]>([
    ['http', 'port', '-1', 'Use a port from 0 to 65535'],
    ['http', 'port', '', 'Use a port from 0 to 65535'],
    ['http', 'redirectToHttps.port', '0', 'Use a port from 1 to 65535'],
    ['http', 'timeouts.keepAliveMs', 'soon', 'Use a whole number of milliseconds from 1 to 86400000'],
    ['http', 'limits.bodyBytes', '-5', 'Use a whole number of bytes, 0 or more'],
    ['http', 'limits.bodyMinBytesPerS', '1.5', 'Use a whole number of bytes per second from 0 to 1000000000'],
    ['http', 'limits.headerLines', '0', 'Use a whole number from 1 to 10000'],
    ['http', 'host', 'a b', 'Use an IP address or host name of this machine'],
    [
      'http',
      'trustedProxies',
      '10.0.0.0/8\nnonsense',
      '"nonsense" does not fit: use an address or a network, for example 10.0.0.0/8, 192.0.2.7 or fd00::/8',
    ],
    [
      'https',
      'tls.certificates.1.hosts',
      'good.test, b@d.test',
      '"b@d.test" does not fit: use a host name, optionally starting with "*."',
    ],
    ['https', 'tls.certificates.0.keyFile', '', 'Name a file'],
    ['https', 'tls.clientCertificates.caFile', ' ', 'Name a file'],
    ['https', 'tls.certificates.0.certFile', 'x'.repeat(5000), 'Use at most 4096 characters'],
    [
      'pool',
      'healthCheck.expectStatus',
      '200 ok',
      '"ok" does not fit: use a status such as 200 or a range such as 200-399',
    ],
    ['pool', 'healthCheck.path', 'health', 'Start with "/" and leave out spaces, for example /health'],
    ['pool', 'healthCheck.fall', '0', 'Use a whole number from 1 to 100'],
    ['pool', 'retries.statuses', '502 gone', '"gone" does not fit: use a whole number from 400 to 599'],
    ['pool', 'retries.statuses', '200', '"200" does not fit: use a whole number from 400 to 599'],
    ['pool', 'retries.statuses', Array(21).fill('502').join(' '), 'Use at most 20 entries'],
    ['pool', 'retries.budgetPct', '101', 'Use a percentage from 0 to 100'],
    ['pool', 'name', '', 'Use 1 to 63 letters, digits, ".", "_" or "-", starting with a letter or digit'],
    ['backend', 'weight', '1001', 'Use a whole number from 0 to 1000'],
  ])('%s form, %s = %j', (form, field, text, message) => {
    expect(refused(form, field, text)).toEqual([{ path: field, message }]);
  });

  it.each<[string, string | undefined, string]>([
    [
      'another backend is already called "a"; choose another name',
      undefined,
      'Another backend is already called "a"; choose another name',
    ],
    [
      'must not exceed intervalMs (2000); probes of one backend never overlap',
      undefined,
      'Use at most the interval, 2000 ms; probes of one backend never overlap',
    ],
    ['must not end below its start; use 200-400', '400-200', '"400-200" ends below its start; use 200-400'],
    [
      '10.0.0.5 is inside the network; use 10.0.0.0/8, or 10.0.0.5 for this address alone',
      '10.0.0.5/8',
      '10.0.0.5 is inside the network; use 10.0.0.0/8, or 10.0.0.5 for this address alone',
    ],
    [
      'there is no file /a.pem; create it or correct certFile',
      undefined,
      'There is no file /a.pem; create it or correct the certificate file',
    ],
    ['is required', undefined, 'Fill this in'],
    ['is odd', undefined, 'It is odd'],
    ['is odd', 'x'.repeat(90), `"${'x'.repeat(39)}…" is odd`],
  ])('makes %j of the core, about entry %j, one', (message, entry, sentence) => {
    expect(sentenceOf(message, entry)).toBe(sentence);
  });
});

const BAD = [
  '',
  ' ',
  'x y!',
  '-1',
  '1.5',
  '99999999999999999999',
  '*',
  'x'.repeat(5000),
  ', ;',
  '"',
  '1e999',
];
const JARGON = /expected|invalid|too (big|small)|undefined|null|NaN|\b[a-z]+[A-Z]\w*|^[a-z]/;

describe.each(Object.keys(FORMS) as (keyof typeof FORMS)[])('every field of the %s form', (form) => {
  const fields = textFields(FORMS[form][1]);
  it.each(fields)('%s answers bad input with a sentence at itself', (field) => {
    for (const text of BAD) {
      for (const { path, message } of refused(form, field, text)) {
        expect(path, text).toBe(field);
        expect(message.replace(/^"[^"]*"/, 'X'), text).not.toMatch(JARGON);
      }
    }
  });
  it('has fields, and most of them refuse something', () => {
    const strict = fields.filter((field) => BAD.some((text) => refused(form, field, text).length > 0));
    expect(strict.length).toBeGreaterThan(fields.length * 0.6);
  });
});

/** Paths of everything that is typed; choices hold a word of their list. */
function textFields(values: unknown, at = ''): string[] {
  if (typeof values === 'string') return CHOICES.test(at) ? [] : [at];
  if (typeof values !== 'object' || values === null) return [];
  return Object.entries(values).flatMap(([key, value]) =>
    textFields(value, at === '' ? key : `${at}.${key}`),
  );
}
const CHOICES =
  /(^|\.)(policy|firstCheck|whenAllDown|type|method|state|role|protocol|source|unknownName|minVersion|ask)$/;
