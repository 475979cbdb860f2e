import type { ResultAccount, TraceResult } from '@/api/types/traces'
import type { GraphEdge, GraphNode } from './graph'
import { shortYuan } from './figures'
import type { SceneWords } from './scene'

export type Say = (key: string, named?: Record<string, unknown>) => string

/** An account in one line: whose, and its last digits. */
export function accountLabel(account: ResultAccount | undefined, say: Say): string {
  if (!account) return ''
  const name = account.name || say('traces.page.noName')
  return `${name} ${account.account.slice(-4)}`
}

/** The words that stand in the tree. */
export function wordsOf(result: TraceResult, say: Say, language: string): SceneWords {
  const short = (fen: number) => shortYuan(fen, say, language)
  const accountOf = (node: GraphNode) => result.accounts[node.place]
  return {
    title: (node) => {
      if (node.kind === 'victim') return result.victims[node.place] ?? say('traces.page.victim')
      if (node.kind === 'end') return say(`traces.ends.${node.end}`)
      return accountLabel(accountOf(node), say)
    },
    line: (node) => {
      if (node.kind === 'victim') return say('traces.page.endLine', { amount: short(node.outFen) })
      if (node.kind === 'end') return say('traces.page.endLine', { amount: short(node.inFen) })
      if (node.fate === 'left' || node.fate === 'passed')
        return say('traces.page.nodeLine', { in: short(node.inFen), left: short(node.leftFen) })
      return `${short(node.inFen)} ${say(`traces.fate.${node.fate}`)}`
    },
    marks: (node) =>
      node.kind === 'account'
        ? (accountOf(node)?.marks ?? []).map((mark) => say(`traces.sign.${mark}`)).join(' ')
        : '',
    frozen: (node) => node.kind === 'account' && (accountOf(node)?.marks.includes('frozen') ?? false),
    edge: (edge: GraphEdge) => say('traces.page.edge', { amount: short(edge.fen), n: edge.count }),
  }
}
