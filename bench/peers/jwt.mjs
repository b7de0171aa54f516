// A middleware as most boilerplates have it: HS256 by a secret string, and no way to end a token before its time. Given a
// string, the library first tries to read it as a public key, at every request; that is a part of what is measured.
import jwt from 'jsonwebtoken';

const SECRET = 'a secret string, as in the boilerplates';

export async function setUp(_app, { findUser }) {
  return {
    login: async (_request, user) => ({ token: jwt.sign({ sub: user.id }, SECRET, { expiresIn: '15m' }) }),
    guard: async (request, response, next) => {
      try {
        const { sub } = jwt.verify(request.headers.authorization?.replace('Bearer ', ''), SECRET);
        request.user = await findUser(sub);
      } catch {
        return response.status(401).end();
      }
      return next();
    },
  };
}
