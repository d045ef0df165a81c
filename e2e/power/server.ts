// The whole server as a program on the faulty disk, and a client of its doors.
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { join } from 'node:path'
import { builtProgram } from '../plants/built-program.ts'
import { CHECKOUT } from '../plants/plant.ts'
import { type Exit, type PoweredProgram, startUnderShim } from './program.ts'
import { COMPILED } from './run-branch.ts'
import type { FaultPlan } from './shim.ts'

export interface Answer {
  readonly status: number
  readonly text: string
  readonly json: Record<string, unknown>
}

export interface Server {
  readonly program: PoweredProgram
  readonly url: string
  ask(token: string, method: string, path: string, body?: object, headers?: Record<string, string>): Promise<Answer>
}

/** How it ended instead of listening. */
export interface NotStarted extends Exit {
  readonly errors: string
}

export async function startServer(
  plan: FaultPlan,
  root = CHECKOUT,
  more: Record<string, string> = {},
): Promise<Server | NotStarted> {
  const environment = {
    PATH: process.env['PATH'],
    NODE_COMPILE_CACHE: COMPILED,
    BRANCH_DATA_DIR: plan.folder,
    BRANCH_PORT: '0',
    ...more,
  }
  const program = startUnderShim([await builtProgram(root, 'branch-server/main.ts')], plan, environment)
  for (let lines = 1; ; lines += 1) {
    await program.untilLines(lines)
    const line = program.lines[lines - 1]
    if (line === undefined) return program.ended.then((exit) => ({ ...exit, errors: program.errors }))
    const { url } = JSON.parse(line) as { url?: string }
    if (url !== undefined) return { program, url, ask: (...asked) => ask(url, ...asked) }
  }
}

export function isServer(started: Server | NotStarted): started is Server {
  return 'url' in started
}

/** @param headers - `from` is the address the client asks from, not a header */
async function ask(
  url: string,
  token: string,
  method: string,
  path: string,
  body: object = {},
  { from = '127.0.0.1', ...headers }: Record<string, string> = {},
): Promise<Answer> {
  const all = { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers }
  const asked = request(`${url}/api/v1${path}`, { method, headers: all, localAddress: from })
  asked.end(method === 'GET' ? '' : JSON.stringify(body))
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  const text = Buffer.concat(await response.toArray()).toString()
  return { status: response.statusCode ?? 0, text, json: JSON.parse(text) as Record<string, unknown> }
}

export const installerToken = (folder: string): string => readFileSync(join(folder, 'installer-token'), 'utf8')

export const keyed = (key: string): Record<string, string> => ({ 'idempotency-key': key })

/** @returns the token of a new device */
export async function pairDevice(server: Server, installer: string, kind: string, name: string): Promise<string> {
  const { json } = await server.ask(installer, 'POST', '/pairings', { kind, name })
  const claimed = await server.ask('', 'POST', '/pairings/claim', { code: json['code'] })
  if (claimed.status !== 201) throw new Error(`Not paired: ${claimed.text}`)
  return String(claimed.json['token'])
}
