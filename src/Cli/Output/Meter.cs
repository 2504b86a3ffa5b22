using System.Globalization;
using Spectre.Console;

namespace Segmentation.Cli.Output;

/// <summary>Shows how far long work has come, on standard error: a bar for a person, a line every few seconds for a log, nothing for a program.</summary>
internal abstract class Meter
{
    /// <summary>Runs the work with the meter that fits.</summary>
    /// <param name="terminal">Where to show it.</param>
    /// <param name="title">What is being done, such as <c>Importing orders.csv</c>.</param>
    /// <param name="total">What <see cref="Report"/> counts up to; null when nobody knows.</param>
    /// <param name="quiet">Show nothing.</param>
    /// <param name="work">May report from several threads.</param>
    public static async Task RunAsync(Terminal terminal, string title, long? total, bool quiet, Func<Meter, Task> work)
    {
        if (quiet)
            await work(new Silent());
        else if (terminal.IsErrorInteractive)
            await RunWithBarAsync(terminal, title, total, work);
        else
            await work(new Lines(terminal, title, total));
    }

    /// <param name="done">Of the total.</param>
    /// <param name="detail">Such as <c>12,000 events, 48,000/s</c>.</param>
    public abstract void Report(long done, string detail);

    /// <summary>Says why the work stands still.</summary>
    public abstract void Note(string reason);

    public static string Rate(long count, TimeSpan elapsed, string noun)
    {
        double perSecond = count / Math.Max(elapsed.TotalSeconds, 0.001);
        return string.Create(CultureInfo.InvariantCulture, $"{count:N0} {noun}, {perSecond:N0}/s");
    }

    private static async Task RunWithBarAsync(Terminal terminal, string title, long? total, Func<Meter, Task> work)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(terminal.Error) });
        await console.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async progress =>
            {
                ProgressTask task = progress.AddTask(Markup.Escape(title), maxValue: total is > 0 ? total.Value : 1);
                task.IsIndeterminate = total is null;
                await work(new Bar(task, title));
                task.Value = task.MaxValue;
            });
    }

    private sealed class Silent : Meter
    {
        public override void Report(long done, string detail)
        {
        }

        public override void Note(string reason)
        {
        }
    }

    private sealed class Bar(ProgressTask task, string title) : Meter
    {
        public override void Report(long done, string detail)
        {
            task.Value = Math.Min(done, task.MaxValue);
            task.Description = Markup.Escape($"{title}: {detail}");
        }

        public override void Note(string reason) => task.Description = Markup.Escape($"{title}: waiting, {reason}");
    }

    private sealed class Lines(Terminal terminal, string title, long? total) : Meter
    {
        private static readonly TimeSpan _interval = TimeSpan.FromSeconds(5);

        private readonly Lock _lock = new();
        private long _last = terminal.Time.GetTimestamp();

        public override void Report(long done, string detail) =>
            Write(total is > 0 ? $"{title}: {100.0 * done / total.Value:N0} %, {detail}" : $"{title}: {detail}");

        public override void Note(string reason) => Write($"{title}: waiting, {reason}");

        private void Write(string line)
        {
            lock (_lock)
            {
                if (terminal.Time.GetElapsedTime(_last) < _interval)
                    return;
                _last = terminal.Time.GetTimestamp();
                terminal.Error.WriteLine(line);
            }
        }
    }
}
