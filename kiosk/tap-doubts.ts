import type { Sqlite } from '#shared/disk/open.ts'

/** More than any kiosk leaves behind; older ones give way, for the branch forgets their answers within a day. */
const DOUBTS_MAX = 2_000

/** Taps for which the branch may have made a ticket that nobody holds. On disk before the branch is asked. */
export interface TapDoubts {
  /** The branch is about to be asked; the same tap may be asked again. */
  ask(key: string, branchKey: string): void
  /** The customer has her number, or the branch has clearly said no. May be inside the caller's transaction. */
  settle(key: string): void
  /** The customer was given nothing. */
  giveUp(key: string, branchKey: string): void
  isGivenUp(key: string): boolean
  /** Asked, and neither settled nor given up. */
  open(): readonly string[]
  /** What a branch has yet to be told of. @param branchKeys - all that the branch has had */
  givenUp(branchKeys: readonly string[], countMax: number): readonly string[]
}

export function keepDoubts(db: Sqlite): TapDoubts {
  const put = db.prepare('insert or ignore into tap_in_doubt (key, branch_key, is_given_up) values (?, ?, 0)')
  const remove = db.prepare('delete from tap_in_doubt where key = ?')
  const giveUp = db.prepare('insert or replace into tap_in_doubt (key, branch_key, is_given_up) values (?, ?, 1)')
  const find = db.prepare('select is_given_up from tap_in_doubt where key = ?').pluck()
  const open = db.prepare<[], string>('select key from tap_in_doubt where is_given_up = 0').pluck()
  const list = db
    .prepare<{ branches: string; max: number }, string>(
      `select key from tap_in_doubt
       where is_given_up = 1 and branch_key in (select value from json_each($branches)) order by key limit $max`,
    )
    .pluck()
  // Keys of taps come in the order of time.
  const prune = db.prepare(
    `delete from tap_in_doubt where key <= (select key from tap_in_doubt order by key desc limit 1 offset ${DOUBTS_MAX})`,
  )
  return {
    ask(key, branchKey) {
      put.run(key, branchKey)
      prune.run()
    },
    settle: (key) => void remove.run(key),
    giveUp: (key, branchKey) => void giveUp.run(key, branchKey),
    isGivenUp: (key) => find.get(key) === 1,
    open: () => open.all(),
    givenUp: (branchKeys, max) => list.all({ branches: JSON.stringify(branchKeys), max }),
  }
}
