import { describe, expect, it } from 'vitest'
import type { Order } from '@/api/types/orders'
import type { ReturnDetail } from '@/api/types/restitution'
import { letters, returned } from '@/domains/cases/papers'
import { fillFrom, subjectFrom } from '@/domains/stop_payment/filling'

const say = (key: string) => key
const stop = {
  id: 's1',
  number: 'ZF2026-0000001',
  kind: 'stop',
  subject: { kind: 'report', id: 'r1', label: 'JQ2026-000001' },
  amount_fen: 4_980_000,
  held_fen: 1_234_567,
  transfer_at: '2026-03-02T03:30:00Z',
  urgent: true,
  sent_at: null,
} as Order

describe('papers of a case', () => {
  it('has letters of orders that went out, and no others', () => {
    const sent = { ...stop, sent_at: '2026-03-02T04:00:00Z' }
    expect(letters([stop, sent], say).map((one) => one.files.map((file) => file.path))).toEqual([
      ['/api/orders/s1/notice.pdf', '/api/orders/s1/notice.docx'],
    ])
  })

  it('leaves a claim’s application to the page of its return', () => {
    const one = { id: 'f1', number: 'FH1', papers: ['application', 'decision'] } as ReturnDetail
    expect(returned([one], say).map((paper) => paper.name)).toEqual(['returns.paperNames.decision'])
  })
})

describe('an order made from a stop', () => {
  it('freezes what is held, asks from the moment of the transfer', () => {
    expect(fillFrom(stop, 'freeze')).toMatchObject({ amount: '12345.67', limited: true })
    expect(fillFrom(stop, 'query')).toMatchObject({ amount: '49800', from: '2026-03-02T11:30:00' })
  })

  it('is for the same report, but a freeze waits for a case', () => {
    expect(subjectFrom(stop, 'query')?.label).toBe('JQ2026-000001')
    expect(subjectFrom(stop, 'freeze')).toBeNull()
  })
})
