import type { Row } from '@/api/client'
import type { Report } from '@/api/types/intake'
import type { Relief, ReturnDetail } from '@/api/types/restitution'

type Order = Row<'/api/orders'>
type Say = (key: string) => string

/** A paper of a case: what it is called, what it is about, and the files it can be had as. */
export interface Paper {
  key: string
  name: string
  about: string
  page: string
  files: { kind: 'PDF' | 'Word'; path: string }[]
}

const both = (stem: string): Paper['files'] => [
  { kind: 'PDF', path: `${stem}.pdf` },
  { kind: 'Word', path: `${stem}.docx` },
]

/** Receipts of the reports there are; only PDF. */
export function receipts(reports: readonly Report[], say: Say): Paper[] {
  return reports.map((one) => ({
    key: `receipt ${one.id}`,
    name: say('intake.receipt'),
    about: one.number,
    page: `/intake/reports/${one.id}`,
    files: [{ kind: 'PDF', path: `/api/reports/${one.id}/receipt.pdf` }],
  }))
}

/** Letters of the orders that went out. */
export function letters(orders: readonly Order[], say: Say): Paper[] {
  return orders
    .filter((one) => one.sent_at)
    .map((one) => ({
      key: `order ${one.id}`,
      name: say(`cases.letters.${one.kind}`),
      about: one.number,
      page: `/orders/${one.id}`,
      files: both(`/api/orders/${one.id}/notice`),
    }))
}

/** Notices of the objections that were decided. */
export function answers(reliefs: readonly Relief[], say: Say): Paper[] {
  return reliefs
    .filter((one) => one.decided_at)
    .map((one) => ({
      key: `relief ${one.id}`,
      name: say('cases.letters.relief'),
      about: one.number,
      page: `/restitution/relief/${one.id}`,
      files: both(`/api/relief/${one.id}/notice`),
    }))
}

/** Papers of the returns, as far as each has come; an application belongs to a claim and is had on its page. */
export function returned(returns: readonly ReturnDetail[], say: Say): Paper[] {
  return returns.flatMap((one) =>
    one.papers
      .filter((paper) => paper !== 'application')
      .map((paper) => ({
        key: `return ${one.id} ${paper}`,
        name: say(`returns.paperNames.${paper}`),
        about: one.number,
        page: `/restitution/returns/${one.id}`,
        files: both(`/api/returns/${one.id}/papers/${paper}`),
      })),
  )
}
