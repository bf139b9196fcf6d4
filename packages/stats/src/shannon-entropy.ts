/**
 * Shannon entropy of a mix of counts, in bits: 0 when all lies in one category, log2(n) when it is spread evenly
 * over n (Shannon 1948, "A Mathematical Theory of Communication").
 *
 * @param counts by category, >= 0; no counts at all have entropy 0
 */
export function shannonEntropy(counts: readonly number[]): number {
  let total = 0;
  let weighted = 0;
  for (const count of counts) {
    if (count <= 0) continue;
    total += count;
    weighted += count * Math.log2(count);
  }
  return total === 0 ? 0 : Math.max(0, Math.log2(total) - weighted / total);
}
