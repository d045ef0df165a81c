import type { ServerPlant } from './server.ts'

const tries = 'branch-server/access/pin-tries.ts'
const triesTest = 'branch-server/access/pin-tries.test.ts'
const decisions = 'shared/domain/decide-agents.ts'
const core = 'shared/domain/agents.test.ts'
const roster = 'branch-server/access/roster.ts'
const tokens = 'branch-server/routes/device-tokens.test.ts'
const people = 'e2e/sync/people.test.ts'

/** Bugs planted in what lets people and devices in at a branch. */
export const agentPlants: readonly ServerPlant[] = [
  {
    name: 'wrong PINs are counted in memory alone',
    file: tries,
    find: '      await keep((pinTries) => pinTries.put(counted))\n',
    replace: '',
    testFile: triesTest,
    testName: 'five wrong PINs',
  },
  {
    name: 'one bad terminal locks an agent out everywhere',
    file: tries,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the source's own
    find: '`${deviceId} ${agentId}`',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: and so is this
    replace: '`${agentId}`',
    testFile: triesTest,
    testName: 'five wrong PINs',
  },
  {
    name: 'an order from before lifts a suspension that it knew nothing of',
    file: decisions,
    find: "known.by === 'site' && !isSeen",
    replace: "known.by === 'site' && !isSeen && answers !== null",
    testFile: core,
    testName: 'head office lifts a suspension',
  },
  {
    name: 'PINs are kept without the secret of the box',
    file: 'branch-server/access/pin-pepper.ts',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the source's own
    find: "createHmac('sha256', pepper).update(`${nonce}.${digest}`).digest('base64url')",
    replace: 'digest',
    testFile: 'branch-server/access/pin-pepper.test.ts',
    testName: 'a PIN can be tried out',
  },
  {
    name: 'whoever is suspended goes on at her counter',
    file: decisions,
    find: ', ...agentLeaves(state, agentId, now)])',
    replace: '])',
    testFile: core,
    testName: 'a manager suspends an agent who is out at once',
  },
  {
    name: 'a PIN that is being proved outruns a suspension',
    file: 'shared/domain/decide-counter.ts',
    find: "  if (state.suspended.has(agentId)) return no('AgentIsSuspended', agentId)\n",
    replace: '',
    testFile: 'branch-server/routes/agents.test.ts',
    testName: 'a suspended agent’s session',
  },
  {
    name: 'a token goes on after its device has confirmed the next',
    file: roster,
    find: '      formerByHash = new Map(',
    replace:
      '      for (const it of former) byHash.set(it.tokenHash, bearerOf(byId.get(it.deviceId) ?? list[0]!))\n      formerByHash = new Map(',
    testFile: tokens,
    testName: 'a new token counts once',
  },
  {
    name: 'a token counts before its device has confirmed it',
    file: roster,
    find: '(byHash.get(tokenHash) ?? null)',
    replace: '(byHash.get(tokenHash) ?? byNextHash.get(tokenHash) ?? null)',
    testFile: tokens,
    testName: 'a new token counts once',
  },
  {
    name: 'nobody hears of a token that is shown long after its end',
    file: 'branch-server/plugins/doors.ts',
    find: '    if (request.bearer === null) watchFormer(request)\n',
    replace: '    void watchFormer\n',
    testFile: tokens,
    testName: 'a token that was given up',
  },
  {
    name: 'any page opens a feed',
    file: 'branch-server/plugins/doors.ts',
    find: "    if (!isOwnOrigin(request)) return void reply.code(403).send(problem('OriginNotAllowed'))\n",
    replace: '    void isOwnOrigin\n',
    testFile: 'branch-server/plugins/foreign-pages.test.ts',
    testName: 'no page of another origin',
  },
  {
    name: 'a PIN that head office sends again takes back the one that was given on site',
    file: 'branch-server/store/catalogues.ts',
    find: 'iif(sent_hash is $hash, hash, $hash)',
    replace: '$hash',
    testFile: people,
    testName: 'what was done on site',
  },
  {
    name: 'a catalogue that was made without knowing of her takes out whoever was added on site',
    file: 'branch-server/access/on-site.ts',
    find: 'it.addedOnSite === true && !named.has(it.id)',
    replace: 'it.addedOnSite === true && named.has(it.id)',
    testFile: 'branch-server/access/on-site.test.ts',
    testName: 'whoever was added',
  },
  {
    name: 'rights never grow too old',
    file: 'branch-server/access/rights.ts',
    find: 'isTooOld: () => isManaged() && leftMs() <= 0,',
    replace: 'isTooOld: () => isManaged() && leftMs() < Number.NEGATIVE_INFINITY,',
    testFile: 'branch-server/access/rights.test.ts',
    testName: 'agents sign in for thirty days',
  },
  {
    name: 'the same press with another PIN is told that it is set',
    file: 'branch-server/routes/ask.ts',
    find: "newPin === undefined ? '' : await",
    replace: "newPin !== '' ? '' : await",
    testFile: 'branch-server/routes/agents.test.ts',
    testName: 'the same press with another PIN',
  },
  {
    name: 'many names buy five tries each at one device',
    file: 'branch-server/access/pin-tries.ts',
    find: 'deviceLockedUntilMs(tries.values(), deviceId, now))',
    replace: 'Math.min(0, deviceLockedUntilMs(tries.values(), deviceId, now)))',
    testFile: 'branch-server/access/pin-tries.test.ts',
    testName: 'whoever tries many agents at one device',
  },
  {
    name: 'each further device buys as many tries as the first',
    file: 'branch-server/access/pin-tries.ts',
    find: 'countOf(fresh) < BRANCH_MANY',
    replace: 'countOf(fresh) < BRANCH_MANY * 1_000',
    testFile: 'branch-server/access/pin-tries.test.ts',
    testName: 'many devices buy fewer tries',
  },
]
