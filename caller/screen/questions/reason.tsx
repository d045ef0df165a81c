import type { ReasonId } from '#shared/domain/ids.ts'
import type { DeskReason } from '#shared/project/counter-desk.ts'
import { ChoiceList } from '#shared/ui/dialog.tsx'
import { useWords } from '#shared/ui/words-context.tsx'

export const NO_REASON = ''
export type MaybeReason = ReasonId | typeof NO_REASON

export const reasonOrNull = (reason: MaybeReason): ReasonId | null => (reason === NO_REASON ? null : reason)

interface ReasonListProps {
  readonly reasons: readonly DeskReason[]
  readonly reason: MaybeReason
  readonly onReason: (reason: MaybeReason) => void
}

/** Why somebody or something has to wait; none need be given. */
export function ReasonList({ reasons, reason, onReason }: ReasonListProps) {
  const words = useWords()
  return (
    <ChoiceList<MaybeReason>
      legend={words.say('caller.holdReason')}
      chosen={reason}
      onChoose={onReason}
      options={[
        { value: NO_REASON, text: words.say('caller.noReason') },
        ...reasons.map(({ reasonId, name }) => ({ value: reasonId, text: words.read(name) })),
      ]}
    />
  )
}
