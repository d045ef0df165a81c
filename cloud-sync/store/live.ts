import type { Ticket } from '#shared/domain/ticket.ts'
import type { LiveAlerts, LiveFloor, LiveTicket } from '#shared/wire/live.ts'
import type { PresentBody } from '#shared/wire/sync.ts'
import type { TenantDb } from './database.ts'
import type { BranchIdentity } from './inbox.ts'

/** Visits of one branch that are told at once. */
const TICKETS_MAX = 500
/** A queue that goes through the night still has those of the day before. */
const DAYS = 2
const DAY_MS = 24 * 3_600_000

/** @param date - as a branch said it; what is no date, or null, is before all */
function daysBefore(date: string | null): string {
  const atMs = Date.parse(`${date}T00:00:00Z`) - DAYS * DAY_MS
  return Number.isNaN(atMs) ? '' : new Date(atMs).toISOString().slice(0, 10)
}

function sinceSteadyMs({ facts, phase }: Ticket): number | null {
  if (phase.status === 'serving') return phase.sinceSteadyMs
  if (phase.status === 'held') return phase.sinceSteadyMs ?? null
  return phase.status === 'called' ? facts.lastCalledSteadyMs : facts.enteredSteadyMs
}

function liveTicketOf(ticket: Ticket, steadyMs: number): LiveTicket | null {
  const { facts, phase } = ticket
  const { ticketId, number, serviceId, queueId, told } = facts
  if (
    !(phase.status === 'waiting' || phase.status === 'called' || phase.status === 'serving' || phase.status === 'held')
  )
    return null
  const since = sinceSteadyMs(ticket)
  return {
    ...{ ticketId, number, serviceId, queueId, status: phase.status },
    counterId: 'counterId' in phase ? phase.counterId : null,
    agentId: 'agentId' in phase ? phase.agentId : null,
    // The log may have come up further than the branch has told how it is.
    sinceMs: since === null ? null : Math.max(0, steadyMs - since),
    told: told === null ? null : { lowMs: told.lowMs, highMs: told.highMs },
  }
}

/** One branch as it said last that it is, and whoever is there by its log. @returns null: it has never said */
export async function floorOf(db: TenantDb, { tenantId, branchId }: BranchIdentity): Promise<LiveFloor | null> {
  const [now] = await db.query<{ received_at: Date; body: string }>(
    'select received_at, body from branch_now where tenant_id = $1 and branch_id = $2',
    [tenantId, branchId],
  )
  if (now === undefined) return null
  const present = JSON.parse(now.body) as PresentBody
  const rows = await db.query<{ body: string }>(
    `select body from ticket where tenant_id = $1 and branch_id = $2
       and business_date > $3
       and status in ('waiting', 'called', 'serving', 'held') and not is_set_aside and not is_training
     order by born_ord limit ${TICKETS_MAX + 1}`,
    [tenantId, branchId, daysBefore(present.date)],
  )
  const tickets = rows.map(({ body }) => liveTicketOf(JSON.parse(body) as Ticket, present.steadyMs))
  return {
    ...{ branchId, receivedAtMs: now.received_at.getTime(), present },
    tickets: tickets.filter((it) => it !== null).slice(0, TICKETS_MAX),
    isCut: rows.length > TICKETS_MAX,
  }
}

export async function alertsOf(db: TenantDb, tenantId: string): Promise<LiveAlerts> {
  const [row] = await db.query<{ open: string; unseen: string; changed_at: Date | null }>(
    `select count(*) filter (where resolved_at is null) as open,
       count(*) filter (where resolved_at is null and acknowledged_at is null) as unseen, max(changed_at) as changed_at
     from alert where tenant_id = $1 and began_at is not null`,
    [tenantId],
  )
  return {
    ...{ openCount: Number(row?.open ?? 0), unseenCount: Number(row?.unseen ?? 0) },
    changedAtMs: row?.changed_at?.getTime() ?? null,
  }
}
