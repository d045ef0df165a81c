import { type Eyes, isDrawn, type ScreenBox } from './screen-box.ts'

/** A page that is not back by then is taken for lost. */
const BACK_MS_MAX = 60_000
const LOOK_MS = 20
/** A question to a page that has no process is never answered. */
const ANSWER_MS_MAX = 250
/** Between two deaths a page stands for up to so long. */
const STANDS_MS_MAX = 400
/** Of all deaths so many are the page's own crash; the others come from outside. */
const OWN_CRASH_SHARE = 0.25

const pause = (waitMs: number) => new Promise<null>((resolve) => setTimeout(() => resolve(null), waitMs))
const soon = <Answer>(answer: Promise<Answer>): Promise<Answer | null> => Promise.race([answer, pause(ANSWER_MS_MAX)])

interface Processes {
  readonly processInfo: readonly { readonly type: string; readonly id: number }[]
}

/** @returns false: the browser itself was opened again meanwhile, and must be looked at anew */
async function killByForce(eyes: Eyes): Promise<boolean> {
  const answer = (await eyes.ask('SystemInfo.getProcessInfo')) as Processes | null
  if (answer === null) return false
  const { processInfo } = answer
  const renderers = processInfo.filter(({ type }) => type === 'renderer')
  if (renderers.length === 0) throw new Error('The browser has no process that draws')
  for (const { id } of renderers)
    try {
      process.kill(id, 'SIGKILL')
    } catch {
      // One that was kept in reserve may have ended by itself.
    }
  return true
}

/**
 * Kills what draws the page, again and again, and each time waits until the page is drawn again.
 * @returns how long each was away, in milliseconds
 */
export async function killRenderers(
  box: Pick<ScreenBox, 'eyes' | 'lookAgain'>,
  count: number,
  random: () => number,
): Promise<readonly number[]> {
  const awayMs: number[] = []
  let { eyes } = box
  for (let kill = 0; kill < count; ) {
    await eyes.evaluate('globalThis.isBefore = true')
    const killedMs = performance.now()
    if (random() < OWN_CRASH_SHARE) void eyes.askPage('Page.crash')
    else if (!(await killByForce(eyes))) {
      eyes = await box.lookAgain()
      continue
    }
    kill += 1
    for (;;) {
      await pause(LOOK_MS)
      const gone = performance.now() - killedMs
      const isNew = (await soon(eyes.evaluate('globalThis.isBefore === undefined'))) === true
      if (isNew && (await soon(isDrawn(eyes))) === true) {
        awayMs.push(gone)
        break
      }
      if (!eyes.isOpen()) eyes = await box.lookAgain()
      if (gone > BACK_MS_MAX) throw new Error(`After kill ${kill} the page did not come back`)
    }
    await pause(random() * STANDS_MS_MAX)
  }
  return awayMs
}

/** @returns the least time that at least this share of all does not exceed */
export const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(values.length * share) - 1)] ?? Number.NaN
