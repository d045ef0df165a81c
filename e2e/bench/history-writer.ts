// Writes years of work into a new file: every ticket is decided, folded, chained and projected by the branch's own code,
// on clocks that are turned by hand. Only the commits are larger than a living branch's.
import { randomUUID } from 'node:crypto'
import { v7 as newTicketId } from 'uuid'
import type { Command, Origin } from '#shared/domain/commands.ts'
import type { AgentId, CounterId, DeviceId, EpochMs, SteadyMs, TicketId } from '#shared/domain/ids.ts'
import type { BranchState } from '#shared/domain/state.ts'
import { emptyState } from '#shared/domain/state-json.ts'
import { type Head, hashOf } from '../../branch-server/store/event-log.ts'
import { openStore } from '../../branch-server/store/store.ts'
import { newEpoch } from '../../branch-server/waist/open-branch.ts'
import { beginEpoch, type Draft, settle } from '../../branch-server/waist/settle.ts'
import { agentIdOf, benchCatalogue, counterIds, SERVICE_COUNT, serviceIds } from './bench-catalogue.ts'

const DAY_MS = 24 * 3_600_000
/** Ten years of a million tickets. */
const TICKETS_PER_DAY = 333
const OPEN_MS = 8 * 3_600_000
const PAUSE_MS = Math.floor(OPEN_MS / TICKETS_PER_DAY)
const SERVICE_MS = Math.floor(PAUSE_MS / 2)
/** Commands of one commit. */
const BATCH = 1_500

const installer: Origin = { kind: 'installer', deviceId: 'installer' as DeviceId }
const kiosk: Origin = { kind: 'kiosk', deviceId: randomUUID() as DeviceId }
const callers = counterIds.map((counterId): { origin: Origin; counterId: CounterId; agentId: AgentId } => ({
  origin: { kind: 'caller', deviceId: randomUUID() as DeviceId },
  counterId,
  agentId: agentIdOf(counterId),
}))

const [file = '', ticketText = '0', endText = '0'] = process.argv.slice(2)
const ticketCount = Number(ticketText)
const dayCount = Math.ceil(ticketCount / TICKETS_PER_DAY)
/** 08:00 on the first day; the last day is the one before `endText`. */
const firstMs = Math.floor(Number(endText) / DAY_MS - dayCount) * DAY_MS + 8 * 3_600_000

const store = openStore(file)
let wallMs = firstMs
const reading = () => ({ wallMs: wallMs as EpochMs, steadyMs: (wallMs - firstMs) as SteadyMs })
const draftOf = (state: BranchState): Draft => ({
  state,
  events: [],
  tickets: new Map(),
  answers: new Map(),
  writes: [],
})

let before = emptyState({ atMs: firstMs as EpochMs, steadyMs: 0 as SteadyMs })
let draft = draftOf(before)
beginEpoch(draft, 'first-boot', null, [], reading(), newEpoch(), store)
let head: Head | null = null
let commandCount = 0

function commit(): void {
  head = store.commit(head, { ...draft, before, answers: [] }).head
  before = draft.state
  draft = draftOf(draft.state)
  commandCount = 0
}

function act(origin: Origin, command: Command, writes: Draft['writes'] = []): void {
  const answer = () => ({ status: 200, body: null })
  const reply = settle(
    draft,
    { origin, command, answer, idempotency: null, bookmark: null },
    store,
    head as never,
    reading(),
  )
  if (reply.status !== 200) throw new Error(`${command.type}: ${reply.body}`)
  draft.writes.push(...writes)
  commandCount += 1
  if (commandCount >= BATCH) commit()
}

commit()
const text = JSON.stringify(benchCatalogue)
store.catalogues.stage(1, benchCatalogue)
act(installer, { type: 'ApplyCatalogue', version: 1, hash: hashOf(text) }, [
  ({ catalogues }) => catalogues.put(1, hashOf(text), text, new Map()),
])
for (const { origin, counterId, agentId } of callers) act(origin, { type: 'OpenCounter', counterId, agentId })

for (let index = 0; index < ticketCount; index += 1) {
  const day = Math.floor(index / TICKETS_PER_DAY)
  wallMs = firstMs + day * DAY_MS + (index % TICKETS_PER_DAY) * PAUSE_MS
  const ticketId = newTicketId({ msecs: wallMs }) as TicketId
  const serviceId = serviceIds[index % SERVICE_COUNT]
  const caller = callers[index % callers.length]
  if (serviceId === undefined || caller === undefined) throw new Error('The catalogue is empty')
  act(kiosk, { type: 'IssueTicket', ticketId, serviceId, channel: 'kiosk', priority: null, language: null })
  wallMs += Math.floor(PAUSE_MS / 3)
  act(caller.origin, { type: 'CallNext', counterId: caller.counterId })
  wallMs += SERVICE_MS
  act(caller.origin, { type: 'CompleteTicket', ticketId, outcome: null })
}
if (commandCount > 0) commit()
store.close()
