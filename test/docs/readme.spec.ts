import { readFileSync } from 'node:fs';
import { withTables } from '../../src/cli/readme-tables.js';

describe('the README', () => {
  it('shows every setting and every limit as the code has it', () => {
    const text = readFileSync('README.md', 'utf8');
    expect(withTables(text)).toBe(text);
  });
});
