import type { Graph, GraphEdge, GraphNode, Fate } from './graph'
import { NODE, type Layout } from './layout'
import { patternOf, type Pattern } from './patterns'

/** One node as it is drawn, in the tree's own measure. */
export interface SceneNode {
  id: string
  x: number
  y: number
  width: number
  height: number
  fate: Fate
  frozen: boolean
  /** part of what came that still lies there, 0–1 */
  share: number
  bands: { pattern: Pattern; part: number }[]
  title: string
  line: string
  marks: string
  folded: number
}

/** One edge as it is drawn: where it leaves, where it arrives, how wide it is. */
export interface SceneEdge {
  id: string
  from: string
  to: string
  x1: number
  y1: number
  x2: number
  y2: number
  width: number
  hand: boolean
  label: string
}

export interface Scene {
  nodes: SceneNode[]
  edges: SceneEdge[]
  width: number
  height: number
}

/** The words of a node and of an edge; drawn as they are given. */
export interface SceneWords {
  title: (node: GraphNode) => string
  line: (node: GraphNode) => string
  marks: (node: GraphNode) => string
  frozen: (node: GraphNode) => boolean
  edge: (edge: GraphEdge) => string
}

const THINNEST = 1.2
const WIDEST = 22

/** Puts figures, words and positions together. Pure. */
export function sceneOf(graph: Graph, layout: Layout, words: SceneWords): Scene {
  const at = new Map(layout.positions.map((one) => [one.id, one]))
  const nodes = graph.nodes.flatMap((node) => {
    const where = at.get(node.id)
    return where ? [drawn(node, where, words, layout.folded[node.id] ?? 0)] : []
  })
  const most = Math.max(1, ...graph.edges.map((edge) => edge.fen))
  const edges = graph.edges.flatMap((edge) => {
    const from = at.get(edge.from)
    const to = at.get(edge.to)
    return from && to ? [joined(edge, from, to, most, words)] : []
  })
  return { nodes, edges, width: layout.width, height: layout.height }
}

/** The share of each victim in a node, the largest first. */
export function bandsOf(byVictim: readonly number[]): { pattern: Pattern; part: number }[] {
  const total = byVictim.reduce((sum, fen) => sum + (fen ?? 0), 0)
  if (!total) return []
  return [...byVictim.entries()]
    .filter(([, fen]) => fen > 0)
    .sort(([, one], [, two]) => two - one)
    .map(([victim, fen]) => ({ pattern: patternOf(victim), part: fen / total }))
}

/** Whether any part of a node or an edge's box can be seen. */
export function inView(
  box: { x: number; y: number; width: number; height: number },
  view: { x: number; y: number; width: number; height: number },
): boolean {
  return (
    box.x < view.x + view.width &&
    box.x + box.width > view.x &&
    box.y < view.y + view.height &&
    box.y + box.height > view.y
  )
}

/** The node under a point of the tree. */
export function nodeAt(scene: Scene, x: number, y: number): SceneNode | undefined {
  return scene.nodes.find(
    (one) => x >= one.x && x <= one.x + one.width && y >= one.y && y <= one.y + one.height,
  )
}

export type Direction = 'left' | 'right' | 'up' | 'down'

/** The node to go to from another by an arrow key: along the money sideways, within the tier up and down. */
export function neighbour(scene: Scene, id: string | null, way: Direction): string | null {
  const here = scene.nodes.find((one) => one.id === id)
  if (!here) return scene.nodes[0]?.id ?? null
  if (way === 'up' || way === 'down') {
    const column = scene.nodes.filter((one) => one.x === here.x).sort((a, b) => a.y - b.y)
    return column[column.indexOf(here) + (way === 'up' ? -1 : 1)]?.id ?? here.id
  }
  const along = scene.edges.filter((one) => (way === 'right' ? one.from : one.to) === here.id)
  const widest = along.sort((a, b) => b.width - a.width)[0]
  return (way === 'right' ? widest?.to : widest?.from) ?? here.id
}

function drawn(
  node: GraphNode,
  where: { x: number; y: number },
  words: SceneWords,
  folded: number,
): SceneNode {
  return {
    id: node.id,
    x: where.x,
    y: where.y,
    width: NODE.width,
    height: NODE.height,
    fate: node.fate,
    frozen: words.frozen(node),
    share: node.inFen > 0 ? Math.min(1, Math.max(0, node.leftFen / node.inFen)) : 0,
    bands: bandsOf(node.byVictim),
    title: words.title(node),
    line: words.line(node),
    marks: words.marks(node),
    folded,
  }
}

function joined(
  edge: GraphEdge,
  from: { x: number; y: number },
  to: { x: number; y: number },
  most: number,
  words: SceneWords,
): SceneEdge {
  return {
    id: edge.id,
    from: edge.from,
    to: edge.to,
    x1: from.x + NODE.width,
    y1: from.y + NODE.height / 2,
    x2: to.x,
    y2: to.y + NODE.height / 2,
    width: Math.max(THINNEST, (WIDEST * edge.fen) / most),
    hand: edge.hand,
    label: words.edge(edge),
  }
}

/** The curve of an edge: two control points; money that flows back bows below both. */
export function curveOf(edge: SceneEdge): { c1x: number; c1y: number; c2x: number; c2y: number } {
  if (edge.x2 > edge.x1) {
    const bend = (edge.x2 - edge.x1) / 2
    return { c1x: edge.x1 + bend, c1y: edge.y1, c2x: edge.x2 - bend, c2y: edge.y2 }
  }
  const low = Math.max(edge.y1, edge.y2) + 70
  return { c1x: edge.x1 + 90, c1y: low, c2x: edge.x2 - 90, c2y: low }
}
