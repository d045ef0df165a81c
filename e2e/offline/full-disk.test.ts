// A disk of its own for the kiosk's program, as small as a test can wait for: a tmpfs that only the program's own mount
// namespace has.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { KioskScreenState } from '../../shared/wire/screens.ts'
import { openSmallWorld, type SmallWorld } from './small-world.ts'
import { until } from './until.ts'

const PROGRAM = join(import.meta.dirname, '../../kiosk/host-main.ts')

interface OnSmallDisk extends AsyncDisposable {
  readonly said: () => string
  readonly url: () => string
  /** A path on that disk, as it is reached from here. */
  path(name: string): string
}

/** Starts the kiosk's program on a copy of its folder, on a disk without a byte of room. */
async function startOnFullDisk({ folder, kiosk }: SmallWorld, port: number): Promise<OnSmallDisk> {
  const disk = join(folder, 'small-disk')
  mkdirSync(disk)
  const script = `mount -t tmpfs -o size=64m tmpfs "$DISK" && cp -a "$FROM/." "$DISK" &&
    { dd if=/dev/zero of="$DISK/fill" bs=4k 2>/dev/null; exec "$@"; }`
  const words = ['--mount', ...(process.getuid?.() === 0 ? [] : ['--map-root-user'])]
  const program: ChildProcess = spawn('unshare', [...words, 'sh', '-c', script, 'sh', process.execPath, PROGRAM], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      ...{ DISK: disk, FROM: kiosk.folder, KIOSK_DATA_DIR: disk, KIOSK_PORT: String(port) },
      KIOSK_PRINTER: kiosk.printer.address,
    },
  })
  let text = ''
  for (const out of [program.stdout, program.stderr]) out?.on('data', (bytes: Buffer) => (text += String(bytes)))
  const exit = once(program, 'exit')
  return {
    said: () => text,
    url: () => `http://127.0.0.1:${port}`,
    path: (name) => join(`/proc/${program.pid}/root`, disk, name),
    async [Symbol.asyncDispose]() {
      program.kill('SIGTERM')
      await exit
    },
  }
}

async function screensOf({ branch }: SmallWorld): Promise<readonly string[]> {
  const { body } = await branch.installer.get<readonly KioskScreenState[]>('/api/v1/screens')
  return body.map(({ screen }) => screen)
}

const textAt = async (url: string): Promise<string> => {
  try {
    return await (await fetch(url)).text()
  } catch {
    return ''
  }
}

test('a kiosk whose disk is full says so calmly, tells staff, and gives tickets again as soon as there is room', async () => {
  await using world = await openSmallWorld()
  const { kiosk } = world
  await kiosk.tap('cash')
  const port = Number(new URL(kiosk.host().url).port)
  await kiosk.off()
  await using program = await startOnFullDisk(world, port)

  await until('it shows something', async () => (await textAt(program.url())).includes('Cette borne ne peut pas'))
  const page = await textAt(program.url())
  expect(page).toContain('This kiosk cannot give tickets at the moment.')
  expect(page).toContain('لا يمكن لهذا الكشك')
  const tap = () =>
    fetch(`${program.url()}/local/v1/tickets`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ serviceId: 'cash' }),
    })
  expect(await (await tap()).json()).toMatchObject({ status: 503, code: 'StorageUnavailable' })
  await until('staff know', async () => (await screensOf(world)).includes('disk-full'))

  rmSync(program.path('fill'))
  await until('it is itself again', () => program.said().includes('the kiosk is ready'))
  const answer = await tap()
  expect(answer.status).toBe(201)
  expect(((await answer.json()) as { ticket: { number: string } }).ticket.number).toMatch(/^A(002|1001)$/)
  expect(program.said()).not.toContain('a request failed')
})
