import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { FigureReportAnswer, SatisfactionAnswer } from '#shared/wire/reports.ts'
import { ask } from '../ask.ts'
import { useSession } from '../here.tsx'
import { pathOf, type ReportQuestion } from './question.ts'

export type ReportAnswer = FigureReportAnswer | SatisfactionAnswer

/** Figures of days that are over hardly change: asked again by whoever comes back to the page. */
export function useReport(question: ReportQuestion) {
  const session = useSession()
  const path = pathOf(question)
  return useQuery({
    queryKey: ['report', session.slug, path],
    placeholderData: keepPreviousData,
    queryFn: async () => (await ask<ReportAnswer>(session, 'GET', path)).body,
  })
}
