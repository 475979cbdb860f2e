/** Words for an audited action: `user.update` stands under `user_update`; an unknown one is shown as it is. */
export function actionWords(action: string, words: (group: string, code: string) => string): string {
  const code = action.replace(/[.-]/g, '_')
  const found = words('audit.actions', code)
  return found === code ? action : found
}
