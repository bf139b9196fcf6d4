/** A line as small as a word. `label` says what it shows to those who do not see it. */
export function Sparkline({ values, label }: { readonly values: readonly number[]; readonly label: string }) {
  const max = Math.max(1, ...values);
  const x = (at: number) => (values.length < 2 ? 0 : (at / (values.length - 1)) * 96);
  const y = (value: number) => 18.5 - (value / max) * 17;
  const line = values
    .map((value, at) => `${at === 0 ? 'M' : 'L'}${x(at).toFixed(1)} ${y(value).toFixed(1)}`)
    .join('');
  return (
    <svg className="spark" viewBox="0 0 96 20" preserveAspectRatio="none" role="img" aria-label={label}>
      <path d={`${line}L96 20L0 20Z`} fill="currentColor" opacity="0.13" />
      <path d={line} fill="none" stroke="currentColor" strokeWidth="1.3" vectorEffect="non-scaling-stroke" />
    </svg>
  );
}
