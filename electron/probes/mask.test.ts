import { expect, test } from 'vitest';
import { leaksIn, masked } from './mask.ts';

const secrets = {
  header: 'Authorization: Bearer abcdef123456789',
  json: '{"password":"hunter22","apiKey": \'k-12345\'}',
  form: 'user=a&token=abc123&x=1',
  url: 'postgres://app:hunter22@db/x',
  jwt: 'eyJhbGciOi.eyJzdWIiOjEyMzQ1.c2lnbmF0dXJl',
  aws: 'AKIAIOSFODNN7EXAMPLE',
  github: 'ghp_abcdefghijklmnopqrstuvwxyz0123456789',
  key: '-----BEGIN RSA PRIVATE KEY-----\nMIIabc\n-----END RSA PRIVATE KEY-----',
};

test.each(Object.entries(secrets))('%s is masked and counts as a leak', (_, text) => {
  const shown = masked(`before ${text} after`);
  expect(shown).toContain('•••');
  expect(shown).toMatch(/^before .*after$/s);
  for (const word of [
    'hunter22',
    'abcdef123456789',
    'k-12345',
    'abc123',
    'c2lnbmF0dXJl',
    'IOSFODNN7',
    'ghp_a',
    'MIIabc',
  ])
    expect(shown).not.toContain(word);
  expect(leaksIn(text)).toContain('credential');
});

test('own secrets, terminal sequences, bidi and zero-width characters go; tabs and lines stay', () => {
  expect(masked('a\u001b[31mred\u001b[0m\tb\nc\u202ed\u200be\u0000f my-own-secret', ['my-own-secret'])).toBe(
    'ared\tb\ncdef •••',
  );
  expect(masked('x'.repeat(50), [], 10)).toBe('xxxxxxxxx…');
});

test('personal data by form; ordinary lines have none', () => {
  expect(leaksIn('mail to ada@example.com')).toEqual(['e-mail address']);
  expect(leaksIn('sms to +15550100001')).toEqual(['phone number']);
  expect(leaksIn('card 4111 1111 1111 1111')).toEqual(['card number']);
  expect(leaksIn('card 4111 1111 1111 1112')).toEqual([]);
  expect(leaksIn('2026-11-23T05:00:00.123Z INFO served 1234567890123 requests in 12 ms')).toEqual([]);
});

test.each([
  'a'.repeat(100_000),
  'password '.repeat(10_000),
  'eyJ'.repeat(30_000),
  'a@'.repeat(50_000),
  ' '.repeat(100_000),
])('hostile text is masked in bounded time', (text) => {
  const begun = performance.now();
  masked(text);
  leaksIn(text.slice(0, 4_000));
  expect(performance.now() - begun).toBeLessThan(200);
});
