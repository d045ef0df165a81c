import type { Sqlite } from '#shared/disk/open.ts'

/** Rows kept for staff and for doubts; older ones go, a few with each new one. */
export const PAPER_DAYS_KEPT = 14
const PRUNED_MAX = 64
const JOBS_LISTED_MAX = 100

/** What the kiosk's memory is asked and told. */
export function statements(db: Sqlite) {
  return {
    getMeta: db.prepare('select value from meta where key = ?').pluck(),
    putMeta: db.prepare('insert or replace into meta (key, value) values (?, ?)'),
    getTap: db.prepare('select body from tap where key = ?').pluck(),
    putTap: db.prepare('insert into tap (key, body, at_ms) values (?, ?, ?)'),
    putTicket: db.prepare(
      `insert into offline_ticket
         (ticket_id, tap_key, number, series, ordinal, business_date, arrival_steady_ms, body, branch_key)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    last: db.prepare('select max(ordinal) from offline_ticket where business_date = ? and series = ?').pluck(),
    lastArrival: db
      .prepare('select max(arrival_steady_ms) from offline_ticket where coalesce(branch_key, $branch) = $branch')
      .pluck(),
    waiting: db
      .prepare(
        `select body from offline_ticket
         where outcome is null and (branch_key is null or branch_key in (select value from json_each($branches)))
         order by arrival_steady_ms limit $max`,
      )
      .pluck(),
    awaiting: db.prepare('select body from offline_ticket where outcome is null and number = ?').pluck(),
    setOutcome: db.prepare('update offline_ticket set outcome = ? where ticket_id = ?'),
    tellAdoptedAgain: db.prepare(
      "update offline_ticket set outcome = null where outcome = 'adopted' and business_date >= ?",
    ),
    // From the day on which the branch said so; what is older would be told again every day for ever.
    tellRefusedAgain: db.prepare(
      "update offline_ticket set outcome = null where outcome = 'NumberTaken' and business_date >= ?",
    ),
    putJob: db.prepare(
      'insert into print_job (id, ticket_id, number, state, attempts, copy, slip, at_ms) values (?, ?, ?, ?, ?, ?, ?, ?)',
    ),
    getJob: db.prepare('select * from print_job where id = ?'),
    listJobs: db.prepare(`select * from print_job order by at_ms desc, id desc limit ${JOBS_LISTED_MAX}`),
    lastCopy: db.prepare('select max(copy) from print_job where ticket_id = ?').pluck(),
    setState: db.prepare('update print_job set state = ?, attempts = ? where id = ?'),
    judge: db.prepare(
      "update print_job set judgement = ?, judged_by = ? where id = ? and state = 'uncertain' and judgement is null",
    ),
    pruneTaps: db.prepare(
      `delete from tap where key in (select key from tap where at_ms < ? order by at_ms limit ${PRUNED_MAX})`,
    ),
    // By the dates on paper: a wall clock that is wrong must not make this kiosk forget the numbers of today.
    prunePapers: db.prepare(
      `delete from offline_ticket where ticket_id in (
         select ticket_id from offline_ticket where outcome is not null and business_date < date(?, '-${PAPER_DAYS_KEPT} days')
         order by business_date limit ${PRUNED_MAX})`,
    ),
    pruneJobs: db.prepare(
      `delete from print_job where id in (select id from print_job where at_ms < ? order by at_ms limit ${PRUNED_MAX})`,
    ),
  }
}
