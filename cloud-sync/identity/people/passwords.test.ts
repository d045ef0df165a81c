import { expect, test } from 'vitest'
import { passwordFault } from './passwords.ts'

const EMAIL = 'awa.ndiaye@example.org'
const faultsOf = (passwords: readonly string[]) => passwords.map((it) => [it, passwordFault(it, EMAIL)])

test('what everybody chooses is no password, however it is dressed up', () => {
  const plain = [
    ...[
      'Password1234',
      'password1234',
      'P@ssw0rd1234',
      'Motdepasse123',
      'azerty123456',
      'qwertyuiop12',
      '123456789012',
    ],
    ...['iloveyou1234', 'Welcome2024!', 'letmein12345', 'football12345', 'passwordpassword', 'abcdefghijkl'],
    // As it is hashed: letters of full width are no others.
    ...['Ｐａｓｓｗｏｒｄ１２３４', '𝐦𝐨𝐭𝐝𝐞𝐩𝐚𝐬𝐬𝐞𝟏𝟐𝟑', 'ａｗａ．ｎｄｉａｙｅ kZ8#q'],
    ...['Smartqueue12', 'Ndiaye123456', 'Ab1!Ab1!Ab1!', 'p@$$w0rd'.repeat(16)],
  ]
  expect(faultsOf(plain)).toEqual(plain.map((it) => [it, 'TooPlain']))
})

test('a sentence is one, and so is what a manager of passwords makes', () => {
  const good = [
    'a sentence to remember',
    'mon chat dort bien',
    'correct horse battery staple',
    'kZ8#qLp2v9!x',
    'كلمة سر لا تنسى أبدا',
  ]
  expect(faultsOf(good)).toEqual(good.map((it) => [it, null]))
})

test('it is neither short nor endless, and what is long is judged in no time', () => {
  expect([passwordFault('kZ8#qLp2v9!', EMAIL), passwordFault('kZ8#'.repeat(33), EMAIL)]).toEqual([
    'TooShort',
    'TooLong',
  ])
  const beganAt = performance.now()
  for (let count = 0; count < 10; count += 1) passwordFault('1l|!i@4a$5s0o'.repeat(9), EMAIL)
  expect(performance.now() - beganAt).toBeLessThan(5_000)
})
