import { z } from 'zod';
import { vendors } from '../vendors/index.ts';
import { httpSchemes, type Vendor } from '../vendors/vendor.ts';
import { accessSchema } from './access.ts';
import { auditSchema, bulkSchema, createServerSchema, logSchema } from './config.ts';
import { limitsSchema } from './limits.ts';
import { secretReference } from './secret.ts';
import { createSystemSchema } from './systems.ts';
import { plugInPattern } from './vendors.ts';

/** A secret as written in the file. */
const secret = secretReference.transform(() => '');

/**
 * The JSON Schema of jobyard.yaml, for editors and validators. Not every rule can be written in it, so a file that it accepts can
 * still have errors: `jobyard check` finds all.
 */
export function createConfigSchema(): object {
  const schema = z.strictObject({
    server: createServerSchema(secret).optional(),
    access: accessSchema.optional(),
    limits: limitsSchema.optional(),
    audit: auditSchema.optional(),
    bulk: bulkSchema.optional(),
    store: z.union([z.string().min(1), z.strictObject({ url: secret })]).optional(),
    log: logSchema.optional(),
    systems: z.array(z.union([...vendors.flatMap(toSystemSchemas), plugInSystem])).min(1),
  });
  return { title: 'jobyard.yaml', ...z.toJSONSchema(schema, { io: 'input', target: 'draft-07' }) };
}

/** A system of a vendor that isn't Jobyard's own, which may have any further keys. */
const plugInSystem = z.looseObject({ ...createSystemSchema(null).shape, vendor: z.string().regex(plugInPattern) });

/** The keys of a system, which depend on its vendor and on whose credentials it uses. */
function toSystemSchemas(vendor: Vendor): z.ZodType[] {
  const credentials = vendor.offersPassthrough ? (['configured', 'passthrough'] as const) : (['configured'] as const);
  return credentials.map((source) => {
    const own = vendor.settings(secret, source);
    if (!(own instanceof z.ZodObject)) throw new Error(`The settings of ${vendor.name} are no object`);
    const only = z.literal(source);
    return z.strictObject({
      ...createSystemSchema(vendor.urlSchemes ?? httpSchemes).shape,
      vendor: z.literal(vendor.name),
      credentials: source === 'configured' ? only.optional() : only,
      ...own.shape,
    });
  });
}
