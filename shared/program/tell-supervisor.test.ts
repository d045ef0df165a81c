import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { tellSupervisor } from './tell-supervisor.ts'

/** What systemd is at the other end: a datagram socket that prints each word as it comes. */
const LISTEN = `
import array, os, socket, sys
at = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
at.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
at.bind(sys.argv[1])
print('listening', flush=True)
while True:
    data, ancillary, _, _ = at.recvmsg(4096, 1024)
    # Whoever speaks may wait until what it handed over is closed, as it was heard then.
    for level, kind, handed in ancillary:
        if kind == socket.SCM_RIGHTS:
            for descriptor in array.array('i', handed[: len(handed) // 4 * 4]):
                os.close(descriptor)
    print(data.decode().strip().replace('\\n', ' '), flush=True)
`

let folder = ''
let ear: ChildProcess
let heard: string[] = []
const warned: string[] = []
const log = { warn: (details: object, message: string) => void warned.push(`${message} ${JSON.stringify(details)}`) }
let stop: () => void = () => {}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'smartqueue-notify-'))
  ear = spawn('python3', ['-c', LISTEN, join(folder, 'socket')], { stdio: ['ignore', 'pipe', 'inherit'] })
  heard = []
  warned.length = 0
  if (ear.stdout === null) throw new Error('The listener has no output')
  createInterface(ear.stdout).on('line', (line) => heard.push(line))
  await expect.poll(() => heard.includes('listening'), { timeout: 20_000 }).toBe(true)
})
afterEach(async () => {
  stop()
  const gone = once(ear, 'exit')
  ear.kill('SIGKILL')
  await gone
  rmSync(folder, { recursive: true })
})

const beats = (): number => heard.filter((word) => word.includes('WATCHDOG=1')).length
const told = (limitMs: number) => ({
  PATH: process.env['PATH'],
  NOTIFY_SOCKET: join(folder, 'socket'),
  WATCHDOG_USEC: String(limitMs * 1_000),
})

test('the supervisor hears that the program is ready, and then that it lives', async () => {
  stop = tellSupervisor({ environment: told(600), log })
  await expect.poll(() => heard.some((word) => word.includes('READY=1')), { timeout: 20_000 }).toBe(true)
  await expect.poll(beats, { timeout: 20_000 }).toBeGreaterThan(2)
})

test('a program that is not well says nothing, and once it is well it speaks again', async () => {
  let isWell = false
  stop = tellSupervisor({ environment: told(150), log, isWell: () => isWell })
  await expect.poll(() => heard.some((word) => word.includes('READY=1')), { timeout: 20_000 }).toBe(true)
  await new Promise((resolve) => setTimeout(resolve, 500))
  expect(beats()).toBe(0)
  isWell = true
  await expect.poll(beats, { timeout: 20_000 }).toBeGreaterThan(0)
})

test('nobody has asked: nothing is started', () => {
  // Its own log: what the test before has begun may still fail, and is said there.
  const said: string[] = []
  const ownLog = { warn: (_: object, message: string) => void said.push(message) }
  stop = tellSupervisor({ environment: { PATH: '' }, log: ownLog, program: '/does/not/exist' })
  expect(said).toEqual([])
})

test('a supervisor that cannot be told is said once a beat and costs no more', async () => {
  stop = tellSupervisor({ environment: told(100), log, program: join(folder, 'missing') })
  await expect.poll(() => warned.length, { timeout: 20_000 }).toBeGreaterThan(1)
})
