export abstract class JwtOptions {
  abstract readonly accessTokenSeconds: number;
  abstract readonly issuer: string;
  abstract readonly audience: string;
}
