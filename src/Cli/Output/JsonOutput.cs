using System.Text.Encodings.Web;
using System.Text.Json;

namespace Segmentation.Cli.Output;

/// <summary>JSON on standard output: one document, then a line feed.</summary>
internal static class JsonOutput
{
    /// <summary>Names and labels of customers stay readable; the output is no HTML.</summary>
    public static JsonWriterOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(Stream output, Action<Utf8JsonWriter> document)
    {
        using (var writer = new Utf8JsonWriter(output, Options))
            document(writer);
        output.WriteByte((byte)'\n');
        output.Flush();
    }
}
