import type { readOnly as en } from '../en/readOnly';

export const readOnly: typeof en = {
  tag: '只读',
  reason: '此连接为只读。',
  allow: '允许更改…',
  allowTitle: (name) => `允许在 ${name} 进行更改？`,
  allowLines: ['之后，控制台可以更改这些服务器上的定义、规则、客户端和数据。', '每次写入仍会先询问。'],
  allowAction: '允许更改',
  make: '设为只读',
  allowed: (name) => `${name} 已允许更改`,
  made: (name) => `${name} 已设为只读`,
  field: '更改',
  choices: { yes: '只读', no: '允许' },
  production: '生产连接最初为只读，之后可以允许更改。',
  origins: '会收到凭据的服务器',
  named: '只有 Glint 的配置指向此 Prism。你添加的凭据会发送到该地址，请与运维方核对。',
  confirm: (origin) => `向 ${origin} 发送凭据`,
  confirmFirst: '请先确认 Prism 的地址',
};
