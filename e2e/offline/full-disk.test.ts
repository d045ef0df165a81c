// A disk of its own for the kiosk's program, as small as a test can wait for: a tmpfs that only the program's own mount
// namespace has.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { startCallerHost } from '../../caller/host.ts'
import type { KioskScreenState } from '../../shared/wire/screens.ts'
import { openSmallWorld, type SmallWorld } from './small-world.ts'
import { until } from './until.ts'

const ROOT = join(import.meta.dirname, '../..')
const PREFIXES = { kiosk: 'KIOSK', caller: 'CALLER' } as const

interface OnSmallDisk extends AsyncDisposable {
  readonly said: () => string
  readonly url: () => string
  /** A path on that disk, as it is reached from here. */
  path(name: string): string
}

interface FullDisk {
  readonly kind: keyof typeof PREFIXES
  /** Where the disk is put. */
  readonly folder: string
  /** What the device has on its disk. */
  readonly from: string
  readonly port: number
  readonly environment?: Readonly<Record<string, string>>
}

/** Starts a device's program on a copy of its folder, on a disk without a byte of room. */
function startOnFullDisk({ kind, folder, from, port, environment = {} }: FullDisk): OnSmallDisk {
  const disk = join(folder, 'small-disk')
  mkdirSync(disk)
  const script = `mount -t tmpfs -o size=64m tmpfs "$DISK" && cp -a "$FROM/." "$DISK" &&
    { dd if=/dev/zero of="$DISK/fill" bs=4k 2>/dev/null; exec "$@"; }`
  const words = ['--mount', ...(process.getuid?.() === 0 ? [] : ['--map-root-user'])]
  const started = [process.execPath, join(ROOT, kind, 'host-main.ts')]
  const program: ChildProcess = spawn('unshare', [...words, 'sh', '-c', script, 'sh', ...started], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      ...{ DISK: disk, FROM: from, ...environment },
      ...{ [`${PREFIXES[kind]}_DATA_DIR`]: disk, [`${PREFIXES[kind]}_PORT`]: String(port) },
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
  const environment = { KIOSK_PRINTER: kiosk.printer.address }
  await using program = startOnFullDisk({ kind: 'kiosk', folder: world.folder, from: kiosk.folder, port, environment })

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

test('a caller says so, too, and becomes a desk as soon as there is room', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'smartqueue-full-'))
  const from = join(folder, 'caller')
  const clocks = { wallMs: () => Date.now(), monotonicMs: () => performance.now() }
  const config = { kind: 'caller', port: 0, branchUrl: null, pairingCode: null, folder: from } as const
  const logger = pino({ level: 'silent' })
  const before = await startCallerHost({ config, clocks, random: () => 0, logger, pageFolder: `${folder}/no-page` })
  const port = Number(new URL(before.url).port)
  await before.close()
  try {
    await using program = startOnFullDisk({ kind: 'caller', folder, from, port })
    await until('it shows something', async () => (await textAt(program.url())).includes('Ce poste ne peut pas'))
    rmSync(program.path('fill'))
    await until('it is itself again', () => program.said().includes('the caller is ready'))
    expect(JSON.parse(await textAt(`${program.url()}/local/v1/state`))).toMatchObject({ device: null, presses: {} })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
