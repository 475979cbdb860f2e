import { ElMessage } from 'element-plus/es/components/message/index'
import 'element-plus/es/components/message/style/css'

const LONG_MS = 6_000

/** A word in passing: what was done, or why it was not. What needs an answer belongs in a dialog. */
export const notify = {
  done: (message: string) => void ElMessage({ message, type: 'success', plain: true }),
  partly: (message: string) => void ElMessage({ message, type: 'warning', plain: true, duration: LONG_MS }),
  failed: (message: string) =>
    void ElMessage({ message, type: 'error', plain: true, duration: LONG_MS, showClose: true }),
}
