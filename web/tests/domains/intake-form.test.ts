import { describe, expect, it } from 'vitest'
import type { Checked, Extracted } from '@/api/types/intake'
import {
  emptyForm,
  emptyTransfer,
  identityIn,
  notesOf,
  toScreen,
  toSend,
  withSuggestions,
} from '@/domains/intake/form'

const zh = (text: { zh: string }) => text.zh
const line = (part: object) => ({ ...emptyTransfer(), ...part })
const found = (part: Partial<Extracted>): Extracted => ({ found: [], transfers: [], ...part })

describe('what is sent', () => {
  it('leaves out lines that say nothing', () => {
    const form = { ...emptyForm(), transfers: [line({}), line({ account: '62' }), line({ account: '  ' })] }
    form.named = [
      { kind: 'phone', value: ' ' },
      { kind: 'link', value: 'demo.top' },
    ]
    expect(toSend(form).transfers).toHaveLength(1)
    expect(toSend(form).named).toEqual([{ kind: 'link', value: 'demo.top' }])
  })

  it('brings the server’s places back to the lines on screen', () => {
    const form = { ...emptyForm(), transfers: [line({}), line({ account: '62' }), line({ name: '演示乙' })] }
    expect(toScreen('transfers.0.account', form)).toBe('transfers.1.account')
    expect(toScreen('transfers.1.name', form)).toBe('transfers.2.name')
    expect(toScreen('victim.id_number', form)).toBe('victim.id_number')
  })
})

describe('notes under the fields', () => {
  const checked = {
    faults: [{ path: 'transfers.0.amount', message: { zh: '无法识别', en: '' } }],
    hints: [{ path: 'transfers.0.time', kind: 'doubt', message: { zh: '未说上午下午', en: '' } }],
  } as unknown as Checked

  it('keeps quiet of a fault until the field was left', () => {
    const form = { ...emptyForm(), transfers: [line({ amount: '大概' })] }
    expect(notesOf(checked, form, new Set(), zh)['transfers.0.amount']).toBeUndefined()
    const left = notesOf(checked, form, new Set(['transfers.0.amount']), zh)
    expect(left['transfers.0.amount']).toEqual([{ kind: 'fault', text: '无法识别' }])
  })

  it('shows a doubt at once', () => {
    const form = { ...emptyForm(), transfers: [line({ time: '两点半' })] }
    expect(notesOf(checked, form, new Set(), zh)['transfers.0.time']).toEqual([
      { kind: 'doubt', text: '未说上午下午' },
    ])
  })
})

describe('suggestions from a narrative', () => {
  const told = { institution: '演示银行', account: '6222', name: '演示乙', amount: '1.00', time: '10:00' }

  it('fill blank lines and never overwrite what was typed', () => {
    const form = { ...emptyForm(), transfers: [line({ account: '6222', amount: '2' }), line({})] }
    const filled = withSuggestions(form, found({ transfers: [told, { ...told, account: '6333' }] }))
    expect(filled.transfers).toHaveLength(2)
    expect(filled.transfers[0]).toMatchObject({ amount: '2', name: '演示乙' })
    expect(filled.transfers[1]).toMatchObject({ account: '6333' })
  })

  it('add a line where none is blank', () => {
    const form = { ...emptyForm(), transfers: [line({ account: '9' })] }
    expect(withSuggestions(form, found({ transfers: [told] })).transfers).toHaveLength(2)
  })

  it('leave the victim’s own phone out of the fraudster’s numbers, and say each number once', () => {
    const form = emptyForm()
    form.victim.phone = '199 0000 0001'
    const phone = (value: string) => ({ kind: 'phone', start: 0, end: 1, value })
    const read = found({ found: [phone('19900000001'), phone('19900000002'), phone('19900000002')] })
    expect(withSuggestions(form, read).named).toEqual([{ kind: 'phone', value: '19900000002' }])
  })

  it('offer an identity number for the victim', () => {
    const read = found({ found: [{ kind: 'id_number', start: 0, end: 18, value: '350100190001010012' }] })
    expect(identityIn(read)).toBe('350100190001010012')
    expect(identityIn(found({}))).toBe('')
  })
})
