import type { ServerPlant } from './server.ts'

const courier = 'cloud-sync/notify/courier.test.ts'
const claim = 'cloud-sync/store/message-claim.ts'

/** Bugs planted in how customers are written to. */
export const messagePlants: readonly ServerPlant[] = [
  {
    name: 'a message is sent again after a time-out',
    file: 'cloud-sync/notify/twilio.ts',
    find: "? { kind: 'unknown', reason: asked.fault }",
    replace: "? { kind: 'again', reason: asked.fault }",
    testFile: courier,
    testName: 'what was cut off is asked about',
  },
  {
    name: 'that it is about to be sent is written down only afterwards',
    file: claim,
    find: "update message set state = 'sending', reason = null, next_at = $3,",
    replace: "update message set state = 'queued', reason = null, next_at = $3,",
    testFile: courier,
    testName: 'whoever dies with a message in hand',
  },
  {
    name: 'a report is taken whoever has signed it',
    file: 'cloud-sync/routes/provider-hooks.ts',
    find: 'return isSigned && form',
    replace: 'return form',
    testFile: 'cloud-sync/routes/notifications.test.ts',
    testName: 'a report that the provider has not signed',
  },
  {
    name: 'what is too late is sent all the same',
    file: claim,
    find: "  if (row.expiresAtMs <= now) return { state: 'expired', reason: 'TooLate' }\n",
    replace: '',
    testFile: courier,
    testName: 'what is too late is never sent',
  },
  {
    name: 'what is not listed at once is taken for lost',
    file: claim,
    find: 'askedAtMs >= row.attemptedAtMs + pace.settleMs',
    replace: 'askedAtMs >= row.attemptedAtMs',
    testFile: courier,
    testName: 'what was cut off is asked about',
  },
  {
    name: 'who has said STOP is written to',
    file: claim,
    find: "  if (await hasStopped(db, row)) return { state: 'suppressed', reason: 'Stopped' }\n",
    replace: '',
    testFile: courier,
    testName: 'who says STOP',
  },
  {
    name: 'the last message of a day costs more than is left',
    file: 'cloud-sync/store/message-spend.ts',
    find: 'spent + costMicros > policy.moneyDayMaxMicros',
    replace: 'spent > policy.moneyDayMaxMicros',
    testFile: courier,
    testName: 'however many are sent at once',
  },
  {
    name: 'a message of the same words is taken for another',
    file: claim,
    find: 'return same.find((id) => !known.has(id)) ?? null',
    replace: 'return same[0] ?? null',
    testFile: courier,
    testName: 'two messages in the same words',
  },
  {
    name: 'a later report takes back that it was delivered',
    file: 'cloud-sync/notify/states.ts',
    find: 'RANKS[state] >= RANKS[report]',
    replace: 'RANKS[state] === RANKS[report]',
    testFile: 'cloud-sync/routes/notifications.test.ts',
    testName: 'reports may come in any order',
  },
]
