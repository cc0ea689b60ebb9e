# One image for every role: replica, worker, bots, and the small helpers of the stack. Bun comes from the lock file, as
# everything else does.
FROM node:24-slim AS build
LABEL org.opencontainers.image.title=doorbuster-build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts && \
    cp "$(find node_modules/@oven node_modules/bun -type f \( -name bun -o -name bun.exe \) -size +1M | head -n 1)" /usr/local/bin/bun && \
    rm -rf node_modules/@oven node_modules/bun node_modules/.bin
COPY tsconfig.json ./
COPY src src
COPY deploy deploy
# Built where it is served from, and never again: a container's file system is read-only.
RUN bun src/ui/build.ts

FROM debian:13-slim
LABEL org.opencontainers.image.title=doorbuster org.opencontainers.image.licenses=MIT
COPY --from=build /usr/local/bin/bun /usr/local/bin/bun
COPY --from=build /app /app
# A named volume takes over the owner of the folder that it is first mounted on.
RUN mkdir -p /secrets/app /secrets/store /secrets/store-admin /secrets/ledger /secrets/grafana && chown -R 10001:10001 /secrets
WORKDIR /app
USER 10001:10001
# Only what shares a network with the container reaches the operators' port: compose.yaml publishes neither.
ENV HOST=0.0.0.0 PORT=8080 OPERATORS_HOST=0.0.0.0 OPERATORS_PORT=8081 NODE_ENV=production
EXPOSE 8080 8081
STOPSIGNAL SIGTERM
ENTRYPOINT ["bun", "deploy/container/start.ts"]
CMD ["serve", "--keep"]
