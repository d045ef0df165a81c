import type { DashboardKey } from '#shared/words/dashboard-words.ts'
import { type FieldSpec, LIST_SPECS, type ListName } from './specs.ts'

// What of the branch itself is edited, and how every field of a catalogue is called.

/** Of the branch itself; its languages and its week have fields of their own. */
export const BRANCH_FIELDS: readonly FieldSpec[] = [
  { kind: 'text', field: 'name', label: 'dash.branchName' },
  { kind: 'text', field: 'timezone', label: 'dash.zone', help: 'dash.zoneHelp' },
  {
    kind: 'time',
    field: 'businessDayStartsAt',
    label: 'dash.field.dayStart',
    help: 'dash.dayStartHelp',
    isOptional: true,
  },
  { kind: 'number', field: 'recallMax', label: 'dash.field.recallMax', isOptional: true },
  {
    ...{ kind: 'number', field: 'reinstateMinutes', label: 'dash.field.reinstateMinutes' },
    ...{ unit: 'dash.minutes', isOptional: true },
  },
  {
    ...{ kind: 'tongues', field: 'textLanguages', label: 'dash.field.textLanguages' },
    ...{ help: 'dash.textLanguagesHelp', isOptional: true },
  },
  { kind: 'switch', field: 'kioskPlans', label: 'dash.field.kioskPlans' },
  { kind: 'switch', field: 'kioskCheckIn', label: 'dash.field.kioskCheckIn' },
  {
    ...{ kind: 'number', field: 'appointmentLateMinutes', label: 'dash.field.appointmentLate' },
    ...{ help: 'dash.appointmentLateHelp', unit: 'dash.minutes', isOptional: true },
  },
  { kind: 'switch', field: 'voice/speaks', label: 'dash.field.speaks', help: 'dash.speaksHelp', isUsuallyOn: true },
  { kind: 'switch', field: 'voice/repeats', label: 'dash.field.repeats', isUsuallyOn: true },
  {
    ...{ kind: 'names', field: 'voice/furtherLanguages', label: 'dash.field.furtherVoices' },
    ...{ help: 'dash.furtherVoicesHelp', isOptional: true },
  },
  { kind: 'texts', field: 'ticker', label: 'dash.field.ticker', help: 'dash.tickerHelp', isOptional: true },
  { kind: 'words', field: 'consent', label: 'dash.field.consent', help: 'dash.consentHelp', isOptional: true },
  { kind: 'switch', field: 'guestBoard', label: 'dash.field.guestBoard' },
]

/** Of the branch's paper. */
export const SLIP_FIELDS: readonly FieldSpec[] = [
  {
    ...{ kind: 'choices', field: 'slip/parts', label: 'dash.field.slipParts', help: 'dash.slipPartsHelp' },
    isUsuallyAll: true,
    options: {
      ...{ logo: 'dash.part.logo', branch: 'dash.part.branch', sign: 'dash.part.sign', service: 'dash.part.service' },
      ...{ ahead: 'dash.part.ahead', range: 'dash.part.range', qr: 'dash.part.qr', message: 'dash.part.message' },
      time: 'dash.part.time',
    },
  },
  {
    kind: 'words',
    field: 'slip/message',
    label: 'dash.field.slipMessage',
    help: 'dash.slipMessageHelp',
    isOptional: true,
  },
  {
    kind: 'languages',
    field: 'slip/furtherLanguages',
    label: 'dash.field.slipLanguages',
    help: 'dash.slipLanguagesHelp',
  },
  { kind: 'logo', field: 'logo', label: 'dash.field.logo', help: 'dash.logoHelp', isOptional: true },
]

/** Of the branch, edited beside its fields. */
const OWN_LABELS: Readonly<Record<string, DashboardKey>> = {
  languages: 'dash.field.languages',
  defaultLanguage: 'dash.field.defaultLanguage',
  openingHours: 'dash.field.openingHours',
  slip: 'dash.slip',
  voice: 'dash.field.speaks',
  playlist: 'dash.field.playlist',
}

/**
 * How a field is called, or what it lies within; the fields that are not edited here have one name for all.
 * @param field - as `slaSeconds`, `layout/side`
 */
export function labelOf(list: string, field: string): DashboardKey {
  const fields = list === 'branch' ? [...BRANCH_FIELDS, ...SLIP_FIELDS] : (LIST_SPECS[list as ListName]?.fields ?? [])
  const [first = ''] = field.split('/')
  const exact = fields.find((it) => it.field === field)?.label
  return (
    exact ?? OWN_LABELS[first] ?? fields.find((it) => it.field.split('/')[0] === first)?.label ?? 'dash.field.other'
  )
}
