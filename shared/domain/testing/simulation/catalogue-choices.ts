import type { Aging, Algorithm, Holiday, WorkProfile } from '../../catalogue.ts'
import type { ProfileId } from '../../ids.ts'
import type { Span, WeeklyHours } from '../../opening-hours.ts'
import { adviceLine, cardLine, tellerLine } from '../bank.ts'

/** What the owner of a random catalogue chooses among. */

export const ALGORITHM_TURNS: { readonly [algorithm in Algorithm]: readonly Algorithm[] } = {
  fifo: ['priority', 'sla'],
  priority: ['fifo', 'sla'],
  sla: ['fifo', 'priority'],
}

export const AGINGS: readonly (Aging | null)[] = [
  { minutesPerPoint: 1, passedMax: null },
  { minutesPerPoint: null, passedMax: 1 },
  { minutesPerPoint: 0.5, passedMax: 2 },
  { minutesPerPoint: null, passedMax: 3 },
  null,
  { minutesPerPoint: null, passedMax: 1 },
]

/** Seconds; from hardly any patience to an hour. */
export const TARGETS = [60, 180, 600, 3_600]

const daily = (...spans: Span[]): WeeklyHours => ({
  ...{ mon: spans, tue: spans, wed: spans, thu: spans, fri: spans, sat: spans, sun: spans },
})

export const HOURS: readonly (WeeklyHours | null)[] = [
  null,
  daily({ opens: '00:00', closes: '24:00' }),
  daily({ opens: '08:00', closes: '12:00' }, { opens: '12:01', closes: '20:00' }),
  { mon: [{ opens: '09:00', closes: '10:30' }], wed: [{ opens: '00:00', closes: '24:00' }] },
]

export const HOLIDAYS: readonly Holiday[] = [
  { date: '2026-11-23', name: { fr: 'Lundi' }, hours: [{ opens: '09:30', closes: '11:00' }] },
  { date: '2026-11-24', name: { fr: 'Mardi' }, hours: [] },
  { date: '2026-11-25', name: { fr: 'Mercredi' }, hours: [{ opens: '00:00', closes: '24:00' }] },
]

export const PROFILES: readonly WorkProfile[] = [
  {
    id: 'helper' as ProfileId,
    name: { fr: 'Renfort' },
    rules: [
      { queueIds: [cardLine], when: { queueId: cardLine, waitOverMinutes: 5, waitingOver: null } },
      { queueIds: [adviceLine, cardLine], when: { queueId: tellerLine, waitOverMinutes: null, waitingOver: 2 } },
    ],
  },
  {
    id: 'advisor' as ProfileId,
    name: { fr: 'Conseil' },
    rules: [
      { queueIds: [tellerLine], when: { queueId: adviceLine, waitOverMinutes: 2, waitingOver: 1 } },
      { queueIds: [adviceLine, tellerLine], when: null },
    ],
  },
]
