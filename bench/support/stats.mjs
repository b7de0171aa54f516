export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The chance that one of `these` is greater than one of `those` (Mann-Whitney); 0.5 when they are alike. */
export function auc(these, those) {
  const all = [...these.map((value) => ({ value, ours: true })), ...those.map((value) => ({ value, ours: false }))];
  all.sort((a, b) => a.value - b.value);
  let rankSum = 0;
  for (let i = 0; i < all.length;) {
    let end = i;
    while (end < all.length && all[end].value === all[i].value) end += 1;
    // Equal values share the mean of their ranks.
    const rank = (i + 1 + end) / 2;
    for (; i < end; i += 1) if (all[i].ours) rankSum += rank;
  }
  const n = these.length;
  return (rankSum - (n * (n + 1)) / 2) / (n * those.length);
}

/** Half the width of the 95 % interval around 0.5 that the AUC keeps to by chance when both are alike. */
export function aucByChance(n, m) {
  return 1.96 * Math.sqrt((n + m + 1) / (12 * n * m));
}

/** Rows of cells, the first of them the heads. Columns of numbers are aligned to the right. */
export function table(rows) {
  const columns = rows[0].map((_, i) => rows.map((row) => String(row[i])));
  const widths = columns.map((cells) => Math.max(...cells.map((cell) => cell.length)));
  const numeric = columns.map(([, ...cells]) => cells.every((cell) => !Number.isNaN(Number(cell))));
  const pad = (cell, i) => (numeric[i] ? String(cell).padStart(widths[i]) : String(cell).padEnd(widths[i]));
  return rows.map((row) => row.map(pad).join('  ').trimEnd()).join('\n');
}
