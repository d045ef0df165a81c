import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { INSTALLER_TOKEN } from '../../branch-server/testing/test-branch.ts'
import { type FlakyProxy, startFlakyProxy } from '../offline/flaky-proxy.ts'
import { CHECKOUT } from '../plants/plant.ts'
import { until } from '../world/world.ts'

const COMPILED = join(tmpdir(), 'smartqueue-commissioning-compiled')
/** In fifties of a second, as `until` counts them: programs start slowly on a busy machine. */
const TRIES_MAX = 1_200

/** A program of the branch's machine, or of a device's. */
export interface SiteProgram {
  readonly child: ChildProcess
  said(): string
  type(line: string): void
  kill(): Promise<void>
  readonly ended: Promise<unknown>
}

function start(root: string, words: readonly string[], environment: Readonly<Record<string, string>>): SiteProgram {
  const [file = '', ...more] = words
  const child = spawn(process.execPath, [join(root, file), ...more], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, NODE_COMPILE_CACHE: COMPILED, ...environment },
  })
  let said = ''
  const hear = (chunk: Buffer): void => {
    said += String(chunk)
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  const ended = once(child, 'exit')
  return {
    child,
    said: () => said,
    type: (line) => void child.stdin.write(`${line}\n`),
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
    ended,
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** A branch as an installer finds it: a server, a kiosk and a lobby screen, each a program, linked and waiting. */
export interface OnSite extends AsyncDisposable {
  readonly folder: string
  /** Of the kiosk's second printer, which pretends. */
  readonly paperFolder: string
  readonly kioskLine: FlakyProxy
  readonly displayUrl: string
  readonly ask: <Body>(method: string, path: string, body?: object) => Promise<{ status: number; body: Body }>
  startServer(): Promise<void>
  killServer(): Promise<void>
  /** `commission` or `verify`, on the branch's machine. */
  command(...words: readonly string[]): SiteProgram
}

/**
 * @param printer - the kiosk's first, as KIOSK_PRINTER names it
 * @param root - whose sources the branch server and its commissioning are started from
 */
export async function openSite(catalogue: object, printer: string, root = CHECKOUT): Promise<OnSite> {
  const folder = mkdtempSync(join(tmpdir(), 'smartqueue-site-'))
  const paperFolder = join(folder, 'paper')
  const backupFolder = join(folder, 'stick')
  mkdirSync(backupFolder)
  const [port, kioskPort, displayPort] = [await freePort(), await freePort(), await freePort()]
  const url = `http://127.0.0.1:${port}`
  const ofBranch = {
    BRANCH_DATA_DIR: join(folder, 'branch'),
    BRANCH_PORT: String(port),
    BRANCH_BACKUP_DIR: backupFolder,
    BRANCH_INSTALLER_TOKEN: INSTALLER_TOKEN,
  }
  const programs: SiteProgram[] = []
  let server: SiteProgram | null = null

  const ask: OnSite['ask'] = async (method, path, body) => {
    const headers = { authorization: `Bearer ${INSTALLER_TOKEN}`, 'content-type': 'application/json' }
    const answer = await fetch(url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) })
    return { status: answer.status, body: JSON.parse(await answer.text()) }
  }
  const isUp = (address: string) => async (): Promise<boolean> => (await fetch(address).catch(() => null))?.ok === true

  async function startServer(): Promise<void> {
    server = start(root, ['branch-server/main.ts'], ofBranch)
    await until('the server is there', isUp(`${url}/api/v1/health`), TRIES_MAX)
  }
  async function startFace(kind: 'kiosk' | 'display', name: string, prefix: string, own: Record<string, string>) {
    const { body } = await ask<{ code: string }>('POST', '/api/v1/pairings', { kind, name })
    const environment = { [`${prefix}_DATA_DIR`]: join(folder, kind), [`${prefix}_PAIRING_CODE`]: body.code, ...own }
    programs.push(start(CHECKOUT, [`${kind}/host-main.ts`], environment))
    const state = `http://127.0.0.1:${own[`${prefix}_PORT`]}/local/v1/state`
    const isLinked = async (): Promise<boolean> => {
      const answer = await fetch(state).catch(() => null)
      return answer?.ok === true && ((await answer.json()) as { link: string }).link === 'up'
    }
    await until(`${name} is linked`, isLinked, TRIES_MAX)
  }

  await startServer()
  const sent = await ask('PUT', '/api/v1/catalogue', catalogue)
  if (sent.status !== 200) throw new Error(`The catalogue was refused: ${JSON.stringify(sent.body)}`)
  const kioskLine = await startFlakyProxy(port)
  await Promise.all([
    startFace('kiosk', 'Kiosk 1', 'KIOSK', {
      KIOSK_PORT: String(kioskPort),
      KIOSK_BRANCH_URL: kioskLine.url,
      KIOSK_PRINTER: `${printer},pretend:${paperFolder}`,
    }),
    startFace('display', 'Lobby', 'DISPLAY_APP', {
      DISPLAY_APP_PORT: String(displayPort),
      DISPLAY_APP_BRANCH_URL: url,
    }),
  ])
  return {
    folder,
    paperFolder,
    kioskLine,
    displayUrl: `http://127.0.0.1:${displayPort}`,
    ask,
    startServer,
    async killServer() {
      await server?.kill()
      server = null
    },
    command(...words) {
      const program = start(root, ['e2e/commissioning/commission-program.ts', ...words], ofBranch)
      programs.push(program)
      return program
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(programs.map((program) => program.kill()))
      await server?.kill()
      await kioskLine.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The file a program says it has written. */
export const reportIn = (said: string): string => /\/\S+\.pdf/.exec(said)?.[0] ?? ''
