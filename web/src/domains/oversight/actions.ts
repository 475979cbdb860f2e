import { codeWords, type Words } from '@/shared/i18n/useWords'

/** Words for an audited action. */
export function actionWords(action: string, words: Words): string {
  return codeWords('audit.actions', action, words)
}
