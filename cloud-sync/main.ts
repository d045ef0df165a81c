import { runCompiled } from '#shared/program/run-compiled.ts'

await runCompiled(() => import('./run.ts'))
