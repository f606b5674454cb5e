import type { confirm as en } from '../en/confirm';

export const confirm: typeof en = {
  where: '位置',
  as: '身份',
  nobody: '没有身份',
  what: '内容',
  back: '返回',
  type: (name) => `输入“${name}”以继续`,
  typeFirst: (name) => `先输入“${name}”`,
  switchTo: (label, kind) => `切换到 ${label}（${kind}）`,
  tryAgain: '重试',
  identities: '所有身份',
};
