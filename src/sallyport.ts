/** What an application that wires Sallyport's modules and guards into itself imports. */
export { AppModule } from './app.module.js';
export { AuthGuard } from './auth/auth.guard.js';
export { AuthModule } from './auth/auth.module.js';
export { AuthService } from './auth/auth.service.js';
export { JwtGuard } from './auth/jwt.guard.js';
export { SessionGuard } from './auth/session.guard.js';
export { type Config, type Environment, loadConfig } from './config/config.js';
export { createApp } from './create-app.js';
export { AppError } from './core/app-error.js';
export { setUpHttp } from './http/http-setup.js';
export { CurrentUser, type Principal, Public, Roles } from './http/principal.js';
export { SessionStore } from './sessions/session.store.js';
export { SessionsModule } from './sessions/sessions.module.js';
export { SessionsService } from './sessions/sessions.service.js';
export { TokenStore } from './sessions/token.store.js';
export { UserStore } from './users/user.store.js';
export { UsersModule } from './users/users.module.js';
export { UsersService } from './users/users.service.js';
