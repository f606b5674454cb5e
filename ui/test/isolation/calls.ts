// The test call.
import { workspace } from '../../src/workspace.svelte';
import { mark, subject, report, input, problem, routed, answered, route, type Case } from './replies';

/** The cases. */
export const calls: Case[] = [
  {
    name: 'CallSession.readRoutes',
    run: (at) => at.session.readRoutes(),
    replies: { list_routes: { routes: [{ ...route, id: mark }] } },
    landed: (at) => at.session.routes.length,
  },
  {
    name: 'CallSession.suggestTeam',
    before: routed,
    run: (at) => at.session.suggestTeam(),
    landed: (at) => at.session.typed.team,
  },
  { name: 'CallSession.choices', before: routed, run: (at) => at.session.choices(input) },
  {
    name: 'CallSession.readPreview',
    before: routed,
    run: (at) => at.session.readPreview(),
    replies: { preview_call: { curl: mark, url: mark, problems: [] } },
    landed: (at) => at.session.preview?.curl,
  },
  {
    name: 'CallSession.send',
    before: routed,
    run: (at) => at.session.send(),
    replies: { test_call: report },
    landed: (at) => at.session.answer,
  },
  {
    name: 'CallSession.send, refused',
    before: routed,
    run: (at) => at.session.send(),
    replies: { test_call: problem },
    landed: (at) => at.session.problem,
  },
  {
    name: 'CallSession.stop',
    before: (at, hold) => (routed(at), hold(), at.session.send()),
    run: (at) => at.session.stop(),
    replies: { test_call: report },
    landed: (at) => at.session.answer,
  },
  {
    name: 'CallSession.retell',
    before: async (at) => (await answered(at), workspace.chooseLanguage('zh')),
    run: (at) => at.session.retell(),
    replies: { test_call: report, diagnose_text: { subjects: [subject] } },
    landed: (at) => at.session.answer?.lang === 'zh',
  },
  {
    name: 'Access.foretell, refused',
    run: (at) => at.access.foretell(false),
    replies: { access_matrix: problem },
    landed: (at) => at.access.asking.problem,
  },
  { name: 'Access.readTeams', run: (at) => at.access.readTeams(), landed: (at) => at.access.teams.length },
  { name: 'Access.chooseTeam', run: (at) => at.access.chooseTeam('t'), landed: (at) => at.access.sets.length },
  {
    name: 'Access.foretell',
    run: (at) => at.access.foretell(false),
    replies: { access_matrix: { id: mark, rows: [], differ: 0 } },
    landed: (at) => at.access.matrix,
  },
  {
    name: 'Access.compare',
    before: routed,
    run: (at) => at.access.compare(),
    replies: { compare_calls: { rows: [mark] } },
    landed: (at) => at.access.compared,
  },
  {
    name: 'Access.save',
    before: async (at) => at.access.foretell(false),
    run: (at) => at.access.save('csv'),
    replies: { access_matrix: { id: mark, rows: [], differ: 0 }, save_matrix: { path: mark } },
  },
  {
    name: 'Reader.open',
    quiet: true,
    run: (at) => at.reader.open(new File([mark], 'a.txt')),
    landed: (at) => at.reader.held?.text,
  },
  {
    name: 'Reader.explain',
    before: (at) => at.reader.take('HTTP/1.1 403'),
    run: (at) => at.reader.explain(),
    landed: (at) => at.reader.subject,
  },
  {
    name: 'Reader.explain, refused',
    before: (at) => at.reader.take('HTTP/1.1 403'),
    run: (at) => at.reader.explain(),
    replies: { open_text: problem },
    landed: (at) => at.reader.problem,
  },
  {
    name: 'Reader.look',
    before: async (at) => (at.reader.take('HTTP/1.1 403'), at.reader.explain()),
    run: (at) => at.reader.look(1),
    landed: (at) => at.reader.subject?.index === 1,
  },
  {
    name: 'Reader.again',
    before: async (at) => (at.reader.take('HTTP/1.1 403'), await at.reader.explain(), workspace.chooseLanguage('zh')),
    run: (at) => at.reader.again(),
    landed: (at) => at.reader.serial === 2,
  },
  {
    name: 'Reader.stop',
    before: (at, hold) => (at.reader.take('HTTP/1.1 403'), hold(), void at.reader.explain()),
    run: (at) => at.reader.stop(),
    landed: (at) => at.reader.subject,
  },
];
