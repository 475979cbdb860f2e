import { useI18n } from 'vue-i18n'
import type { Side } from '@/api/types/twin'
import { useWords } from '@/shared/i18n/useWords'
import type { SideField } from './settings'

/** A setting in words: each field by itself, and the whole in a line. */
export function useSideText() {
  const { t } = useI18n()
  const words = useWords()

  function field(side: Side, name: SideField): string {
    if (name === 'policy') return words('twin.policies', side.policy)
    if (name === 'delay') return t('twin.minutes', { n: side.delay })
    if (name === 'officers') return t('twin.people', { n: side.officers })
    return words('twin.paces', side[name])
  }

  return { field }
}
