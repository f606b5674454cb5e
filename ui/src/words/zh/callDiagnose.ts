// Test call: an answer from a text, and the capsule that holds it.
import type { callDiagnose as en } from '../en/callDiagnose';

const replaced: Record<string, string> = {
  secret: '密钥',
  person: '人名',
  text: '文本',
  id: ' ID',
  host: '主机名',
  header: '标头',
  parameter: '参数',
  member: ' JSON 成员',
  body: '正文',
  swept: '随机字符串或邮箱地址',
};

/** Test call: an answer from a text, and the capsule that holds it. */
export const callDiagnose: typeof en = {
  diagnose: {
    label: '回答、curl 输出或 HAR',
    placeholder: 'HTTP/1.1 403 Forbidden\n\n{"error":"Not a member of this team"}',
    open: '打开文件',
    clear: '清空',
    method: '方法',
    url: 'URL 或路径',
    status: '状态',
    where: '文本里没有写明时填写',
    explain: '解释',
    giveStatus: '填写状态',
    explaining: '正在读取并解释……',
    sendsNothing: '不发送任何请求。',
    empty: '先粘贴回答，或打开一个文件。',
    badStatus: '状态是 100 到 599 之间的数字。',
    tooLarge: (size) => `窗口最多读取 ${size} 的文件；命令行最多读取 256 MB。`,
    file: (name, size) => `${name}，${size}`,
    pasted: '粘贴的文本',
    change: '更换文本',
    subjects: '文本中的调用',
    count: (shown, all) => (shown === all ? `${all} 个调用` : `${all} 个调用中的 ${shown} 个`),
    filter: '筛选调用',
    filterPlaceholder: '原因、路由、状态、名称',
    step: (done, total) => `已解释 ${done} / ${total} 个调用……`,
    group: '分组方式',
    by: { cause: '原因', route: '路由', consumer: '消费方', person: '用户' },
    unknown: '未知',
    counts: (all, allowed, open) =>
      `${all}${allowed > 0 && allowed < all ? `，放行 ${allowed}` : ''}${open > 0 && open < all ? `，未定 ${open}` : ''}`,
    none: '没有匹配的调用。',
    nothing: '文本里没有可解释的调用。',
    idleTitle: '还没有读取',
    idle: '粘贴服务器的回答。不会发送任何请求，只读这段文本。',
    idleForms: '可以读取的形式',
    forms: [
      '一个回答，有没有状态行和标头都可以',
      '一条 curl 命令及其输出（-i 或 -v）',
      '一个 HTTP 存档（HAR），含一个或多个调用',
    ],
    example: '试试示例',
    surer: '文本越完整，答案越确定：带有内省结果的存档，能判定单独一个 403 留下的疑问。',
  },
  capsule: {
    export: '导出胶囊',
    holds: '这次调用及其结论所依据的请求，保存为 HTTP 归档。其中只有诊断所需的内容。',
    minimised: '替换人名、他们写的内容、ID 和时间',
    hosts: '替换主机名、IP 地址和端口',
    goesIn: '胶囊中包含：',
    replaced: (list) =>
      list.length === 0
        ? '没有替换任何内容。'
        : `已替换或移除：${list.map((one) => `${one.count} 个${replaced[one.what] ?? one.what}`).join('、')}。`,
    leftOut: (count) => `未放入其他 ${count} 个请求。`,
    save: '保存胶囊',
    saveReport: '保存报告',
    copyReport: '复制报告',
    report: '报告',
    leave: '取消',
    saved: (path) => `已保存为 ${path}。`,
  },
};
