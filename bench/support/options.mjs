import { parseArgs } from 'node:util';

/** Whole numbers from the command line, such as `--rounds 5`, each with a default. */
export function numbers(defaults) {
  const options = Object.fromEntries(Object.keys(defaults).map((name) => [name, { type: 'string' }]));
  const { values } = parseArgs({ options });
  return Object.fromEntries(
    Object.entries(defaults).map(([name, value]) => {
      const given = values[name] === undefined ? value : Number(values[name]);
      if (!Number.isInteger(given) || given < 1) throw new Error(`--${name} is a whole number from 1 on`);
      return [name, given];
    }),
  );
}
