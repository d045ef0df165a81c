import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Pairing } from '../../shared/host/pairing.ts'
import type { DeviceKind } from '../../shared/wire/requests.ts'
import type { Box, BoxProgram } from './lan.ts'

export const INSTALLER_TOKEN = 'installer-token-on-the-network-9XwT'
const ASK = join(import.meta.dirname, 'ask.ts')
const READY_MS_MAX = 30_000
const PAUSE_MS = 250

export interface Told<Body> {
  readonly status: number
  readonly body: Body
}

/** Waits until something is so. @returns how long it took, in milliseconds */
export async function untilSo(what: string, limitMs: number, isSo: () => Promise<boolean> | boolean): Promise<number> {
  const startMs = performance.now()
  while (!(await isSo())) {
    if (performance.now() - startMs > limitMs) throw new Error(`It never came about that ${what}`)
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
  return performance.now() - startMs
}

/** Asks a program of a box over that box's own loopback. */
async function askIn<Body>(
  box: Box,
  method: string,
  url: string,
  headers: Readonly<Record<string, string>>,
  body?: object,
): Promise<Told<Body>> {
  const sent = body === undefined ? headers : { ...headers, 'content-type': 'application/json' }
  const words = [
    process.execPath,
    ASK,
    method,
    url,
    JSON.stringify(sent),
    body === undefined ? '' : JSON.stringify(body),
  ]
  const [command = '', ...rest] = box.inside(words)
  const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'pipe'] })
  let text = ''
  child.stdout.on('data', (chunk: Buffer) => {
    text += String(chunk)
  })
  await once(child, 'close')
  if (text === '') return { status: 0, body: {} as Body }
  const answer = JSON.parse(text) as { status: number; text: string }
  return { status: answer.status, body: (answer.text === '' ? {} : JSON.parse(answer.text)) as Body }
}

export interface BranchOnLan {
  readonly program: BoxProgram
  readonly folder: string
  ask<Body>(method: string, path: string, body?: object): Promise<Told<Body>>
}

/** The branch server on every address of its box, ready. @param root - whose sources it is started from */
export async function startBranchIn(box: Box, root: string, folder: string): Promise<BranchOnLan> {
  mkdirSync(folder, { recursive: true })
  const program = box.start([process.execPath, join(root, 'branch-server/main.ts')], {
    BRANCH_HOST: '0.0.0.0',
    BRANCH_DATA_DIR: folder,
    BRANCH_INSTALLER_TOKEN: INSTALLER_TOKEN,
  })
  const ask: BranchOnLan['ask'] = (method, path, body) =>
    askIn(box, method, `https://127.0.0.1:7070${path}`, { authorization: `Bearer ${INSTALLER_TOKEN}` }, body)
  await untilSo('the branch is ready', READY_MS_MAX, async () => {
    if (program.isOver()) throw new Error(`The branch ended: ${program.said()}`)
    return (await ask('GET', '/api/v1/health')).status === 200
  })
  return { program, folder, ask }
}

const PORTS = { kiosk: 7071, display: 7072, caller: 7073 } as const
const PREFIXES = { kiosk: 'KIOSK', display: 'DISPLAY_APP', caller: 'CALLER' } as const

interface LocalState {
  readonly link: 'up' | 'down'
  readonly seq: number | null
  readonly time: object | null
}

/** A face's device host in its box. */
export interface FaceOnLan {
  readonly kind: DeviceKind
  readonly program: BoxProgram
  ask<Body>(method: string, path: string, body?: object): Promise<Told<Body>>
  state(): Promise<LocalState>
  isInContact(): Promise<boolean>
  pairing(): Pairing
}

export async function startFaceIn(
  box: Box,
  kind: DeviceKind,
  root: string,
  folder: string,
  code: string | null,
): Promise<FaceOnLan> {
  const prefix = PREFIXES[kind]
  const program = box.start([process.execPath, join(root, kind, 'host-main.ts')], {
    [`${prefix}_DATA_DIR`]: folder,
    ...(code === null ? {} : { [`${prefix}_PAIRING_CODE`]: code }),
  })
  const ask: FaceOnLan['ask'] = (method, path, body) =>
    askIn(box, method, `http://127.0.0.1:${PORTS[kind]}${path}`, { 'idempotency-key': crypto.randomUUID() }, body)
  const state = async (): Promise<LocalState> => (await ask<LocalState>('GET', '/local/v1/state')).body
  await untilSo(`the ${kind} answers`, READY_MS_MAX, async () => {
    if (program.isOver()) throw new Error(`The ${kind} ended: ${program.said()}`)
    return (await ask('GET', '/local/v1/state')).status === 200
  })
  return {
    kind,
    program,
    ask,
    state,
    isInContact: async () => (await state()).link === 'up',
    pairing: () => JSON.parse(readFileSync(join(folder, 'pairing.json'), 'utf8')) as Pairing,
  }
}

/** Somebody with another key who says to be the branch. */
export interface Rogue {
  /** Everything that anybody said to it once TLS was open. */
  heard(): readonly string[]
  visitCount(): number
}

export async function startRogueIn(box: Box, fingerprint: string, folder: string): Promise<Rogue> {
  mkdirSync(folder, { recursive: true })
  const program = box.start([process.execPath, join(import.meta.dirname, 'rogue.ts'), fingerprint, folder], {})
  await untilSo('the rogue is ready', READY_MS_MAX, () => program.said().includes('READY'))
  return {
    heard: () =>
      program
        .said()
        .split('\n')
        .filter((line) => line.startsWith('HEARD')),
    visitCount: () => program.said().split('VISITED').length - 1,
  }
}
