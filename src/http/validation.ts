import { ValidationPipe, type ValidationError } from '@nestjs/common';
import { AppError, type FieldProblem } from '../core/app-error.js';

/** Class-validator over DTOs: unknown fields refused, nothing converted, never a value in an answer. */
export const validationPipe = (): ValidationPipe =>
  new ValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    transform: true,
    transformOptions: { enableImplicitConversion: false },
    validationError: { target: false, value: false },
    exceptionFactory: (errors) => validationFailed(errors.flatMap((error) => fieldProblems(error, ''))),
  });

export function validationFailed(errors: FieldProblem[]): AppError {
  return new AppError('validation_failed', 'See errors for the fields to mend.', { errors });
}

function fieldProblems(error: ValidationError, parent: string): FieldProblem[] {
  const pointer = `${parent}/${error.property.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  const own = Object.entries(error.constraints ?? {}).map(([rule, detail]) => fieldProblem(pointer, rule, detail));
  return [...own.slice(0, 1), ...(error.children ?? []).flatMap((child) => fieldProblems(child, pointer))];
}

function fieldProblem(pointer: string, rule: string, detail: string): FieldProblem {
  if (rule === 'whitelistValidation') return { pointer, code: 'unknown_field', detail: 'There is no such field.' };
  return { pointer, code: 'invalid', detail };
}
