using Kubernetes.Hosting;
using OpenTelemetry.Metrics;
using Segmentation.Operator;
using Segmentation.Operator.Audiences;
using Segmentation.Operator.Http;
using Segmentation.Operator.Partitions;
using Segmentation.Operator.Reconcilers;
using Segmentation.Operator.Storage;
using Segmentation.Operator.Telemetry;
using Segmentation.Operator.Workspaces;
using Segmentation.Resources;

var builder = WebApplication.CreateSlimBuilder(args);
var services = builder.Services;
builder.Logging.ConfigureOutput(builder.Configuration);
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null); // RequestBodies has the limits, and says them
services.Configure<RedisOptions>(builder.Configuration.GetSection("Redis"));
services.Configure<DataPlaneOptions>(builder.Configuration.GetSection("DataPlane"));
services.Configure<RetentionOptions>(builder.Configuration.GetSection("Retention"));
services.AddOptions<RetentionOptions>().Validate(RetentionOptions.AreValid, RetentionOptions.Problem).ValidateOnStart();
services.Configure<HttpOptions>(builder.Configuration.GetSection("Http"));
services.Configure<AudienceOptions>(builder.Configuration.GetSection("Audiences"));
services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Plain));

// Time and storage
services.AddSingleton(TimeProvider.System);
services.AddSingleton<BusinessClock>();
services.AddSingleton<RedisConnection>();
services.AddHostedService(provider => provider.GetRequiredService<RedisConnection>());
services.AddSingleton<EventLog>();
services.AddSingleton<ReplicaMessages>();
services.AddSingleton<CatalogStore>();

// An order arrives: accepted here …
services.AddSingleton<EventAppender>();
services.AddSingleton<RequestBodies>();
services.AddSingleton<EventsEndpoint>();
services.AddSingleton<ProfileEndpoints>();
services.AddSingleton<ProfileReader>();
services.AddSingleton<ProfileExport>();
services.AddSingleton<MembersEndpoint>();
services.AddSingleton<WorkspaceTokens>();
services.AddSingleton<ShutdownDelay>();
services.AddHostedService(provider => provider.GetRequiredService<ShutdownDelay>());
services.AddSingleton<Readiness>();

// … applied here, on the replica whose share the partition is
services.AddSingleton<CacheBudget>();
services.AddSingleton<WorkspaceServices>();
services.AddSingleton<WorkspaceRegistry>();
services.AddSingleton<PartitionScheduler>();
services.AddReplicaWork<PartitionWorker>();

// A Segment is applied: planned here, reported there
services.AddSingleton<DeclarationReader>();
services.AddSingleton<ServingViews>();
services.AddSingleton<BreakPointCalculator>();
services.AddSingleton<ModelFitter>();
services.AddSingleton<RfmCensusTaker>();
services.AddSingleton<WorkspacePlanning>();
services.AddReplicaWork<PlanWorker>();
services.AddReplicaWork<ReportExchange>();
services.AddLeaderWork<ModelWorker>();
services.AddLeaderWork<RfmCensusWorker>();
services.AddLeaderWork<StatusRefresher>();
services.AddKubernetesRuntime(options => builder.Configuration.GetSection("Kubernetes").BindRuntime(options))
    .AddEntity(ResourcesJson.Default.Segment)
    .AddEntity(ResourcesJson.Default.RfmPolicy)
    .AddEntity(ResourcesJson.Default.AudienceSync)
    .AddController<SegmentController, Segment>(workers: 4)
    .AddFinalizer<SegmentFinalizer, Segment>(SegmentFinalizer.Name)
    .AddController<RfmPolicyController, RfmPolicy>(workers: 2)
    .AddController<AudienceSyncController, AudienceSync>(workers: 2)
    .AddFinalizer<AudienceSyncFinalizer, AudienceSync>(AudienceSyncFinalizer.Name);

// A membership changes: told to the outside world from here
services.AddSingleton<AudienceRegistry>();
services.AddSingleton<AudienceMetrics>();
services.AddSingleton<AudienceRfm>();
services.AddSingleton<AudienceServices>();
services.AddSingleton<CheckpointStore>();
services.AddSingleton<OutboxTrimmer>();
services.AddSingleton<DestinationFactory>();
services.AddSingleton<SigningSecrets>();
services.AddSingleton<WebhookHttp>();
services.AddLeaderWork<AudienceWorker>();

// Telemetry
services.AddMetrics();
services.AddSingleton<DataPlaneMetrics>();
services.AddSingleton<PrometheusReader>();
services.AddSingleton<SegmentMetrics>();
services.AddSingleton(provider => Meters.Build(provider.GetRequiredService<PrometheusReader>()));
using var tracing = Tracing.Build(builder.Configuration);

var app = builder.Build();
app.Services.GetRequiredService<MeterProvider>(); // listens from the start
app.Services.GetRequiredService<SegmentMetrics>();
app.MapApi();
await app.RunAsync();
