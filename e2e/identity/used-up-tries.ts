import { mayTry, STRANGERS_A_DAY_MAX } from '../../cloud-sync/identity/people/tries.ts'
import type { TestCloudIdentity, TestPerson } from './test-identity.ts'

/** From so many lines that no single one is locked out, and all strangers are. */
export async function useUpStrangersTries({ store, nowMs }: TestCloudIdentity, { email }: TestPerson): Promise<void> {
  for (let tried = 0; tried <= STRANGERS_A_DAY_MAX; tried += 1)
    await mayTry(store, email, { name: `line ${tried}`, isHers: false }, nowMs())
}
