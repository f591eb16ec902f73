import { beforeEach, describe, expect, it } from 'vitest';
import { whoseOf } from './lan-address.ts';
import { openGuesses } from './lan-guesses.ts';
import type { Guesses } from './lan-guesses.ts';

let now: number;
let guesses: Guesses;
beforeEach(() => {
  now = 1_000_000;
  guesses = openGuesses(() => now);
});
const guess = (address: string, times = 1): void => {
  for (let time = 0; time < times; time++) if (guesses.open(address)) guesses.wrong(address);
};

describe('wrong codes', () => {
  it('lock out the address that tries them, and nobody else', () => {
    guess('192.0.2.9', 5);
    expect(guesses.open('192.0.2.9')).toBe(false);
    expect(guesses.open('192.0.2.10')).toBe(true);
    expect(guesses.view()).toEqual({ addresses: ['192.0.2.9'], crowd: 'none' });
    now += 60_001;
    expect(guesses.open('192.0.2.9')).toBe(true);
    expect(guesses.view()).toEqual({ addresses: [], crowd: 'none' });
  });

  it('of many addresses leave each of them one try a minute, so that a screen still comes in', () => {
    for (let host = 1; host <= 250; host++) guess(`192.0.2.${host}`, 20);
    expect(guesses.view().crowd).toBe('slowed');
    expect(guesses.open('192.0.2.250')).toBe(false);
    expect(guesses.open('198.51.100.1')).toBe(true);
    guesses.wrong('198.51.100.1');
    expect(guesses.open('198.51.100.1')).toBe(false);
  });

  it('are taken at most a thousand times a minute, from however many addresses', () => {
    let taken = 0;
    for (let host = 0; host < 65_000; host++) {
      const address = `10.0.${host >> 8}.${host & 255}`;
      if (guesses.open(address)) guesses.wrong(address);
      else continue;
      taken += 1;
    }
    expect(taken).toBe(1_000);
    expect(guesses.view().crowd).toBe('closed');
    now += 60_001;
    expect(guesses.open('10.0.0.1')).toBe(true);
  }, 60_000);

  it('of one IPv6 network are those of one address, however it is written', () => {
    for (let host = 1; host <= 5; host++) guess(`2001:db8:0:7::${host.toString(16)}`);
    expect(guesses.open('2001:db8:0:7:aaaa:bbbb:cccc:dddd')).toBe(false);
    expect(guesses.open('2001:db8:0:8::1')).toBe(true);
  });
});

it.each([
  ['192.0.2.9', '192.0.2.9'],
  ['::ffff:192.0.2.9', '192.0.2.9'],
  ['2001:db8:0:7::1', '2001:db8:0:7::'],
  ['2001:0db8:0000:0007:0:0:0:1', '2001:db8:0:7::'],
  ['fe80::1%eth0', 'fe80:0:0:0::'],
  ['::1', '0:0:0:0::'],
])('%s is the doing of %s', (address, whose) => {
  expect(whoseOf(address)).toBe(whose);
});
