// Cuts a branch under load again and again, and compares what it had said with what it knows afterwards.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { random } from './clients.ts'
import type { Ack, Asked, Report } from './reports.ts'
import { runBranch } from './run-branch.ts'
import { type KillOrder, restoreDurable } from './shim.ts'

/** `power`: only what was synced survives, in every third cut some of the rest, too. `kill`: the page cache survives. */
export type CutKind = 'power' | 'kill'

export interface Campaign {
  readonly kind: CutKind
  readonly cuts: number
  readonly seed: number
  /** Where the program is started from: the checkout, or a copy with a planted bug. */
  readonly root?: string
  /** Ends with the first failure. */
  readonly isOneEnough?: boolean
}

export interface Outcome {
  readonly cuts: number
  readonly answers: number
  readonly tickets: number
  /** One sentence for each thing that went wrong, with the seed and the cut that bring it again. */
  readonly failures: readonly string[]
}

/** Cuts that one data folder lives through. */
const CUTS_PER_FOLDER = 20
const LANES = 2
const TURNS = 110
const CLIENTS = 5
/** A cut comes at one of this many first storage operations. */
const OPERATIONS_MAX = 700
const HOURS_BETWEEN_CUTS = 5
const STARTED_MS = Date.UTC(2026, 10, 23, 8)

interface Life {
  readonly campaign: Campaign
  readonly own: string
  readonly folder: string
  readonly seed: number
  readonly acks: Ack[]
  readonly unanswered: Map<string, Asked>
  readonly ownerByNumber: Map<string, string>
  readonly failures: string[]
  epoch: string | null
}

function newLife(campaign: Campaign, seed: number): Life {
  const own = mkdtempSync(join(tmpdir(), 'power-branch-'))
  const folder = join(own, 'data')
  mkdirSync(folder)
  return {
    campaign,
    own,
    folder,
    seed,
    acks: [],
    unanswered: new Map(),
    ownerByNumber: new Map(),
    failures: [],
    epoch: null,
  }
}

/**
 * Notes that a key was asked. One that is asked again keeps its first time: its answer may have been committed then,
 * and is kept for a day from there.
 */
function noteAsked({ unanswered }: Life, { act, atMs }: Asked): void {
  if (!unanswered.has(act.key)) unanswered.set(act.key, { act, atMs })
}

/** Notes an answer, and whether its number was somebody else's before. */
function note(life: Life, ack: Ack): void {
  const { act, status, body } = ack
  const atMs = life.unanswered.get(act.key)?.atMs ?? ack.atMs
  life.unanswered.delete(act.key)
  if (status >= 500) return
  life.acks.push({ ...ack, atMs })
  if (act.kind !== 'command' || status !== 201) return
  if (act.command.type !== 'IssueTicket' && act.command.type !== 'ServeNow') return
  const { ticketId, number, businessDate } = JSON.parse(body) as Record<string, string>
  const owner = life.ownerByNumber.get(`${number} of ${businessDate}`)
  if (owner !== undefined && owner !== ticketId) life.failures.push(`${number} of ${businessDate} was given twice`)
  life.ownerByNumber.set(`${number} of ${businessDate}`, String(ticketId))
}

function hear(life: Life, report: Report): void {
  if (report.at === 'asked') noteAsked(life, report)
  if (report.at === 'answered') note(life, report)
  if (report.at === 'parted') life.failures.push(`memory is not the disk: ${report.fault}`)
  if (report.at !== 'proved') return
  const { missing, different, doubled, fault, epoch } = report
  if (missing.length > 0) life.failures.push(`lost: ${missing.join(', ')}`)
  if (different.length > 0) life.failures.push(`answered differently: ${different.join('; ')}`)
  if (doubled.length > 0) life.failures.push(`one tap, two tickets: ${doubled.join(', ')}`)
  if (fault !== null) life.failures.push(`the check found: ${fault}`)
  if (life.epoch !== null && life.epoch !== epoch) life.failures.push('a new epoch began, though nothing was damaged')
  life.epoch = epoch
}

/** Starts, proves what was said before, serves, and is cut. @returns whether the cut came before it ended by itself */
async function live(
  life: Life,
  turn: number,
  kill: KillOrder | null,
  reached: (() => boolean) | undefined,
): Promise<boolean> {
  const { campaign, own, folder, acks, failures } = life
  const durable = join(own, 'durable')
  const wallMs = STARTED_MS + turn * HOURS_BETWEEN_CUTS * 3_600_000
  const { code, signal, reports, errors } = await runBranch(
    own,
    { seed: life.seed + turn, turns: kill === null ? 20 : TURNS, clients: CLIENTS, wallMs },
    { acks, unanswered: [...life.unanswered.values()] },
    { folder, ...(campaign.kind === 'power' && { durable }), ...(kill && { kill }) },
    campaign.root,
  )
  for (const report of reports) hear(life, report)
  if (signal !== 'SIGKILL' && code !== 0) failures.push(`it ended with ${code ?? signal}: ${errors.slice(0, 600)}`)
  if (campaign.kind === 'power') restoreDurable(durable, folder, reached)
  return signal === 'SIGKILL'
}

/** One data folder from its first boot to its last, cut again and again. */
async function lifetime(campaign: Campaign, seed: number, cuts: number): Promise<Outcome> {
  const life = newLife(campaign, seed)
  const draw = random(seed)
  const whens = campaign.kind === 'power' ? (['before', 'after', 'torn'] as const) : (['before', 'after'] as const)
  let done = 0
  for (let turn = 1; done < cuts && life.failures.length === 0; turn += 1) {
    const at = 1 + Math.floor(draw() * OPERATIONS_MAX)
    const when = whens[Math.floor(draw() * whens.length)] ?? 'before'
    const reached = turn % 3 === 0 ? () => draw() < 0.5 : undefined
    if (await live(life, turn, { at, when }, reached)) done += 1
    if (life.failures.length > 0)
      life.failures.push(`seed ${seed}, turn ${turn}: ${when} operation ${at}, in ${life.folder}`)
  }
  if (life.failures.length === 0) await live(life, done + 1000, null, undefined)
  if (life.failures.length === 0) rmSync(life.own, { recursive: true })
  return { cuts: done, answers: life.acks.length, tickets: life.ownerByNumber.size, failures: life.failures }
}

/** Runs a campaign on two lanes. It goes on after a failure, so that the figure is one of all cuts. */
export async function cutAgainAndAgain(campaign: Campaign): Promise<Outcome> {
  let [started, cuts, answers, tickets] = [0, 0, 0, 0]
  const failures: string[] = []
  const lane = async (): Promise<void> => {
    while (started < campaign.cuts && !(campaign.isOneEnough === true && failures.length > 0)) {
      const share = Math.min(CUTS_PER_FOLDER, campaign.cuts - started)
      const seed = campaign.seed + started * 7919
      started += share
      const life = await lifetime(campaign, seed, share)
      cuts += life.cuts
      answers += life.answers
      tickets += life.tickets
      failures.push(...life.failures)
    }
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  return { cuts, answers, tickets, failures }
}

/** What a campaign has shown, with its bound: none in N is not never. */
export function verdict({ kind, seed }: Campaign, { cuts, answers, tickets, failures }: Outcome): string {
  const lost =
    failures.length === 0
      ? `0 lost, so with 95 % certainty fewer than ${((3 / cuts) * 100).toFixed(2)} % of cuts lose anything`
      : `${failures.length} failures`
  return `${cuts} cuts (${kind}), ${answers} answers, ${tickets} tickets: ${lost}; seed ${seed}`
}
