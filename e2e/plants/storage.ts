import type { Plant } from './plant.ts'

/** The write-ahead log is flushed at checkpoints only: what SQLite does by itself with a file it opens again. */
export const synchronousNormal: Plant = {
  name: 'synchronous=NORMAL',
  file: 'shared/disk/open.ts',
  find: "    db.pragma('synchronous = FULL')\n",
  replace: "    db.pragma('synchronous = NORMAL')\n",
}

/** The assertion that would refuse it, taken out, too. */
export const durabilityNotAsserted: Plant = {
  name: 'durability not asserted',
  file: 'shared/disk/open.ts',
  find: '    assertDurable(db)\n',
  replace: '',
}

export const answerBeforeCommit: Plant = {
  name: 'answers before COMMIT',
  file: 'branch-server/waist/execute.ts',
  find: '      publish(draft)\n',
  replace: '      setImmediate(() => publish(draft))\n',
}

/** A kill leaves what was written: only one that falls between the answer and the commit sees this. */
export const answerLongBeforeCommit: Plant = {
  name: 'a tap is answered 20 ms before COMMIT',
  file: 'branch-server/waist/execute.ts',
  find: '      publish(draft)\n',
  replace: `      const slowly = (): void => {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)
        publish(draft)
      }
      if (draft.events.some(({ type }) => type === 'TicketIssued')) setImmediate(slowly)
      else publish(draft)
`,
}

export const stateBeforeCommit: Plant = {
  name: 'the draft becomes the state before COMMIT',
  file: 'branch-server/waist/execute.ts',
  find: '    const { frames, head } = commit(branch.store, branch.head, batch)\n',
  replace: '    branch = { ...branch, state }\n    const { frames, head } = commit(branch.store, branch.head, batch)\n',
}

export const answersOutsideTheTransaction: Plant = {
  name: 'first answers are written after the commit',
  file: 'branch-server/store/store.ts',
  find: '      const committed = write.immediate(head, batch)\n',
  replace: `      const committed = write.immediate(head, { ...batch, answers: [] })
      answers.put(batch.answers, batch.state.now.atMs)
`,
}

export const headNotChecked: Plant = {
  name: 'the head hash is not checked',
  file: 'branch-server/store/projections.ts',
  find: '      if (frame === null || hashOf(frame.body) !== hash)\n',
  replace: '      if (frame === null)\n',
}

export const noJump: Plant = {
  name: 'a new epoch does not jump',
  file: 'shared/domain/numbering.ts',
  find: 'export const EPOCH_JUMP = 50\n',
  replace: 'export const EPOCH_JUMP = 0\n',
}

/** After a flush that failed, what was read back is believed though it is not on the disk. */
export const logNotFlushed: Plant = {
  name: 'the log is not flushed when it is opened',
  file: 'shared/disk/open.ts',
  find: '    flushLog(db)\n',
  replace: '',
}

/** Not a bug: a few commits are enough to meet a checkpoint. */
export const checkpointOften: Plant = {
  name: 'a checkpoint every few commits',
  file: 'shared/disk/open.ts',
  find: "    db.pragma('foreign_keys = ON')\n",
  replace: "    db.pragma('foreign_keys = ON')\n    db.pragma('wal_autocheckpoint = 10')\n",
}

export const restoreKeepsEpoch: Plant = {
  name: 'a restored branch goes on in its old epoch',
  file: 'branch-server/restore/restore-branch.ts',
  find: '  commitEpoch(store, state, reason, head, seen, createClock(state.now, clocks)())\n',
  replace: '  void [commitEpoch, createClock, reason, head, seen]\n',
}

/** Both at once: the old file is moved away before the new one has the name by which a start would find it. */
export const oldMovedAwayFirst: readonly Plant[] = [
  {
    name: 'the restored file gets no name of its own first',
    file: 'branch-server/restore/restore-branch.ts',
    find: '    putInPlace(folder, join(RESTORING_FOLDER, DATABASE_NAME), SALVAGED_NAME)\n',
    replace: '',
  },
  {
    name: 'the restored file takes its place right out of the scratch folder',
    file: 'branch-server/restore/restore-branch.ts',
    find: '    putInPlace(folder, SALVAGED_NAME, DATABASE_NAME)\n',
    replace: '    putInPlace(folder, join(RESTORING_FOLDER, DATABASE_NAME), DATABASE_NAME)\n    void SALVAGED_NAME\n',
  },
]
