import { addressOf } from '../../src/core/origin.js';

it('an address is kept in its canonical form (RFC 5952), IPv4 as IPv4 and without a zone', () => {
  const spellings = {
    '192.0.2.7': '192.0.2.7',
    '::ffff:192.0.2.7': '192.0.2.7',
    '::FFFF:c000:207': '192.0.2.7',
    '2001:DB8:0:0:0:0:0:1': '2001:db8::1',
    '2001:db8:0:1:0:0:0:1': '2001:db8:0:1::1',
    'fe80::1%eth0': 'fe80::1',
    '::1': '::1',
  };
  for (const [ip, kept] of Object.entries(spellings)) expect([ip, addressOf({ ip })]).toEqual([ip, kept]);
});

it('text that is no address is never kept: a proxy hands on whatever a client wrote', () => {
  for (const ip of [
    '<script>alert(1)</script>',
    '1'.repeat(6000),
    '',
    ' 192.0.2.7',
    '192.0.2',
    '192.0.2.07',
    '192.0.2.7:80',
    '[::1]',
    'unknown',
    '::1%',
  ])
    expect([ip, addressOf({ ip })]).toEqual([ip, null]);
  expect(addressOf({})).toBeNull();
});
