# The operator's image: chiseled (no shell, no package manager), non-root, and content with a read-only root file system.
#
#   docker build -t segmentation-operator --build-arg VERSION=0.2.0-dev .
#   docker run --read-only --cap-drop ALL -p 8080:8080 -e Redis__Configuration=redis:6379 segmentation-operator
#
# The program writes no files: its state is in Redis and Kubernetes, its log goes to standard output. Health is for the kubelet to ask
# (/healthz, /readyz on 8080); a HEALTHCHECK here would want a shell.

# The build runs on the builder's own processor, and compiles for the one that is wanted: a quarter of the time until the program is ready would be compiling.
FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:10.0 AS build
ARG TARGETARCH
WORKDIR /source
# What decides the packages, first: the restored layer stays while only code changes.
COPY global.json Directory.Build.props Directory.Packages.props BannedSymbols.txt .editorconfig ./
COPY src/Segmentation/Segmentation.csproj src/Segmentation/
COPY src/Kubernetes/Kubernetes.csproj src/Kubernetes/
COPY src/Resources/Resources.csproj src/Resources/
COPY src/Operator/Operator.csproj src/Operator/
RUN dotnet restore src/Operator/Operator.csproj -a $TARGETARCH -p:PublishReadyToRun=true
COPY src/Segmentation/ src/Segmentation/
COPY src/Kubernetes/ src/Kubernetes/
COPY src/Resources/ src/Resources/
COPY src/Operator/ src/Operator/
ARG VERSION=0.2.0-dev
RUN dotnet publish src/Operator/Operator.csproj -c Release --no-restore -o /app -a $TARGETARCH \
    -p:PublishReadyToRun=true -p:UseAppHost=false -p:Version=$VERSION -p:ContinuousIntegrationBuild=true

FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled
ARG VERSION=0.2.0-dev
LABEL org.opencontainers.image.title="segmentation-operator" \
      org.opencontainers.image.description="Keeps customer segments true: a Kubernetes operator over Redis" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="$VERSION"
WORKDIR /app
COPY --from=build /app ./
# The diagnostics socket is the one thing that the runtime would write, to /tmp. With 16 MiB of new objects between two collections, each is short,
# and not so many as to cost more (docs/benchmarks.md); only the environment can say so.
ENV DOTNET_EnableDiagnostics=0 \
    DOTNET_GCgen0size=0x1000000 \
    ASPNETCORE_HTTP_PORTS=8080
EXPOSE 8080
# A number, so that Kubernetes can see for itself that it is not root (runAsNonRoot).
USER $APP_UID
ENTRYPOINT ["dotnet", "segmentation-operator.dll"]
