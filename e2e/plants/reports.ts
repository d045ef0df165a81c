import type { ServerPlant } from './server.ts'

const testFile = 'e2e/reports/reports.test.ts'
const testName = 'every report is what'
const gatheredTest = 'cloud-sync/store/gathered.test.ts'

/** Bugs planted in what reports are made of: their definitions and days are the branch's, the sums are the cloud's. */
export const reportPlants: readonly ServerPlant[] = [
  {
    name: 'days turn by UTC instead of the branch’s zone',
    file: 'shared/domain/business-day.ts',
    find: '.toZonedDateTime(timezone, {',
    replace: ".toZonedDateTime(timezone === '' ? timezone : 'UTC', {",
    testFile,
    testName,
  },
  {
    name: 'hours are told by UTC',
    file: 'shared/project/hour-at.ts',
    find: '.toZonedDateTimeISO(timezone)',
    replace: ".toZonedDateTimeISO('UTC')",
    testFile,
    testName,
  },
  {
    name: 'whoever did not come counts as served',
    file: 'shared/project/figures.ts',
    find: "      completed: one(status === 'completed'),",
    replace: "      completed: one(status === 'completed' || status === 'no_show'),",
    testFile,
    testName,
  },
  {
    name: 'the mean of all branches is the mean of their means',
    file: 'cloud-sync/reports/figure-report.ts',
    find: '    total: figuresOf(total, grain),\n',
    replace: `    total: ((figures) => ({
    ...figures,
    wait: {
      ...figures.wait,
      meanMs: [...summed.byBranch.values()]
        .map((tally) => (figuresOf(tally, summed.grain).wait.meanMs ?? 0) / summed.byBranch.size)
        .reduce((sum, meanMs) => sum + meanMs, 0),
    },
  }))(figuresOf(total, grain)),\n`,
    testFile,
    testName,
  },
  {
    name: 'a date at the end of the period is left out of the sums',
    file: 'cloud-sync/store/report-rows.ts',
    find: 'and business_date between $3 and $4`',
    replace: 'and business_date >= $3 and business_date < $4`',
    testFile,
    testName,
  },
  {
    name: 'the queues of two branches are one where their ids are',
    file: 'cloud-sync/reports/sum-up.ts',
    find: "JSON.stringify([linesBy === 'service' ? null : branchId, id])",
    replace: 'JSON.stringify([branchId === linesBy ? branchId : null, id])',
    testFile,
    testName,
  },
  {
    name: 'buckets are told by where they end',
    file: 'shared/project/spread.ts',
    find: 'endMs === undefined ? beginMs : Math.round(Math.sqrt(beginMs * endMs))',
    replace: 'endMs ?? beginMs',
    testFile,
    testName,
  },
  {
    name: 'a month stays gathered when a day of it changes',
    file: 'cloud-sync/store/migrations/0071-gathered-sums.sql',
    find: 'select tenant_id, left(business_date, 7) from changed',
    replace: 'select tenant_id, business_date from changed',
    testFile: gatheredTest,
    testName: 'whoever changes a day',
  },
  {
    name: 'whoever gathers waits for no upload that is under way',
    file: 'cloud-sync/store/gathered.ts',
    find: '      await holdBranch(db, { tenantId, branchId })',
    replace: "      if (branchId === '') await holdBranch(db, { tenantId, branchId })",
    testFile: gatheredTest,
    testName: 'an upload that is under way',
  },
  {
    name: 'a month is told to be ready before it is counted',
    file: 'cloud-sync/store/gathered.ts',
    find: '      await gatherRows(db, tenantId, month, branchIds)\n',
    replace:
      "      await db.query('update gathered_month set is_ready = true where tenant_id = $1 and month = $2', [tenantId, month])\n      await gatherRows(db, tenantId, month, branchIds)\n",
    testFile: gatheredTest,
    testName: 'an upload that comes once a month is counted',
  },
  {
    name: 'a month that is asked about in part is read as a whole',
    file: 'cloud-sync/store/gathered.ts',
    find: '(asked.from === whole.from && asked.to === whole.to)',
    replace: 'asked.to >= whole.from',
    testFile: gatheredTest,
    testName: 'what is gathered is what the days come to',
  },
]
