/** What the simulated people have done so far, and what was refused to them: as many entries as there are kinds. */
export interface Figures {
  readonly done: Map<string, number>
  readonly refused: Map<string, number>
}

export const newFigures = (): Figures => ({ done: new Map(), refused: new Map() })

const addOne = (counts: Map<string, number>, name: string): void => void counts.set(name, (counts.get(name) ?? 0) + 1)

export const countDone = ({ done }: Figures, what: string): void => addOne(done, what)
export const countRefused = ({ refused }: Figures, what: string, code: string): void =>
  addOne(refused, `${what}: ${code}`)

export const figuresJson = ({ done, refused }: Figures): object => ({
  done: Object.fromEntries(done),
  refused: Object.fromEntries(refused),
})
