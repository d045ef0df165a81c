/** A ratio that must hold. `least`: ours is at least that many times the limit; `most`: at most. */
export interface Goal {
  readonly line: string
  readonly what: string
  readonly limit: string
  readonly unit: string
  readonly bound: 'least' | 'most'
  /** null: only told, with nothing to hold. */
  readonly floor: number | null
  readonly aim: number | null
}

export const goals = {
  issue: {
    line: '1',
    what: 'issue, 16 connections',
    limit: 'bare FULL transactions, one ticket each',
    unit: '/s',
    bound: 'least',
    floor: 1.5,
    aim: 3,
  },
  serve: {
    line: '1',
    what: 'call, then complete, 16 counters',
    limit: 'bare FULL transactions, one ticket each',
    unit: '/s',
    bound: 'least',
    floor: null,
    aim: null,
  },
  load: {
    line: '1',
    what: 'load generator itself, 16 connections',
    limit: 'issue, 16 connections',
    unit: '/s',
    bound: 'least',
    floor: null,
    aim: null,
  },
  tap: {
    line: '2',
    what: 'tap to committed, one connection, p50',
    limit: 'bare FULL transaction, p50',
    unit: 'ms',
    bound: 'most',
    floor: 4,
    aim: 2,
  },
  tapBesideWork: {
    line: '2b',
    what: 'tap p99 at 100/s beside report and backup',
    limit: 'the same with nothing else running',
    unit: 'ms',
    bound: 'most',
    floor: 2,
    aim: 1.3,
  },
  displays: {
    line: '3',
    what: 'call to the last of 100 displays, p99',
    limit: 'bare WebSocket broadcast to 100, p99',
    unit: 'ms',
    bound: 'most',
    floor: 2,
    aim: 1.3,
  },
  displaysMedian: {
    line: '3',
    what: 'the same, p50',
    limit: 'the same, p50',
    unit: 'ms',
    bound: 'most',
    floor: null,
    aim: null,
  },
  historyIssue: {
    line: '5',
    what: 'issue, 16 connections, long history',
    limit: 'the same on a short history',
    unit: '/s',
    bound: 'least',
    floor: 0.9,
    aim: 0.98,
  },
  historyServe: {
    line: '5',
    what: 'call, then complete, long history',
    limit: 'the same on a short history',
    unit: '/s',
    bound: 'least',
    floor: 0.9,
    aim: 0.98,
  },
  start: {
    line: '7',
    what: 'cold start to first committed ticket',
    limit: 'loading the bare libraries',
    unit: 'ms',
    bound: 'most',
    floor: 4,
    aim: 2.3,
  },
  startHistory: {
    line: '7',
    what: 'the same on a long history',
    limit: 'the start on a short one',
    unit: 'ms',
    bound: 'most',
    floor: 1.2,
    aim: 1,
  },
  startKilled: {
    line: '7',
    what: 'the same after kill -9 under load',
    limit: 'the start after a proper end',
    unit: 'ms',
    bound: 'most',
    floor: 1.2,
    aim: 1,
  },
  memory: {
    line: '8',
    what: 'memory at rest, resident',
    limit: 'the bare libraries loaded',
    unit: 'MB',
    bound: 'most',
    floor: 1.6,
    aim: 1.2,
  },
  memoryHistory: {
    line: '8',
    what: 'the same on a long history',
    limit: 'the branch on a short one',
    unit: 'MB',
    bound: 'most',
    floor: 1.2,
    aim: 1,
  },
  memoryDisplay: {
    line: '8',
    what: 'memory of one connected display',
    limit: 'what one may take',
    unit: 'KB',
    bound: 'most',
    floor: 1,
    aim: 0.6,
  },
} as const satisfies Record<string, Goal>
