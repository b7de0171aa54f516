import { readFileSync } from 'node:fs';
import { withSettingsTable } from '../../src/config/settings-table.js';

describe('the README', () => {
  it('shows every setting as the code has it', () => {
    const text = readFileSync('README.md', 'utf8');
    expect(withSettingsTable(text)).toBe(text);
  });
});
