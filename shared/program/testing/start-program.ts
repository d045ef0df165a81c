import { type ChildProcess, spawn } from 'node:child_process'

/** A server's program, started as its owner does. */
export interface StartedProgram {
  readonly child: ChildProcess
  /** Where it listens, as its log says; rejects with its output when it ends before. */
  readonly url: Promise<string>
  readonly ended: Promise<{ readonly exitCode: number | null; readonly output: string }>
}

/** @param environment - all of it */
export function startProgram(
  file: string,
  environment: Record<string, string | undefined>,
  words: readonly string[] = [],
): StartedProgram {
  const child = spawn(process.execPath, [file, ...words], { env: environment })
  let output = ''
  const ended = new Promise<Awaited<StartedProgram['ended']>>((resolve) =>
    child.on('exit', (exitCode) => resolve({ exitCode, output })),
  )
  const url = new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output += String(chunk)
      const match = /"url":"([^"]+)"/.exec(output)
      if (match?.[1] !== undefined) resolve(match[1])
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    void ended.then(() => reject(new Error(output)))
  })
  url.catch(() => {})
  return { child, url, ended }
}
