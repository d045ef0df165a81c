import { checkClocks } from './check-clocks.ts'
import { checkLatency } from './check-latency.ts'
import { checkNetwork } from './check-network.ts'
import { checkNetworkPlug, checkPrinterPlug } from './check-plugs.ts'
import { beginPower, endPower } from './check-power.ts'
import { checkDisplays, checkPrinters, checkVoice } from './check-senses.ts'
import { checkServer } from './check-server.ts'
import type { StepName } from './finding.ts'
import { type Finding, STEPS, sayFinding } from './finding.ts'
import { type Run, writeRun } from './run-file.ts'
import type { Site } from './site.ts'

const CHECKS: Record<Exclude<StepName, 'power'>, (site: Site) => Promise<void>> = {
  server: checkServer,
  clock: checkClocks,
  network: checkNetwork,
  printers: checkPrinters,
  displays: checkDisplays,
  voice: checkVoice,
  latency: checkLatency,
  'printer-plug': checkPrinterPlug,
  'network-plug': checkNetworkPlug,
}

const MARKS = { good: '+', bad: '!', skipped: '-', told: ' ' } as const

/** What the machine itself refuses is a finding, and the other steps go on; null: something else went wrong. */
function machineFault(error: unknown): string | null {
  const isOfSystem = error instanceof Error && 'code' in error && 'syscall' in error
  return isOfSystem ? String(error.code) : null
}

/** A run that grows, and is written down as it does. */
interface Diary {
  run: Run
}

/** The site as one step sees it: what it notes stands under its name. */
function siteOf(base: Omit<Site, 'note'>, step: StepName, found: Finding[], language: Run['language']): Site {
  return {
    ...base,
    note(verdict, about, text, values = {}) {
      const finding: Finding = { step, about, verdict, text, values, atMs: Math.floor(base.clocks.wallMs()) }
      found.push(finding)
      base.person.line(`  ${MARKS[verdict]} ${about === '' ? '' : `${about}: `}${sayFinding(finding, language)}`)
    },
  }
}

/** What was noted up to the cut is kept before it. */
async function power(site: Site, diary: Diary, found: Finding[], keep: () => void): Promise<void> {
  const { pull: asked, findings } = diary.run
  const pull =
    asked ??
    (await beginPower(site, (made) => {
      diary.run = { ...diary.run, findings: [...findings, ...found.splice(0)], pull: made }
      keep()
    }))
  if (pull !== null) await endPower(site, pull)
}

/**
 * Does what of a run is still to be done, step by step.
 * @returns the run with every finding
 */
export async function commission(base: Omit<Site, 'note'>, begun: Run): Promise<Run> {
  const { folder } = base.config
  const diary: Diary = { run: begun }
  const keep = (): void => writeRun(folder, diary.run)
  keep()
  for (const step of STEPS.filter((name) => !begun.done.includes(name))) {
    base.person.line('')
    base.person.tell(`step.${step}`)
    const found: Finding[] = []
    const site = siteOf(base, step, found, begun.language)
    try {
      if (step === 'power') await power(site, diary, found, keep)
      else await CHECKS[step](site)
    } catch (error) {
      const reason = machineFault(error)
      if (reason === null) throw error
      site.note('bad', '', 'brokeOff', { reason })
    }
    const { done, findings } = diary.run
    diary.run = { ...diary.run, done: [...done, step], findings: [...findings, ...found], pull: null }
    keep()
  }
  return diary.run
}
