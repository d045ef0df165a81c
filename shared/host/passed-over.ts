/** So often one thing is tried before the later ones go ahead of it: a trouble that is short leaves all in their order. */
export const TROUBLES_MAX = 3

/** What a branch has answered with trouble of its own: told again and again, but no longer ahead of everything else. */
export interface PassedOver {
  has(id: string): boolean
  /** Longest ago first. Never more than what waits to be told. */
  ids(): readonly string[]
  /** The branch had trouble with this one thing. @returns whether it is passed over from now on, and was not before */
  trouble(id: string): boolean
  /** The branch took it. When it was passed over, the branch itself is better: all get their place again. */
  taken(id: string): void
}

export function createPassedOver(): PassedOver {
  const passed = new Set<string>()
  let tried = { id: '', count: 0 }
  return {
    has: (id) => passed.has(id),
    ids: () => [...passed],
    trouble(id) {
      if (passed.delete(id)) {
        passed.add(id)
        return false
      }
      tried = { id, count: tried.id === id ? tried.count + 1 : 1 }
      if (tried.count < TROUBLES_MAX) return false
      passed.add(id)
      return true
    },
    taken(id) {
      if (passed.has(id)) passed.clear()
      tried = { id: '', count: 0 }
    },
  }
}
