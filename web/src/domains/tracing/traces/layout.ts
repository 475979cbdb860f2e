/** Where the nodes of a tier tree stand: tiers from left to right, each ordered so that its edges cross little. Pure. */
export interface LayoutNode {
  id: string
  tier: number
}

export interface LayoutEdge {
  from: string
  to: string
  fen: number
}

export interface LayoutInput {
  nodes: LayoutNode[]
  edges: LayoutEdge[]
  /** nodes whose further money is folded away */
  collapsed: string[]
  hidden: string[]
}

export interface Position {
  id: string
  x: number
  y: number
}

export interface Layout {
  positions: Position[]
  width: number
  height: number
  /** how many nodes are folded away behind each collapsed one */
  folded: Record<string, number>
}

export const NODE = { width: 176, height: 46 } as const
export const COLUMN = 262
const ROW = NODE.height + 14
const SWEEPS = 6

/** Positions of what is to be seen: reached from the first tier without passing a collapsed or hidden node. */
export function layoutOf(input: LayoutInput): Layout {
  const { seen, folded } = reached(input)
  const nodes = input.nodes.filter((node) => seen.has(node.id))
  const edges = input.edges.filter((edge) => seen.has(edge.from) && seen.has(edge.to))
  const columns = ordered(nodes, edges)
  const y = placed(columns, edges)
  const positions = columns.flatMap((column, tier) =>
    column.map((id) => ({ id, x: tier * COLUMN, y: y.get(id)! })),
  )
  const height = Math.max(0, ...positions.map((one) => one.y + NODE.height))
  const width = Math.max(0, ...positions.map((one) => one.x + NODE.width))
  return { positions, width, height, folded }
}

function reached(input: LayoutInput): { seen: Set<string>; folded: Record<string, number> } {
  const hidden = new Set(input.hidden)
  const collapsed = new Set(input.collapsed)
  const out = grouped(input.edges, (edge) => edge.from)
  const first = Math.min(...input.nodes.map((node) => node.tier))
  const entered = new Set(input.edges.map((edge) => edge.to))
  const starts = input.nodes.filter((node) => node.tier === first || !entered.has(node.id))
  const seen = walk(
    starts.map((node) => node.id).filter((id) => !hidden.has(id)),
    (id) => (collapsed.has(id) ? [] : (out.get(id) ?? []).map((edge) => edge.to)),
    hidden,
  )
  const folded: Record<string, number> = {}
  for (const id of collapsed) {
    if (!seen.has(id)) continue
    const below = walk([id], (one) => (out.get(one) ?? []).map((edge) => edge.to), hidden)
    folded[id] = [...below].filter((one) => !seen.has(one)).length
  }
  return { seen, folded }
}

function walk(starts: string[], next: (id: string) => string[], hidden: Set<string>): Set<string> {
  const seen = new Set(starts)
  const queue = [...starts]
  while (queue.length) {
    for (const id of next(queue.pop()!)) {
      if (seen.has(id) || hidden.has(id)) continue
      seen.add(id)
      queue.push(id)
    }
  }
  return seen
}

/** Ids tier by tier, each tier by the middle of what leads there, then of where it leads, to and fro. */
function ordered(nodes: LayoutNode[], edges: LayoutEdge[]): string[][] {
  const tiers = Math.max(-1, ...nodes.map((node) => node.tier)) + 1
  const columns: string[][] = Array.from({ length: tiers }, () => [])
  const came = new Map<string, number>()
  for (const edge of edges) came.set(edge.to, (came.get(edge.to) ?? 0) + edge.fen)
  const byAmount = [...nodes].sort(
    (a, b) => (came.get(b.id) ?? 0) - (came.get(a.id) ?? 0) || (a.id < b.id ? -1 : 1),
  )
  for (const node of byAmount) columns[node.tier]!.push(node.id)
  const into = grouped(edges, (edge) => edge.to)
  const outOf = grouped(edges, (edge) => edge.from)
  const rank = new Map<string, number>()
  const number = () => columns.forEach((column) => column.forEach((id, place) => rank.set(id, place)))
  number()
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const down = sweep % 2 === 0
    const order = down ? columns : [...columns].reverse()
    for (const column of order) {
      const middle = new Map(
        column.map((id) => [
          id,
          middleOf(down ? into.get(id) : outOf.get(id), (edge) => rank.get(down ? edge.from : edge.to)),
        ]),
      )
      column.sort((a, b) => (middle.get(a) ?? rank.get(a)!) - (middle.get(b) ?? rank.get(b)!))
      column.forEach((id, place) => rank.set(id, place))
    }
  }
  return columns
}

function middleOf(
  edges: LayoutEdge[] | undefined,
  where: (edge: LayoutEdge) => number | undefined,
): number | undefined {
  let weight = 0
  let total = 0
  for (const edge of edges ?? []) {
    const place = where(edge)
    if (place === undefined) continue
    const heavy = Math.sqrt(edge.fen) + 1
    weight += heavy
    total += heavy * place
  }
  return weight ? total / weight : undefined
}

/** Rows: each node beside the middle of its payers, pushed apart where two want the same place. */
function placed(columns: string[][], edges: LayoutEdge[]): Map<string, number> {
  const y = new Map<string, number>()
  const into = grouped(edges, (edge) => edge.to)
  for (const column of columns) {
    const wanted = column.map((id) => middleOf(into.get(id), (edge) => y.get(edge.from)))
    spread(wanted).forEach((at, place) => y.set(column[place]!, at))
  }
  const top = Math.min(0, ...y.values())
  const most = Math.max(1, ...columns.map((column) => column.length))
  const outOf = grouped(edges, (edge) => edge.from)
  if (most > 1) {
    for (const column of [...columns].reverse()) {
      const wanted = column.map((id) => middleOf(outOf.get(id), (edge) => y.get(edge.to)) ?? y.get(id))
      spread(wanted).forEach((at, place) => y.set(column[place]!, at))
    }
  }
  const highest = Math.min(top, ...y.values())
  return new Map([...y].map(([id, at]) => [id, Math.round(at - highest)]))
}

/** The rows nearest to those wanted that keep the order and leave room: equal pushes meet in the middle. */
export function spread(wanted: readonly (number | undefined)[]): number[] {
  interface Block {
    from: number
    count: number
    /** where the block's first row would stand */
    at: number
  }
  const blocks: Block[] = []
  let last = 0
  wanted.forEach((want, place) => {
    const at = want ?? (place ? last + ROW : 0)
    let block: Block = { from: place, count: 1, at }
    let before = blocks.at(-1)
    while (before && before.at + before.count * ROW > block.at) {
      const count = before.count + block.count
      const shifted = block.at - before.count * ROW
      block = {
        from: before.from,
        count,
        at: (before.at * before.count + shifted * block.count) / count,
      }
      blocks.pop()
      before = blocks.at(-1)
    }
    blocks.push(block)
    last = block.at + (block.count - 1) * ROW
  })
  return blocks.flatMap((block) => Array.from({ length: block.count }, (_, place) => block.at + place * ROW))
}

function grouped<Item>(items: readonly Item[], key: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>()
  for (const item of items) {
    const group = groups.get(key(item))
    if (group) group.push(item)
    else groups.set(key(item), [item])
  }
  return groups
}
