import { Button, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { DraftAnswer } from '#shared/wire/draft.ts'
import { ask, RefusedError } from '../ask.ts'
import { useSession, useWords } from '../here.tsx'
import { Trouble } from '../parts/parts.tsx'
import { sayMoment } from '../say-age.ts'
import { instantOf } from './wall-time.ts'

interface ScheduleProps {
  readonly branchId: string
  readonly answer: DraftAnswer
  readonly timeZone: string
}

/** When the draft publishes itself, by the branch's own clock; whoever changes her mind takes that back. */
export function ScheduleForm({ branchId, answer, timeZone }: ScheduleProps) {
  const words = useWords()
  const { say } = words
  const session = useSession()
  const client = useQueryClient()
  const [wall, setWall] = useState('')
  const { version, publishAtMs, faults } = answer
  const path = `/branches/${branchId}/catalogues/draft/schedule`
  const setting = useMutation({
    mutationFn: (atMs: number | null) => ask(session, 'PUT', path, { version, atMs }),
    onSettled: () => client.invalidateQueries({ queryKey: ['draft', session.slug, branchId] }),
  })
  const set = (event: FormEvent): void => {
    event.preventDefault()
    setting.mutate(instantOf(wall, timeZone) ?? 0)
  }
  const isFaulty = setting.error instanceof RefusedError && setting.error.code === 'RequestInvalid'
  if (publishAtMs !== null)
    return (
      <section className="floor-part">
        <p role="status">
          {say(faults.length > 0 ? 'dash.goesOnceMended' : 'dash.goesAt', {
            time: sayMoment(words, publishAtMs, timeZone),
          })}
        </p>
        <Trouble error={setting.error} />
        <Button variant="default" loading={setting.isPending} onClick={() => setting.mutate(null)}>
          {say('dash.notByItself')}
        </Button>
      </section>
    )
  return (
    <form className="schedule" onSubmit={set} noValidate>
      <TextInput
        type="datetime-local"
        label={say('dash.publishAt')}
        description={say('dash.publishAtHelp', { zone: timeZone })}
        error={isFaulty ? say('dash.publishAtFault') : undefined}
        value={wall}
        onChange={({ currentTarget }) => setWall(currentTarget.value)}
      />
      <Button type="submit" variant="default" loading={setting.isPending}>
        {say('dash.publishThen')}
      </Button>
      {!isFaulty && <Trouble error={setting.error} />}
    </form>
  )
}
