// One call and its evidence as an HTTP archive (HAR 1.2), so that it can be explained again without being sent again.
import type { CallReport, ExchangeView, HeaderView } from '../../contract';

interface Entry {
  startedDateTime: string;
  time: number;
  request: Record<string, unknown>;
  response: Record<string, unknown>;
  _error?: string;
}

function header(headers: HeaderView[], name: string): string {
  return headers.find((one) => one.name.toLowerCase() === name)?.value ?? '';
}

function entry(exchange: ExchangeView): Entry {
  const sent = exchange.request_body;
  const made: Entry = {
    startedDateTime: new Date(exchange.started_at ?? 0).toISOString(),
    time: exchange.elapsed_ms ?? 0,
    request: {
      method: exchange.method,
      url: exchange.url,
      httpVersion: 'HTTP/1.1',
      headers: exchange.request_headers,
      queryString: [],
      cookies: [],
      headersSize: -1,
      bodySize: sent === null ? 0 : sent.length,
      ...(sent === null
        ? {}
        : { postData: { mimeType: header(exchange.request_headers, 'content-type'), text: sent } }),
    },
    response: {
      status: exchange.status ?? 0,
      statusText: '',
      httpVersion: 'HTTP/1.1',
      headers: exchange.response_headers,
      cookies: [],
      content: {
        size: exchange.body_bytes,
        mimeType: header(exchange.response_headers, 'content-type'),
        ...(exchange.body === null ? {} : { text: exchange.body }),
      },
      redirectURL: '',
      headersSize: -1,
      bodySize: exchange.body_bytes,
    },
  };
  if (exchange.status === null) made._error = exchange.failure_text ?? exchange.failure ?? '';
  return made;
}

/** The archive as JSON text; the call itself is entry 0, its evidence follows in the order it was asked. */
export function archive(call: ExchangeView, asked: ExchangeView[]): string {
  const entries = [call, ...asked].map(entry);
  return JSON.stringify({ log: { version: '1.2', creator: { name: 'Spectroscope', version: '1' }, entries } });
}

/** Everything of an answer that is not a sentence. */
export function result(diagnosis: CallReport['diagnosis']): string {
  const { cause, certainty, because, needs, gates, remedies, alternatives } = diagnosis;
  return JSON.stringify([
    cause,
    certainty,
    because ?? null,
    needs,
    gates.map(({ id, state, would_pass, evidence }) => [id, state, would_pass, evidence.length]),
    remedies.map(({ who, who_name, fix }) => [who, who_name, fix]),
    alternatives.map(({ code }) => code),
  ]);
}
