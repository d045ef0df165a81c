import { NativeSelect } from '@mantine/core'
import { useState } from 'react'
import { type Words, wordsIn } from '#shared/domain/catalogue.ts'
import { PLAIN_SLIP_LAYOUT } from '#shared/domain/catalogue-defaults.ts'
import { LANGUAGES, type Language } from '#shared/domain/ids.ts'
import { composeSlip } from '#shared/slip/compose.ts'
import { serviceSign } from '#shared/slip/pictograms.ts'
import { type ProfileName, profileNamed } from '#shared/slip/profile.ts'
import type { SlipContent } from '#shared/slip/slip.ts'
import type { CatalogueBody } from '#shared/wire/catalogue-body.ts'
import { LANGUAGE_NAMES } from '#shared/words/speaker.ts'
import { useHere, useWords } from '../here.tsx'
import { Page, Waiting } from '../parts/parts.tsx'
import { faultAt } from '../say-fault.ts'
import { type Opened, useDraft } from '../use-draft.ts'
import { SLIP_FIELDS } from './branch-specs.ts'
import { FormFrame, useDraftForm } from './draft-form.tsx'
import { readField, withField } from './entries.ts'
import { Field } from './field.tsx'
import { Paper } from './paper.tsx'

type Branch = CatalogueBody['branch']
const WIDTHS = ['paper-80', 'paper-58'] as const satisfies readonly ProfileName[]

/** What no real ticket is: a morning in autumn, five in front. */
const SAMPLE = {
  number: 'A042',
  issuedAtMs: Date.UTC(2026, 10, 23, 9, 41),
  aheadCount: 5,
  offline: false,
  copyNumber: 1,
}
const SAMPLE_WAIT = { form: 'between', lowMinutes: 10, highMinutes: 20 } as const
const SAMPLE_CODE = 'SQ1:0193f2a4-7b1c-7000-8000-000000000042'

/** The branch's paper and what it says, with a picture of it that follows each stroke. */
export function SlipPage({ branchId }: { readonly branchId: string }) {
  const draft = useDraft(branchId)
  return draft.opened === null ? <Waiting error={draft.error} /> : <SlipForm draft={draft} opened={draft.opened} />
}

/** Of the first service, or of one that everybody knows. */
function contentOf(
  branch: Branch,
  service: CatalogueBody['services'][number] | undefined,
  language: Language,
): SlipContent {
  const main = branch.defaultLanguage
  const nameIn = (spoken: Language): string =>
    service === undefined
      ? ''
      : typeof service.name === 'string'
        ? service.name
        : wordsIn(service.name as Words, spoken, main)
  const { parts = PLAIN_SLIP_LAYOUT.parts, message = null, furtherLanguages = [] } = branch.slip ?? {}
  const messageIn = (spoken: Language): string | null =>
    message === null ? null : typeof message === 'string' ? message : wordsIn(message as Words, spoken, main)
  return {
    ...SAMPLE,
    ...{ branchName: branch.name, serviceName: nameIn(language), language, timezone: branch.timezone },
    number: `${service?.prefix ?? 'A'}042`,
    ...{ wait: SAMPLE_WAIT, thenNames: [], qrData: SAMPLE_CODE, parts },
    sign: serviceSign({ icon: service?.icon ?? null, colour: service?.colour ?? null }),
    message: messageIn(language),
    further: furtherLanguages
      .filter((spoken) => spoken !== language)
      .map((spoken) => ({ language: spoken, serviceName: nameIn(spoken), message: messageIn(spoken) })),
  }
}

/** @returns null: nobody knows such a zone yet, or such a thing of it */
function composed(branch: Branch, body: CatalogueBody, language: Language, width: ProfileName) {
  try {
    return composeSlip(contentOf(branch, body.services[0], language), profileNamed(width), branch.logo ?? null)
  } catch (error) {
    // A zone that is still to be mended is told at its own field.
    if (error instanceof RangeError) return null
    throw error
  }
}

function Picture({ branch, body }: { readonly branch: Branch; readonly body: CatalogueBody }) {
  const { say } = useWords()
  const spoken = LANGUAGES.filter((it) => branch.languages?.includes(it))
  const [language, setLanguage] = useState<Language>(branch.defaultLanguage)
  const [width, setWidth] = useState<ProfileName>(WIDTHS[0])
  const slip = composed(branch, body, language, width)
  return (
    <section className="slip-picture" aria-label={say('dash.slipPicture')}>
      <div className="slip-choices">
        <NativeSelect
          label={say('dash.slipIn')}
          data={spoken.map((it) => ({ value: it, label: LANGUAGE_NAMES[it] }))}
          value={language}
          onChange={({ currentTarget }) => setLanguage(currentTarget.value as Language)}
        />
        <NativeSelect
          label={say('dash.slipWidth')}
          data={WIDTHS.map((it) => ({ value: it, label: `${profileNamed(it).paperMm} mm` }))}
          value={width}
          onChange={({ currentTarget }) => setWidth(currentTarget.value as ProfileName)}
        />
      </div>
      {slip !== null && <Paper slip={slip} profile={profileNamed(width)} label={say('dash.slipPicture')} />}
    </section>
  )
}

function SlipForm({ draft, opened }: { readonly draft: ReturnType<typeof useDraft>; readonly opened: Opened }) {
  const words = useWords()
  const { language } = useHere()
  const [branch, setBranch] = useState<Branch>(opened.body.branch)
  const form = useDraftForm(draft, opened, () => {})
  const errorOf = (field: string): string => faultAt(words, form.faults, `/branch/${field}`)
  return (
    <Page title={words.say('dash.slip')} help={words.say('dash.slipHelp')}>
      <div className="slip-page">
        <FormFrame
          key={language}
          form={form}
          isFaulty={SLIP_FIELDS.some(({ field }) => errorOf(field) !== '')}
          onSubmit={() => form.save({ ...form.began.body, branch })}
        >
          {SLIP_FIELDS.map((spec) => (
            <Field
              key={spec.field}
              spec={spec}
              value={readField(branch, spec.field)}
              onChange={(value) => setBranch((before) => withField(before, spec.field, value))}
              error={errorOf(spec.field)}
              body={form.began.body}
            />
          ))}
        </FormFrame>
        <Picture branch={branch} body={form.began.body} />
      </div>
    </Page>
  )
}
