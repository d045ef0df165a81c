import type { Plant } from './plant.ts'

const uploader = 'branch-server/sync/uploader.ts'
const door = 'branch-server/sync/cloud-door.ts'
const courier = 'branch-server/sync/side-courier.ts'
const judge = 'cloud-sync/inbox/judge-upload.ts'

/** Seen in the stories of any seed within some hundred branch-days; the rarest has one of its own whose first story sees it. */
export interface StoryPlant extends Plant {
  readonly seed?: number
}

/** Bugs planted in what brings a branch's log to its cloud; `npm run simulate -- sync --plant NAME` sees each of them. */
export const syncPlants: readonly StoryPlant[] = [
  {
    name: 'gap',
    file: judge,
    find: "  if (first.seq > ackedSeq + 1) return { kind: 'gap', expectedSeq: ackedSeq + 1 }\n",
    replace: '',
  },
  {
    name: 'overlap',
    file: judge,
    find: "  if (last !== undefined && last.hash !== hashAt(last.seq)) return { kind: 'fork' }\n",
    replace: '  void hashAt\n',
  },
  {
    name: 'repeat',
    file: judge,
    find: 'last.hash !== hashAt(last.seq)) return',
    replace: 'last.hash !== held?.headHash && hashAt(last.seq) !== null) return',
  },
  {
    name: 'old-epochs',
    file: uploader,
    find: '    for (const epoch of events.epochs()) {',
    replace: '    for (const epoch of events.epochs().slice(-1)) {',
  },
  {
    name: 'restored-cloud',
    file: uploader,
    find: '        this.#acked.clear()\n',
    replace: '',
  },
  {
    name: 'own-clock',
    file: door,
    find: 'Math.round(wallMs() + (cloudAheadMs ?? 0))',
    replace: 'Math.round(wallMs() + 0 * (cloudAheadMs ?? 0))',
  },
  {
    name: 'next-write',
    // A line must fail at the last upload before a branch falls silent: not seen in 400 branch-days of the test's own seed.
    seed: 22,
    file: uploader,
    find: '      await parts.pause(backOffMs(failures, parts.random), closing.signal)',
    replace: '      await untilAwaited()\n      isAwaited = failures < 0',
  },
  {
    name: 'back-off',
    file: uploader,
    find: 'Math.min(AGAIN_MS_MAX, AGAIN_MS_MIN * 2 ** Math.min(failures, 10))',
    replace: 'AGAIN_MS_MAX * 2 ** Math.min(failures, 10)',
  },
  {
    name: 'stale',
    file: door,
    find: "answer.body?.['code'] === 'SignatureStale'",
    replace: "answer.body?.['code'] === 'SignatureNever'",
  },
  {
    name: 'rewound',
    file: 'branch-server/waist/settle.ts',
    find: '  if (!isBeyond(store.log, head, bookmark) && !hasSeenMore(draft.state, believed)) return NOTHING_TO_SAY\n',
    replace:
      '  if (isBeyond(store.log, head, bookmark) || !hasSeenMore(draft.state, believed)) return NOTHING_TO_SAY\n',
  },
  {
    name: 'no-limit',
    file: 'branch-server/sync/within.ts',
    find: '    if (!over.signal.aborted) abort()\n',
    replace: '',
  },
  {
    name: 'head',
    file: 'cloud-sync/store/event-rows.ts',
    find: 'do update set acked_seq = $4, head_hash = $5',
    replace: 'do update set acked_seq = $4',
  },
  {
    name: 'before-commit',
    file: 'branch-server/waist/execute.ts',
    find: '    const { frames, head } = commit(branch.store, branch.head, batch)\n',
    replace:
      '    branch = { ...branch, state }\n    const { frames, head } = commit(branch.store, branch.head, batch)\n',
  },
  {
    name: 'asked-once',
    file: courier,
    find: 'if (this.#askedIn !== lives) this',
    replace: "if (this.#askedIn === '') this",
  },
  {
    name: 'told-when-lost',
    file: courier,
    find: 'door.post(PATH, sent)\n',
    replace:
      'door.post(PATH, sent).catch(async (error: unknown) => {\n      await write(({ side }) => side.told([...kept, ...gone]))\n      throw error\n    })\n',
  },
  {
    name: 'side-told-once',
    file: courier,
    find: '      side.tellAgain(missing)\n',
    replace: '',
  },
  {
    name: 'side-erased-comes-back',
    file: 'cloud-sync/store/side.ts',
    find: '    await eraseUnheld(db, of, body)\n',
    replace: '',
  },
  {
    name: 'present-of-before',
    file: 'cloud-sync/store/present-rows.ts',
    find: 'else branch_now.signed_at < excluded.signed_at end',
    replace: 'else branch_now.signed_at > excluded.signed_at end',
  },
]

/** One that costs memory and nothing else; `npm run simulate -- month` sees it in twenty thousand events. */
export const hoardingPlant: Plant = {
  name: 'hoarding',
  file: uploader,
  find: '      const upload = this.#underWay.after(epoch, acked ?? lastSeq - 1)\n',
  replace:
    '      const upload = this.#underWay.after(epoch, acked ?? lastSeq - 1)\n      ;((globalThis as { hoard?: unknown[] }).hoard ??= []).push(upload)\n',
}

/** One that costs bytes and nothing else; `npm run simulate -- month` sees it. */
export const widePlant: Plant = {
  name: 'every-hash',
  file: 'branch-server/sync/ready-upload.ts',
  find: 'events: withoutPrevs(bodies, hashOf)',
  replace: 'events: [bodies, withoutPrevs, hashOf][0] as string[]',
}
