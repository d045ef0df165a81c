import type { ServerPlant } from './server.ts'

const hub = 'cloud-sync/live/hub.ts'
const hubTest = 'cloud-sync/live/hub.test.ts'
const evaluate = 'cloud-sync/alerts/evaluate.ts'
const alertsTest = 'cloud-sync/alerts/alerts.test.ts'

/** Bugs planted in what head office follows live, and in what it is told of. */
export const livePlants: readonly ServerPlant[] = [
  {
    name: 'whoever comes with the key of another tenant follows this one',
    file: 'cloud-sync/routes/live.ts',
    find: "config: { door: 'person', scope: 'read:queue' },\n      schema: { params: TenantParams, querystring: LiveQuery },",
    replace: "config: { door: 'open' },\n      schema: { params: TenantParams, querystring: LiveQuery },",
    testFile: 'cloud-sync/routes/live.test.ts',
    testName: 'opened by its own alone',
  },
  {
    name: 'an alert is told with each look',
    file: evaluate,
    find: '(told_at is null or (',
    replace: '(told_at is null or true or (',
    testFile: alertsTest,
    testName: 'is told once',
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
    name: 'two clouds look at a tenant at once',
    file: evaluate,
    find: "select pg_try_advisory_xact_lock(hashtextextended('alerts:' || $1, 0)) as is_mine",
    replace: 'select $1::text is not null as is_mine',
    testFile: alertsTest,
    testName: 'is told once',
  },
  {
    name: 'what changes is told as often as it does',
    file: hub,
    find: 'now - room.beatAtMs < LIVE_PACE_MS || now - follower.toldAtMs < LIVE_PACE_MS',
    replace: 'now < 0',
    testFile: hubTest,
    testName: 'at most once in five seconds',
  },
  {
    name: 'a mail is taken by each cloud that looks',
    file: 'cloud-sync/store/mail-waiting.ts',
    find: 'where tenant_id = $1 and next_attempt_at <= $2',
    replace: 'where tenant_id = $1 and made_at <= $2',
    testFile: alertsTest,
    testName: 'one that is taken goes once',
  },
  {
    name: 'who does not read is sent more and more',
    file: hub,
    find: 'if (follower.socket.bufferedAmount > UNREAD_BYTES_MAX) return false',
    replace: '',
    testFile: hubTest,
    testName: 'who does not read is told nothing more',
  },
]
