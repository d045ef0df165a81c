import { Link } from 'wouter'
import type { Words } from '#shared/domain/catalogue.ts'
import type { Figures } from '#shared/project/figures.ts'
import type { FigureReportAnswer, ReportLine } from '#shared/wire/reports.ts'
import { type ReportText, reportWords } from '#shared/words/reports.ts'
import { readWords, useHere, useWords } from '../here.tsx'
import { Table } from '../parts/parts.tsx'
import { COLUMNS } from './figure-specs.ts'
import { type ReportQuestion, writeQuestion } from './question.ts'
import { sayDate, sayFigure } from './say-figure.ts'

interface LinesProps {
  readonly answer: FigureReportAnswer
  readonly question: ReportQuestion
}

/** An address that asks the same of less. */
const narrowed = (question: ReportQuestion, change: Partial<ReportQuestion>): string =>
  `?${writeQuestion({ ...question, ...change })}`

interface Line {
  readonly key: string
  readonly name: React.ReactNode
  readonly figures: Figures
}

function FigureTable(props: {
  readonly title: ReportText
  readonly name: ReportText
  readonly answer: FigureReportAnswer
  readonly lines: readonly Line[]
}) {
  const { say } = useWords()
  const { language } = useHere()
  const sayText = reportWords(language)
  const columns = COLUMNS[props.answer.report]
  const unit = { count: null, time: 'minutes', share: null } as const
  return (
    <div className="wide">
      <Table
        label={sayText(props.title)}
        heads={[
          { text: sayText(props.name) },
          ...columns.map(({ texts, unit: of }) => ({
            text: [...texts, ...(unit[of] === null ? [] : [unit[of]])].map((it) => sayText(it)).join(' · '),
            isNumber: true,
          })),
        ]}
        rows={props.lines.map(({ key, name, figures }) => ({
          key,
          cells: [
            name,
            ...columns.map(({ texts, read, unit: of }) => (
              <bdi key={texts.join(' ')}>{sayFigure(read(figures), of, language) ?? say('dash.none')}</bdi>
            )),
          ],
        }))}
      />
    </div>
  )
}

/** By service, queue or agent. Of queues and agents each branch has its own. */
export function ReportLines({ answer, question }: LinesProps) {
  const { say } = useWords()
  const { language } = useHere()
  const { linesBy, lines, branches } = answer
  const ofBranch = new Map(branches.map(({ id, name }) => [id, readWords(name as Words, language)]))
  const nameOf = ({ id, name, branchId, isRetired }: ReportLine): React.ReactNode => (
    <span className="entry-name">
      <Link href={narrowed(question, { of: { by: linesBy, id }, branch: branchId ?? question.branch })}>
        <bdi>{readWords(name as Words, language) || id}</bdi>
      </Link>
      {branches.length > 1 && branchId !== null && <span className="of-branch">{ofBranch.get(branchId)}</span>}
      {isRetired && <span className="of-branch">{say('dash.report.retired')}</span>}
    </span>
  )
  const told = lines.map((line) => ({
    ...{ key: `${line.branchId} ${line.id}`, name: nameOf(line as ReportLine), figures: line },
  }))
  return <FigureTable title={linesBy} name={`name.${linesBy}`} answer={answer} lines={told} />
}

export function ReportBranches({ answer, question }: LinesProps) {
  const { language } = useHere()
  const lines = answer.branches.map((branch) => ({
    ...{ key: branch.id, figures: branch },
    name: (
      <Link href={narrowed(question, { branch: branch.id })}>
        <bdi>{readWords(branch.name as Words, language)}</bdi>
      </Link>
    ),
  }))
  return <FigureTable title="branch" name="name.branch" answer={answer} lines={lines} />
}

export function ReportDays({ answer }: Pick<LinesProps, 'answer'>) {
  const { language } = useHere()
  const lines = answer.days.map((day) => ({ key: day.id, name: sayDate(day.id, language), figures: day }))
  return <FigureTable title="date" name="name.date" answer={answer} lines={lines} />
}
