import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

// One Postgres for each lane of a test run, begun when a test first asks for it and ended with the run. A lane runs one
// file at a time: so what a file does to the whole server, or a transaction that it holds open, meets no other file.

/** Where a test asks for its lane's server; set for all that the run starts. */
const ASK = 'TEST_POSTGRES_ASK'
/** Which lane a run within the run belongs to: that of the test which started it. */
export const LANE = 'TEST_POSTGRES_LANE'
/** Vitest's own number of the lane. */
const VITEST_LANE = 'VITEST_POOL_ID'

const PROGRAM = join(import.meta.dirname, 'passing-postgres.ts')

interface Server {
  readonly child: ChildProcess
  readonly url: Promise<string>
}

function startServer(): Server {
  // It ends when this line to it breaks: so also when the run is killed. A key that interrupts us must not reach it first.
  const child = spawn(process.execPath, [PROGRAM], { detached: true, stdio: ['pipe', 'pipe', 'inherit'] })
  const url = Promise.race([
    once(createInterface(child.stdout), 'line').then(([line]) => String(line)),
    once(child, 'exit').then(() => Promise.reject(new Error('The Postgres of the tests ended'))),
  ])
  url.catch(() => {})
  return { child, url }
}

/** For Vitest, once before all tests. @returns ends what was started */
export async function setup(): Promise<() => Promise<void>> {
  if (process.env[ASK] !== undefined) {
    process.env[LANE] ??= process.env[VITEST_LANE]
    return () => Promise.resolve()
  }
  const servers = new Map<string, Server>()
  const door = createServer((request, answer) => {
    const lane = request.url ?? ''
    const server = servers.get(lane) ?? startServer()
    servers.set(lane, server)
    server.url.then(
      (url) => answer.end(url),
      (error: unknown) => answer.writeHead(500).end(String(error)),
    )
  })
  await once(door.listen(0, '127.0.0.1'), 'listening')
  door.unref()
  process.env[ASK] = `http://127.0.0.1:${(door.address() as AddressInfo).port}`
  return async () => {
    door.close()
    await Promise.all(
      [...servers.values()].map(async ({ child }) => {
        if (child.exitCode !== null) return
        const gone = once(child, 'exit')
        child.stdin?.end()
        await gone
      }),
    )
  }
}

/** @returns the address of the lane's server, as its administrator; null: outside a test run */
export async function postgresOfRun(): Promise<string | null> {
  const ask = process.env[ASK]
  if (ask === undefined) return null
  const lane = process.env[LANE] ?? process.env[VITEST_LANE] ?? '0'
  const answer = await fetch(`${ask}/${lane}`)
  const text = await answer.text()
  if (!answer.ok) throw new Error(text)
  return text
}
