import { describe, expect, test } from 'vitest'
import { isPublic, urlFault } from './address.ts'

const OPEN = { admitsLoopback: false }

test.each([
  '8.8.8.8',
  '1.1.1.1',
  '93.184.216.34',
  '172.32.0.1',
  '192.0.1.1',
  '2606:4700:4700::1111',
  '2a00:1450:4001:81b::200e',
])('%s is in the open', (address) => {
  expect(isPublic(address)).toBe(true)
})

const CLOSED: Readonly<Record<string, readonly string[]>> = {
  'this machine': ['127.0.0.1', '127.8.8.8', '::1'],
  'a private network': ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1'],
  'a private network of version 6': ['fc00::1', 'fd12:3456::1', 'fec0::1'],
  'the next link, where clouds keep their own secrets': ['169.254.169.254', '169.254.0.1', 'fe80::1', 'fe80::1%eth0'],
  'what carriers share': ['100.64.0.1', '100.127.255.255'],
  nobody: ['0.0.0.0', '0.1.2.3', '::'],
  many: ['224.0.0.1', '239.255.255.250', '255.255.255.255', 'ff02::1'],
  'examples and trials': ['192.0.2.1', '198.51.100.1', '203.0.113.9', '198.18.0.1', '2001:db8::1', '192.0.0.1'],
  'the future': ['240.0.0.1', '4000::1', 'e000::1'],
  'version 4 written as version 6': ['::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:10.0.0.1', '::ffff:169.254.169.254'],
  'version 4 behind a translator or a tunnel': [
    '64:ff9b::7f00:1',
    '64:ff9b::a00:1',
    '2002:7f00:1::',
    '2001::1',
    '::127.0.0.1',
  ],
  'no address at all': ['', 'localhost', '1', '0x7f000001', '127.1'],
}
describe.each(Object.entries(CLOSED))('what is %s is not', (_, addresses) => {
  test.each(addresses)('%s', (address) => {
    expect(isPublic(address)).toBe(false)
  })
})

test('an address to send to is https, bears no password, and names nobody inside, however that is written', () => {
  expect(urlFault('https://hooks.example.org/queue?of=1', OPEN)).toBeNull()
  expect(urlFault('https://hooks.example.org:8443/', OPEN)).toBeNull()
  for (const text of [
    ...[
      '',
      'nothing',
      '//hooks.example.org',
      'http://hooks.example.org/',
      'ftp://hooks.example.org/',
      'file:///etc/passwd',
    ],
    ...[
      'https://me:secret@hooks.example.org/',
      'https://hooks.example.org/#here',
      `https://hooks.example.org/${'x'.repeat(2_000)}`,
    ],
    ...[
      'https://127.0.0.1/',
      'https://0177.0.0.1/',
      'https://0x7f.1/',
      'https://2130706433/',
      'https://127.1/',
      'https://[::1]/',
    ],
    ...[
      'https://[::ffff:127.0.0.1]/',
      'https://[::ffff:7f00:1]/',
      'https://169.254.169.254/latest/meta-data',
      'https://10.1.2.3/',
    ],
    ...['https://[fd00::1]/', 'https://①②⑦.⓪.⓪.①/', 'https://[64:ff9b::a9fe:a9fe]/', 'https://0/', 'gopher://8.8.8.8/'],
  ])
    expect([text, urlFault(text, OPEN)]).not.toEqual([text, null])
})

test.each([
  ...['localhost', 'LOCALHOST', 'a.localhost', 'printer.local', 'metadata.google.internal', 'db.internal', 'intranet'],
  ...['router.lan', 'nas.home', 'nas.home.arpa', 'mail.corp', 'x.localdomain', 'x.private', 'x.test', 'x.invalid'],
  ...[
    'hooks.example.org.',
    'localhost.',
    'printer.local.',
    '127.0.0.1.',
    'hooks',
    'ｌｏｃａｌｈｏｓｔ',
    'xn--localhost',
  ],
  ...['%6c%6f%63%61lhost', 'local\u00adhost', '1.0.0.127.in-addr.arpa', '0x7f.0.0.1', '017700000001', '10.1'],
  ...['192.168.257', '[::]', '[0:0:0:0:0:ffff:c0a8:0101]', '[fe80::1]', '１２７。０。０。１'],
])('https://%s/ is refused by its name, before anybody is asked where it leads', (name) => {
  expect(urlFault(`https://${name}/hook`, OPEN)).not.toBeNull()
})

test.each(['hooks.example.org', 'localhost.example.org', 'internal.bank.sn', 'local.bank.ci', 'été.example.com'])(
  'https://%s/ may be in the open',
  (name) => {
    expect(urlFault(`https://${name}/hook`, OPEN)).toBeNull()
  },
)

test('a receiver of a test may be on this machine, and nowhere else inside', () => {
  const test = { admitsLoopback: true }
  expect(urlFault('http://127.0.0.1:8080/hook', test)).toBeNull()
  expect(urlFault('http://10.0.0.1/', test)).not.toBeNull()
})
