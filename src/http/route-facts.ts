import type { ExecutionContext } from '@nestjs/common';

/** What a route says of itself, once, for the guards, the rules of its body, the shape of its refusals and its description. */
export interface RouteFacts {
  /** One of Sallyport's own routes. What is only ever asked of our own routes leaves those of a host alone. */
  readonly isOwn: boolean;
  /** It has query parameters, which its DTO checks. */
  readonly takesQuery: boolean;
  /** It takes a form and answers refusals as OAuth does (RFC 6749, section 5.2). */
  readonly speaksOauth: boolean;
  /** It may answer with cookies although the request carried none. */
  readonly setsCookies: boolean;
  /** Open, and yet it reads a credential: one that may be dead, or stand in the body. */
  readonly takesCredential: boolean;
  /** Whether this body says that its client carries its credential by itself, and no cookie. */
  readonly isBearer: (body: Record<string, unknown>) => boolean;
}

const UNSTATED: RouteFacts = {
  isOwn: false,
  takesQuery: false,
  speaksOauth: false,
  setsCookies: false,
  takesCredential: false,
  isBearer: () => false,
};

const FACTS = 'sallyport:route';

/** States facts of a route, or of every route of a controller, beside those that are stated already. */
export function stateFacts(facts: Partial<RouteFacts>): MethodDecorator & ClassDecorator {
  return (target: object, _key?: string | symbol, descriptor?: PropertyDescriptor) => {
    const place = (descriptor?.value ?? target) as object;
    Reflect.defineMetadata(FACTS, { ...statedAt(place), ...facts }, place);
  };
}

/** Marks a route that has query parameters of its own, checked by their DTO. Any other refuses every parameter. */
export const TakesQuery = (): MethodDecorator => stateFacts({ takesQuery: true });

/** Marks a route that answers with cookies, but for a body by which its client says that it will carry none. */
export const SetsCookies = (isBearer: RouteFacts['isBearer']): MethodDecorator =>
  stateFacts({ setsCookies: true, isBearer });

/** Marks an open route that reads a credential by itself, and says by which body its client tells that it carries no cookie. */
export const TakesCredential = (isBearer: RouteFacts['isBearer']): MethodDecorator =>
  stateFacts({ takesCredential: true, isBearer });

/** Marks routes that take a form and answer refusals as OAuth does. */
export const SpeaksOauth = (): ClassDecorator => stateFacts({ speaksOauth: true });

/** What a route says never changes, so it is read once. */
const known = new WeakMap<object, RouteFacts>();

/** What the route says of itself that is about to be called. */
export function routeOf(context: Pick<ExecutionContext, 'getHandler' | 'getClass'>): RouteFacts {
  const handler = context.getHandler();
  const facts = known.get(handler) ?? { ...UNSTATED, ...statedAt(context.getClass()), ...statedAt(handler) };
  known.set(handler, facts);
  return facts;
}

function statedAt(place: object): Partial<RouteFacts> {
  return (Reflect.getMetadata(FACTS, place) as Partial<RouteFacts> | undefined) ?? {};
}
