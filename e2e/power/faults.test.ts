// The disk fails at every single operation of what a branch does, one after the other: nothing acknowledged is lost,
// nothing is half done, every answer is the old truth, the new one, or 503, and the branch goes on by itself.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openForReading } from '../../shared/disk/open.ts'
import { CHECKOUT, plantedCopy } from '../plants/plant.ts'
import { checkpointOften, logNotFlushed, stateBeforeCommit } from '../plants/storage.ts'
import { openHere } from './branch-here.ts'
import { AILMENTS, type Ailment, everyFault } from './every-fault.ts'
import { type Answer, installerToken, isServer, keyed, pairDevice, type Server, startServer } from './server.ts'
import { type FailureOrder, PowerControl, restoreDurable, UNTIL_DISARMED } from './shim.ts'

const demo = JSON.parse(readFileSync(join(CHECKOUT, 'tools/demo/bank.json'), 'utf8')) as {
  branch: object
}
/** Without PINs: hashing one takes longer than everything else. */
const bank = { ...demo, agents: [] }

let root = ''
let cases = 0
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'power-faults-'))
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

function newCase(): { folder: string; control: string; durable: string } {
  cases += 1
  const own = join(root, `case-${cases}`)
  mkdirSync(join(own, 'data'), { recursive: true })
  return { folder: join(own, 'data'), control: join(own, 'control'), durable: join(own, 'durable') }
}

/** A running branch with a kiosk, and the disk in the test's hand. */
interface Bench {
  readonly folder: string
  readonly server: Server
  readonly disk: PowerControl
  readonly installer: string
  readonly kiosk: string
  readonly numbers: Map<string, string>
}

async function withBench(programRoot: string, work: (bench: Bench) => Promise<void>): Promise<Bench> {
  const { folder, control, durable } = newCase()
  const server = await startServer({ folder, control, durable }, programRoot)
  if (!isServer(server)) throw new Error(`It did not start: ${JSON.stringify(server)}`)
  using disk = new PowerControl(control)
  const installer = installerToken(folder)
  await server.ask(installer, 'PUT', '/catalogue', bank)
  const kiosk = await pairDevice(server, installer, 'kiosk', 'Kiosk')
  const bench: Bench = { folder, server, disk, installer, kiosk, numbers: new Map() }
  try {
    await work(bench)
  } finally {
    await server.program.cut()
    restoreDurable(durable, folder)
  }
  return bench
}

/** As a device does, which asks again until it is served; a log that somebody still reads is not opened anew. */
const AGAIN_MS = 50
const TRIES_MAX = 200

/** Asks until the branch is no longer in trouble: the disk is well by now. */
async function patiently(ask: () => Promise<Answer>): Promise<Answer> {
  for (let tries = 1; ; tries += 1) {
    const answer = await ask()
    if (answer.status !== 503 || tries === TRIES_MAX) return answer
    await pause(AGAIN_MS)
  }
}

let keys = 0
/** So often at once while the disk may be ill; then it is made well, and waited for. */
const ILL_TRIES = 3

/** Issues with a new key until it is answered with a number; every other answer must be 503. */
async function issue({ server, kiosk, numbers, disk }: Bench): Promise<void> {
  keys += 1
  const key = `tap-${keys}`
  const ask = () => server.ask(kiosk, 'POST', '/tickets', { serviceId: 'cash' }, keyed(key))
  for (let attempt = 0; attempt <= ILL_TRIES; attempt += 1) {
    const { status, text, json } = await (attempt < ILL_TRIES ? ask() : patiently(ask))
    if (status === 201) {
      expect(numbers.has(String(json['number'])), `${json['number']} is given once`).toBe(false)
      numbers.set(String(json['number']), String(json['ticketId']))
      return
    }
    expect(`${status} ${json['code']}`, text).toBe('503 StorageUnavailable')
    if (attempt === ILL_TRIES - 1) disk.wellAgain()
  }
  throw new Error('A well disk takes no ticket')
}

/** A tap that was answered 503 may have come through: the same key tells. */
async function askAgain({ server, kiosk, numbers }: Bench, key: string): Promise<void> {
  const { status, text, json } = await patiently(() =>
    server.ask(kiosk, 'POST', '/tickets', { serviceId: 'cash' }, keyed(key)),
  )
  expect(status, text).toBe(201)
  expect(numbers.has(String(json['number']))).toBe(false)
  numbers.set(String(json['number']), String(json['ticketId']))
}

/** What the readers see is what was acknowledged, no more and no less. */
async function expectOnlyAcknowledged({ server, kiosk, numbers }: Bench): Promise<void> {
  const { text } = await server.ask(kiosk, 'GET', '/tickets')
  const shown = (JSON.parse(text) as { number: string }[]).map(({ number }) => number)
  expect(shown.toSorted()).toEqual([...numbers.keys()].toSorted())
}

/** After the cut the file holds every acknowledged ticket, and tells one story. */
function expectKept({ folder, numbers }: Bench): void {
  const branch = openHere(folder, Date.now())
  const { tickets } = branch.waist.branch().store
  for (const [number, ticketId] of numbers) expect(tickets.find(ticketId as never)?.facts.number).toBe(number)
  expect(branch.check().fault).toBeNull()
  branch.close()
}

function failingOnce(bench: Bench, act: () => Promise<void>) {
  return async (order: FailureOrder): Promise<number> => {
    const before = bench.disk.counts().failed
    bench.disk.fail(order)
    await act()
    bench.disk.wellAgain()
    return bench.disk.counts().failed - before
  }
}

const named = AILMENTS.map((ailment): [string, Ailment] => [ailment.errno, ailment])

describe.each(named)('a disk that fails once with %s, at every operation', (errno, ailment) => {
  test('of issuing and of checkpoints loses no ticket and gives no number twice', async () => {
    const copy = plantedCopy(join(root, `checkpoints-${errno}`), [checkpointOften])
    let met = 0
    const bench = await withBench(copy, async (bench) => {
      const threeTickets = async (): Promise<void> => {
        for (let count = 0; count < 3; count += 1) await issue(bench)
      }
      met = await everyFault(ailment, failingOnce(bench, threeTickets))
    })
    console.info(`${errno}: ${met} operations of three tickets and their checkpoints, ${bench.numbers.size} tickets`)
    expect(met).toBeGreaterThan(10)
    expectKept(bench)
  })

  test('of a catalogue edit and its second copy leaves the old one or the new one', async () => {
    let edits = 0
    const bench = await withBench(CHECKOUT, async (bench) => {
      const { server, installer, kiosk, folder } = bench
      const name = async (): Promise<string> => {
        const { json } = await server.ask(kiosk, 'GET', '/catalogue')
        return (json['branch'] as { name: string }).name
      }
      const edit = async (): Promise<void> => {
        edits += 1
        const before = await name()
        const after = `Edit ${edits}`
        const put = () =>
          server.ask(
            installer,
            'PUT',
            '/catalogue',
            { ...bank, branch: { ...bank.branch, name: after } },
            keyed(`edit-${edits}`),
          )
        const first = await put()
        expect([200, 503], first.text).toContain(first.status)
        expect(first.status === 200 ? [after] : [before, after]).toContain(await name())
        bench.disk.wellAgain()
        expect((await patiently(put)).status).toBe(200)
        expect(await name()).toBe(after)
        await issue(bench)
        const copy = JSON.parse(readFileSync(join(folder, 'settings.json'), 'utf8')) as { catalogue: { body: string } }
        expect(JSON.parse(copy.catalogue.body).branch.name).toBe(after)
      }
      expect(await everyFault(ailment, failingOnce(bench, edit))).toBeGreaterThan(5)
    })
    expectKept(bench)
  })

  test('of a pairing leaves a device that works, or a code that does', async () => {
    let count = 0
    const bench = await withBench(CHECKOUT, async (bench) => {
      const { server, installer } = bench
      const pairOnce = async (): Promise<void> => {
        count += 1
        const { json } = await server.ask(installer, 'POST', '/pairings', { kind: 'display', name: `Display ${count}` })
        // Claims are limited by address.
        const claim = () =>
          server.ask(
            '',
            'POST',
            '/pairings/claim',
            { code: json['code'] },
            { ...keyed(`claim-${count}`), from: `127.0.1.${count}` },
          )
        const first = await claim()
        expect([201, 503], first.text).toContain(first.status)
        bench.disk.wellAgain()
        const paired = first.status === 201 ? first : await patiently(claim)
        expect(paired.status, paired.text).toBe(201)
        expect((await server.ask(String(paired.json['token']), 'GET', '/board')).status).toBe(200)
        await issue(bench)
      }
      expect(await everyFault(ailment, failingOnce(bench, pairOnce))).toBeGreaterThan(5)
    })
    expectKept(bench)
  })
})

/** The disk takes nothing for a while, then everything again. */
async function illForAWhile(bench: Bench, order: FailureOrder, isRefusal: boolean): Promise<void> {
  const { server, disk, kiosk, installer } = bench
  for (let count = 0; count < 5; count += 1) await issue(bench)
  const known = [...bench.numbers.values()][0]
  disk.fail({ ...order, count: UNTIL_DISARMED })
  for (let count = 0; count < 6; count += 1) {
    const { status, text, json } = await server.ask(
      kiosk,
      'POST',
      '/tickets',
      { serviceId: 'cash' },
      keyed(`ill-${count}`),
    )
    expect(`${status} ${json['code']}`, text).toBe('503 StorageUnavailable')
    for (const path of [
      '/board',
      '/tickets',
      `/tickets/${known}`,
      '/catalogue',
      '/catalogue?version=1',
      '/snapshot',
      '/health',
    ]) {
      const read = await server.ask(kiosk, 'GET', path)
      expect([200, 503], `${path}: ${read.text}`).toContain(read.status)
    }
    expect([200, 503]).toContain((await server.ask(installer, 'PUT', '/catalogue', bank)).status)
  }
  disk.wellAgain()
  await issue(bench)
  if (isRefusal) await expectOnlyAcknowledged(bench)
  for (let count = 0; count < 6; count += 1) await askAgain(bench, `ill-${count}`)
  await expectOnlyAcknowledged(bench)
}

describe('a disk that takes nothing until somebody helps it', () => {
  const orders: readonly [string, FailureOrder, boolean][] = [
    ['full', { errno: 'ENOSPC', kinds: ['write', 'create'] }, true],
    ['read-only', { errno: 'EROFS', kinds: ['write', 'create', 'rename', 'unlink'] }, true],
    ['failing', { errno: 'EIO' }, true],
    ['failing at each flush', { errno: 'EIO', kinds: ['fsync'] }, false],
  ]
  test.each(orders)('%s: answers 503, then goes on without a restart', async (_, order, isRefusal) => {
    const bench = await withBench(CHECKOUT, (bench) => illForAWhile(bench, order, isRefusal))
    expectKept(bench)
  })

  test('shows a planted bug: a state that is published before COMMIT', async () => {
    const copy = plantedCopy(join(root, 'state-before-commit'), [stateBeforeCommit])
    const failing = withBench(copy, (bench) => illForAWhile(bench, { errno: 'ENOSPC', kinds: ['write'] }, true))
    await expect(failing).rejects.toThrow()
  })
})

/** Some flushes in a row fail, then the disk is well: what was read back between them must not be built upon. */
async function someFlushesFail(programRoot: string): Promise<void> {
  for (let count = 1; count <= 6; count += 1) {
    const bench = await withBench(programRoot, async (bench) => {
      for (let each = 0; each < 3; each += 1) await issue(bench)
      bench.disk.fail({ errno: 'EIO', kinds: ['fsync'], count })
      for (let each = 0; each < 3; each += 1) await issue(bench)
    })
    expectKept(bench)
  }
}

describe('some flushes that fail in a row', () => {
  test('lose nothing, even when the power goes soon after', () => someFlushesFail(CHECKOUT))

  test('are got over although somebody still reads the log when it is to be opened anew', async () => {
    const bench = await withBench(CHECKOUT, async (bench) => {
      for (let each = 0; each < 3; each += 1) await issue(bench)
      const reader = openForReading(join(bench.folder, 'branch.db'))
      reader.exec('begin')
      reader.prepare('select count(*) from event').get()
      await issue(bench)
      bench.disk.fail({ errno: 'EIO', kinds: ['fsync'], count: 1 })
      setTimeout(() => reader.close(), 20 * AGAIN_MS)
      await issue(bench)
    })
    expectKept(bench)
  })

  test('show a planted bug: a log that is believed when it is opened again', async () => {
    const copy = plantedCopy(join(root, 'log-not-flushed'), [logNotFlushed])
    await expect(someFlushesFail(copy)).rejects.toThrow()
  })
})
