import type { TraceResult } from '@/api/types/traces'
import type { Graph, GraphNode } from './graph'

/** Where all of it is: `seeds = left + ended + frontier + limit` for every rule except poison. */
export interface Sums {
  seeds: number
  left: number
  ended: number
  frontier: number
  limit: number
}

/** The rule's own sums. */
export function sumsOfResult(result: TraceResult): Sums {
  const { seeds_fen, left_fen, ended_fen, frontier_fen, limit_fen } = result.totals
  return { seeds: seeds_fen, left: left_fen, ended: ended_fen, frontier: frontier_fen, limit: limit_fen }
}

/** The sums of the tree as it stood: every fen a victim had paid lies at some node. Pure. */
export function sumsOfGraph(graph: Graph): Sums {
  const sums: Sums = { seeds: 0, left: 0, ended: 0, frontier: 0, limit: 0 }
  for (const node of graph.nodes) {
    if (node.kind === 'victim') sums.seeds += node.outFen
    else sums[partOf(node)] += node.leftFen
  }
  return sums
}

function partOf(node: GraphNode): 'left' | 'ended' | 'frontier' | 'limit' {
  if (node.fate === 'frontier') return 'frontier'
  if (node.fate === 'gone' || node.fate === 'hub') return 'ended'
  return node.fate === 'limit' ? 'limit' : 'left'
}
