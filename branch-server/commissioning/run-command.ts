import { createPrivateKey, createPublicKey } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Catalogue } from '#shared/domain/catalogue.ts'
import type { Clocks } from '#shared/domain/clock.ts'
import { LANGUAGES, type Language } from '#shared/domain/ids.ts'
import { fingerprintOf, textOfKey } from '#shared/network/fingerprint.ts'
import { ConfigError } from '#shared/program/config-error.ts'
import { commissioningWords } from '#shared/words/commissioning.ts'
import { sixWords } from '#shared/words/six-words.ts'
import { slipMoment } from '#shared/words/slip.ts'
import type { Config } from '../config.ts'
import { StrangerError } from '../own-branch.ts'
import { type BranchApi, BranchAwayError, openBranchApi } from './branch-api.ts'
import { commission } from './commission.ts'
import { CommissioningError } from './commissioning-error.ts'
import { countOf } from './finding.ts'
import { openPerson, type Person, type Terminal } from './person.ts'
import { commissioningPdf } from './report-pdf.ts'
import { commissioningFolder, forgetRun, type Run, readRun } from './run-file.ts'
import { readSeal, sealDocument } from './seal.ts'
import { type Pace, rest, type Site, type SiteDevice } from './site.ts'

const USAGE =
  'usage: npm run branch -- commission [--lang fr|en|ar] [--resume | --new] | -- verify FILE.pdf [--lang fr|en|ar]'
/** After a power cut the terminal is often there before the server. */
const SERVER_MS_MAX = 120_000
const SERVER_AGAIN_MS = 500

export interface CommandParts extends Terminal {
  readonly config: Config
  readonly clocks: Clocks
  readonly pace: Pace
}

interface Wanted {
  readonly language: Language | null
  readonly mode: 'begin' | 'resume' | 'new'
  readonly file: string | null
}

/** @throws ConfigError for what is not in USAGE */
function wantedBy([command, ...words]: readonly string[]): Wanted {
  let wanted: Wanted = { language: null, mode: 'begin', file: null }
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? ''
    if (word === '--lang') {
      index += 1
      const language = LANGUAGES.find((known) => known === words[index])
      if (language === undefined) throw new ConfigError(USAGE)
      wanted = { ...wanted, language }
    } else if (command === 'commission' && (word === '--resume' || word === '--new'))
      wanted = { ...wanted, mode: word === '--new' ? 'new' : 'resume' }
    else if (command === 'verify' && wanted.file === null && !word.startsWith('--')) wanted = { ...wanted, file: word }
    else throw new ConfigError(USAGE)
  }
  return wanted
}

/** The branch's own key out of its data folder; null when the folder has none. */
function keyIn(folder: string) {
  const file = join(folder, 'branch-key.pem')
  if (!existsSync(file)) return null
  const key = createPrivateKey(readFileSync(file, 'utf8'))
  const publicKey = createPublicKey(key)
  return { key, publicKey: textOfKey(publicKey) ?? '', fingerprint: fingerprintOf(publicKey) }
}

const wordsOf = (fingerprint: string): readonly string[] => sixWords(Buffer.from(fingerprint, 'base64url'))

function verifyFile(file: string, folder: string, language: Language): string {
  const say = commissioningWords(language)
  const fingerprint = readSeal(readFileSync(file))
  if (fingerprint === null) throw new CommissioningError(say('sealBroken'))
  const isOurs = keyIn(folder)?.fingerprint === fingerprint
  return `${say('sealWhole', { words: wordsOf(fingerprint).join(' ') })}\n${say(isOurs ? 'sealOurs' : 'sealOther')}`
}

function tokenIn({ folder, installerToken }: Config): string | null {
  const file = join(folder, 'installer-token')
  return installerToken ?? (existsSync(file) ? readFileSync(file, 'utf8').trim() : null)
}

/** What the branch says of itself; waits for a server that has just got its power back. */
async function meet(api: BranchApi, { monotonicMs }: Clocks, language: Language, isPatient: boolean) {
  const say = commissioningWords(language)
  const untilMs = monotonicMs() + (isPatient ? SERVER_MS_MAX : 0)
  for (;;)
    try {
      const devices = await api.ask<readonly SiteDevice[]>('GET', '/api/v1/devices')
      if (devices.status === 401 || devices.status === 403) throw new CommissioningError(say('tokenRefused'))
      const catalogue = await api.ask<Catalogue>('GET', '/api/v1/catalogue')
      if (catalogue.status !== 200) throw new CommissioningError(say('noCatalogue'))
      const health = await api.ask<{ version: string }>('GET', '/api/v1/health')
      return { devices: devices.body, catalogue: catalogue.body, version: health.body.version }
    } catch (error) {
      if (!(error instanceof BranchAwayError)) throw error
      if (monotonicMs() >= untilMs) throw new CommissioningError(say('serverAway', { url: api.url }))
      await rest(SERVER_AGAIN_MS)
    }
}

/** The run to go on with, or a new one. */
async function openRun(wanted: Wanted, language: Language, parts: CommandParts, person: Person): Promise<Run> {
  const say = commissioningWords(language)
  const { folder } = parts.config
  const kept = readRun(folder)
  if (wanted.mode === 'resume') {
    if (kept === null) throw new CommissioningError(say('nothingBegun'))
    return kept
  }
  if (kept !== null && wanted.mode === 'begin') throw new CommissioningError(say('unfinished'))
  const who = ((await person.ask('askName')) ?? '').slice(0, 60) || '–'
  const startedAtMs = Math.floor(parts.clocks.wallMs())
  return { version: 1, language, who, startedAtMs, done: [], findings: [], pull: null }
}

/** Takes the test tickets away, and says so in the report. */
async function tidyUp({ api, clocks }: Omit<Site, 'note'>, run: Run): Promise<Run> {
  const { body } = await api.ask<{ cancelledCount: number }>('DELETE', '/api/v1/trials')
  const finding = {
    step: 'power',
    about: '',
    verdict: 'told',
    text: 'testTickets',
    values: { count: body.cancelledCount },
    atMs: Math.floor(clocks.wallMs()),
  } as const
  return { ...run, findings: [...run.findings, finding] }
}

async function writeReport(site: Omit<Site, 'note'>, run: Run): Promise<string> {
  const { config, clocks, catalogue, devices, version } = site
  const key = keyIn(config.folder)
  if (key === null)
    throw new CommissioningError(commissioningWords(run.language)('folderUnknown', { folder: config.folder }))
  const toMs = Math.floor(clocks.wallMs())
  const pdf = await commissioningPdf({
    branchName: catalogue.branch.name,
    timezone: catalogue.branch.timezone,
    language: run.language,
    who: run.who,
    fromMs: run.startedAtMs,
    toMs,
    words: wordsOf(key.fingerprint),
    version,
    deviceNames: devices.map(({ name }) => name),
    findings: run.findings,
  })
  const name = `commissioning-${new Date(toMs).toISOString().slice(0, 19).replaceAll(':', '-')}.pdf`
  const file = join(commissioningFolder(config.folder), name)
  writeFileSync(file, sealDocument(pdf, key.key, key.publicKey), { flag: 'wx', mode: 0o600 })
  return file
}

/** The port is somebody else's, or nobody can tell: in the words of whoever stands there. */
function strangerSaid(error: unknown, say: ReturnType<typeof commissioningWords>, url: string): unknown {
  if (!(error instanceof StrangerError)) return error
  const { file } = error
  return new CommissioningError(file === null ? say('notThisBranch', { url }) : say('ownFileMissing', { file }))
}

async function runCommissioning(wanted: Wanted, parts: CommandParts): Promise<string> {
  const { config, clocks } = parts
  const kept = wanted.mode === 'resume' ? (readRun(config.folder)?.language ?? null) : null
  const asked = kept ?? wanted.language
  const first = commissioningWords(asked ?? 'fr')
  const token = tokenIn(config)
  if (token === null || keyIn(config.folder) === null)
    throw new CommissioningError(first('folderUnknown', { folder: config.folder }))
  const api = openBranchApi(config, token)
  const met = await meet(api, clocks, asked ?? 'fr', wanted.mode === 'resume').catch((error: unknown) => {
    throw strangerSaid(error, first, api.url)
  })
  const language = asked ?? met.catalogue.branch.defaultLanguage
  const say = commissioningWords(language)
  const person = openPerson(parts, say, () => new CommissioningError(say('inputEnded')))
  try {
    person.tell('welcome', { branch: met.catalogue.branch.name })
    const run = await openRun(wanted, language, parts, person)
    const moment = slipMoment(language, run.startedAtMs, met.catalogue.branch.timezone)
    if (wanted.mode === 'resume') person.tell('resumed', { moment })
    const site = { api, person, config, clocks, pace: parts.pace, who: run.who, ...met }
    const finished = await tidyUp(site, await commission(site, run))
    const file = await writeReport(site, finished)
    forgetRun(config.folder)
    const [good, bad, skipped] = (['good', 'bad', 'skipped'] as const).map((it) => countOf(finished.findings, it))
    return `\n${say('tally', { good: good ?? 0, bad: bad ?? 0, skipped: skipped ?? 0 })}\n${say('doneAt', { file })}`
  } catch (error) {
    if (error instanceof BranchAwayError) throw new CommissioningError(say('serverLost'))
    throw strangerSaid(error, say, api.url)
  } finally {
    person.close()
  }
}

/**
 * `npm run branch -- commission` and `-- verify`.
 * @returns what to tell the person at the end
 * @throws ConfigError, CommissioningError, or what the disk says
 */
export async function runCommissioningCommand(words: readonly string[], parts: CommandParts): Promise<string> {
  const wanted = wantedBy(words)
  if (words[0] === 'commission') return runCommissioning(wanted, parts)
  if (wanted.file === null) throw new ConfigError(USAGE)
  return verifyFile(wanted.file, parts.config.folder, wanted.language ?? 'fr')
}
