import type { UnitNode } from '@/api/types/people'

/** Every node of the trees, parents before children. */
export function flatten(nodes: readonly UnitNode[]): UnitNode[] {
  return nodes.flatMap((node) => [node, ...flatten(node.children)])
}

/** The way from a root down to the node; empty when it is not in the trees. */
export function pathTo(nodes: readonly UnitNode[], id: string): UnitNode[] {
  for (const node of nodes) {
    if (node.id === id) return [node]
    const below = pathTo(node.children, id)
    if (below.length) return [node, ...below]
  }
  return []
}

const RANK = [
  'centre',
  'county',
  'station',
  'bank',
  'branch',
  'outlet',
  'carrier',
  'agent',
  'regulator',
  'community',
]

/** The trees with siblings as people look for them: the centre first, police, banks, carriers, regulators, the rest. */
export function ordered(nodes: readonly UnitNode[]): UnitNode[] {
  const rank = (node: UnitNode) => (RANK.includes(node.kind) ? RANK.indexOf(node.kind) : RANK.length)
  return [...nodes]
    .sort((one, other) => rank(one) - rank(other))
    .map((node) => ({ ...node, children: ordered(node.children) }))
}
