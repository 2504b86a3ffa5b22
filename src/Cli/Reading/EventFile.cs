namespace Segmentation.Cli.Reading;

/// <summary>An event file, or standard input as <c>-</c>, and how to read it.</summary>
/// <param name="Path">The file's path; <c>-</c> for standard input.</param>
/// <param name="Mapping">Null for JSONL.</param>
internal sealed record EventFile(string Path, MappingSettings? Mapping)
{
    public bool IsStandardInput => Path == "-";

    /// <summary>Opens the file at a place; standard input knows only its beginning.</summary>
    /// <exception cref="CliException">The file cannot be opened, or does not fit the mapping.</exception>
    public EventSource Open(Terminal terminal, Position start)
    {
        Stream stream = IsStandardInput ? terminal.Input : InputFile.Open(Path);
        if (Mapping is not null)
            return CsvEventSource.Open(stream, Mapping, start);
        if (start != Position.Start)
            stream.Position = start.Offset;
        return new JsonlEventSource(stream, start);
    }
}

/// <summary>Opens files that a person named.</summary>
internal static class InputFile
{
    /// <exception cref="CliException">There is no such file, or it may not be read.</exception>
    public static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, new FileStreamOptions { Options = FileOptions.SequentialScan, Share = FileShare.ReadWrite, BufferSize = 0 });
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw CliException.BadInput(failure.Message);
        }
    }
}
