import type { draft as en } from '../en/draft';

export const draft: typeof en = {
  elsewhere: (n) => `其他连接有 ${n} 份草稿`,
  elsewhereAt: (names) => `其他连接的草稿：${names.join('、')}`,
  here: '草稿',
  staged: (n) => `${n} 项待应用`,
  applying: (done, total) => `正在应用 ${done}/${total}`,
  definitionsAt: (name) => `${name} 有一份定义草稿`,
  rulesAt: (name, n) => `${name} 有 ${n} 项待应用的规则更改`,
  stays: '草稿留在原处。复制到此处不会发送任何内容。',
  use: '在此处使用这份草稿',
  show: '查看',
  copied: (name) => `已从 ${name} 复制草稿，未发送任何内容。`,
  leftOut: (n) => `有 ${n} 项移除未复制：此连接没有对应的规则。`,
  deleteLeftOut: '未复制删除操作：此连接没有该定义。',
};
