/** As much of OpenAPI 3.0 as the description uses. */
export interface Schema {
  $ref?: string;
  type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  format?: string;
  enum?: unknown[];
  nullable?: boolean;
  required?: string[];
  properties?: Record<string, Schema>;
  additionalProperties?: boolean;
  items?: Schema;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  example?: unknown;
}

export interface Media {
  schema: Schema;
  example?: unknown;
  examples?: Record<string, { value: unknown }>;
}

export interface Answer {
  description: string;
  content?: Record<string, Media>;
}

export interface Operation {
  operationId: string;
  summary: string;
  tags: string[];
  security?: Record<string, string[]>[];
  parameters: { name: string; in: 'path' | 'query'; description?: string; schema: Schema }[];
  requestBody?: { required?: boolean; content: Record<string, Media> };
  responses: Record<string, Answer>;
}

export interface Document {
  tags: { name: string; description: string }[];
  servers: unknown[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema>; securitySchemes: Record<string, object> };
}

/** What a schema says beside what a value is. Fields that it does not name are mistakes, too: they are not documented. */
export class SchemaCheck {
  constructor(private readonly schemas: Record<string, Schema>) {}

  mistakes(value: unknown, schema: Schema, at = ''): string[] {
    const { nullable, enum: allowed, type } = this.resolved(schema);
    if (value === null) return nullable ? [] : [`${at} is null`];
    if (allowed && !allowed.includes(value)) return [`${at} is none of ${allowed.join(', ')}`];
    if (typeOf(value, type) !== type) return [`${at} is no ${type}`];
    if (Array.isArray(value)) {
      const { items } = this.resolved(schema);
      return items
        ? value.flatMap((item, index) => this.mistakes(item, items, `${at}/${index}`))
        : [`${at} has no items`];
    }
    if (typeof value === 'object') return this.mistakesOfObject(value as Record<string, unknown>, schema, at);
    return typeof value === 'string'
      ? this.mistakesOfText(value, schema, at)
      : this.mistakesOfNumber(value, schema, at);
  }

  /** The value that the examples of the properties make up. */
  sample(schema: Schema): unknown {
    const { example, type, properties = {}, items } = this.resolved(schema);
    if (example !== undefined) return example;
    if (type === 'array' && items) return [this.sample(items)];
    if (type !== 'object') throw new Error(`No example: ${JSON.stringify(schema)}`);
    return Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, this.sample(property)]));
  }

  /** The examples that a reader is shown, made up from the schema when there are no others. */
  examples({ schema, example, examples }: Media): unknown[] {
    if (examples) return Object.values(examples).map(({ value }) => value);
    return [example ?? this.sample(schema)];
  }

  resolved(schema: Schema): Schema {
    if (schema.$ref === undefined) return schema;
    const found = this.schemas[schema.$ref.replace('#/components/schemas/', '')];
    if (!found) throw new Error(`${schema.$ref} leads nowhere`);
    return found;
  }

  private mistakesOfObject(value: Record<string, unknown>, schema: Schema, at: string): string[] {
    const { properties = {}, required = [], additionalProperties = false } = this.resolved(schema);
    const missing = required.filter((name) => !(name in value)).map((name) => `${at}/${name} is missing`);
    const wrong = Object.entries(value).flatMap(([name, field]) => {
      const property = properties[name];
      if (property) return this.mistakes(field, property, `${at}/${name}`);
      return additionalProperties ? [] : [`${at}/${name} is not documented`];
    });
    return [...missing, ...wrong];
  }

  private mistakesOfText(value: string, schema: Schema, at: string): string[] {
    const { format, minLength = 0, maxLength = Infinity } = this.resolved(schema);
    const isShaped = FORMATS[format ?? '']?.test(value) ?? true;
    return isShaped && value.length >= minLength && value.length <= maxLength
      ? []
      : [`${at} is no ${format ?? 'such text'}`];
  }

  private mistakesOfNumber(value: unknown, schema: Schema, at: string): string[] {
    const { minimum = -Infinity, maximum = Infinity } = this.resolved(schema);
    return typeof value !== 'number' || (value >= minimum && value <= maximum) ? [] : [`${at} is out of range`];
  }
}

const FORMATS: Record<string, RegExp> = {
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
  email: /^\S+@\S+$/,
};

function typeOf(value: unknown, wanted: Schema['type']): string {
  if (Array.isArray(value)) return 'array';
  if (wanted === 'integer') return Number.isInteger(value) ? 'integer' : typeof value;
  return typeof value;
}
