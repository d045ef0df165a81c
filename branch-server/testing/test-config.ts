import type { Config } from '../config.ts'
import { INSTALLER_TOKEN } from './test-branch.ts'

/** A branch of a test: nothing beside its folder, and no cloud. */
export const testConfig = (folder: string, more: Partial<Config> = {}): Config => ({
  host: '127.0.0.1',
  port: 0,
  folder,
  backupFolder: null,
  installerToken: INSTALLER_TOKEN,
  cloudUrl: null,
  enrolmentCode: null,
  ...more,
})
