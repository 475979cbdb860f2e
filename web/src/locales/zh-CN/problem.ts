export default {
  problem: {
    network: '连接不上服务器',
    networkAction: '请检查网络后重试，已填写的内容仍在',
    unexpected: '页面出现意外错误',
    unexpectedAction: '请重试；仍不行请把时间和操作告诉管理员',
    http: '服务器返回异常（{status}）',
    httpAction: '请稍后重试；仍不行请联系管理员',
    basis: '依据',
    rule: '规则',
    fields: '请检查标出的 {n} 处',
  },
}
