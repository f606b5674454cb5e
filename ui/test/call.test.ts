import { afterEach, expect, test, vi } from 'vitest';

import { asProblem, call, Refused, speak } from '../src/call';

/** Answers `POST /call` with the text, cut into pieces of `size` bytes. */
function host(text: string, size = text.length || 1, status = 200): ReturnType<typeof vi.fn> {
  const bytes = new TextEncoder().encode(text);
  const body = new ReadableStream<Uint8Array>({
    start(control) {
      for (let at = 0; at < bytes.length; at += size) control.enqueue(bytes.slice(at, at + size));
      control.close();
    },
  });
  const fetched = vi.fn(async () => new Response(body, { status }));
  vi.stubGlobal('fetch', fetched);
  return fetched;
}

afterEach(() => {
  vi.unstubAllGlobals();
  speak('en');
});

test('reports come in order before the reply, however the stream is cut', async () => {
  const lines = [{ progress: { scope: '读取' } }, { progress: { scope: 'b' } }, { reply: { verified: 2 } }]
    .map((l) => `${JSON.stringify(l)}\n`)
    .join('');
  for (const size of [1, 2, 7, lines.length]) {
    host(lines, size);
    const seen: unknown[] = [];
    const reply = await call(
      'apply_import',
      { connection: 'sandbox', text: '', delete: [], base: '' },
      { onProgress: (p) => seen.push(p.scope) },
    );
    expect(seen).toEqual(['读取', 'b']);
    expect(reply).toEqual({ verified: 2 });
  }
});

test('the envelope carries language and job', async () => {
  const fetched = host('{"reply":{}}');
  speak('zh');
  await call('cancel_job', { job: 'j1' }, { job: 'j2' });
  const [path, init] = fetched.mock.calls[0] as [string, RequestInit];
  expect(path).toBe('/call');
  expect(JSON.parse(String(init.body))).toEqual({
    operation: 'cancel_job',
    args: { job: 'j1' },
    lang: 'zh',
    job: 'j2',
  });
});

test("the engine's Problem is thrown as it is", async () => {
  host(
    '{"problem":{"code":"rules.moved","severity":"refused","message":"m","hints":[],"who":null,"span":null,"related":[],"exchange":null}}\n',
  );
  const error = await call('list_routes', {}).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(Refused);
  expect(asProblem(error).code).toBe('rules.moved');
});

test.each([
  ['a host that refuses', 'host.failed', () => host('', 1, 503)],
  ['an answer that ends early', 'host.unreachable', () => host('{"progress":1}\n')],
  ['an answer that is no JSON', 'host.unreachable', () => host('<html>')],
  [
    'no host at all',
    'host.unreachable',
    () =>
      vi.stubGlobal('fetch', async () => {
        throw new TypeError('Failed to fetch');
      }),
  ],
])('%s is a Problem in the language of the moment', async (_name, code, start) => {
  start();
  speak('zh');
  const problem = asProblem(await call('list_routes', {}).catch((e: unknown) => e));
  expect(problem.code).toBe(code);
  expect(problem.message).toMatch(/[一-龥]/);
});

test('what the engine was not asked for is never its fault', () => {
  speak('en');
  expect(asProblem(new TypeError('x is undefined')).code).toBe('window.failed');
});
