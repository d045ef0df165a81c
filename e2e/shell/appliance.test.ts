// The recipe of an appliance: its script, its units, and the commands of its units run as systemd would, with its words in the
// environment and somebody who listens for the heartbeat. What needs real metal: tools/appliance/README.md.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, expect, test } from 'vitest'

const CHECKOUT = join(import.meta.dirname, '../..')
const RECIPE = join(CHECKOUT, 'tools/appliance')
/** As systemd counts it: 0 shuts everything, 10 nothing. Two digits, the second after its point. */
const EXPOSURE_MAX = 30
const folder = mkdtempSync(join(tmpdir(), 'smartqueue-appliance-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A unit as on an appliance, but for where its programs lie. */
const unit = (name: string, role = '%i'): string =>
  readFileSync(join(RECIPE, 'systemd', name), 'utf8')
    .replaceAll('/opt/smartqueue/bin/node', process.execPath)
    .replaceAll('/opt/smartqueue', CHECKOUT)
    .replaceAll('/usr/bin/cage', '/bin/sh')
    .replaceAll('%i', role)

function run(program: string, ...words: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync(program, words, { encoding: 'utf8' })
  expect(`${status}\n${stdout}${stderr}`).toMatch(/^0\n/)
}

test('the script of the recipe is sound, and its settings can be read', () => {
  run('shellcheck', join(RECIPE, 'install.sh'))
  expect(JSON.parse(readFileSync(join(RECIPE, 'etc/chromium-policy.json'), 'utf8'))).toMatchObject({
    URLBlocklist: ['*'],
  })
  const { status } = spawnSync('sh', [join(RECIPE, 'install.sh'), 'toaster'], { stdio: 'ignore' })
  expect(status).toBe(2)
})

test('systemd understands the units, and finds those of programs shut tight', () => {
  const units = join(folder, 'units')
  mkdirSync(units)
  for (const name of readdirSync(join(RECIPE, 'systemd')))
    writeFileSync(join(units, name.replace('@', '@kiosk')), unit(name, 'kiosk'))
  const files = readdirSync(units).map((name) => join(units, name))
  const verified = spawnSync('systemd-analyze', ['verify', '--man=no', '--recursive-errors=no', ...files], {
    encoding: 'utf8',
  })
  // A machine that is no appliance has units of its own, of which it may complain.
  expect((verified.stdout + verified.stderr).split('\n').filter((line) => line.includes('smartqueue'))).toEqual([])
  for (const file of files.filter((it) => !it.includes('screen')))
    run('systemd-analyze', 'security', '--offline=true', `--threshold=${EXPOSURE_MAX}`, file)
})

const LISTEN = `
import array, os, socket, sys
at = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
at.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
at.bind(sys.argv[1])
print('listening', flush=True)
while True:
    data, ancillary, _, _ = at.recvmsg(4096, 1024)
    for level, kind, handed in ancillary:
        if kind == socket.SCM_RIGHTS:
            for descriptor in array.array('i', handed[: len(handed) // 4 * 4]):
                os.close(descriptor)
    print(data.decode().strip().replace('\\n', ' '), flush=True)
`

test.each([
  ['smartqueue-branch.service', 'branch', 'BRANCH_PORT', '/api/v1/health'],
  ['smartqueue-host@.service', 'kiosk', 'KIOSK_PORT', '/local/v1/state'],
])('the command of %s (%s) runs, says that it is ready and that it lives', async (name, role, port, path) => {
  const text = unit(name, role)
  const [, command = ''] = /^ExecStart=(.*)$/m.exec(text) ?? []
  const places = /^Environment=(\w+)=(.*)$/gm
  const told = Object.fromEntries(
    [...text.matchAll(places)].map(([, key = '', value = '']) => [key, value.replace('/var', folder)]),
  )
  const socket = join(folder, `${role}.socket`)
  const heard: string[] = []
  const children: ChildProcess[] = []
  try {
    const ear = spawn('python3', ['-c', LISTEN, socket], { stdio: ['ignore', 'pipe', 'inherit'] })
    children.push(ear)
    createInterface(ear.stdout).on('line', (line) => heard.push(line))
    await expect.poll(() => heard.includes('listening'), { timeout: 60_000 }).toBe(true)
    const env = { PATH: process.env['PATH'], ...told, [port]: '0', NOTIFY_SOCKET: socket, WATCHDOG_USEC: '1500000' }
    const [program = '', ...words] = command.split(' ')
    const running = spawn(program, words, { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] })
    children.push(running)
    let url = ''
    createInterface(running.stdout).on('line', (line) => {
      url = /"url":"(http[^"]+)"/.exec(line)?.[1] ?? url
    })
    await expect.poll(() => heard.some((word) => word.includes('READY=1')), { timeout: 120_000 }).toBe(true)
    await expect
      .poll(() => heard.filter((word) => word.includes('WATCHDOG=1')).length, { timeout: 120_000 })
      .toBeGreaterThan(1)
    expect((await fetch(`${url}${path}`)).status).toBe(200)
    // A loop that stands still is not heard of any more: then systemd acts.
    running.kill('SIGSTOP')
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    const before = heard.length
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    expect(heard.length).toBe(before)
    running.kill('SIGCONT')
    const gone = once(running, 'exit')
    running.kill('SIGTERM')
    expect((await gone)[0]).toBe(0)
  } finally {
    for (const child of children) child.kill('SIGKILL')
  }
})
