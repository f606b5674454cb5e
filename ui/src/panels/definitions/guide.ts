import { call } from '../../call';
import type { Definition } from '../../contract';

/** The provider's own definitions, as its guide lists them. */
export async function guideList(): Promise<Definition[]> {
  const file = await call('export_definitions', { connection: null });
  const value = JSON.parse(file.text) as Definition[] | { definitions: Definition[] };
  return Array.isArray(value) ? value : value.definitions;
}

/** Three definitions of the guide with the full scope a user reads where no definition exists; the engine spells it. */
export async function example(connection: string, client: string): Promise<{ full: string; definition: Definition }[]> {
  const three = (await guideList()).slice(0, 3);
  const built = await call('build_scopes', {
    connection,
    client_id: client,
    platform: [],
    inner: three.map((one) => one.scope),
    merge: null,
  });
  return three.flatMap((definition, index) => {
    const full = built.lines[index]?.scope;
    return full === undefined ? [] : [{ full, definition }];
  });
}
