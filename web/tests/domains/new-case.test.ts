import { describe, expect, it } from 'vitest'
import {
  emptyCase,
  emptyVictim,
  firstOf,
  missingIn,
  notesOf,
  sameAt,
  toScreen,
  toSend,
} from '@/domains/cases/form'

const one = { ...emptyVictim(), name: '演示甲', loss: '1.2万' }
const words = { say: (text: { zh: string }) => text.zh, read: (fen: number) => `${fen} fen` }

describe('the form of a case opened by hand', () => {
  it('sends the lines that say something, and brings their faults back to where they stand', () => {
    const lines = [one, emptyVictim(), { ...one, name: '演示乙' }]
    const sent = toSend({ ...emptyCase(), victims: lines })
    expect(sent.victims.map((line) => line.name)).toEqual(['演示甲', '演示乙'])
    expect(toScreen('victims.1.loss', lines)).toBe('victims.2.loss')
    expect(toScreen('story', lines)).toBe('story')
  })

  it('names what is missing: of an empty form everything that is required, of its first line', () => {
    const empty = ['fraud_type', 'story', 'victims.0.name', 'victims.0.loss']
    expect(missingIn(emptyCase())).toEqual(empty)
    const filled = { ...emptyCase(), fraud_type: '02', story: '演示', victims: [one, emptyVictim()] }
    expect(missingIn(filled)).toEqual([])
  })

  it('says a fault only of a cell that was left, and how a loss was read at once', () => {
    const checked = {
      faults: [{ path: 'victims.0.phone', message: { zh: '电话号码无法识别', en: '' } }],
      losses: [1_200_000],
    }
    const read = { 'victims.0.loss': [{ kind: 'read', text: '1200000 fen' }] }
    expect(notesOf(checked, [one], new Set(), words)).toEqual(read)
    const fault = { 'victims.0.phone': [{ kind: 'fault', text: '电话号码无法识别' }] }
    expect(notesOf(checked, [one], new Set(['victims.0.phone']), words)).toEqual({ ...read, ...fault })
  })

  it('shows a refusal of a field for as long as the field holds what was refused', () => {
    const sent = { ...emptyCase(), victims: [one] }
    expect(sameAt('victims.0.loss', { ...sent, story: '演示' }, sent)).toBe(true)
    expect(sameAt('victims.0.loss', { ...sent, victims: [{ ...one, loss: '2万' }] }, sent)).toBe(false)
  })

  it('leads to the first fault on the screen, whatever the order they were told in', () => {
    const errors = { 'victims.0.account': 'x', 'victims.0.loss': 'x' }
    expect(firstOf(errors, [one])).toBe('victims.0.loss')
    expect(firstOf({}, [one])).toBeNull()
  })
})
