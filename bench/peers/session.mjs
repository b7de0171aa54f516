// express-session with passport on top, as their documentation sets them up, on whatever store is given.
import { callbackify } from 'node:util';
import session from 'express-session';
import passport from 'passport';

export function setUpSession(app, store, findUser) {
  const cookie = { maxAge: 1_800_000, httpOnly: true, sameSite: 'lax' };
  app.use(session({ store, secret: 'a secret of the bench', resave: false, saveUninitialized: false, cookie }));
  app.use(passport.session());
  passport.serializeUser((user, done) => done(null, user.id));
  passport.deserializeUser(callbackify(findUser));
  return {
    login: (request, user) =>
      new Promise((resolve, reject) => request.logIn(user, (error) => (error ? reject(error) : resolve({})))),
    guard: (request, response, next) => (request.isAuthenticated() ? next() : response.status(401).end()),
  };
}
