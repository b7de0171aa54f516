import {
  type ArgumentMetadata,
  createParamDecorator,
  type ExecutionContext,
  ValidationPipe,
  type ValidationError,
} from '@nestjs/common';
import { AppError } from '../core/app-error.js';
import type { FieldProblem } from '../core/problem.js';
import { RequestView } from './request-view.js';

/**
 * Class-validator looks a field's rules up in a plain object, where every object's own methods are found too: it would let
 * `hasOwnProperty` and `toString` pass as known fields.
 */
class FieldsPipe extends ValidationPipe {
  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const inherited = Object.keys(Object(value)).filter((name) => name in Object.prototype);
    if (inherited.length > 0) throw validationFailed(inherited.map((name) => unknownField(pointerTo(name))));
    return super.transform(value, metadata);
  }
}

/** Class-validator over DTOs: unknown fields refused, nothing converted, never a value in an answer. */
export const fieldsPipe = new FieldsPipe({
  whitelist: true,
  forbidNonWhitelisted: true,
  transform: true,
  transformOptions: { enableImplicitConversion: false },
  validateCustomDecorators: true,
  validationError: { target: false, value: false },
  exceptionFactory: (errors) => validationFailed(errors.flatMap((error) => fieldProblems(error, ''))),
});

const bodyOf = createParamDecorator((_: unknown, context: ExecutionContext) => RequestView.in(context).body);
const queryOf = createParamDecorator((_: unknown, context: ExecutionContext) => RequestView.in(context).query);

/**
 * The body, checked by the class of the parameter. Nest's own `@Body()` would go through the pipes that an application has for all
 * its routes before it came to ours.
 */
export const CheckedBody = (): ParameterDecorator => bodyOf(fieldsPipe);

/** The query, likewise. */
export const CheckedQuery = (): ParameterDecorator => queryOf(fieldsPipe);

/** The JSON pointer (RFC 6901, section 3) to a field of that name. */
export function pointerTo(name: string, parent = ''): string {
  return `${parent}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

export function validationFailed(errors: FieldProblem[]): AppError {
  return new AppError('validation_failed', 'See errors for the fields to mend.', { errors });
}

function fieldProblems(error: ValidationError, parent: string): FieldProblem[] {
  const pointer = pointerTo(error.property, parent);
  const own = Object.entries(error.constraints ?? {}).map(([rule, detail]) => fieldProblem(pointer, rule, detail));
  return [...own.slice(0, 1), ...(error.children ?? []).flatMap((child) => fieldProblems(child, pointer))];
}

function fieldProblem(pointer: string, rule: string, detail: string): FieldProblem {
  return rule === 'whitelistValidation' ? unknownField(pointer) : { pointer, code: 'invalid', detail };
}

function unknownField(pointer: string): FieldProblem {
  return { pointer, code: 'unknown_field', detail: 'There is no such field.' };
}
