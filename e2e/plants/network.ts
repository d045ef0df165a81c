import type { Plant } from './plant.ts'

export const anyKeyWillDo: Plant = {
  name: 'any key will do',
  file: 'shared/host/pinned-connection.ts',
  find: 'if (met.fingerprint === fingerprint) return met.socket',
  replace: 'if (met.fingerprint !== "") return met.socket',
}

/** The connection is handed to HTTP at once, and the key is looked at beside it. */
export const speaksBeforeTheProof: Plant = {
  name: 'HTTP is spoken before the key is proved',
  file: 'shared/host/pinned-connection.ts',
  find: `    found.then(
      (socket) => done?.(null, socket),
      (error: Error) => done?.(error, undefined as never),
    )
    return undefined
`,
  replace: `    const early = connect({ host: host ?? '', port: Number(port), rejectUnauthorized: false })
    found.catch((error: Error) => setTimeout(() => early.destroy(error), 500))
    done?.(null, early)
    return undefined
`,
}

/** Whoever asks does not wait until the branch at that address is known. */
export const asksBeforeTheProof: Plant = {
  name: 'the branch is asked before it is proved',
  file: 'shared/host/device-host.ts',
  find: "    if (link?.status().link !== 'up') await proveBranch(paired, leftMs())\n",
  replace: '',
}
