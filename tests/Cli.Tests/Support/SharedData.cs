namespace Segmentation.Cli.Tests.Support;

/// <summary>The CDNOW purchases, which lie beside a checkout on some machines: <c>../shared/data/cdnow</c> from the repository's root.</summary>
internal static class SharedData
{
    public static string? Cdnow { get; } = FindCdnow();

    private static string? FindCdnow()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(Path.Combine(folder.FullName, "Operator.sln")))
                continue;
            string data = Path.Combine(folder.FullName, "..", "shared", "data", "cdnow");
            return File.Exists(Path.Combine(data, "truth.json")) ? data : null;
        }
        return null;
    }
}

/// <summary>A theory that needs the CDNOW purchases; skipped where they are not.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CdnowTheoryAttribute : TheoryAttribute
{
    public CdnowTheoryAttribute()
    {
        if (SharedData.Cdnow is null)
            Skip = "the CDNOW purchases are not on this machine (../shared/data/cdnow)";
    }
}
