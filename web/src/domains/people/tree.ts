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
