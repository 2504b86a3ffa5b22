using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Segmentation.Cli.Reading;

namespace Segmentation.Cli.Import;

/// <summary>What an interrupted import leaves beside its file, so that the next one goes on where everything before is acknowledged.</summary>
/// <param name="File">Tells whether it is still the same file: size, time of change, and a hash of its first 64 KiB.</param>
/// <param name="Options">A hash of the target and the column mapping.</param>
/// <param name="Acknowledged">Everything before this place is durable or rejected.</param>
/// <param name="Accepted">Events before that place that the server keeps.</param>
/// <param name="Rejected">Rows before that place that were rejected.</param>
/// <param name="IgnoredFields">Fields before that place that the server does not know.</param>
/// <param name="RejectsBytes">The length of the file of rejected rows at that place.</param>
internal sealed record ImportJournal(
    string File, string Options, Position Acknowledged, long Accepted, long Rejected, long IgnoredFields, long RejectsBytes)
{
    private const int HashedBytes = 64 * 1024;

    public static string PathFor(string file) => file + ".import-journal";

    /// <summary>The journal of a file that has no import under way.</summary>
    public static ImportJournal New(string path, string options)
    {
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(options)));
        return new ImportJournal(FileIdentity(path), hash, Position.Start, 0, 0, 0, 0);
    }

    /// <summary>Reads the journal beside a file; null when there is none or it cannot be read, and an import then starts anew.</summary>
    public static ImportJournal? Load(string file)
    {
        try
        {
            return JsonSerializer.Deserialize(System.IO.File.ReadAllBytes(PathFor(file)), ImportJournalJson.Default.ImportJournal);
        }
        catch (Exception failure) when (failure is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Whether this journal is of the same file, target and mapping.</summary>
    public bool Continues(ImportJournal other) => File == other.File && Options == other.Options;

    /// <summary>Replaces the journal on disk: after a crash it is the old one or the new one.</summary>
    public void Save(string file)
    {
        string path = PathFor(file);
        string draft = path + ".tmp";
        using (FileStream stream = System.IO.File.Create(draft))
        {
            JsonSerializer.Serialize(stream, this, ImportJournalJson.Default.ImportJournal);
            stream.Flush(flushToDisk: true);
        }
        System.IO.File.Move(draft, path, overwrite: true);
    }

    public static void Delete(string file) => System.IO.File.Delete(PathFor(file));

    private static string FileIdentity(string path)
    {
        using FileStream stream = InputFile.Open(path);
        byte[] first = new byte[HashedBytes];
        int length = stream.ReadAtLeast(first, HashedBytes, throwOnEndOfStream: false);
        long changedMs = new DateTimeOffset(System.IO.File.GetLastWriteTimeUtc(path)).ToUnixTimeMilliseconds();
        return $"{stream.Length}:{changedMs}:{Convert.ToHexStringLower(SHA256.HashData(first.AsSpan(0, length)))}";
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ImportJournal))]
internal sealed partial class ImportJournalJson : JsonSerializerContext;
