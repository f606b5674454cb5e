// An answer as plain text, to be handed on by mail or chat. Holds what the screen shows and nothing more.
import type { Diagnosis, ExchangeView } from '../../contract';
import type { Words } from '../../words';

/** The answer in a few lines: what was called, the verdict, the gates, what helps, what is not excluded. */
export function summary(diagnosis: Diagnosis, exchange: ExchangeView, words: Words): string {
  const w = words.call;
  const status = diagnosis.status > 0 ? String(diagnosis.status) : words.parts.noAnswer;
  const lines = [
    `${exchange.method} ${exchange.url}`,
    `${status} ${diagnosis.headline}`,
    diagnosis.detail,
    `${diagnosis.cause}${diagnosis.because ? ` (${diagnosis.because})` : ''} · ${words.parts.certainty[diagnosis.certainty]}`,
    '',
    w.gates.title,
    ...diagnosis.gates.map(
      (gate) => `- ${gate.title}: ${w.gates[gate.state]}${gate.evidence[0] ? ` (${gate.evidence[0].text})` : ''}`,
    ),
  ];
  if (diagnosis.remedies.length > 0) {
    lines.push('', w.remedies.title);
    diagnosis.remedies.forEach((one, index) => {
      const who = one.who_name
        ? `${one.who_name}${w.remedies.comma}${words.parts.actors[one.who]}`
        : words.parts.actors[one.who];
      lines.push(`${index + 1}. ${one.action} [${who}]${one.detail ? ` ${one.detail}` : ''}`);
    });
  }
  if (diagnosis.next_obstacle) lines.push('', `${w.remedies.next}: ${diagnosis.next_obstacle}`);
  if (diagnosis.alternatives.length > 0) {
    lines.push(
      '',
      w.alternatives.title,
      ...diagnosis.alternatives.map((one) => `- ${one.code}: ${one.title} ${one.question}`),
    );
  }
  return lines.filter((line, index) => line !== '' || index > 2).join('\n');
}
