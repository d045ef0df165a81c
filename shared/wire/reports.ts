import { type TSchema, Type } from 'typebox'
import { ALGORITHMS } from '../domain/catalogue.ts'
import { LANGUAGES } from '../domain/ids.ts'
import { literals, type ParsedBy, strict } from './schema.ts'

/** What head office asks of its figures, and what it is told. Every figure's definition stands at its place. */

export const REPORTS = ['wait-times', 'agent-performance', 'queue-stats', 'satisfaction'] as const
export type ReportName = (typeof REPORTS)[number]
export const REPORT_FORMATS = ['json', 'csv', 'pdf'] as const
export type ReportFormat = (typeof REPORT_FORMATS)[number]
/** What a table of figures has a line for each of, as CSV, which holds one table, is asked for it. */
export const REPORT_TABLES = ['lines', 'branches', 'days'] as const
export type ReportTable = (typeof REPORT_TABLES)[number]
export const LINES_BY = ['service', 'queue', 'agent'] as const
export type LinesBy = (typeof LINES_BY)[number]

/** Business dates of one report: a year and its leap day. */
export const REPORT_DAYS_MAX = 366
/** Branches of one report; a tenant with more asks by branch. */
export const REPORT_BRANCHES_MAX = 1_000

const date = (description: string) => Type.String({ format: 'date', description })
const id = (description: string) => Type.String({ minLength: 1, maxLength: 200, description })
const orNull = <Schema extends TSchema>(schema: Schema, description: string) =>
  Type.Union([schema, Type.Null()], { description })

export const ReportQuery = Type.Object(
  {
    from: date('First business date'),
    to: date(`Last business date; at most ${REPORT_DAYS_MAX} of them`),
    compareFrom: Type.Optional(date('First business date of a period of the same length to compare with')),
    branch: Type.Optional(
      Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$', description: 'Left out: all branches' }),
    ),
    service: Type.Optional(id('Of one service alone; at most one of service, queue and agent')),
    queue: Type.Optional(id('Of one queue alone')),
    agent: Type.Optional(id('Of one agent alone')),
    format: Type.Optional(literals(REPORT_FORMATS)),
    table: Type.Optional(literals(REPORT_TABLES)),
    language: Type.Optional(literals(LANGUAGES)),
  },
  strict,
)
export type ReportQuery = ParsedBy<typeof ReportQuery>

const count = (description: string) => Type.Integer({ description })
const ms = (description: string) => Type.Number({ description: `${description}; milliseconds` })
const share = (description: string) =>
  orNull(Type.Number(), `${description}; a share of 1, null where there is nothing to divide by`)

const summary = (description: string) =>
  Type.Object(
    {
      count: count('How many were measured'),
      meanMs: orNull(Type.Number(), 'Sum ÷ count, exact; milliseconds, null where nothing was measured'),
      medianMs: orNull(Type.Number(), 'By the nearest rank, within medianErrorMax; milliseconds'),
      p90Ms: orNull(Type.Number(), 'Nine in ten are at or below, within medianErrorMax; milliseconds'),
    },
    { description },
  )

const figures = {
  issuedCount: count('Tickets; of a queue or an agent: stays there; of a service: each service of a visit for itself'),
  calledCount: count('Called at least once'),
  completedCount: count('Served to the end'),
  noShowCount: count('Called, and did not come'),
  cancelledCount: count('Cancelled, whoever did it and when'),
  abandonedCount: count('Cancelled while waiting, by the customer or the end of the day'),
  wait: summary('First called − issued; of a queue or an agent: called − entered that line'),
  timeToService: summary('Started − issued'),
  serviceTime: summary('Time in service, holds left out, of services that have ended'),
  slaCompliance: share('Waits within the target of the service ÷ waits that are known'),
  slaCount: count('Waits that are known, of services with a target'),
  noShowRate: share('No-shows ÷ called at least once'),
  completionRate: share('Completed ÷ (completed + no-shows + cancelled)'),
  abandonmentRate: share('Cancelled while waiting ÷ issued'),
  utilisation: share('Serving ÷ (signed in − breaks), of counter time that has ended'),
  occupancy: share('Serving ÷ open counters, over the time any was open'),
  signedInMs: ms('At counters, breaks in it'),
  breakMs: ms('On breaks'),
  servingMs: ms('Serving'),
}
export const ReportFigures = Type.Object(figures)

const names = Type.Union([Type.Record(Type.String(), Type.String()), Type.String(), Type.Null()], {
  description: 'By language, or one for all; null: no catalogue that the branch sent last holds it, or it is a date',
})

const line = {
  id: Type.String({ description: 'Of the service, queue, agent or branch; a business date' }),
  name: names,
  isRetired: Type.Boolean({ description: 'The catalogue that the branch sent last does not hold it' }),
  ...figures,
}

export const ReportLine = Type.Object({
  ...line,
  branchId: orNull(
    Type.String(),
    'Queues and agents are each branch’s own; null: services, which are told by their id over all branches',
  ),
})
export type ReportLine = ParsedBy<typeof ReportLine>

export const ReportBranch = Type.Object({
  ...line,
  timeZone: Type.String({ description: 'Its business dates are of this zone' }),
  heardAtMs: orNull(Type.Integer(), 'When it said last how it is: its figures are no newer; null: never'),
})
export type ReportBranch = ParsedBy<typeof ReportBranch>

export const HeatCell = Type.Object({
  weekday: Type.Integer({
    description: '1 Monday … 7 Sunday, of the business date: a night belongs to the day before',
  }),
  hour: Type.Integer({ description: '0 … 23, the hour of issue on the wall of the branch' }),
  dayCount: count('How many dates of that weekday the period has; the tickets of one are issuedCount ÷ dayCount'),
  issuedCount: figures.issuedCount,
  calledCount: figures.calledCount,
  abandonedCount: figures.abandonedCount,
  slaCompliance: figures.slaCompliance,
  slaCount: figures.slaCount,
})
export type HeatCell = ParsedBy<typeof HeatCell>

const bands = (description: string) =>
  Type.Array(
    Type.Object({
      fromMs: Type.Integer({ description: 'In it; milliseconds' }),
      toMs: orNull(Type.Integer(), 'No longer in it; milliseconds, null: there is no upper end'),
      count: count('How many, exactly'),
    }),
    {
      description: `${description}, in bands half a doubling wide; those below the first and above the last are empty`,
    },
  )

const period = {
  from: date('First business date'),
  to: date('Last business date'),
  medianErrorMax: Type.Number({
    description:
      'How far a median or percentile may be from the one of the rows, as a share of it (or half a second): 0 when it is exact, 0.045 when it is of buckets. Counts, means and shares are exact',
  }),
  total: ReportFigures,
  waitBands: bands('How waits are distributed'),
  serviceBands: bands('How times in service are distributed'),
}

/** What the figures of a period speak for, and by which of them it is told. */
export const Advice = Type.Union([
  Type.Object({
    kind: Type.Literal('order', { description: 'The queue should be called in another order' }),
    branchId: Type.String(),
    queueId: Type.String(),
    name: names,
    now: literals(ALGORITHMS),
    better: literals(['sla', 'priority']),
    lateShare: share('Waits beyond the target of their service ÷ waits that are known'),
    priorityShare: share('Tickets with a priority ÷ tickets, of those that entered this queue first'),
    waitCount: count('Waits that are known'),
  }),
  Type.Object({
    kind: Type.Literal('counters', { description: 'At this hour of this weekday more counters are needed' }),
    weekday: Type.Integer({ description: '1 Monday … 7 Sunday' }),
    hour: Type.Integer({ description: '0 … 23' }),
    dayCount: count('Dates of that weekday'),
    perDay: Type.Number({ description: 'Tickets issued in that hour, of one date' }),
    serviceMs: ms('Mean time in service over the whole period'),
    openCounters: Type.Number({
      description: 'Open in the hours that tickets were called in, breaks left out, on average',
    }),
    load: Type.Number({ description: 'Work that came ÷ what these counters can do; advised beyond 0.8' }),
    needed: count('Counters that keep it within 0.8'),
  }),
  Type.Object({
    kind: Type.Literal('better', {
      description: 'Which of the two periods did better, by more than 5 % in both figures',
    }),
    winner: literals(['this', 'compared', 'neither']),
    waitChange: Type.Number({
      description: 'Mean wait against the compared period, as a share of it; below 0: shorter',
    }),
    abandonmentChange: Type.Number({ description: 'Abandonment rate, likewise' }),
    counts: Type.Object({ this: count('Waits of this period'), compared: count('Waits of the other') }),
  }),
])
export type Advice = ParsedBy<typeof Advice>

export const ToldRangeError = Type.Object({
  count: count('Tickets that were told a range and were called after a wait that is known'),
  biasMs: ms('Mean of told − waited, by the middle of the range: above 0, customers were called sooner than told'),
  absoluteErrorMs: ms('Mean distance of the middle of the range from the wait'),
  insideShare: Type.Number({ description: 'Waits within their range ÷ count; 0.8 is the aim' }),
  aboveShare: Type.Number({ description: 'Waits longer than their range ÷ count; 0.1 is the aim' }),
})
export type ToldRangeError = ParsedBy<typeof ToldRangeError>

export const FigureReportAnswer = Type.Object({
  report: literals(['wait-times', 'agent-performance', 'queue-stats']),
  ...period,
  linesBy: literals(LINES_BY),
  lines: Type.Array(ReportLine),
  branches: Type.Array(ReportBranch, { description: 'To be compared: those with figures in the period' }),
  days: Type.Array(Type.Object(line), { description: 'The trend: each business date that has figures, in order' }),
  heatMap: orNull(
    Type.Array(HeatCell),
    'Hours of issue × weekdays, those with tickets; null: of one service, queue or agent there is none',
  ),
  comparison: orNull(Type.Object(period), 'The period of compareFrom; null: none was asked for'),
  rangeError: orNull(
    ToldRangeError,
    'How far the waiting ranges told with tickets were from their waits; null: of more tickets than are read one by one, of a queue or an agent, or nobody was told any',
  ),
  advice: Type.Array(Advice, { description: 'What these figures speak for, each with its evidence' }),
})
export type FigureReportAnswer = ParsedBy<typeof FigureReportAnswer>

export const SatisfactionAnswer = Type.Object({
  report: literals(['satisfaction']),
  from: period.from,
  to: period.to,
  isCollected: Type.Boolean({ description: 'Whether customers are asked at all; false: the figures are of nothing' }),
  answerCount: count('Answers from 1 to 5'),
  csat: share('Answers of 4 and 5 ÷ answers from 1 to 5'),
  meanScore: orNull(Type.Number(), 'Mean of the answers from 1 to 5; null without any'),
  npsCount: count('Answers from 0 to 10'),
  nps: orNull(Type.Number(), '9 and 10 − 0 to 6, in percent of the answers from 0 to 10; null without any'),
})
export type SatisfactionAnswer = ParsedBy<typeof SatisfactionAnswer>
