import { Button, NativeSelect } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { REPORT_TABLES, type ReportTable } from '#shared/wire/reports.ts'
import type { DashboardKey } from '#shared/words/dashboard-words.ts'
import { askFile } from '../ask.ts'
import { useHere, useWords } from '../here.tsx'
import { Trouble } from '../parts/parts.tsx'
import { pathOf, type ReportQuestion } from './question.ts'

const TABLES: Readonly<Record<ReportTable, DashboardKey>> = {
  lines: 'dash.report.tableLines',
  branches: 'dash.report.tableBranches',
  days: 'dash.report.tableDays',
}

/** The same figures as a paper, and as a table for a spreadsheet. */
export function Downloads({ question }: { readonly question: ReportQuestion }) {
  const { session, language } = useHere()
  const { say } = useWords()
  const [table, setTable] = useState<ReportTable>('lines')
  const isOfFigures = question.report !== 'satisfaction'
  const fetching = useMutation({
    async mutationFn(format: 'csv' | 'pdf') {
      const more = { format, language, ...(format === 'csv' && isOfFigures && { table }) }
      const { file, name } = await askFile(session, pathOf(question, more))
      const url = URL.createObjectURL(file)
      Object.assign(document.createElement('a'), { href: url, download: name }).click()
      URL.revokeObjectURL(url)
    },
  })
  const press = (format: 'csv' | 'pdf') => (
    <Button
      variant="default"
      loading={fetching.isPending && fetching.variables === format}
      onClick={() => fetching.mutate(format)}
    >
      {say('dash.report.download', { format: format.toUpperCase() })}
    </Button>
  )
  return (
    <section className="floor-part report-part">
      <h2>{say('dash.report.files')}</h2>
      <div className="downloads">
        {isOfFigures && (
          <NativeSelect
            label={say('dash.report.tableOf')}
            data={REPORT_TABLES.map((it) => ({ value: it, label: say(TABLES[it]) }))}
            value={table}
            onChange={({ currentTarget }) => setTable(currentTarget.value as ReportTable)}
          />
        )}
        {press('csv')}
        {isOfFigures && press('pdf')}
      </div>
      <Trouble error={fetching.error} />
    </section>
  )
}
