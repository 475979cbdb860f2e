import type { Holding, ResultAccount, TraceResult } from '@/api/types/traces'

/** What becomes of money at a node: it lies there, we cannot see on, it is gone, or it was not followed. */
export type Fate = 'source' | 'left' | 'passed' | 'frontier' | 'gone' | 'hub' | 'limit'

export interface GraphNode {
  id: string
  kind: 'victim' | 'account' | 'end'
  tier: number
  /** place among the result's accounts, or among its victims for a victim */
  place: number
  /** why money ends here, for a node that stands for an end */
  end: string
  fate: Fate
  inFen: number
  outFen: number
  leftFen: number
  /** fen of each victim that came here, by their places */
  byVictim: number[]
}

export interface GraphEdge {
  id: string
  from: string
  to: string
  /** victims' money it carried */
  fen: number
  /** whole amounts of the transfers */
  totalFen: number
  count: number
  first: number
  last: number
  hand: boolean
}

export interface Graph {
  nodes: GraphNode[]
  edges: GraphEdge[]
}

const GONE = new Set(['cash', 'fee', 'consumption', 'cross_border', 'crypto', 'payment'])
const LIMITS = new Set(['depth', 'window'])
const NOBODY = -1

/** Moments at which something happened, in order, each once; what a time slider steps through. */
export function momentsOf(result: TraceResult): number[] {
  return [...new Set(result.transfers.map((one) => Date.parse(one.time)))].sort((a, b) => a - b)
}

/** The tree as the money stood at `until` (ms; everything without it). Pure. */
export function graphOf(result: TraceResult, until = Number.POSITIVE_INFINITY): Graph {
  const moments = momentsOf(result)
  const whole = until >= (moments.at(-1) ?? 0)
  const nodes = new Map<string, GraphNode>()
  const edges = new Map<string, GraphEdge>()
  const held = heldBy(result)
  for (const transfer of result.transfers) {
    const at = Date.parse(transfer.time)
    if (at > until) continue
    const joined = new Set<string>()
    for (const [share, [victim, fen]] of transfer.shares.entries()) {
      const from = payerNode(result, nodes, held, transfer.payer, victim)
      const to = payeeNode(result, nodes, held, { transfer, victim, end: transfer.ends[share]! }, from)
      move(from, to, victim, fen)
      const again = joined.has(to.id + from.id)
      joined.add(to.id + from.id)
      join(edges, from, to, { fen, amount: again ? 0 : transfer.amount_fen, at, hand: transfer.hand, again })
    }
  }
  if (whole) for (const node of nodes.values()) settle(result, node)
  for (const node of nodes.values()) node.fate = fateOf(result, node)
  return { nodes: [...nodes.values()], edges: [...edges.values()] }
}

/** The first end of an account's holdings that says why money goes no further, else what the account did. */
export function endOf(holdings: readonly Holding[]): string {
  const told = holdings.map((one) => one.end).find((end) => end && end !== 'retained' && end !== 'followed')
  return told ?? (holdings.some((one) => one.left_fen > 0) ? 'retained' : 'followed')
}

/** Sums over an account's victims. */
export function sumsOf(holdings: readonly Holding[]): { in: number; out: number; left: number } {
  const sum = (take: (one: Holding) => number) => holdings.reduce((total, one) => total + take(one), 0)
  return { in: sum((one) => one.in_fen), out: sum((one) => one.out_fen), left: sum((one) => one.left_fen) }
}

function heldBy(result: TraceResult): Set<string> {
  const pairs = result.accounts.flatMap((one, place) => one.holdings.map((held) => `${place}:${held.victim}`))
  return new Set(pairs)
}

function empty(part: Partial<GraphNode> & Pick<GraphNode, 'id' | 'kind' | 'tier'>): GraphNode {
  const sums = { inFen: 0, outFen: 0, leftFen: 0, byVictim: [] }
  return { place: NOBODY, end: '', fate: 'left', ...sums, ...part }
}

function taken(nodes: Map<string, GraphNode>, fresh: GraphNode): GraphNode {
  const known = nodes.get(fresh.id)
  if (known) return known
  nodes.set(fresh.id, fresh)
  return fresh
}

function accountNode(account: ResultAccount, place: number, nodes: Map<string, GraphNode>): GraphNode {
  return taken(nodes, empty({ id: account.id, kind: 'account', tier: account.tier, place }))
}

/** A payer that holds none of the victim's money is where the victim's own transfer came from. */
function payerNode(
  result: TraceResult,
  nodes: Map<string, GraphNode>,
  held: Set<string>,
  payer: number,
  victim: number,
): GraphNode {
  const account = result.accounts[payer]
  if (account && held.has(`${payer}:${victim}`)) return accountNode(account, payer, nodes)
  return taken(nodes, empty({ id: `v${victim}`, kind: 'victim', tier: 0, place: victim }))
}

/** A payee that holds nothing of the victim's is no node: the money ends, and why it does is one. */
function payeeNode(
  result: TraceResult,
  nodes: Map<string, GraphNode>,
  held: Set<string>,
  share: { transfer: TraceResult['transfers'][number]; victim: number; end: string },
  from: GraphNode,
): GraphNode {
  const { payee } = share.transfer
  const account = result.accounts[payee]
  if (account && held.has(`${payee}:${share.victim}`)) return accountNode(account, payee, nodes)
  const id = `e:${from.id}:${share.end}`
  return taken(nodes, empty({ id, kind: 'end', tier: from.tier + 1, end: share.end }))
}

function move(from: GraphNode, to: GraphNode, victim: number, fen: number): void {
  from.outFen += fen
  from.leftFen -= fen
  to.inFen += fen
  to.leftFen += fen
  to.byVictim[victim] = (to.byVictim[victim] ?? 0) + fen
  if (from.kind === 'victim') from.byVictim[victim] = (from.byVictim[victim] ?? 0) + fen
}

function join(
  edges: Map<string, GraphEdge>,
  from: GraphNode,
  to: GraphNode,
  one: { fen: number; amount: number; at: number; hand: boolean; again: boolean },
): void {
  const id = `${from.id}>${to.id}`
  const known = edges.get(id)
  if (!known) {
    const sums = { fen: one.fen, totalFen: one.amount, count: 1, first: one.at, last: one.at }
    edges.set(id, { id, from: from.id, to: to.id, hand: one.hand, ...sums })
    return
  }
  known.fen += one.fen
  known.totalFen += one.amount
  known.count += one.again ? 0 : 1
  known.first = Math.min(known.first, one.at)
  known.last = Math.max(known.last, one.at)
  known.hand ||= one.hand
}

/** At the end the rule's own figures stand: a rule that does not conserve says what it says. */
function settle(result: TraceResult, node: GraphNode): void {
  if (node.kind !== 'account') return
  const sums = sumsOf(result.accounts[node.place]!.holdings)
  node.inFen = sums.in
  node.outFen = sums.out
  node.leftFen = sums.left
}

function fateOf(result: TraceResult, node: GraphNode): Fate {
  if (node.kind === 'victim') return 'source'
  const account = result.accounts[node.place]
  const end = node.kind === 'end' ? node.end : endOf(account?.holdings ?? [])
  if (account?.hub || end === 'hub') return 'hub'
  if (GONE.has(end)) return 'gone'
  if (end === 'frontier') return 'frontier'
  if (LIMITS.has(end) && node.leftFen <= 0) return 'limit'
  if (node.kind === 'end') return 'limit'
  return node.leftFen > 0 ? 'left' : 'passed'
}
