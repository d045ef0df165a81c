/** What a page is drawn as: the whole desk, or the small bar that lies over other programs. */
export type PageFace = 'whole' | 'bar'

/**
 * The pages that follow this host. What is pressed outside of them, as a push-button or a key of the whole machine, is
 * told to one page alone: two would do it twice.
 */
export interface PagePresses {
  /** @returns to be called when the page is gone */
  opened(face: PageFace, tell: (text: string) => void): () => void
  /** @returns false: no page is there that could do it */
  press(act: string): boolean
}

export function createPagePresses(): PagePresses {
  const pages = new Set<{ readonly face: PageFace; readonly tell: (text: string) => void }>()
  return {
    opened(face, tell) {
      const page = { face, tell }
      pages.add(page)
      return () => void pages.delete(page)
    },
    press(act) {
      const all = [...pages]
      // What asks something needs the room of the whole desk; of two, the one opened last is looked at.
      const page = all.findLast(({ face }) => face === 'whole') ?? all.at(-1)
      page?.tell(JSON.stringify({ type: 'press', act }))
      return page !== undefined
    },
  }
}
