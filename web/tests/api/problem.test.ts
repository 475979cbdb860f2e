import { describe, expect, it } from 'vitest'
import { fieldMessages, plainProblem, type Problem, typeset } from '@/api/problem'
import { fileNameOf } from '@/api/download'
import { fromBase64Url, toBase64Url } from '@/api/passkeys'
import { problemText } from '@/shared/forms/problem-text'
import { sayEn, sayZh } from '../words'

const problem: Problem = {
  status: 422,
  code: 'invalid',
  message: { zh: '填写的内容有误', en: 'Not valid' },
  action: { zh: '请改正', en: 'Correct it' },
  fields: [
    { path: 'body.name', message: { zh: '必填', en: 'Required' } },
    { path: 'name', message: { zh: '太短', en: 'Too short' } },
    { path: 'transfers.0.amount', message: { zh: '不是金额', en: '' } },
  ],
}

describe('problems in words', () => {
  it("gives the server's message and action in the language of the interface", () => {
    expect(problemText(problem, 'zh-CN', sayZh)).toEqual({ message: '填写的内容有误', action: '请改正' })
    expect(problemText(problem, 'en', sayEn)).toEqual({ message: 'Not valid', action: 'Correct it' })
  })

  it('has words of its own where the server gave none', () => {
    expect(problemText(plainProblem('network').problem, 'zh-CN', sayZh).message).toBe('连接不上服务器')
    expect(problemText(plainProblem('http_502', 502).problem, 'en', sayEn).message).toContain('502')
  })

  it('hands each input its first message, in Chinese where English is missing', () => {
    expect(fieldMessages(problem, 'zh-CN')).toEqual({ name: '必填', 'transfers.0.amount': '不是金额' })
    expect(fieldMessages(problem, 'en')).toEqual({ name: 'Required', 'transfers.0.amount': '不是金额' })
    expect(fieldMessages(null, 'en')).toEqual({})
  })
})

describe('file names of downloads (RFC 6266, RFC 8187)', () => {
  it('prefers the UTF-8 name', () => {
    const header = 'attachment; filename="download.xlsx"; filename*=UTF-8\'\'%E6%97%B6%E9%99%90.xlsx'
    expect(fileNameOf(header, 'x')).toBe('时限.xlsx')
    expect(fileNameOf('attachment; filename="plain.pdf"', 'x')).toBe('plain.pdf')
    expect(fileNameOf(null, 'export.xlsx')).toBe('export.xlsx')
  })
})

describe('base64url (RFC 4648 §5)', () => {
  it.each([
    [[], ''],
    [[0x66], 'Zg'],
    [[0x66, 0x6f], 'Zm8'],
    [[0x66, 0x6f, 0x6f], 'Zm9v'],
    [[0xfb, 0xff, 0xfe], '-__-'],
  ])('%j', (bytes, text) => {
    expect(toBase64Url(Uint8Array.from(bytes).buffer)).toBe(text)
    expect([...new Uint8Array(fromBase64Url(text))]).toEqual(bytes)
  })
})

describe('Chinese as it is printed', () => {
  it.each([
    ['连续输错次数过多,账号已锁定', '连续输错次数过多，账号已锁定'],
    ['自 2016-06-01 起:48小时', '自 2016-06-01 起：48小时'],
    ['见面劝阻(城区)', '见面劝阻（城区）'],
    ['依《规定》, 第5条', '依《规定》，第5条'],
    ['金额 1,234.50 元 (USD)', '金额 1,234.50 元 (USD)'],
    ['12:30 前,请', '12:30 前，请'],
  ])('%s', (typed, printed) => {
    expect(typeset(typed)).toBe(printed)
  })
})
