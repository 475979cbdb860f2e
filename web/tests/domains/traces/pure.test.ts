import { describe, expect, it } from 'vitest'
import type { TraceResult } from '@/api/types/traces'
import { fit, opened, pan, reveal, zoomAt } from '@/domains/tracing/traces/camera'
import { parts, shortYuan } from '@/domains/tracing/traces/figures'
import { graphOf, momentsOf } from '@/domains/tracing/traces/graph'
import { layoutOf, NODE, spread, type LayoutInput } from '@/domains/tracing/traces/layout'
import { linesOf } from '@/domains/tracing/traces/paste'
import { patternOf, PATTERNS } from '@/domains/tracing/traces/patterns'
import { svgOf } from '@/domains/tracing/traces/picture'
import { pageOf } from '@/domains/tracing/traces/rows'
import { bandsOf, neighbour, nodeAt, sceneOf } from '@/domains/tracing/traces/scene'
import { shortened } from '@/domains/tracing/traces/shorten'
import { sayEn, sayZh } from '../../words'
import { example } from './example'

const WORDS = {
  title: (node: { id: string }) => node.id,
  line: () => 'line <b>',
  marks: () => '冻',
  frozen: () => false,
  edge: () => '6万',
}

function layoutInput(result: TraceResult, part: Partial<LayoutInput> = {}): LayoutInput {
  return { ...graphOf(result), collapsed: [], hidden: [], ...part }
}

describe('the tree as money stood at a moment', () => {
  it('ends with what the rule says: who holds what, where it went, whose it is', () => {
    const graph = graphOf(example())
    const by = Object.fromEntries(graph.nodes.map((one) => [one.id, one]))
    expect(by.v0).toMatchObject({ kind: 'victim', tier: 0, outFen: 10_000_000 })
    expect(by.a).toMatchObject({ tier: 1, inFen: 15_000_000, leftFen: 3_000_000, fate: 'left' })
    expect(by.a!.byVictim).toEqual([10_000_000, 5_000_000])
    expect(by.b).toMatchObject({ fate: 'frontier', leftFen: 11_000_000 })
    expect(by['e:a:cash']).toMatchObject({ kind: 'end', tier: 2, fate: 'gone', inFen: 1_000_000 })
    expect(graph.edges.find((one) => one.id === 'a>b')).toMatchObject({ fen: 11_000_000, count: 2 })
  })

  it('shows at an earlier moment only what had happened, and no yuan is lost', () => {
    const result = example()
    const [first, second] = momentsOf(result)
    expect(graphOf(result, first! - 1).nodes).toEqual([])
    const early = graphOf(result, second)
    const account = early.nodes.find((one) => one.id === 'a')!
    expect(account).toMatchObject({ inFen: 10_000_000, leftFen: 4_000_000, outFen: 6_000_000 })
    for (const moment of momentsOf(result)) {
      const nodes = graphOf(result, moment).nodes
      const lies = nodes.filter((one) => one.kind !== 'victim').reduce((sum, one) => sum + one.leftFen, 0)
      const gave = nodes.filter((one) => one.kind === 'victim').reduce((sum, one) => sum + one.outFen, 0)
      expect(lies).toBe(gave)
    }
  })
})

describe('positions', () => {
  it('stand tier by tier and never on each other', () => {
    const { positions } = layoutOf(layoutInput(example()))
    const x = Object.fromEntries(positions.map((one) => [one.id, one.x]))
    expect(x.v0).toBeLessThan(x.a!)
    expect(x.a).toBeLessThan(x.b!)
    for (const one of positions)
      for (const two of positions)
        if (one !== two && one.x === two.x) expect(Math.abs(one.y - two.y)).toBeGreaterThan(NODE.height)
  })

  it('leave out what is hidden and what lies only behind a folded node, and say how much that is', () => {
    const folded = layoutOf(layoutInput(example(), { collapsed: ['a'] }))
    expect(folded.positions.map((one) => one.id).sort()).toEqual(['a', 'v0', 'v1'])
    expect(folded.folded).toEqual({ a: 2 })
    const hidden = layoutOf(layoutInput(example(), { hidden: ['b'] }))
    expect(hidden.positions.map((one) => one.id)).not.toContain('b')
  })

  it('keep order and room, each as near to its wish as the others allow', () => {
    const rows = spread([0, 0, 0, 1000])
    expect(rows.slice(1).every((one, place) => one - rows[place]! >= NODE.height)).toBe(true)
    expect(rows[3]).toBe(1000)
    expect((rows[0]! + rows[2]!) / 2).toBeCloseTo(0)
  })

  it('draw four payers of one payee without a crossing', () => {
    const nodes = ['p1', 'p2', 'q1', 'q2'].map((id) => ({ id, tier: id.startsWith('p') ? 0 : 1 }))
    const edges = [
      { from: 'p1', to: 'q2', fen: 10 },
      { from: 'p2', to: 'q1', fen: 900 },
    ]
    const { positions } = layoutOf({ nodes, edges, collapsed: [], hidden: [] })
    const y = Object.fromEntries(positions.map((one) => [one.id, one.y]))
    expect(y.p1! < y.p2!).toBe(y.q2! < y.q1!)
  })

  it('of two thousand nodes are reckoned within two seconds', () => {
    const nodes = Array.from({ length: 2000 }, (_, place) => ({
      id: `n${place}`,
      tier: Math.min(5, Math.floor(Math.log2(place + 1) / 2)),
    }))
    const edges = nodes
      .slice(1)
      .map((node, place) => ({ from: `n${Math.floor(place / 3)}`, to: node.id, fen: place + 1 }))
    const begun = performance.now()
    expect(layoutOf({ nodes, edges, collapsed: [], hidden: [] }).positions).toHaveLength(2000)
    expect(performance.now() - begun).toBeLessThan(2000)
  })
})

describe('what is seen of it', () => {
  const scene = sceneOf(graphOf(example()), layoutOf(layoutInput(example())), WORDS)

  it('finds the node under a point and goes along the money by arrow keys', () => {
    const a = scene.nodes.find((one) => one.id === 'a')!
    expect(nodeAt(scene, a.x + 1, a.y + 1)?.id).toBe('a')
    expect(neighbour(scene, 'a', 'right')).toBe('b')
    expect(neighbour(scene, 'b', 'left')).toBe('a')
    expect(neighbour(scene, 'b', 'right')).toBe('b')
    expect(neighbour(scene, null, 'down')).toBe(scene.nodes[0]!.id)
  })

  it('draws the widest edge for the largest amount', () => {
    const widest = [...scene.edges].sort((one, two) => two.width - one.width)[0]!
    expect(widest.id).toBe('a>b')
  })

  it('tells victims apart by pattern, the largest part first', () => {
    expect(bandsOf([1, 3])).toEqual([
      { pattern: 'stripes', part: 0.75 },
      { pattern: 'solid', part: 0.25 },
    ])
    expect(patternOf(99)).toBe(PATTERNS.at(-1))
  })

  it('zooms about the pointer, pans, and brings a node into view', () => {
    const camera = fit({ width: 400, height: 300 }, { width: 800, height: 600 })
    expect(camera.scale).toBe(1)
    expect(opened({ width: 400, height: 300 }, { width: 800, height: 600 }, 0)).toEqual(camera)
    const tall = opened({ width: 1500, height: 90_000 }, { width: 800, height: 600 }, 45_000)
    expect(tall.scale).toBeGreaterThan(0.3)
    expect(tall.y).toBeLessThan(45_000)
    expect(tall.y + 600 / tall.scale).toBeGreaterThan(45_000)
    const near = zoomAt(camera, 2, 100, 50)
    expect([near.x + 100 / near.scale, near.y + 50 / near.scale]).toEqual([camera.x + 100, camera.y + 50])
    expect(pan(camera, 10, 0).x).toBe(camera.x - 10)
    const moved = reveal(camera, { x: 5000, y: 0, width: 100, height: 40 }, { width: 800, height: 600 })
    expect(moved.x).toBeGreaterThan(4000)
  })

  it('becomes a picture that stands alone, with whatever names people have', () => {
    const theme = {
      ground: '#fff',
      surface: '#fff',
      ink: '#000',
      quiet: '#555',
      line: '#ddd',
      strong: '#888',
    }
    const colours = { blue: '#123', flow: '#456', amber: '#a60', green: '#060', red: '#b00', font: 'sans' }
    const legend = [{ pattern: 0, label: '苏*' }]
    const caption = { title: '演示 <&"', heading: '先进先出', mark: '模拟', legend }
    const svg = svgOf(scene, { ...theme, ...colours }, caption)
    const document = new DOMParser().parseFromString(svg, 'image/svg+xml')
    expect(document.querySelector('parsererror')).toBeNull()
    expect(svg).toContain('演示 &lt;&amp;&quot;')
    expect(svg).toContain('line &lt;b&gt;')
    expect(svg).not.toMatch(/https?:\/\/(?!www\.w3\.org)/)
  })
})

describe('what is pasted', () => {
  it('is cut at tabs, with headings in any order', () => {
    const lines = linesOf('交易时间\t金额\t收款账号\t受害人\n2026-03-01 12:00\t10万\t6299 9900\t苏五十')
    expect(lines).toEqual([
      { victim: '苏五十', institution: '', account: '6299 9900', amount: '10万', time: '2026-03-01 12:00' },
    ])
  })

  it('is cut at commas, but not inside an amount', () => {
    expect(linesOf('苏五十,演示银行,6299990000000000011,12,345.60,2026-03-01 12:00')).toEqual([
      {
        victim: '苏五十',
        institution: '演示银行',
        account: '6299990000000000011',
        amount: '12,345.60',
        time: '2026-03-01 12:00',
      },
    ])
  })

  it('loses nothing: cells too many stay with the last', () => {
    const [line] = linesOf('苏五十\t演示银行\t6299990000000000011\t100\t2026-03-01\t12:00:00')
    expect(line!.time).toBe('2026-03-01 12:00:00')
  })
})

describe('rows that are here already', () => {
  const table = {
    rows: [
      { n: '乙', fen: 300 },
      { n: '甲', fen: 1000 },
      { n: '', fen: 20 },
    ],
    value: (row: { n: string; fen: number }, field: string) => (field === 'fen' ? row.fen : row.n),
    searched: (row: { n: string }) => row.n,
  }

  it('are sorted as numbers and as Chinese, nothing last', () => {
    expect(pageOf(table, { sort: '-fen' }).items.map((one) => one.fen)).toEqual([1000, 300, 20])
    expect(pageOf(table, { sort: 'n' }).items.map((one) => one.n)).toEqual(['甲', '乙', ''])
  })

  it('are filtered, searched and cut into pages', () => {
    expect(pageOf(table, { filter: ['fen:ge:300'] }).total).toBe(2)
    expect(pageOf(table, { q: '甲' }).items).toHaveLength(1)
    expect(pageOf(table, { size: 2, page: 2 }).items).toHaveLength(1)
  })
})

describe('figures', () => {
  it.each([
    [95_000, '950元', '¥950'],
    [1_234_567_89, '123.45万', '¥1.23M'],
    [24_000_000_000, '2.4亿', '¥240M'],
    [6_000_000, '6万', '¥60k'],
  ])('%s fen are short', (fen, zh, en) => {
    expect([shortYuan(fen, sayZh, 'zh-CN'), shortYuan(fen, sayEn, 'en')]).toEqual([zh, en])
  })

  it('are parts that add up to a hundred', () => {
    expect(parts([1, 1, 1])).toEqual([34, 33, 33])
    expect(parts([0, 0])).toEqual([0, 0])
  })
})

describe('a title that has no room', () => {
  const within = (most: number) => (words: string) => words.length <= most

  it('keeps the last digits, which tell the account', () => {
    expect(shortened('演*·李** 0003', within(20))).toBe('演*·李** 0003')
    expect(shortened('演*·李** 0003', within(9))).toBe('演*·… 0003')
    expect(shortened('演*·李** 0003', within(4))).toBe('0003')
  })

  it('cuts a single word at its end', () => {
    expect(shortened('取现取现', within(3))).toBe('取现…')
  })
})
