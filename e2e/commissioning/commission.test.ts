import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { decodePaper, paperText } from '../../kiosk/devices/paper.ts'
import { profileNamed } from '../../shared/slip/profile.ts'
import type { TrialsState } from '../../shared/wire/trials.ts'
import { type CommissioningText, commissioningWords } from '../../shared/words/commissioning.ts'
import { startTcpPrinter, type TcpPrinter } from '../paper/tcp-printer.ts'
import { forgetsPaper } from '../plants/commissioning.ts'
import { isEveryPlantSown, plantedCopy } from '../plants/plant.ts'
import { type Faces, openBrowser } from '../world/browser.ts'
import { sampleBank, until } from '../world/world.ts'
import { type OnSite, openSite, reportIn, type SiteProgram } from './on-site.ts'

const PROFILE = profileNamed('paper-80')
const TRIES_MAX = 6_000
/** The server has no power for so long. */
const AWAY_MS = 1_500
const say = commissioningWords('en')

let browser: Faces
let printer: TcpPrinter
let site: OnSite
let lobby: Page

/** @param root - whose sources the branch server is started from */
async function arrive(root?: string): Promise<void> {
  printer = await startTcpPrinter()
  site = await openSite(sampleBank, printer.address, root)
  lobby = await browser.open('lobby', site.displayUrl, { width: 1920, height: 1080 })
  await lobby.locator('.strip').waitFor()
}

async function leave(): Promise<void> {
  await lobby?.context().close()
  await site?.[Symbol.asyncDispose]()
  await printer?.close()
}

beforeAll(async () => {
  browser = await openBrowser()
  await arrive()
})
afterAll(async () => {
  await leave()
  await browser?.[Symbol.asyncDispose]()
})

/** The four digits that a person reads on a piece of paper. */
const codeOn = (job: Uint8Array | undefined): string =>
  /\b\d{4}\b/.exec(paperText(decodePaper(job ?? new Uint8Array(), PROFILE)))?.[0] ?? ''

function codeOfPicture(): string {
  const [newest] = readdirSync(site.paperFolder)
    .filter((name) => name.endsWith('.bin'))
    .toSorted()
    .toReversed()
  return codeOn(readFileSync(join(site.paperFolder, newest ?? '')))
}

/** Counts the notes that the page plays from now on; two are one ring. */
const listen = (): Promise<void> =>
  lobby.evaluate(() => {
    const heard = window as unknown as { notes: number }
    heard.notes = 0
    const play = OscillatorNode.prototype.start
    OscillatorNode.prototype.start = function start(when) {
      heard.notes += 1
      play.call(this, when)
    }
  })
const ringsHeard = async (): Promise<string> =>
  String((await lobby.evaluate(() => (window as unknown as { notes: number }).notes)) / 2)

/** Answers each question as somebody on site does, who looks before she types. */
async function answer(question: string): Promise<string> {
  const isAbout = (text: CommissioningText, values = {}): boolean => question === say(text, values)
  if (isAbout('askName')) return 'Awa Diop'
  if (isAbout('askPrint', { device: 'Kiosk 1', place: 1 })) return codeOn(printer.jobs().at(-1))
  if (isAbout('askPrint', { device: 'Kiosk 1', place: 2 })) return codeOfPicture()
  if (isAbout('askScreen', { device: 'Lobby' })) return (await lobby.locator('.trial-code').textContent()) ?? ''
  if (isAbout('listen', { device: 'Lobby' })) await listen()
  if (isAbout('askRings', { device: 'Lobby' })) return ringsHeard()
  if (isAbout('pullPrinter', { device: 'Kiosk 1', place: 1 })) await printer.refuse()
  if (isAbout('plugPrinter')) await printer.listen()
  if (isAbout('pullNetwork', { device: 'Kiosk 1' })) {
    // The moment is the installer's.
    setTimeout(() => site.kioskLine.cut(), 300)
  }
  return ''
}

const plainLines = (said: string): readonly string[] => said.split('\n').map((line) => line.replace(/^> /, ''))

/** Stays at the terminal until something is said. */
async function converse(program: SiteProgram, isOver: (said: string) => boolean): Promise<void> {
  let answered = 0
  let isWrongOnce = false
  await until(
    'the commissioning comes to its end',
    async () => {
      const said = program.said()
      if (isOver(said)) return true
      if (program.child.exitCode !== null) throw new Error(`The commissioning ended: ${said}`)
      if (said.includes(say('plugNetwork', { device: 'Kiosk 1' }))) site.kioskLine.mend()
      if (!said.endsWith('\n> ') || said.length === answered) return false
      answered = said.length
      // Nobody sees the Enter that ended the line before.
      const question = plainLines(said.slice(0, -'\n> '.length)).at(-1) ?? ''
      const typed = await answer(question)
      // A yes is no answer to a question for what is on the paper.
      const isFirst = !isWrongOnce && question.includes('printer 1')
      isWrongOnce ||= isFirst
      program.type(isFirst ? 'yes' : typed)
      return false
    },
    TRIES_MAX,
  )
}

const linesOf = (said: string, mark: string): readonly string[] =>
  plainLines(said).flatMap((line) => (line.startsWith(`  ${mark} `) ? [line.slice(4)] : []))

/** A sentence with any figures in its places. */
const sentence = (text: CommissioningText, values = {}): RegExp => {
  const figures = new Proxy(values, { get: (known: Record<string, unknown>, name: string) => known[name] ?? '§' })
  const escaped = say(text, figures as never).replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(escaped.replaceAll('§', '.+'))
}

/** The whole guided run, and its plug: both programs of the branch's machine die in the middle of what they do. */
async function commissionAll(): Promise<string> {
  const begun = site.command('commission', '--lang', 'en')
  await converse(begun, (said) => said.includes(say('pullPower')))
  const runFile = join(site.folder, 'branch/commissioning/run.json')
  expect(statSync(runFile).mode & 0o777).toBe(0o600)
  await Promise.all([begun.kill(), site.killServer()])
  await new Promise((resolve) => setTimeout(resolve, AWAY_MS))
  await site.startServer()
  const resumed = site.command('commission', '--resume')
  await converse(resumed, (said) => reportIn(said) !== '')
  await resumed.ended
  return begun.said() + resumed.said()
}

test('a branch is commissioned through the loss of a printer, a network and its power, and the report is signed', async () => {
  const said = await commissionAll()

  const good = linesOf(said, '+').join('\n')
  for (const text of ['logWhole', 'printSeen', 'screenSeen', 'chimeHeard', 'tapShown', 'wayThere'] as const)
    expect(good).toMatch(sentence(text, { capability: say('capability.status-only') }))
  for (const text of ['printerToldStaff', 'networkAlone', 'networkTakenOver', 'wentAlone', 'numbersKept'] as const)
    expect(good).toMatch(sentence(text))
  for (const text of ['issuesAgain', 'sameEpoch', 'backInContact'] as const) expect(good).toMatch(sentence(text))
  // What is so on this machine, and must not be called in order.
  const bad = ['backupSameDisk', 'deviceNoPage'] as const
  expect(linesOf(said, '!')).toEqual(bad.map((text) => expect.stringMatching(sentence(text))))
  expect(linesOf(said, ' ')).toContain(say('machineStayedOn'))
  expect(linesOf(said, ' ').join('\n')).toMatch(sentence('printSimulated'))
  expect(said).toContain(say('wrongCode'))
  expect(await lobby.locator('.trial-code').count()).toBe(0)
})

test('what was tried out counts nowhere, and no customer’s number was used', async () => {
  const { body } = await site.ask<TrialsState>('GET', '/api/v1/trials')
  expect(body.tickets.length).toBeGreaterThan(20)
  expect(body.tickets.filter(({ status }) => status !== 'cancelled')).toEqual([])
  const figures = await site.ask<{ total: { issuedCount: number; cancelledCount: number } }>(
    'GET',
    '/api/v1/reports/today',
  )
  expect(figures.body.total).toMatchObject({ issuedCount: 0, cancelledCount: 0 })
})

test('the report is whole and bears the branch’s key; one changed byte is found', async () => {
  const folder = join(site.folder, 'branch/commissioning')
  const [name = ''] = readdirSync(folder)
  expect(readdirSync(folder)).toEqual([name])
  const file = join(folder, name)
  expect([name.endsWith('.pdf'), statSync(file).mode & 0o777]).toEqual([true, 0o600])
  const verify = async (path: string): Promise<{ exitCode: number | null; said: string }> => {
    const program = site.command('verify', path, '--lang', 'en')
    await program.ended
    return { exitCode: program.child.exitCode, said: program.said() }
  }
  const whole = await verify(file)
  expect([whole.exitCode, whole.said.includes(say('sealOurs'))]).toEqual([0, true])
  const changed = readFileSync(file)
  changed.writeUInt8((changed[1_000] ?? 0) ^ 1, 1_000)
  const beside = join(site.folder, 'changed.pdf')
  writeFileSync(beside, changed)
  const broken = await verify(beside)
  expect([broken.exitCode, broken.said.includes(say('sealBroken'))]).toEqual([2, true])
})

// It waits its full time for tickets that never come: `PLANTS=all`.
test.runIf(isEveryPlantSown)('a branch that forgets what a kiosk gave alone is not called in order', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'smartqueue-forgetful-'))
  await leave()
  await arrive(plantedCopy(folder, [forgetsPaper], ['e2e/commissioning']))
  const bad = linesOf(await commissionAll(), '!').filter((line) => sentence('numbersLost').test(line))
  // The network plug, and the plug of the server.
  expect(bad).toHaveLength(2)
  rmSync(folder, { recursive: true, force: true })
})
