import type { ServerPlant } from './server.ts'

const members = 'e2e/identity/members.test.ts'
const reset = 'e2e/identity/reset.test.ts'
const elsewhere = 'e2e/identity/elsewhere.test.ts'

/** Bugs planted in what makes somebody a member, gives her a password anew, and believes others of who she is. */
export const peoplePlants: readonly ServerPlant[] = [
  {
    name: 'an invitation works twice',
    file: 'cloud-sync/identity/invitations.ts',
    find: '"delete from link where link_id = $1 and purpose',
    replace: '"update link set is_mailed = is_mailed where link_id = $1 and purpose',
    testFile: members,
    testName: 'somebody new is invited',
  },
  {
    name: 'a link that somebody was shown proves the address',
    file: 'cloud-sync/identity/invitations.ts',
    find: 'isEmailProved: isMailed }',
    replace: 'isEmailProved: isMailed || email !== "" }',
    testFile: members,
    testName: 'a mail that cannot go',
  },
  {
    name: 'a tenant loses its last administrator',
    file: 'cloud-sync/identity/members.ts',
    find: 'if (wasAdministrator && !isKept)',
    replace: 'if (wasAdministrator && !isKept && held.length === 0)',
    testFile: members,
    testName: 'a role is changed',
  },
  {
    name: 'a new password leaves everybody signed in',
    file: 'cloud-sync/identity/resets.ts',
    find: '    await signOutEverywhere(db, used.person_id, nowMs)\n',
    replace: '    void signOutEverywhere\n',
    testFile: reset,
    testName: 'a forgotten password is changed',
  },
  {
    name: 'six digits are guessed until they are right',
    file: 'cloud-sync/identity/mail-codes.ts',
    find: 'email = $2 and tries < ',
    replace: 'email = $2 and tries < 1000 * ',
    testFile: reset,
    testName: 'an address is proved',
  },
  {
    name: 'who came by a tenant’s issuer goes on to another tenant',
    file: 'cloud-sync/identity/interaction-policy.ts',
    find: 'tenants.some((it) => it !== bound)',
    replace: 'tenants.some((it) => it === bound)',
    testFile: elsewhere,
    testName: 'whoever came by a tenant’s issuer',
  },
  {
    name: 'an address that the issuer does not vouch for is believed',
    file: 'cloud-sync/identity/foreign-person.ts',
    find: 'claims.email === null || !claims.isEmailProved',
    replace: 'claims.email === null',
    testFile: elsewhere,
    testName: 'an address that the issuer does not vouch',
  },
  {
    name: 'an answer of an issuer to another question is taken',
    file: 'cloud-sync/identity/elsewhere.ts',
    find: 'expectedState: state',
    replace: 'expectedState: state === "" ? state : client.skipStateCheck',
    testFile: elsewhere,
    testName: 'nobody comes in by an issuer > whose answer',
  },
  {
    name: 'a token of an issuer is believed whoever has signed it',
    file: 'cloud-sync/identity/elsewhere.ts',
    find: 'execute: [client.enableNonRepudiationChecks, ',
    replace: 'execute: [',
    testFile: elsewhere,
    testName: 'nobody comes in by an issuer > whose token is signed',
  },
  {
    name: 'a token that is out goes on after she signed out everywhere',
    file: 'cloud-sync/plugins/person-door.ts',
    find: 'issuedAtS * 1_000 < person.signedOutAtMs',
    replace: 'issuedAtS < 0',
    testFile: 'e2e/identity/place.test.ts',
    testName: 'who signs out everywhere',
  },
  {
    name: 'names that lead inside are asked',
    file: 'cloud-sync/identity/outward-fetch.ts',
    find: 'await addressOf(url, { admitsLoopback: mayBeHere })',
    replace: 'await addressOf(url, { admitsLoopback: true })',
    testFile: 'cloud-sync/identity/outward-fetch.test.ts',
    testName: 'no address of this machine',
  },
  {
    name: 'a token for settings alone gives every role',
    file: 'cloud-sync/plugins/person-door.ts',
    find: 'scopes.filter((scope) => !person.scopes.includes(scope))',
    replace: "scopes.filter((scope) => person.personId === '' && !person.scopes.includes(scope))",
    testFile: 'e2e/identity/members.test.ts',
    testName: 'a token that may only change settings',
  },
]
