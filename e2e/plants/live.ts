import type { ServerPlant } from './server.ts'

const hub = 'cloud-sync/live/hub.ts'
const hubTest = 'cloud-sync/live/hub.test.ts'
const evaluate = 'cloud-sync/alerts/evaluate.ts'
const daysTest = 'e2e/reports/ended-days.test.ts'
const alertsTest = 'cloud-sync/alerts/alerts.test.ts'

/** Bugs planted in what head office follows live, and in what it is told of. */
export const livePlants: readonly ServerPlant[] = [
  {
    name: 'whoever comes with the key of another tenant follows this one',
    file: 'cloud-sync/routes/live.ts',
    find: "config: { door: 'person', scope: 'read:queue' },\n    schema: { params: TenantParams, querystring",
    replace: "config: { door: 'open' },\n    schema: { params: TenantParams, querystring",
    testFile: 'cloud-sync/routes/live.test.ts',
    testName: 'a tenant’s line is opened by its own alone',
  },
  {
    name: 'an alert is told with each look',
    file: evaluate,
    find: '(told_at is null or (',
    replace: '(told_at is null or true or (',
    testFile: alertsTest,
    testName: 'what is beyond a rule is told once',
  },
  {
    name: 'a line stays open when what it was opened with is over',
    file: hub,
    find: 'now >= follower.expiresAtMs',
    replace: 'now >= Infinity',
    testFile: hubTest,
    testName: 'what she came with ends',
  },
  {
    name: 'what changes is told as often as it does',
    file: hub,
    find: 'now - room.beatAtMs < LIVE_PACE_MS || now - follower.toldAtMs < LIVE_PACE_MS',
    replace: 'now < 0',
    testFile: hubTest,
    testName: 'whoever comes is told all there is at once',
  },
  {
    name: 'a mail is taken by each cloud that looks',
    file: 'cloud-sync/store/mail-waiting.ts',
    find: 'where tenant_id = $1 and next_attempt_at <= $2',
    replace: 'where tenant_id = $1 and made_at <= $2',
    testFile: alertsTest,
    testName: 'a mail that is not taken is tried again',
  },
  {
    name: 'who does not read is sent more and more',
    file: hub,
    find: 'if (follower.socket.bufferedAmount > UNREAD_BYTES_MAX) return false',
    replace: '',
    testFile: hubTest,
    testName: 'who does not read is told nothing more',
  },
  {
    name: 'the report of a day goes out with each turn',
    file: 'cloud-sync/store/branch-days.ts',
    find: '\n       where day.reported_at is null',
    replace: '',
    testFile: daysTest,
    testName: 'the report of a day goes out once',
  },
  {
    name: 'what is due is done by each cloud that says so',
    file: 'cloud-sync/jobs/open-jobs.ts',
    find: '{ singletonSeconds: everySeconds }',
    replace: '{}',
    testFile: 'cloud-sync/jobs/open-jobs.test.ts',
    testName: 'of two clouds one does what is due',
  },
  {
    name: 'a day of which not all is here is reported at once',
    file: 'cloud-sync/jobs/branch-days.ts',
    find: '(isWhole ? GRACE_MS : AWAITED_MS)',
    replace: 'GRACE_MS',
    testFile: daysTest,
    testName: 'the report of a day goes out once',
  },
  {
    name: 'alerts beyond what one look takes are told to be over',
    file: evaluate,
    find: 'breaches.length < BREACHES_MAX ? undefined : breaches.at(-1)',
    replace: 'breaches.find(({ ruleId }) => ruleId === BREACHES_MAX.toString())',
    testFile: alertsTest,
    testName: 'where more is so than is looked at',
  },
  {
    name: 'mails that were given up take the place of those that wait',
    file: 'cloud-sync/store/mail-waiting.ts',
    find: ' and next_attempt_at is not null) <',
    replace: ') <',
    testFile: alertsTest,
    testName: 'mails that were given up',
  },
  {
    name: 'news that are missed in the midst of telling are lost',
    file: hub,
    find: 'room.allChange = room.change\n',
    replace: '\n',
    testFile: hubTest,
    testName: 'when what was said was not heard',
  },
  {
    name: 'figures are held against themselves',
    file: 'cloud-sync/store/check-day.ts',
    find: 'compared(await readRollups(db, branch, [date]), working.cells)',
    replace: 'compared([], createCells(bucketGrain))',
    testFile: daysTest,
    testName: 'each day that is worked out anew',
  },
]
