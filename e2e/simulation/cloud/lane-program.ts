import { openDatabase } from '../../../cloud-sync/store/database.ts'
import { openTestDatabase, silent } from '../../../cloud-sync/testing/test-database.ts'
import { type LaneOrders, STORY, type ToldBrief } from './campaign.ts'
import { tellStory } from './story.ts'

// Tells the stories of one lane, each in a line when it is over, up to the first that fails.

const { seed, storyCount, lane, laneCount } = JSON.parse(process.argv[2] ?? '{}') as LaneOrders
const server = await openTestDatabase(process.env['TEST_DATABASE_URL'])
const { administratorUrl } = server
const database = await openDatabase({ administratorUrl, log: silent })
for (let story = lane; story < storyCount; story += laneCount) {
  const told = await tellStory(database, administratorUrl, { ...STORY, seed: seed + story })
  console.info(
    JSON.stringify({
      ...told,
      counts: [...told.counts],
      lastNotes: told.faults.length > 0 ? told.lastNotes : [],
    } satisfies ToldBrief),
  )
  if (told.faults.length > 0) break
}
await database.close()
await server.close()
