// What does not fit together in a form is found although single fields are wrong too, and only then named
// when its own field can be read.
import { expect, it } from 'vitest';
import { formResolver } from '../../../../src/renderer/src/features/forms/form-resolver.ts';
import { newCertificate } from '../../../../src/renderer/src/features/forms/listener-tls-values.ts';
import {
  type ListenerValues,
  listenerFormSchema,
  listenerMisfits,
  newListenerValues,
} from '../../../../src/renderer/src/features/forms/listener-values.ts';
import {
  newPoolValues,
  type PoolValues,
  poolFormSchema,
  poolMisfits,
} from '../../../../src/renderer/src/features/forms/pool-values.ts';

const OPTIONS = { fields: {}, shouldUseNativeValidation: false };

async function poolErrors(change: (values: PoolValues) => void) {
  const values = newPoolValues('api');
  change(values);
  return (await formResolver(poolFormSchema(), poolMisfits)(values, undefined, OPTIONS)).errors;
}

async function listenerErrors(change: (values: ListenerValues) => void) {
  const values = newListenerValues('web', 8080);
  change(values);
  return (await formResolver(listenerFormSchema(), listenerMisfits)(values, undefined, OPTIONS)).errors;
}

it('finds nothing in forms nobody typed into', async () => {
  expect(await poolErrors(() => {})).toEqual({});
  expect(await listenerErrors(() => {})).toEqual({});
});

it('finds a timeout longer than the interval, with and without another wrong field', async () => {
  const slow = (values: PoolValues) => Object.assign(values.healthCheck, { timeoutMs: '9000' });
  const message = expect.stringMatching(/^Use at most the interval, \d+ ms/);
  expect(await poolErrors(slow)).toMatchObject({ healthCheck: { timeoutMs: { message } } });
  const both = await poolErrors((values) => {
    slow(values);
    values.drainMs = 'long';
  });
  expect(both).toMatchObject({
    healthCheck: { timeoutMs: { message } },
    drainMs: { message: expect.stringMatching(/^Use a whole number/) },
  });
});

it('compares no times that cannot be read', async () => {
  const errors = await poolErrors((values) => Object.assign(values.healthCheck, { timeoutMs: 'x' }));
  expect(errors).toMatchObject({
    healthCheck: { timeoutMs: { message: expect.stringMatching(/^Use a whole/) } },
  });
});

it('finds two certificates of one name beside a file that is not named', async () => {
  const errors = await listenerErrors((values) => {
    values.protocol = 'https';
    const first = newCertificate('local');
    values.tls.certificates = [
      first,
      { ...newCertificate('local'), source: 'files', certFile: '', keyFile: '/k' },
    ];
  });
  expect(errors).toMatchObject({
    tls: {
      certificates: [
        undefined,
        {
          name: { message: expect.stringMatching(/^Another certificate is already called "local"/) },
          certFile: { message: expect.any(String) },
        },
      ],
    },
  });
});
