import { readFileSync } from 'node:fs';
import { FILES_WITH_TABLES, withTables } from '../../src/cli/readme-tables.js';
import { OWN_OPTIONS } from '../../src/sallyport-options.js';

describe('the README', () => {
  it.each(FILES_WITH_TABLES)('shows every setting, limit and option as the code has it: %s', (file) => {
    const text = readFileSync(file, 'utf8');
    expect(withTables(file, text)).toBe(text);
  });

  it('of the library names every option that is an application’s alone', () => {
    const text = readFileSync('packages/nest/README.md', 'utf8');
    expect(OWN_OPTIONS.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  });
});
