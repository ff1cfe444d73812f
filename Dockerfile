# syntax=docker/dockerfile:1

# Daylight as one static binary in an empty image.
#
#   docker build -t daylight .
#   docker run -p 8080:8080 -v daylight:/var/lib/daylight daylight

FROM --platform=$BUILDPLATFORM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download
COPY . .
ARG TARGETOS TARGETARCH
RUN --mount=type=cache,target=/go/pkg/mod \
    --mount=type=cache,target=/root/.cache/go-build \
    CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH \
    go build -trimpath -buildvcs=false -ldflags="-s -w -buildid=" -o /out/daylight ./cmd/daylight
# The empty image has no mkdir and no chown: its folders are made here.
RUN mkdir -p /out/state /out/tmp && chmod 0700 /out/state && chmod 1777 /out/tmp

FROM scratch
ARG VERSION=devel
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Daylight" \
      org.opencontainers.image.description="A forward proxy that finds uploads of customer data to AI tools" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.vendor="The Daylight authors" \
      org.opencontainers.image.version=$VERSION \
      org.opencontainers.image.revision=$REVISION
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
# Held bodies go to encrypted, already unlinked files here.
COPY --from=build --chown=65532:65532 /out/tmp /tmp
COPY --from=build --chown=65532:65532 /out/state /var/lib/daylight
COPY --from=build /out/daylight /daylight
# The default data folder is $XDG_STATE_HOME/daylight.
ENV XDG_STATE_HOME=/var/lib
USER 65532:65532
VOLUME /var/lib/daylight
# The admin listener on 8090 stays on loopback until the configuration says otherwise.
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s CMD ["/daylight", "healthcheck"]
ENTRYPOINT ["/daylight"]
CMD ["run", "--set", "proxy.listen=0.0.0.0:8080"]
