import type { Sqlite } from '#shared/disk/open.ts'
import { PAPER_TROUBLES_MAX, type PaperTrouble } from '#shared/wire/printers.ts'

/**
 * Papers that staff must know by number: the branch refused them, or nobody knows whether they came out. Who has one
 * may stand in no list, or hold no paper. One that came out later after all, or of which somebody has said so, is not
 * among them.
 * @returns finds those of the latest date, and of the jobs since a time, the latest first
 */
export function findPaperTroubles(db: Sqlite): (sinceMs: number) => readonly PaperTrouble[] {
  const refused = db.prepare(
    `select number, 'refused' as trouble from offline_ticket
     where outcome is not null and outcome <> 'adopted'
       and business_date = (select max(business_date) from offline_ticket)
     order by arrival_steady_ms desc limit ${PAPER_TROUBLES_MAX}`,
  )
  const doubted = db.prepare(
    `select number, state as trouble from print_job job
     where state in ('uncertain', 'expired') and judgement is null and at_ms >= ?
       and not exists (select 1 from print_job other
         where other.ticket_id = job.ticket_id and other.state in ('confirmed', 'sent'))
     group by ticket_id order by max(at_ms) desc limit ${PAPER_TROUBLES_MAX}`,
  )
  return (sinceMs) =>
    [...(refused.all() as PaperTrouble[]), ...(doubted.all(sinceMs) as PaperTrouble[])].slice(0, PAPER_TROUBLES_MAX)
}
