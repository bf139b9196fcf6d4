/** The id of an incident's one message at an outlet. */
export function messageIdOf(incidentId: string, suffix = ''): string {
  return `${incidentId}:message${suffix}`;
}

/** The id of the message of the digest that an incident holds. */
export function digestIdOf(hostId: string): string {
  return `${hostId}:digest`;
}
