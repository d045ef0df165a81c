/** Of each branch one works, and one more is inside that came after it. Pure. */
export interface InOrder {
  /** @returns null: two of this one are inside */
  enter(who: string): Turn | null
}

/** What whoever comes later waits for. */
interface Waited {
  /** Settles once nobody who came later can overtake it. */
  readonly hasBegun: Promise<void>
  readonly isOver: Promise<void>
}

/** A place inside. */
export interface Turn extends Waited {
  /**
   * Of whoever was inside already; null: nobody was. No more of it than what is waited for: a turn that held the one before
   * would hold all that ever were, for as long as the branch has more.
   */
  readonly before: Waited | null
  begin(): void
  leave(): void
}

export function createInOrder(): InOrder {
  const insideBy = new Map<string, readonly Turn[]>()
  return {
    enter(who) {
      const inside = insideBy.get(who) ?? []
      if (inside.length >= 2) return null
      const begun = Promise.withResolvers<void>()
      const over = Promise.withResolvers<void>()
      const before = inside[0] ?? null
      const turn: Turn = {
        before: before === null ? null : { hasBegun: before.hasBegun, isOver: before.isOver },
        ...{ hasBegun: begun.promise, isOver: over.promise },
        begin: begun.resolve,
        leave() {
          begun.resolve()
          over.resolve()
          const others = insideBy.get(who)?.filter((other) => other !== turn) ?? []
          if (others.length > 0) insideBy.set(who, others)
          else insideBy.delete(who)
        },
      }
      insideBy.set(who, [...inside, turn])
      return turn
    },
  }
}
