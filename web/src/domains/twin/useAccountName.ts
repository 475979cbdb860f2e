import { useI18n } from 'vue-i18n'
import type { StoryAccount } from '@/api/types/twin'

/** Short names of a case's accounts: `2-1` is the first of the second tier; those the money never lay in stand apart. No line breaks within. */
export function useAccountName() {
  const { t } = useI18n()
  return (accounts: readonly StoryAccount[]): string[] => {
    const seen = new Map<number, number>()
    return accounts.map(({ tier }) => {
      const n = (seen.get(tier) ?? 0) + 1
      seen.set(tier, n)
      return tier ? `${tier}-\u2060${n}` : t('twin.watch.apart', { n })
    })
  }
}
