# syntax=docker/dockerfile:1

FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
COPY packages/verify/package.json packages/verify/
COPY packages/embedded-postgres/package.json packages/embedded-postgres/
RUN npm ci --no-audit --no-fund
COPY scripts ./scripts
COPY nest-cli.json tsconfig.json tsconfig.build.json ormconfig.ts ./
COPY packages ./packages
COPY src ./src
RUN npm run build

# A container is given its database: npm installs what the workspaces that are here need, and the embedded PostgreSQL is
# not here.
FROM node:22-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
COPY packages/verify/package.json packages/verify/
RUN npm ci --omit=dev --no-audit --no-fund && npm cache clean --force

FROM node:22-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app ./
COPY --from=build /app/packages/verify/dist ./packages/verify/dist
COPY --from=build /app/dist ./dist
# For the commands, such as `npm run user -- grant admin EMAIL`.
COPY scripts ./scripts
# Where generated keys are kept outside production. A named volume takes its owner from here.
RUN mkdir .data && chown node:node .data
USER node
EXPOSE 3000
HEALTHCHECK --interval=5s --timeout=3s --start-period=40s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 3000}/health/ready`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# Node itself is the first process, so that a stop reaches it and requests under way are finished.
CMD ["node", "dist/src/main.js"]
