using System.Collections.Concurrent;
using System.Diagnostics;

namespace EndToEnd.Tests;

/// <summary>A kubectl that runs on, such as <c>kubectl get -w</c> or <c>kubectl wait</c> in another terminal.</summary>
public sealed class RunningKubectl : IDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    public RunningKubectl(Process process)
    {
        _process = process;
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public bool HasExited => _process.HasExited;

    /// <summary>Waits until it has written a line like this, after the lines that were waited for before.</summary>
    public async Task<string> WritesAsync(Func<string, bool> isWanted, string what)
    {
        var seen = "";
        await Eventually.BecomesTrueAsync(
            () =>
            {
                while (_lines.TryDequeue(out var line))
                {
                    seen = line;
                    if (isWanted(line)) return Task.FromResult(true);
                }

                return Task.FromResult(false);
            },
            $"kubectl writes {what}");
        return seen;
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> EndsAsync(string what)
    {
        await Eventually.BecomesTrueAsync(() => Task.FromResult(_process.HasExited), what);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private void Note(string? line)
    {
        if (line is not null) _lines.Enqueue(line);
    }
}
