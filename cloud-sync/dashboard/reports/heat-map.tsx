import { NativeSelect } from '@mantine/core'
import { useState } from 'react'
import type { HeatCell } from '#shared/wire/reports.ts'
import { reportWords } from '#shared/words/reports.ts'
import { useHere, useWords } from '../here.tsx'
import { sayCount, sayShare, sayWeekday } from './say-figure.ts'

const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const
/** Shades from light to dark; the figure stands in each. */
const SHADES = 5

type Measure = 'arrivals' | 'sla' | 'abandoned'

/** @returns null: nothing was measured there */
function readCell(cell: HeatCell | undefined, measure: Measure): number | null {
  if (cell === undefined || cell.dayCount === 0) return null
  if (measure === 'sla') return cell.slaCompliance
  return (measure === 'arrivals' ? cell.issuedCount : cell.abandonedCount) / cell.dayCount
}

/** Hour of issue by weekday: when customers come, and when they wait too long. */
export function HeatMap({ cells }: { readonly cells: readonly HeatCell[] }) {
  const { say } = useWords()
  const { language } = useHere()
  const sayText = reportWords(language)
  const [measure, setMeasure] = useState<Measure>('arrivals')
  if (cells.length === 0) return null
  const hours = cells.map(({ hour }) => hour)
  const rows = Array.from({ length: Math.max(...hours) - Math.min(...hours) + 1 }, (_, at) => Math.min(...hours) + at)
  const at = new Map(cells.map((cell) => [`${cell.weekday} ${cell.hour}`, cell]))
  const values = cells.map((cell) => readCell(cell, measure) ?? 0)
  const most = measure === 'sla' ? 1 : Math.max(...values)
  const shadeOf = (value: number): number => (most === 0 ? 0 : Math.ceil((value / most) * SHADES))
  return (
    <>
      <NativeSelect
        className="heat-measure"
        label={say('dash.report.heatOf')}
        data={[
          { value: 'arrivals', label: say('dash.report.heatArrivals') },
          { value: 'sla', label: sayText('sla') },
          { value: 'abandoned', label: say('dash.report.heatAbandoned') },
        ]}
        value={measure}
        onChange={({ currentTarget }) => setMeasure(currentTarget.value as Measure)}
      />
      <table className={`heat-map heat-${measure}`} aria-label={say('dash.report.heatMap')}>
        <thead>
          <tr>
            <th scope="col">
              <span className="only-heard">{sayText('name.hour')}</span>
            </th>
            {WEEKDAYS.map((weekday) => (
              <th key={weekday} scope="col">
                {sayWeekday(weekday, language)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((hour) => (
            <tr key={hour}>
              <th scope="row">
                <bdi>{hour}:00</bdi>
              </th>
              {WEEKDAYS.map((weekday) => {
                const value = readCell(at.get(`${weekday} ${hour}`), measure)
                return (
                  <td key={weekday} data-shade={value === null ? undefined : shadeOf(value)}>
                    {value === null ? '' : measure === 'sla' ? sayShare(value, language) : sayCount(value, language, 1)}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}
