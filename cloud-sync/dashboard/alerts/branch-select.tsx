import { NativeSelect } from '@mantine/core'
import { readWords, useHere, useWords } from '../here.tsx'
import { useFleet } from '../queries.ts'

/** Names of branches, by id. */
export function useBranchName(): (branchId: string) => string {
  const { language } = useHere()
  const fleet = useFleet()
  return (branchId) => readWords(fleet.data?.items.find((it) => it.branchId === branchId)?.name, language) || branchId
}

export function useBranchZone(): (branchId: string) => string {
  const fleet = useFleet()
  return (branchId) => fleet.data?.items.find((it) => it.branchId === branchId)?.timeZone ?? 'UTC'
}

interface BranchSelectProps {
  /** null: all of them */
  readonly branchId: string | null
  readonly onChange: (branchId: string | null) => void
}

export function BranchSelect({ branchId, onChange }: BranchSelectProps) {
  const { say } = useWords()
  const { language } = useHere()
  const fleet = useFleet()
  const branches = (fleet.data?.items ?? [])
    .map((it) => ({ value: it.branchId, label: readWords(it.name, language) }))
    .toSorted((a, b) => a.label.localeCompare(b.label, language))
  return (
    <NativeSelect
      label={say('dash.alerts.where')}
      data={[{ value: '', label: say('dash.alerts.everywhere') }, ...branches]}
      value={branchId ?? ''}
      onChange={({ currentTarget: { value } }) => onChange(value === '' ? null : value)}
    />
  )
}
