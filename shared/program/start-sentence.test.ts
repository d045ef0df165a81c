import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { expect, test } from 'vitest'
import { portOf } from './config-error.ts'
import { startSentence } from './start-sentence.ts'

function faultOf(act: () => unknown): unknown {
  try {
    act()
  } catch (error) {
    return error
  }
  throw new Error('Nothing went wrong')
}

test('a port that is taken is told by its number and its variable', async () => {
  const first = createServer().listen(0, '127.0.0.1')
  await once(first, 'listening')
  const { port } = first.address() as AddressInfo
  const second = createServer().listen(port, '127.0.0.1')
  const [error] = await once(second, 'error')
  first.close()
  expect(startSentence(error, 'KIOSK')).toBe(
    `Port ${port} is taken: another program listens there; end it or set KIOSK_PORT.`,
  )
})

test('a port that is none, and a folder that is none, are told in a sentence that names the variable', () => {
  expect(
    startSentence(
      faultOf(() => portOf('CALLER_PORT', '70000')),
      'CALLER',
    ),
  ).toContain('CALLER_PORT must be')
  expect(
    startSentence(
      faultOf(() => mkdirSync('/dev/null/data')),
      'CALLER',
    ),
  ).toMatch(/^The data folder .*CALLER_DATA_DIR/)
})

test('a bug of ours has no sentence', () => {
  expect(startSentence(new TypeError('undefined is not a function'), 'KIOSK')).toBeNull()
})
