// Client-safe. What a hold asks of people: part of every rule, and of every request.
import { z } from 'zod';

export const groupsSchema = z.array(z.string().min(1).max(64)).min(1).max(20);
export const factorSchema = z.strictObject({ groups: groupsSchema, count: z.number().int().min(1).max(20) });
export const escalationStepSchema = z.strictObject({
  afterS: z.number().int().min(1).max(86_400),
  groups: groupsSchema,
});
