import { Injectable } from '@nestjs/common';
import { type ApplicationConfig, ModuleRef } from '@nestjs/core';
import { HttpOptions } from './http.options.js';

/**
 * Where a route of ours is found from outside: below the public address, and below the prefix that the application has set for all
 * its routes. Cookies, metadata and links go by this.
 *
 * @example
 * paths.path('/auth'); // '/api/auth' after app.setGlobalPrefix('api')
 * paths.url('/oauth/introspect'); // 'https://auth.example.com/api/oauth/introspect'
 */
@Injectable()
export class PublicPaths {
  private readonly known = new Map<string, string>();
  private readonly base: URL;
  private readonly mount: string;

  constructor(
    { publicUrl }: HttpOptions,
    private readonly modules: ModuleRef,
  ) {
    this.base = new URL(publicUrl);
    this.mount = this.base.pathname.replace(/\/+$/, '');
  }

  /** The path of a route as a browser sees it. Asked once the application serves, when its prefix is settled. */
  path(route: string): string {
    const path = this.known.get(route) ?? this.find(route);
    this.known.set(route, path);
    return path;
  }

  url(route: string): string {
    return `${this.base.origin}${this.path(route)}`;
  }

  private find(route: string): string {
    const prefix = this.prefixOf(route);
    // Who has named the prefix in the public address as well has said the same thing twice.
    return this.mount.endsWith(prefix) ? `${this.mount}${route}` : `${this.mount}${prefix}${route}`;
  }

  private prefixOf(route: string): string {
    const settings = settingsOf(this.modules);
    const prefix = settings.getGlobalPrefix().replace(/^\/*|\/+$/g, '');
    const excluded = settings.getGlobalPrefixOptions().exclude ?? [];
    const isExcluded = excluded.some(({ pathRegex }) => pathRegex.test(route));
    return prefix === '' || isExcluded ? '' : `/${prefix}`;
  }
}

/** Nest tells nobody the prefix of an application but those that hold the application; only here is its container opened. */
function settingsOf(modules: ModuleRef): ApplicationConfig {
  return (modules as unknown as { container: { applicationConfig: ApplicationConfig } }).container.applicationConfig;
}
