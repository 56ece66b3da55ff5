/** A target group's greatest weight. */
const greatest = 999;

/**
 * Whole weights, 0 to 999, in which green has `share` percent and blue's groups keep their proportions.
 *
 * With one group of blue's the share is exact. With more it is off by at most half a percent of the traffic, where there
 * are at most four of them, as AWS has it: no group that had traffic loses all of it before share 100.
 *
 * @param before blue's weights, not all 0
 * @param share whole percent, 1 to 100
 */
export function sharedWeights(before: readonly number[], share: number): { blue: number[]; green: number } {
  const sum = before.reduce((total, weight) => total + weight, 0);
  if (sum <= 0) throw new Error("weights that are all zero can't be shared");
  if (!Number.isInteger(share) || share < 1 || share > 100) throw new Error(`no share of traffic: ${share}`);
  if (share === 100) return { blue: before.map(() => 0), green: 100 };
  if (before.filter((weight) => weight > 0).length === 1) {
    return { blue: before.map((weight) => (weight > 0 ? 100 - share : 0)), green: share };
  }
  let best = { ...withGreen(before, sum, share, 1), error: Number.POSITIVE_INFINITY };
  for (let green = 1; green <= greatest; green++) {
    const weights = withGreen(before, sum, share, green);
    const all = weights.blue.reduce((total, weight) => total + weight, 0);
    const proportionError = Math.max(
      ...weights.blue.map((weight, index) => Math.abs(weight / all - (before[index] ?? 0) / sum)),
    );
    const shareError = Math.abs(green / (green + all) - share / 100);
    // The share is what was agreed; the proportions among blue's own groups come second.
    const error = 4 * shareError + proportionError;
    if (Math.max(...weights.blue) <= greatest && error < best.error - 1e-9) best = { ...weights, error };
  }
  return { blue: best.blue, green: best.green };
}

function withGreen(before: readonly number[], sum: number, share: number, green: number) {
  const total = (green * (100 - share)) / share;
  return { green, blue: before.map((weight) => (weight === 0 ? 0 : Math.max(1, Math.round((weight / sum) * total)))) };
}
