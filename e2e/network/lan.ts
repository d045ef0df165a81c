import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'

/** A machine of its own on the network: its addresses, ports and loopback are nobody else's. */
export interface Box {
  readonly name: string
  /** The words that run a command inside it. */
  inside(words: readonly string[]): readonly string[]
  /** Takes these addresses instead of those it has, as after a new lease. */
  readdress(...addresses: readonly string[]): void
  start(words: readonly string[], environment: Readonly<Record<string, string>>): BoxProgram
}

export interface BoxProgram {
  /** What it has written so far, on either output. */
  said(): string
  isOver(): boolean
  stop(): Promise<void>
}

/** One network that guests share: a hub, so that everybody hears everything. */
export interface Lan extends AsyncDisposable {
  /** Sees every frame. */
  readonly hub: Box
  box(name: string, ...addresses: readonly string[]): Box
}

const PREFIX_BITS = 24
const END_MS_MAX = 5_000

/** @throws Error with one sentence on what is missing */
function ip(...words: readonly string[]): void {
  const { error, status, stderr } = spawnSync('ip', words, { encoding: 'utf8' })
  if (error) throw new Error('The network tests build machines of their own with `ip`: install iproute2.')
  if (status === 0) return
  if (/not permitted|denied/i.test(stderr))
    throw new Error('The network tests build network namespaces: run them as root, where namespaces are allowed.')
  throw new Error(`ip ${words.join(' ')}: ${stderr.trim()}`)
}

function startIn(
  inside: Box['inside'],
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
): { child: ChildProcess; program: BoxProgram } {
  const [command = '', ...rest] = inside(words)
  const child = spawn(command, rest, { env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] })
  const exit = once(child, 'exit')
  let said = ''
  for (const output of [child.stdout, child.stderr])
    output.on('data', (chunk: Buffer) => {
      said += String(chunk)
    })
  const isOver = (): boolean => child.exitCode !== null || child.signalCode !== null
  const program: BoxProgram = {
    said: () => said,
    isOver,
    async stop() {
      if (isOver()) return
      child.kill('SIGTERM')
      const force = setTimeout(() => child.kill('SIGKILL'), END_MS_MAX)
      await exit
      clearTimeout(force)
    },
  }
  return { child, program }
}

/** Builds the network; names are of this process, so that two runs never meet. */
export function openLan(): Lan {
  const spaces: string[] = []
  const programs: BoxProgram[] = []
  const space = (name: string): string => `sq${process.pid}-${name}`

  function makeBox(name: string): Box {
    const own = space(name)
    ip('netns', 'add', own)
    spaces.push(own)
    ip('-n', own, 'link', 'set', 'lo', 'up')
    const inside = (words: readonly string[]): readonly string[] => ['ip', 'netns', 'exec', own, ...words]
    return {
      name,
      inside,
      readdress(...addresses) {
        ip('-n', own, 'address', 'flush', 'dev', 'eth0')
        for (const address of addresses) ip('-n', own, 'address', 'add', `${address}/${PREFIX_BITS}`, 'dev', 'eth0')
      },
      start(words, environment) {
        const { program } = startIn(inside, words, environment)
        programs.push(program)
        return program
      },
    }
  }

  const hub = makeBox('hub')
  ip('-n', space('hub'), 'link', 'add', 'hub', 'type', 'bridge', 'ageing_time', '0', 'mcast_snooping', '0')
  ip('-n', space('hub'), 'link', 'set', 'hub', 'up')
  return {
    hub,
    box(name, ...addresses) {
      const box = makeBox(name)
      const port = `port${spaces.length}`
      const peer = ['peer', 'name', 'eth0', 'netns', space(name)]
      ip('-n', space('hub'), 'link', 'add', port, 'type', 'veth', ...peer)
      ip('-n', space('hub'), 'link', 'set', port, 'master', 'hub', 'up')
      ip('-n', space(name), 'link', 'set', 'eth0', 'up')
      box.readdress(...addresses)
      return box
    },
    async [Symbol.asyncDispose]() {
      for (const program of programs.toReversed()) await program.stop()
      for (const name of spaces) ip('netns', 'delete', name)
    },
  }
}
