import type { ServerPlant } from './server.ts'

const address = 'cloud-sync/webhooks/address.ts'
const addressTest = 'cloud-sync/webhooks/address.test.ts'
const webhooksTest = 'cloud-sync/routes/webhooks.test.ts'

/** One kind of address is taken for one in the open. */
const admits = (range: string, group: string): ServerPlant => ({
  name: `what is ${group} is asked`,
  file: address,
  find: "it.range() !== 'unicast'",
  replace: `!['unicast', '${range}'].includes(it.range())`,
  testFile: addressTest,
  testName: `what is ${group} is not`,
})

/** Bugs planted in what is told to receivers, and in where they may be. */
export const webhookPlants: readonly ServerPlant[] = [
  {
    name: 'a message that is tried again has another id',
    file: 'cloud-sync/jobs/webhook-sender.ts',
    find: 'sendSigned(batch.url, secret, { id,',
    replace: 'sendSigned(batch.url, secret, { id: id + attemptCount,',
    testFile: webhooksTest,
    testName: 'what is refused is tried again',
  },
  admits('loopback', 'this machine'),
  admits('private', 'a private network'),
  {
    name: 'an address that leads elsewhere is taken for done',
    file: 'cloud-sync/webhooks/send.ts',
    find: 'status >= 200 && status < 300',
    replace: 'status >= 200 && status < 400',
    testFile: webhooksTest,
    testName: 'a redirect leads nowhere',
  },
  admits('linkLocal', 'the next link, where clouds keep their own secrets'),
  admits('uniqueLocal', 'a private network of version 6'),
  {
    name: 'one address in the open is enough',
    file: address,
    find: 'found.every((address)',
    replace: 'found.some((address)',
    testFile: webhooksTest,
    testName: 'a name is looked up once',
  },
  admits('carrierGradeNat', 'what carriers share'),
  {
    name: 'an address of version 4 in the clothes of version 6 is let out',
    file: address,
    find: "ipaddr.process(address)\n  if (it.range() !== 'unicast') return false\n",
    replace:
      "ipaddr.parse(address)\n  if (it.range() === 'ipv4Mapped') return true\n  if (it.range() !== 'unicast') return false\n",
    testFile: addressTest,
    testName: 'what is version 4 written as version 6 is not',
  },
  {
    name: 'nobody is told what is kept',
    file: 'cloud-sync/store/inbox.ts',
    find: 'tell(db, branch, epoch, fresh, listeners)',
    replace: 'tell(db, branch, epoch, [], listeners)',
    testFile: webhooksTest,
    testName: 'what is not kept is not told',
  },
  {
    name: 'names of this machine and its network are taken at entry',
    file: address,
    find: 'canBePublic(url.hostname) :',
    replace: 'canBePublic(url.hostname) || true :',
    testFile: addressTest,
    testName: 'https://localhost/ is refused',
  },
]
