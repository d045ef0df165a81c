import type { ServerPlant } from './server.ts'

const recovery = 'e2e/identity/recovery.test.ts'
const routes = 'e2e/audit/routes.test.ts'
const anchor = 'e2e/audit/anchor.test.ts'

/** Bugs planted in how somebody is let in again, and in what the audit says of it and of itself. */
export const recoveryPlants: readonly ServerPlant[] = [
  {
    name: 'an administrator gets into accounts that open other tenants',
    file: 'cloud-sync/identity/people/recovery.ts',
    find: 'places.length > 1 || person.is_super_admin',
    replace: 'person.is_super_admin',
    testFile: recovery,
    testName: 'nobody gets into an account',
  },
  {
    name: 'a token for little gets into an account that may more',
    file: 'cloud-sync/identity/people/recovery.ts',
    find: "    if (!mayActFor(here.role)) return 'Forbidden'\n",
    replace: '    void mayActFor\n',
    testFile: recovery,
    testName: 'nobody gets into an account',
  },
  {
    name: 'whoever is signed in by a lost second factor stays so',
    file: 'cloud-sync/identity/people/recovery.ts',
    find: '    await signOutEverywhere(db, member.personId, nowMs)\n',
    replace: '    void signOutEverywhere\n    void nowMs\n',
    testFile: recovery,
    testName: 'an administrator takes away',
  },
  {
    name: 'a link that was handed on proves the address',
    file: 'cloud-sync/identity/people/resets.ts',
    find: 'used.is_mailed ? new Date(nowMs) : null',
    replace: 'new Date(nowMs)',
    testFile: recovery,
    testName: 'where nothing can be mailed',
  },
  {
    name: 'a stolen token is refused and nobody hears of it',
    file: 'cloud-sync/routes/oauth.ts',
    find: "    if (found === undefined || ctx.path !== '/oauth/token') return\n",
    replace: "    if (found === undefined || ctx.path !== '/oauth/tokens') return\n",
    testFile: routes,
    testName: 'a stolen token',
  },
  {
    name: 'a member is changed whether it can be audited or not',
    file: 'cloud-sync/identity/members/members.ts',
    find: '    await record(db, tenantId, { before',
    replace: '    void record(db, tenantId, { before',
    testFile: routes,
    testName: 'whoever may not write the audit',
  },
  {
    name: 'nobody holds the chain of the platform',
    file: 'cloud-sync/plugins/audit-anchors.ts',
    find: '.header(PLATFORM_AUDIT_HEADER, saidText(platform.answer))',
    replace: ".header('x-nothing', saidText(platform.answer))",
    testFile: anchor,
    testName: 'the platform’s own chain',
  },
  {
    name: 'a chain that is cut back to an older life is taken for one that goes on',
    file: 'branch-server/audit/anchor-post.ts',
    find: ' || store().audit.isFormerLife(heard.goesOnAs.chain)',
    replace: '',
    testFile: anchor,
    testName: 'a cloud that was put back',
  },
]
