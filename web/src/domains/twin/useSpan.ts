import { useI18n } from 'vue-i18n'
import type { Interval } from '@/api/types/twin'
import type { Key, shown } from './figures'

/** An interval in words, each end written by `write`. */
export function useSpan() {
  const { t } = useI18n()
  return (of: Interval, key: Key, write: typeof shown): string =>
    t('twin.span', { low: write(of.low, key), high: write(of.high, key) })
}
