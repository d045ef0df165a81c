import { StatusLine } from '#shared/ui/parts.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import type { CloudTrouble } from '../cloud-trouble.ts'

const SAID = { forked: 'cloud.forked', refused: 'cloud.refused', audit: 'cloud.audit' } as const

/** Nothing is different at the desks; but head office sees another branch than this one, until somebody acts. */
export function CloudNote({ trouble }: { readonly trouble: CloudTrouble | null }) {
  const words = useWords()
  if (trouble === null) return null
  return (
    <div className="cut-note">
      <StatusLine icon="octagon" tone="warn">
        {words.say(SAID[trouble])}
      </StatusLine>
    </div>
  )
}
