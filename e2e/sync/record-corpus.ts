import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openBankStory } from '../../branch-server/testing/stored-story.ts'
import { FOLD_VERSION } from '../../shared/domain/state-json.ts'
import { random } from '../power/clients.ts'
import { branchSide } from './told-story.ts'

// Records some days of a branch as this version writes them, and what it makes of them itself. Run by hand once for each
// version that changes what is written; a recorded corpus is never changed: node e2e/sync/record-corpus.ts

// One in whose days somebody is suspended and readmitted.
const SEED = 20_261_221
const TURNS = 160

const next = random(SEED)
const number = (): number => Math.floor(next() * 1_000_000)
using story = openBankStory()
for (let turn = 0; turn < TURNS; turn += 1) {
  story.play(story.turn([number(), number(), number(), number()]))
  if (turn % 4 === 0) story.commit()
}
story.commit()
const { store } = story
const catalogues = Array.from({ length: store.catalogues.latestVersion() }, (_, index) => index + 1).flatMap(
  (version) => {
    const body = store.catalogues.text(version)
    return body === null ? [] : [{ version, body }]
  },
)
const events = store.log.epochs().flatMap((epoch) => [...store.log.bodies(epoch)].map((body) => ({ epoch, body })))
const { tickets, figures } = branchSide(story)
const lines = [
  ...catalogues.map((catalogue) => ({ catalogue })),
  ...events.map((event) => ({ event })),
  ...tickets.map((ticket) => ({ ticket })),
  ...figures.map((figure) => ({ figure })),
]
const file = join(import.meta.dirname, 'corpora', `fold-${FOLD_VERSION}.ndjson`)
writeFileSync(file, `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`)
console.log(file, lines.length)
