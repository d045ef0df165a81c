import type { ServerPlant } from './server.ts'

const secrets = 'cloud-sync/store/sealing-secrets.ts'
const secretsTest = 'cloud-sync/store/sealing-secrets.test.ts'

/** Bugs planted in what people's secrets are sealed by, and in what is said once that is gone. */
export const secretPlants: readonly ServerPlant[] = [
  {
    name: 'the secrets of people go with the password of the database',
    file: secrets,
    find: 'byPassword ?? kept.get(row.secret_id) ?? null',
    replace: 'byPassword',
    testFile: secretsTest,
    testName: 'another password of the database loses nothing',
  },
  {
    name: 'what seals the tables lies in them',
    file: secrets,
    find: 'lookupHash(secret), sealing.seal(secret)]',
    replace: 'lookupHash(secret), Buffer.concat([sealing.seal(secret), Buffer.from(secret)])]',
    testFile: secretsTest,
    testName: 'every cloud that has the address',
  },
  {
    name: 'a file that says something else is believed',
    file: secrets,
    find: 'secret === null || !lookupHash(secret).equals(row.secret_hash)',
    replace: 'secret === null',
    testFile: secretsTest,
    testName: 'a file that says something else',
  },
  {
    name: 'what the version before has sealed is lost',
    file: secrets,
    find: 'isAfterThat ? password :',
    replace: "isAfterThat && password === '' ? password :",
    testFile: secretsTest,
    testName: 'the version before',
  },
  {
    name: 'a second factor that cannot be read is a fault of ours',
    file: 'cloud-sync/identity/people/second-factor.ts',
    find: 'secret === null ? null : totpStep(secret, ',
    replace: 'totpStep(secret as string, ',
    testFile: 'e2e/identity/second-factor.test.ts',
    testName: 'a second factor that cannot be read',
  },
  {
    name: 'a first answer with a secret is kept for ever',
    file: 'shared/http/secret-answers.ts',
    find: 'first.untilMs > nowMs()',
    replace: 'first.untilMs > 0',
    testFile: 'shared/http/secret-answers.test.ts',
    testName: 'a secret is told again',
  },
  {
    name: 'a webhook without its secret is signed by nothing',
    file: 'cloud-sync/jobs/webhook-sender.ts',
    find: "if (secret === null) return '",
    replace: "if (secret === '') return '",
    testFile: 'cloud-sync/routes/webhooks.test.ts',
    testName: 'a webhook whose secret cannot be read',
  },
]
