import type { Holding, ResultAccount, ResultTransfer, TraceResult } from '@/api/types/traces'

const NOON = Date.parse('2025-03-01T04:00:00Z')

function at(minutes: number): string {
  return new Date(NOON + minutes * 60_000).toISOString()
}

function holding(part: Partial<Holding>): Holding {
  const none = { victim: 0, tier: 1, in_fen: 0, out_fen: 0, left_fen: 0, end: 'retained', dwell_s: 0 }
  return { ...none, first_in: at(0), last_out: null, confidence: 'both', ...part }
}

function account(part: Partial<ResultAccount> & { id: string }): ResultAccount {
  const plain = { institution: '演示银行', account: '6299 **** 0011', name: '演*', tier: 1, observed: true }
  const rest = { opening: 'known', observed_until: null, hub: false, marks: [], notes: 0, others: 0 }
  return { ...plain, ...rest, holdings: [], ...part }
}

function transfer(payer: number, payee: number, minutes: number, shares: [number, number][]): ResultTransfer {
  const amount_fen = shares.reduce((sum, [, fen]) => sum + fen, 0)
  const end = payee < 0 ? 'cash' : payee === 1 ? 'frontier' : 'followed'
  const ends = shares.map(() => end)
  return { payer, payee, time: at(minutes), amount_fen, shares, end, ends, books: 'both', hand: false }
}

/** Two victims pay 100,000 and 50,000 into a; 110,000 go on to b, 10,000 as cash, 30,000 stay. */
export function example(): TraceResult {
  return {
    rule: 'fifo',
    as_of: at(600),
    totals: {
      seeds_fen: 15_000_000,
      left_fen: 3_000_000,
      ended_fen: 1_000_000,
      frontier_fen: 11_000_000,
      limit_fen: 0,
    },
    victims: ['苏*', '林*'],
    accounts: [
      account({
        id: 'a',
        holdings: [
          holding({ victim: 0, in_fen: 10_000_000, out_fen: 10_000_000 }),
          holding({ victim: 1, in_fen: 5_000_000, out_fen: 2_000_000, left_fen: 3_000_000 }),
        ],
      }),
      account({
        id: 'b',
        tier: 2,
        observed: false,
        holdings: [
          holding({ victim: 0, tier: 2, in_fen: 10_000_000, left_fen: 10_000_000, end: 'frontier' }),
          holding({ victim: 1, tier: 2, in_fen: 1_000_000, left_fen: 1_000_000, end: 'frontier' }),
        ],
      }),
    ],
    transfers: [
      transfer(-1, 0, 0, [[0, 10_000_000]]),
      transfer(0, 1, 5, [[0, 6_000_000]]),
      transfer(-1, 0, 7, [[1, 5_000_000]]),
      transfer(0, 1, 9, [
        [0, 4_000_000],
        [1, 1_000_000],
      ]),
      transfer(0, -1, 12, [[1, 1_000_000]]),
    ],
    stops: [],
    digest: '0'.repeat(64),
  }
}
