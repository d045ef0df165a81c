import { expect, test } from 'vitest'
import type { RunningHost } from '../host/start-host.ts'
import type { ElectronParts } from './electron-parts.ts'
import { runShell } from './run-shell.ts'
import { expectNothingUnknown, type FakeElectron, fakeElectron } from './testing/fake-electron.ts'

const errors: string[] = []
const log = { info: () => {}, warn: () => {}, error: (_details: object, message: string) => void errors.push(message) }
const running = { url: 'http://127.0.0.1:1', close: async () => {} } as unknown as RunningHost

async function run(startHost = async (): Promise<RunningHost> => running): Promise<FakeElectron> {
  const fake = fakeElectron()
  runShell({ electron: fake.parts as unknown as ElectronParts, log, isScreen: true, title: 'SmartQueue', startHost })
  await new Promise((resolve) => setImmediate(resolve))
  return fake
}
const count = ({ calls }: FakeElectron, call: string): number => calls.filter((it) => it.startsWith(call)).length

test('graphics that are lost again and again are left out when the program starts anew', async () => {
  const fake = await run()
  expect(count(fake, 'app.enableSandbox')).toBe(1)
  const lose = (type: string) =>
    fake.app.emit('child-process-gone' as never, ...([{}, { type, reason: 'crashed' }] as never[]))
  for (let times = 0; times < 5; times += 1) lose('Utility')
  lose('GPU')
  lose('GPU')
  expect(count(fake, 'app.relaunch')).toBe(0)
  lose('GPU')
  expect([count(fake, 'app.relaunch'), count(fake, 'app.exit(1)')]).toEqual([1, 1])
  fake.windows[0]?.window.emit('closed')
  expectNothingUnknown(fake)
})

test('a host that cannot start ends the program, and its supervisor starts it again', async () => {
  const fake = await run(() => Promise.reject(new Error('no disk')))
  expect(fake.windows).toEqual([])
  expect(count(fake, 'app.exit(1)')).toBe(1)
  expect(errors.at(-1)).toBe('the window cannot be opened')
})

test('the fake fails on what it does not know', () => {
  const fake = fakeElectron()
  expect(() => fake.app['setLoginItemSettings']?.()).toThrow('Nothing is known of app.setLoginItemSettings')
  expect(fake.unknown).toEqual(['app.setLoginItemSettings'])
})
