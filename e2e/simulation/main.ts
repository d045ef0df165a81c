// `npm run simulate -- NAME ...`: the long forms of the tests, one file each beside this one.
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const [name = '', ...words] = process.argv.slice(2)
const file = join(import.meta.dirname, `${name}.ts`)
if (!/^[a-z-]+$/.test(name) || name === 'main' || !existsSync(file)) {
  console.error(
    'usage: npm run simulate -- power [--cuts N] [--seed N] | printers [--jobs N] [--seed N] | displays [--faults N] [--seed N] | kills [--rounds N] [--seed N] | renderers [--kills N] [--seed N] | tenants [--requests N] [--seed N] | messages [--count N] [--seed N] | shapes [--changes N] [--seed N] | month [--events N] [--seed N] | hostile [--requests N] [--seed N] | return [--branches N] [--events N] [--seed N] [--quick | --real] [--plant NAME] | sync [--days N] [--seed N] [--notes] [--plant NAME]',
  )
  process.exit(2)
}
const { simulate } = (await import(file)) as { simulate: (words: readonly string[]) => Promise<boolean> }
process.exitCode = (await simulate(words)) ? 0 : 1
