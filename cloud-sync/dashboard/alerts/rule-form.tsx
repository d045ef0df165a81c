import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { LANGUAGES, type Language } from '#shared/domain/ids.ts'
import type { AlertKind, AlertRuleBody } from '#shared/wire/alerts.ts'
import type { DashboardWords } from '#shared/words/dashboard-words.ts'
import { sayAlertKind } from '#shared/words/say-alert.ts'
import { LANGUAGE_NAMES } from '#shared/words/speaker.ts'
import { ask } from '../ask.ts'
import { useHere, useWords } from '../here.tsx'
import { Trouble } from '../parts/parts.tsx'
import { BranchSelect } from './branch-select.tsx'

/** Where whoever has no rule yet begins. */
export const RULE_FIRST_FIELD = 'rule-kind'

const SECOND_MS = 1_000
const MINUTE_MS = 60_000
const EMAIL = /^[^\s@,;:<>()[\]"\\]+@[^\s@,;:<>()[\]"\\]+\.[^\s@,;:<>()[\]"\\]+$/
const REPEATS = [15, 30, 60, 240] as const
/** In which unit each threshold is typed, and what stands there first. */
const UNITS = {
  wait: { factor: MINUTE_MS, first: '20' },
  length: { factor: 1, first: '30' },
  counters: { factor: 1, first: '1' },
  device: { factor: MINUTE_MS, first: '5' },
  branch: { factor: MINUTE_MS, first: '10' },
  paper: { factor: 1, first: '1' },
  clock: { factor: SECOND_MS, first: '60' },
  figures: { factor: 1, first: '1' },
} as const satisfies Record<AlertKind, object>
const KINDS = Object.keys(UNITS) as readonly AlertKind[]

export const isEmail = (text: string): boolean => EMAIL.test(text)
const emailsIn = (text: string): readonly string[] => [
  ...new Set(
    text
      .split(/[\s,;]+/)
      .map((it) => it.toLowerCase())
      .filter((it) => it !== ''),
  ),
]

function unitOf({ say }: DashboardWords, kind: AlertKind): string {
  if (kind === 'clock') return say('dash.alerts.unit.seconds')
  if (kind === 'figures') return say('dash.alerts.unit.sums')
  return UNITS[kind].factor === 1 ? say('dash.alerts.unit.people') : say('dash.alerts.unit.minutes')
}

interface Typed {
  readonly kind: AlertKind
  readonly branchId: string | null
  readonly threshold: string
  readonly repeat: string
  readonly emails: string
  readonly language: Language
}

/** @returns null: something of it is wrong */
function ruleOf({ kind, branchId, threshold, repeat, emails, language }: Typed): AlertRuleBody | null {
  const isNumber = /^[1-9][0-9]{0,5}$/.test(threshold.trim())
  const addresses = emailsIn(emails)
  if (!isNumber || !addresses.every(isEmail)) return null
  return {
    ...{ kind, branchId, threshold: Number(threshold) * UNITS[kind].factor, language },
    ...{ repeatMinutes: repeat === '' ? null : Number(repeat), emails: [...addresses] },
  }
}

function Threshold({
  typed,
  onChange,
  isTried,
}: {
  readonly typed: Typed
  readonly onChange: (text: string) => void
  readonly isTried: boolean
}) {
  const words = useWords()
  const { say } = words
  if (typed.kind === 'paper')
    return (
      <NativeSelect
        label={say('dash.alerts.threshold')}
        data={[
          { value: '1', label: say('dash.alerts.paperLow') },
          { value: '2', label: say('dash.alerts.paperOut') },
        ]}
        value={typed.threshold}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
      />
    )
  const isWrong = isTried && !/^[1-9][0-9]{0,5}$/.test(typed.threshold.trim())
  return (
    <TextInput
      label={`${say('dash.alerts.threshold')} (${unitOf(words, typed.kind)})`}
      inputMode="numeric"
      value={typed.threshold}
      error={isWrong && say('dash.alerts.badThreshold')}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
  )
}

/** From when on who is told of what. */
export function RuleForm() {
  const { say } = useWords()
  const { session, language } = useHere()
  const client = useQueryClient()
  const [isTried, setTried] = useState(false)
  const first: Typed = { kind: 'wait', branchId: null, threshold: '20', repeat: '30', emails: '', language }
  const [typed, setTyped] = useState(first)
  const change = (part: Partial<Typed>): void => setTyped({ ...typed, ...part })
  const add = useMutation({
    mutationFn: (rule: AlertRuleBody) => ask(session, 'POST', '/alert-rules', rule),
    async onSuccess() {
      setTyped(first)
      setTried(false)
      await client.invalidateQueries({ queryKey: ['alert-rules', session.slug] })
    },
  })
  const areEmailsWrong = isTried && !emailsIn(typed.emails).every(isEmail)
  return (
    <form
      className="line-form"
      onSubmit={(event) => {
        event.preventDefault()
        setTried(true)
        const rule = ruleOf(typed)
        if (rule !== null) add.mutate(rule)
      }}
    >
      <NativeSelect
        id={RULE_FIRST_FIELD}
        label={say('dash.alerts.kind')}
        data={KINDS.map((kind) => ({ value: kind, label: sayAlertKind(say, kind) }))}
        value={typed.kind}
        onChange={({ currentTarget }) => {
          const kind = currentTarget.value as AlertKind
          change({ kind, threshold: UNITS[kind].first })
        }}
      />
      <BranchSelect branchId={typed.branchId} onChange={(branchId) => change({ branchId })} />
      <Threshold typed={typed} isTried={isTried} onChange={(threshold) => change({ threshold })} />
      <NativeSelect
        label={say('dash.alerts.repeat')}
        data={[
          { value: '', label: say('dash.alerts.repeatNone') },
          ...REPEATS.map((it) => ({
            value: String(it),
            label: say('dash.alerts.repeatMinutes', { minutes: String(it) }),
          })),
        ]}
        value={typed.repeat}
        onChange={({ currentTarget }) => change({ repeat: currentTarget.value })}
      />
      <TextInput
        label={say('dash.alerts.emails')}
        description={say('dash.alerts.emailsHelp')}
        dir="ltr"
        value={typed.emails}
        error={areEmailsWrong && say('dash.alerts.badEmails')}
        onChange={({ currentTarget }) => change({ emails: currentTarget.value })}
      />
      <NativeSelect
        label={say('dash.alerts.mailLanguage')}
        data={LANGUAGES.map((it) => ({ value: it, label: LANGUAGE_NAMES[it] }))}
        value={typed.language}
        onChange={({ currentTarget }) => change({ language: currentTarget.value as Language })}
      />
      <Button type="submit" loading={add.isPending}>
        {say('dash.alerts.addRule')}
      </Button>
      <Trouble error={add.error} />
    </form>
  )
}
