# syntax=docker/dockerfile:1
# Builds the one binary, console included, for the platform that is asked for (both architectures:
# docker buildx build --platform linux/amd64,linux/arm64 .), into an image that holds nothing else: no shell, no
# package manager, no root.

# The pages and the compiler run on the builder's own architecture, whatever is built for.
FROM --platform=$BUILDPLATFORM node:22-bookworm-slim AS console
WORKDIR /src/admin-ui
COPY admin-ui/package.json admin-ui/package-lock.json admin-ui/.npmrc ./
RUN npm ci
COPY graph/schema /src/graph/schema
COPY admin-ui ./
RUN npm run build

FROM --platform=$BUILDPLATFORM golang:1.26-bookworm AS program
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
COPY --from=console /src/admin-ui/dist admin-ui/dist
ARG TARGETOS=linux TARGETARCH=amd64
# The release's tag: docker build --build-arg VERSION=v1.2.3 .
ARG VERSION=""
RUN CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH go build -trimpath -tags console -ldflags="-s -w -X main.release=$VERSION" -o /out/cloudtag . \
    && mkdir -p /out/data

FROM scratch
COPY --from=program /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=program /out/cloudtag /usr/local/bin/cloudtag
# The embedded store's folder: mount a volume here, or set CLOUDTAG_DB to a MongoDB.
COPY --from=program --chown=65532:65532 /out/data /var/lib/cloudtag
USER 65532:65532
# Metrics have a port of their own, which is for Prometheus and not to be published.
ENV CLOUDTAG_ADDR=0.0.0.0:8080 CLOUDTAG_METRICS_ADDR=0.0.0.0:9090 CLOUDTAG_DB=sqlite:/var/lib/cloudtag/cloudtag.db
VOLUME /var/lib/cloudtag
EXPOSE 8080 9090
HEALTHCHECK --interval=5s --start-period=5m CMD ["/usr/local/bin/cloudtag", "health"]
ENTRYPOINT ["/usr/local/bin/cloudtag"]
CMD ["serve"]
