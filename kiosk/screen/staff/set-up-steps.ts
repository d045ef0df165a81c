import type { PrinterProfile } from '#shared/slip/profile.ts'
import type { FoundPrinter, SetUpTask, TriedPrinter } from '#shared/wire/staff.ts'
import type { Choice, Stands } from './ask-staff.ts'

export const SET_UP_STEPS = ['find', 'test', 'letters', 'summary'] as const
export type SetUpStep = (typeof SET_UP_STEPS)[number]

/** How far a guided set-up is, and what the person has answered. */
export interface SetUp {
  readonly step: SetUpStep
  /** null = nobody has looked yet. */
  readonly found: readonly FoundPrinter[] | null
  readonly address: string | null
  readonly paperMm: PrinterProfile['paperMm']
  /** What the printer turned out to be; null = no test page yet, or one of another paper. */
  readonly tried: TriedPrinter | null
  readonly isBarWhole: boolean | null
  readonly isCodeSeen: boolean | null
  readonly areLinesPrinted: boolean
  /** Places of the lines that read right. */
  readonly picked: readonly number[]
  readonly stands: Stands
}

export const START_SET_UP: SetUp = {
  step: 'find',
  found: null,
  address: null,
  paperMm: 80,
  tried: null,
  isBarWhole: null,
  isCodeSeen: null,
  areLinesPrinted: false,
  picked: [],
  stands: 'only',
}

const UNTRIED = {
  tried: null,
  isBarWhole: null,
  isCodeSeen: null,
  areLinesPrinted: false,
  picked: [],
  stands: 'only',
} as const

/** Another place or another paper: what was seen on the one before says nothing of it. */
export const withPlace = (setUp: SetUp, place: Partial<Pick<SetUp, 'address' | 'paperMm'>>): SetUp => ({
  ...setUp,
  ...UNTRIED,
  ...place,
})

/** What came of a step that takes its time. */
export function withTask(setUp: SetUp, task: SetUpTask): SetUp {
  switch (task.type) {
    case 'found':
      return { ...setUp, found: task.printers }
    case 'tried':
      return { ...setUp, tried: task.printer, isBarWhole: null, isCodeSeen: null }
    case 'lettered':
      return { ...setUp, areLinesPrinted: task.outcome !== 'failed' }
    default:
      return setUp
  }
}

export const withPicked = (setUp: SetUp, place: number): SetUp => ({
  ...setUp,
  picked: setUp.picked.includes(place)
    ? setUp.picked.filter((it) => it !== place)
    : [...setUp.picked, place].toSorted((left, right) => left - right),
})

/** Whether all that a step asks has been answered. */
export function canGoOn({ step, address, tried, isBarWhole, isCodeSeen, areLinesPrinted }: SetUp): boolean {
  switch (step) {
    case 'find':
      return address !== null
    case 'test':
      return tried !== null && tried.outcome !== 'failed' && isBarWhole === true && isCodeSeen !== null
    case 'letters':
      return areLinesPrinted
    case 'summary':
      return true
  }
}

const stepBeside = (step: SetUpStep, by: 1 | -1): SetUpStep => SET_UP_STEPS[SET_UP_STEPS.indexOf(step) + by] ?? step

export const goOn = (setUp: SetUp): SetUp => (canGoOn(setUp) ? { ...setUp, step: stepBeside(setUp.step, 1) } : setUp)

/** @returns null from the first step: back to the menu */
export const goBack = (setUp: SetUp): SetUp | null =>
  setUp.step === 'find' ? null : { ...setUp, step: stepBeside(setUp.step, -1) }

/** What is kept in the end; null until everything is known. */
export function choiceOf({ paperMm, tried, isCodeSeen, picked, stands }: SetUp): Choice | null {
  if (tried === null) return null
  const { address, receipt, automaticStatus } = tried
  return {
    address,
    paperMm,
    codePages: picked,
    qr: isCodeSeen === true ? 'native' : 'raster',
    receipt,
    automaticStatus,
    stands,
  }
}
