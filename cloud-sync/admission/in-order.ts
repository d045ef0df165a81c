/** Of each branch one works, and one more is inside that came after it. Pure. */
export interface InOrder {
  /** @returns null: two of this one are inside */
  enter(who: string): Turn | null
}

/** A place inside. */
export interface Turn {
  /** Who was inside already; null: nobody. */
  readonly before: Turn | null
  /** Settles once nobody who came later can overtake it. */
  readonly hasBegun: Promise<void>
  readonly isOver: Promise<void>
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
      const turn: Turn = {
        ...{ before: inside[0] ?? null, hasBegun: begun.promise, isOver: over.promise },
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
