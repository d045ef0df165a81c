// A caller's box on a disk that keeps only what was flushed: its plug can be pulled at any moment.
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RECORDED_STATUSES } from '../../shared/domain/events.ts'
import { builtProgram } from '../plants/built-program.ts'
import { type PoweredProgram, startUnderShim } from '../power/program.ts'
import { type KillOrder, restoreDurable } from '../power/shim.ts'
import type { FlakyProxy } from './flaky-proxy.ts'

const COMPILED = join(tmpdir(), 'smartqueue-offline-compiled')
export const TRIES_MAX = 6

/** A mark as the page sends it. */
export interface Noted {
  readonly key: string
  readonly ticketId: string | null
  readonly number: string
  readonly serviceId: string | null
  readonly status: (typeof RECORDED_STATUSES)[number]
  readonly isNow: boolean
}

export interface CallerBox {
  readonly name: string
  readonly own: string
  readonly proxy: FlakyProxy
  readonly noted: Noted[]
  program: PoweredProgram | null
  url: string
}

/** Where the plugs are. */
export interface Electricity {
  /** The sources the callers run from. */
  readonly root: string
  readonly draw: () => number
  readonly failures: string[]
  readonly counts: { cuts: number }
}

export async function ask<Body>(
  url: string,
  path: string,
  body?: object,
): Promise<{ status: number; body: Body } | null> {
  const headers = { 'content-type': 'application/json' }
  const init = body === undefined ? {} : { method: 'POST', headers, body: JSON.stringify(body) }
  try {
    const response = await fetch(url + path, init)
    return { status: response.status, body: (await response.json()) as Body }
  } catch {
    return null
  }
}

const isOver = ({ program }: CallerBox): boolean =>
  program === null || program.child.exitCode !== null || program.child.signalCode !== null

/** @returns null when its plug was pulled before it was ready */
async function readyUrl(program: PoweredProgram): Promise<string | null> {
  for (let count = 1; ; count += 1) {
    await program.untilLines(count)
    const line = program.lines[count - 1]
    if (line === undefined) return null
    const { msg, url } = JSON.parse(line) as { msg: string; url?: string }
    if (msg === 'the caller is ready' && url !== undefined) return url
  }
}

export async function boot({ root, failures }: Electricity, caller: CallerBox, kill: KillOrder | null, code?: string) {
  const folder = join(caller.own, 'caller')
  const plan = { folder, durable: join(caller.own, 'durable'), control: join(caller.own, 'control') }
  const program = startUnderShim(
    [await builtProgram(root, 'caller/host-main.ts')],
    { ...plan, ...(kill && { kill }) },
    {
      ...process.env,
      NODE_COMPILE_CACHE: COMPILED,
      CALLER_PORT: '0',
      CALLER_DATA_DIR: folder,
      CALLER_BRANCH_URL: caller.proxy.url,
      ...(code === undefined ? {} : { CALLER_PAIRING_CODE: code }),
    },
  )
  caller.program = program
  caller.url = (await readyUrl(program)) ?? ''
  if (caller.url !== '' || program.child.signalCode === 'SIGKILL') return
  const { code: exit, signal } = await program.ended
  if (signal !== 'SIGKILL') failures.push(`${caller.name} ended with ${exit}: ${program.errors.slice(0, 400)}`)
}

/** The power goes: only what was flushed is left, and now and then a little more. */
export async function cut({ draw, counts }: Electricity, caller: CallerBox): Promise<void> {
  await caller.program?.cut()
  counts.cuts += 1
  const wasReached = draw() < 0.33 ? () => draw() < 0.5 : undefined
  restoreDurable(join(caller.own, 'durable'), join(caller.own, 'caller'), wasReached)
}

export async function revive(world: Electricity, caller: CallerBox): Promise<void> {
  for (let tries = 0; isOver(caller) && tries < TRIES_MAX; tries += 1) {
    await cut(world, caller)
    await boot(world, caller, null)
  }
}

export async function isInContact({ url }: CallerBox): Promise<boolean> {
  const state = await ask<{ link: string; time: object | null }>(url, '/local/v1/state')
  return state?.body.link === 'up' && state.body.time !== null
}
