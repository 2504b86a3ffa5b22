namespace Segmentation.Operator.Telemetry;

/// <summary>How the log is written: lines for people, or one JSON object each with <c>Logging:Console:FormatterName=json</c>.</summary>
internal static class LogOutput
{
    public static void ConfigureOutput(this ILoggingBuilder logging, IConfiguration configuration)
    {
        logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);

        // Its scope would put the request's path, and so a profile's id, beside everything that is logged while answering.
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        if (configuration["Logging:Console:FormatterName"] != "json") return;
        logging.AddJsonConsole(json =>
        {
            json.IncludeScopes = true;
            json.UseUtcTimestamp = true;
            json.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
        });
    }
}
