// Each face's `main.ts` as it is, on a fake of the Electron calls it makes: a real device host starts in this process, and
// the window that is asked for shows what that host serves. The windows themselves: `electron.test.ts`.
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { GLOBAL_KEYS } from '../../caller/devices/global-keys.ts'
import type { CallerHost } from '../../caller/host.ts'
import type { RunningHost } from '../../shared/host/start-host.ts'
import { expectNothingUnknown, type FakeElectron, fakeElectron } from '../../shared/shell/testing/fake-electron.ts'

const folder = mkdtempSync(join(tmpdir(), 'smartqueue-mains-'))
const PREFIX = { kiosk: 'KIOSK', display: 'DISPLAY_APP', caller: 'CALLER' } as const
type Face = keyof typeof PREFIX

let running: RunningHost | null = null
afterEach(async () => {
  vi.doUnmock('electron')
  vi.resetModules()
  await running?.close()
  running = null
  rmSync(folder, { recursive: true, force: true })
})

async function start(face: Face, keysTaken: readonly string[] = []): Promise<FakeElectron> {
  const fake = fakeElectron(keysTaken)
  vi.doMock('electron', () => fake.parts)
  process.env[`${PREFIX[face]}_PORT`] = '0'
  process.env[`${PREFIX[face]}_DATA_DIR`] = join(folder, face)
  if (face === 'kiosk') await import('../../kiosk/main.ts')
  else if (face === 'display') await import('../../display/main.ts')
  else await import('../../caller/main.ts')
  await expect.poll(() => fake.windows.length, { timeout: 60_000 }).toBe(face === 'caller' ? 2 : 1)
  const runs = { kiosk: '../../kiosk/run.ts', display: '../../display/run.ts', caller: '../../caller/run.ts' }
  running = ((await import(runs[face])) as { running: RunningHost }).running
  return fake
}

/** A page's line to its host, as far as the host can tell. */
async function openPageLine(url: string): Promise<Socket> {
  const key = Buffer.alloc(16, 1).toString('base64')
  const headers = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': key,
  }
  const [, line] = (await once(request(`${url}/local/v1/feed`, { headers }).end(), 'upgrade')) as [unknown, Socket]
  return line
}

const loaded = ({ calls }: FakeElectron): readonly string[] =>
  calls.flatMap((call) => /^page\.loadURL\((.*)\)$/.exec(call)?.[1] ?? [])

test.each(['kiosk', 'display'] as const)(
  'the program of a %s shows its host’s page on the whole screen',
  async (face) => {
    const fake = await start(face)
    const [window] = fake.windows
    expect(window?.options).toMatchObject({ kiosk: true, closable: false, webPreferences: { sandbox: true } })
    expect(fake.calls).toContain('Menu.setApplicationMenu(null)')
    expect(fake.calls).toContain('powerSaveBlocker.start(prevent-display-sleep)')
    const page = await fetch(loaded(fake)[0] ?? '')
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'")
    expect(await page.text()).toContain('<div id="root">')
    window?.page.emit('did-finish-load')
    expect(fake.calls).toContain('window.show()')
    window?.window.emit('closed')
    expectNothingUnknown(fake)
  },
)

test('the program of a caller has a desk, a bar over other programs, an icon in the tray and keys of the machine', async () => {
  const taken = GLOBAL_KEYS[0]?.accelerator ?? ''
  const fake = await start('caller', [taken])
  const [desk, bar] = fake.windows
  expect(desk?.options).not.toHaveProperty('kiosk')
  expect(bar?.options).toMatchObject({ alwaysOnTop: true, frame: false, webPreferences: { sandbox: true } })
  expect(loaded(fake).map((url) => url.replace(/^.*:\d+/, ''))).toEqual(['/', '/?bar'])
  for (const act of fake.shortcuts.values()) act()
  // The page is told which keys the machine gave.
  const { presses } = (await (await fetch(new URL('/local/v1/state', loaded(fake)[0]))).json()) as {
    presses: { globalKeys: readonly { accelerator: string }[] }
  }
  expect(presses.globalKeys.map(({ accelerator }) => accelerator)).toEqual(
    GLOBAL_KEYS.map(({ accelerator }) => accelerator).filter((it) => it !== taken),
  )
  const [menu = []] = fake.menus
  expect(menu.filter(({ enabled }) => enabled === false).map(({ label }) => label)).toEqual([
    expect.stringContaining(taken),
  ])
  // A push-button that asks something brings a desk that was put away before whoever pressed it.
  const caller = running as CallerHost
  const line = await openPageLine(caller.url)
  const before = fake.calls.length
  await expect.poll(() => caller.press('hold')).toBe(true)
  await expect.poll(() => caller.press('primary')).toBe(true)
  expect(fake.calls.slice(before).filter((call) => call === 'window.show()')).toEqual(['window.show()'])
  line.destroy()
  // Closing the desk puts it away; quitting from the tray does not.
  const close = (): boolean => {
    let isPrevented = false
    const event = {
      preventDefault: () => {
        isPrevented = true
      },
    }
    desk?.window.emit('close' as never, ...([event] as never[]))
    return isPrevented
  }
  expect(close()).toBe(true)
  menu.at(-1)?.click?.()
  fake.app.emit('before-quit')
  expect(close()).toBe(false)
  for (const { window } of fake.windows) window.emit('closed')
  expectNothingUnknown(fake)
})
