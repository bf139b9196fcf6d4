/** Browsers all call themselves Mozilla; the most specific product decides. Order matters: Edge says Chrome, Chrome says Safari. */
const browsers = [
  ['Edg', 'Edge'],
  ['OPR/', 'Opera'],
  ['Firefox/', 'Firefox'],
  ['Chrome/', 'Chrome'],
  ['CriOS/', 'Chrome'],
  ['Safari/', 'Safari'],
  ['Trident/', 'Internet Explorer'],
] as const;
const compatible = /compatible; ([\w .-]+?)(?:\/|;|\))/;
const product = /^[\w.@+-]+(?: [A-Za-z][\w.-]*(?=\/))?/;

/** Product name of a user agent without its version; empty when it says nothing usable. At most 64 characters. */
export function agentFamily(userAgent: string): string {
  const agent = userAgent.trim();
  if (!agent.startsWith('Mozilla/')) return (product.exec(agent)?.[0] ?? '').slice(0, 64);
  const robot = compatible.exec(agent)?.[1];
  if (robot && robot !== 'MSIE') return robot.slice(0, 64);
  for (const [mark, name] of browsers) if (agent.includes(mark)) return name;
  return 'Mozilla';
}
