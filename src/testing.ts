/** `@sallyport/nest/testing`: for the tests of an application, without any database. */
export { loggedInAs, type TestUser } from './auth/logged-in-as.js';
