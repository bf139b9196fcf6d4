import * as z from 'zod';

/** What a token or a person may do. `emit`: send events; it lets nobody read. */
export const scopes = ['read', 'triage', 'act', 'admin', 'emit'] as const;
export const Scope = z.enum(scopes);
export type Scope = z.infer<typeof Scope>;

/** What people are: `viewer` reads, `analyst` triages, `responder` stops keys, `admin` gives access. */
export const roles = ['viewer', 'analyst', 'responder', 'admin'] as const;
export const Role = z.enum(roles);
export type Role = z.infer<typeof Role>;

const scopesByRole: Readonly<Record<Role, readonly Scope[]>> = {
  viewer: ['read'],
  analyst: ['read', 'triage'],
  responder: ['read', 'triage', 'act'],
  admin: ['read', 'triage', 'act', 'admin'],
};

/** The scopes that a role has. */
export function scopesOf(role: Role): readonly Scope[] {
  return scopesByRole[role];
}
