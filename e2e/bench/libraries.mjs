// Loads what the branch server cannot do without, and nothing else: the limit of a cold start, and of memory at rest.
// No TypeScript, whose stripping would make the limit slower and larger than bare libraries are.
import 'better-sqlite3'
import 'fastify'
import 'ws'

// Stays to be looked at when it is asked to.
if (process.argv[2] === 'stay') setInterval(() => {}, 60_000)
