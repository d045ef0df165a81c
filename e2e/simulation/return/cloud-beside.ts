import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { CloudNeeds, CloudWanted } from './cloud-program.ts'

export interface CloudBeside {
  readonly port: number
  needs(): Promise<CloudNeeds>
  close(): Promise<void>
}

/** Starts a cloud in a program of its own. */
export async function startCloudBeside(wanted: CloudWanted): Promise<CloudBeside> {
  const child = fork(new URL('./cloud-program.ts', import.meta.url), [JSON.stringify(wanted)], {
    execArgv: ['--expose-gc'],
  })
  const gone = once(child, 'exit')
  const said = async <Said>(): Promise<Said> => {
    const [first] = await Promise.race([once(child, 'message'), gone.then(() => [null])])
    if (first === null) throw new Error('The cloud has ended')
    return first as Said
  }
  const { port } = await said<{ port: number }>()
  return {
    port,
    async needs() {
      const answer = said<CloudNeeds>()
      child.send('needs')
      return answer
    },
    async close() {
      child.send('end')
      await gone
    },
  }
}
